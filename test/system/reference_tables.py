#!/usr/bin/python3
"""Writers of reference tables. The cluster has several workers."""
import collections
import random
import threading
import time

import psycopg2

from tap import check, connect, query

SECONDS = 6


def copies(table):
    return query(f"SELECT row_count, checksum FROM herd.check_reference_table('{table}')")


# Each of them gives other results on a copy where another writer's change is not there yet, or already there.
STATEMENTS = (
    "UPDATE unit SET factor = factor + 1 WHERE id = {}",
    "UPDATE unit SET factor = factor + 1 WHERE id BETWEEN {} AND {}",
    "UPDATE unit SET factor = (SELECT count(*) FROM unit) WHERE id = {}",
    "UPDATE unit SET factor = factor + (SELECT max(factor) % 7 FROM unit) WHERE id < {}",
    "INSERT INTO unit VALUES ({}, 0)",
    "INSERT INTO unit VALUES ({}, 1) ON CONFLICT (id) DO NOTHING",
    "INSERT INTO unit VALUES ({}, 1), ({} + 100, 2) ON CONFLICT (id) DO UPDATE SET factor = unit.factor + excluded.factor",
    "INSERT INTO unit SELECT max(id) + 1, count(*) FROM unit",
    "DELETE FROM unit WHERE id = {}",
    "DELETE FROM unit WHERE factor > {} AND id > 20",
    "EXECUTE count_into ({})",
    "EXECUTE remove ({})",
    "SELECT grow({})",
    "COPY unit (id, factor) FROM PROGRAM 'echo {} {}' (DELIMITER ' ')",
    "SELECT * FROM unit WHERE id = {} FOR UPDATE",
    "SELECT count(*), sum(factor) FROM unit",
)


def write(level, seed, end, errors):
    choose = random.Random(seed)
    connection = connect()
    cursor = connection.cursor()
    # Plans that are kept must queue as well.
    cursor.execute("SET plan_cache_mode = force_generic_plan")
    cursor.execute("PREPARE count_into (int) AS UPDATE unit SET factor = (SELECT count(*) FROM unit) WHERE id = $1")
    cursor.execute("PREPARE remove (int) AS DELETE FROM unit WHERE factor > $1 AND id > 25")
    while time.monotonic() < end:
        statements = [choose.choice(STATEMENTS).format(*(choose.randint(1, 40) for _ in range(2)))
                      for _ in range(choose.choice((1, 1, 1, 2, 3)))]
        try:
            if len(statements) > 1:
                cursor.execute(f"BEGIN ISOLATION LEVEL {level}")
            for statement in statements:
                cursor.execute(statement)
            if len(statements) > 1:
                cursor.execute("COMMIT")
            errors["none"] += 1
        except psycopg2.Error as error:
            errors[f"{error.pgcode} {str(error).splitlines()[0]}" if error.pgcode != "23505" else "23505"] += 1
            cursor.execute("ROLLBACK")
    connection.close()


def run_writers(level, writers):
    errors = collections.Counter()
    end = time.monotonic() + SECONDS
    threads = [threading.Thread(target=write, args=(level, seed, end, errors)) for seed in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


query("CREATE TABLE unit (id int PRIMARY KEY, factor bigint)")
query("SELECT herd.create_reference_table('unit')")
query("INSERT INTO unit SELECT id, id FROM generate_series(1, 40) id")
query("""CREATE FUNCTION grow(start int) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN INSERT INTO unit SELECT max(id) + 1, sum(factor) FROM unit WHERE id >= start; END $$""")
for level in ("READ COMMITTED", "REPEATABLE READ"):
    errors = run_writers(level, 6)
    print(f"# {level}: {dict(errors)}")
    check(len(set(copies("unit"))) == 1, f"copies are equal after concurrent writes, {level}", copies("unit"))
    check(not any("differ" in error for error in errors), f"no statement found them different, {level}", errors)
