"""What the Python tests of this folder share: TAP lines, and connections to the cluster that python_tests of lib.sh names."""
import sys

import psycopg2

DIRECTORY, PORT = sys.argv[1], int(sys.argv[2])
number = 0


def check(good, name, *details):
    """One test; the details are shown if it fails."""
    global number
    number += 1
    print(f"{'ok' if good else 'not ok'} {number} - {name}", flush=True)
    if not good:
        print(*(f"# {detail}" for detail in details), sep="\n", flush=True)


def connect(node=0, autocommit=True):
    """A session on the coordinator, or on the worker of that number."""
    connection = psycopg2.connect(host=DIRECTORY, port=PORT + node, user="postgres", dbname="postgres")
    connection.autocommit = autocommit
    return connection


def run(cursor, sql):
    cursor.execute(sql)
    return cursor.fetchall() if cursor.description else []


def query(sql):
    """The rows of one statement on the coordinator, in a session of its own."""
    connection = connect()
    rows = run(connection.cursor(), sql)
    connection.close()
    return rows
