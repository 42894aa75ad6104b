"""Opening the bank, and looking afterwards whether its books are right."""
import time

import psycopg2

from server import connect_patiently, kind_of

OPENING_BALANCE = 1000


def open_bank(arguments):
    connection = connect_patiently(arguments.dsn, arguments.settle)
    cursor = connection.cursor()
    cursor.execute("DROP TABLE IF EXISTS accounts, ledger")
    cursor.execute("CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 50)")
    cursor.execute("CREATE TABLE ledger (name text PRIMARY KEY, from_id int, to_id int, amount bigint)")
    if not arguments.plain:
        cursor.execute("SELECT set_config('herd.shard_count', %s, false)", (str(arguments.shards),))
        cursor.execute("SELECT herd.create_distributed_table('accounts', 'id')")
        cursor.execute("SELECT herd.create_distributed_table('ledger', 'name')")
    cursor.execute("INSERT INTO accounts SELECT i, %s FROM generate_series(1, %s) i", (OPENING_BALANCE, arguments.accounts))
    connection.close()


def audit(arguments, report):
    """Adds to the report: total_is_right, in_doubt (prepared transactions and commit records left), lost, half_done."""
    report["in_doubt"] = wait_until_settled(arguments)
    connection = connect_patiently(arguments.dsn, arguments.settle)
    cursor = connection.cursor()
    cursor.execute("SELECT sum(balance), count(*) FROM accounts")
    report["total_is_right"] = cursor.fetchone() == (arguments.accounts * OPENING_BALANCE, arguments.accounts)
    acknowledged = report.pop("acknowledged")
    report["lost"] = 0
    if arguments.ledger:
        cursor.execute("SELECT name, from_id, to_id, amount FROM ledger")
        transfers = cursor.fetchall()
        report["lost"] = len(set(acknowledged) - {name for name, _, _, _ in transfers})
        report["total_is_right"] = report["total_is_right"] and books_agree(arguments, cursor, transfers)
    connection.close()


def books_agree(arguments, cursor, transfers):
    """Is every balance what the transfers that were written down make of it?"""
    balances = {account: OPENING_BALANCE for account in range(1, arguments.accounts + 1)}
    for _, from_id, to_id, amount in transfers:
        balances[from_id] -= amount
        balances[to_id] += amount
    cursor.execute("SELECT id, balance FROM accounts")
    return dict(cursor.fetchall()) == balances


def wait_until_settled(arguments):
    """How many transactions are still prepared on the servers when the time to settle is over."""
    deadline = time.monotonic() + arguments.settle
    while True:
        left = count_prepared(arguments)
        if left == 0 or time.monotonic() > deadline:
            return left
        time.sleep(0.2)


def count_prepared(arguments):
    count = 0
    for dsn in [arguments.dsn] + arguments.node:
        try:
            connection = connect_patiently(dsn, 0)
            cursor = connection.cursor()
            cursor.execute("SELECT count(*) FROM pg_prepared_xacts")
            count += cursor.fetchone()[0]
            connection.close()
        except psycopg2.OperationalError as error:
            if kind_of(error) != "connection":
                raise
            count += 1  # who can't be asked may hold some
    return count
