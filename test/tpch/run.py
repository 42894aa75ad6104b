#!/usr/bin/python3
"""The 22 queries of a well-known decision-support benchmark on plain tables and on the same tables distributed, compared and timed.

usage: run.py --host HOST --port PORT [--scale N] [--limit RATIO]

Two layouts: `keys` distributes each table by its own key (nation and region are reference tables, the lines of an order
lie with it), `apart` puts every table, these two also, into a colocation group of its own.
Prints a line per query: milliseconds plain and distributed. A query fails if the rows differ; with --limit also if
it takes more than RATIO times plain PostgreSQL's time."""
import argparse
import pathlib
import sys
import time

import psycopg2

HERE = pathlib.Path(__file__).parent
TABLES = ["region", "nation", "supplier", "customer", "part", "partsupp", "orders", "lineitem"]
KEYS = dict(region="r_regionkey", nation="n_nationkey", supplier="s_suppkey", customer="c_custkey", part="p_partkey",
            partsupp="ps_partkey", orders="o_orderkey", lineitem="l_orderkey")
COLOCATED = dict(partsupp="part", lineitem="orders")


def load_plain(cursor, scale):
    cursor.execute("DROP SCHEMA IF EXISTS tpch CASCADE; CREATE SCHEMA tpch; SET search_path = tpch")
    cursor.execute((HERE / "data.sql").read_text().replace(":scale", str(scale)))


def distribute(cursor, schema, layout):
    cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")
    for table in TABLES:
        name = f"{schema}.{table}"
        cursor.execute(f"CREATE TABLE {name} (LIKE tpch.{table} INCLUDING ALL)")
        if layout == "keys" and table in ("nation", "region"):
            cursor.execute("SELECT herd.create_reference_table(%s)", (name,))
            continue
        with_table = f"{schema}.{COLOCATED[table]}" if layout == "keys" and table in COLOCATED else "none"
        cursor.execute("SELECT herd.create_distributed_table(%s, %s, shard_count => 8, colocate_with => %s)",
                       (name, KEYS[table], with_table))
    for table in TABLES:
        cursor.execute(f"INSERT INTO {schema}.{table} SELECT * FROM tpch.{table}")
    for table in TABLES:
        cursor.execute(f"ANALYZE {schema}.{table}")


def run(cursor, schema, sql):
    cursor.execute(f"SET search_path = {schema}")
    started = time.monotonic()
    try:
        cursor.execute(sql)
        rows = cursor.fetchall()
    except psycopg2.Error as error:
        rows = f"{error.pgcode} {error}".strip()
    return rows, (time.monotonic() - started) * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", required=True)
    parser.add_argument("--scale", type=int, default=5, help="orders in thousands (150 is the benchmark's scale 0.1)")
    parser.add_argument("--limit", type=float, default=float("inf"))
    arguments = parser.parse_args()
    connection = psycopg2.connect(host=arguments.host, port=arguments.port, user="postgres", dbname="postgres")
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("SET client_min_messages = warning; SET statement_timeout = '120s'")
    load_plain(cursor, arguments.scale)
    for table in TABLES:
        cursor.execute(f"ANALYZE tpch.{table}")
    layouts = ["keys", "apart"]
    for layout in layouts:
        distribute(cursor, f"tpch_{layout}", layout)
    passed = failed = 0
    for path in sorted((HERE / "queries").glob("*.sql")):
        sql = path.read_text()
        expected, plain_ms = run(cursor, "tpch", sql)
        expected, plain_ms = run(cursor, "tpch", sql)
        line = f"{path.stem}: {len(expected)} rows, plain {plain_ms:.0f} ms"
        for layout in layouts:
            rows, ms = run(cursor, f"tpch_{layout}", sql)
            slow = ms > plain_ms * arguments.limit
            good = rows == expected and not slow
            passed, failed = passed + good, failed + (not good)
            line += f", {layout} {ms:.0f} ms ({ms / plain_ms:.1f}x)"
            if rows != expected:
                line += f" DIFFERENT: {rows if isinstance(rows, str) else rows[:2]} instead of {expected[:2]}"
        print(line, flush=True)
    print(f"tpch: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
