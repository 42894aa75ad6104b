#!/usr/bin/python3
"""Queries of a retailer's decision support on plain tables and on the same tables distributed, compared and timed.

usage: run.py --host HOST --port PORT [--scale N] [--times N] [--limit RATIO] [--only REGEXP]

See README.md for the layouts. A query fails if the rows differ; with --limit also if it takes more than RATIO times
plain PostgreSQL's time."""
import argparse
import pathlib
import re
import statistics
import sys
import time

import psycopg2

HERE = pathlib.Path(__file__).parent
# Layout apart: the first column is the key of each table. Layout star: those that are not reference tables.
STAR = dict(customer="c_customer_sk", store_sales="ss_customer_sk", store_returns="sr_customer_sk", catalog_sales="cs_customer_sk",
            catalog_returns="cr_customer_sk", web_sales="ws_customer_sk", web_returns="wr_customer_sk", inventory="inv_item_sk")
SHARDS = 8
SHORTEST_MS = 5  # of plain tables: a limit says nothing about shorter ones


def read_queries(only):
    for path in sorted((HERE / "queries").glob("*.sql")):
        for name, sql in re.findall(r"^-- name: (\S+)\n(.*?;)$", path.read_text(), re.MULTILINE | re.DOTALL):
            if re.search(only, f"{path.stem}.{name}"):
                yield f"{path.stem}.{name}", sql


def make_plain(cursor, scale):
    cursor.execute("DROP SCHEMA IF EXISTS tpcds CASCADE; CREATE SCHEMA tpcds; SET search_path = tpcds")
    cursor.execute((HERE / "tables.sql").read_text())
    cursor.execute((HERE / "rows.sql").read_text().replace(":scale", str(scale)))
    cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = 'tpcds'::regnamespace AND relkind = 'r' ORDER BY oid")
    tables = [name for name, in cursor.fetchall()]
    for table in tables:
        cursor.execute(f"ANALYZE tpcds.{table}")
    return tables


def make_distributed(cursor, layout, tables):
    schema = f"tpcds_{layout}"
    cursor.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; SET search_path = {schema}")
    cursor.execute((HERE / "tables.sql").read_text())
    for table in tables:
        distribute(cursor, layout, table)
    for table in tables:
        cursor.execute(f"INSERT INTO {table} SELECT * FROM tpcds.{table}")
    for table in tables:
        cursor.execute(f"ANALYZE {table}")


def distribute(cursor, layout, table):
    if layout == "star" and table not in STAR:
        cursor.execute("SELECT herd.create_reference_table(%s)", (table,))
        return
    partner = "none"
    if layout == "star":
        key = STAR[table]
        if table not in ("customer", "inventory"):
            partner = "customer"
    else:
        cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", (table,))
        key = cursor.fetchone()[0]
    cursor.execute("SELECT herd.create_distributed_table(%s, %s, shard_count => %s, colocate_with => %s)",
                   (table, key, SHARDS if partner == "none" else None, partner))


def run(cursor, schema, sql, times):
    """(rows or an error's text, milliseconds)"""
    cursor.execute(f"SET search_path = {schema}")
    taken = []
    for _ in range(times):
        started = time.monotonic()
        try:
            cursor.execute(sql)
            rows = cursor.fetchall()
        except psycopg2.Error as error:
            return f"{error.pgcode} {error}".strip(), 0
        taken.append((time.monotonic() - started) * 1000)
    return rows, statistics.median(taken)


def compare(cursor, name, sql, layouts, arguments):
    """Prints a line; returns how many layouts passed."""
    expected, plain_ms = run(cursor, "tpcds", sql, arguments.times)
    passed, line = 0, f"{name}: {len(expected)} rows, plain {plain_ms:.0f} ms"
    if isinstance(expected, str) or not expected:
        print(f"{name}: the test itself: {expected or 'no rows'}", flush=True)
        return 0
    for layout in layouts:
        rows, ms = run(cursor, f"tpcds_{layout}", sql, arguments.times)
        ratio = ms / max(plain_ms, SHORTEST_MS)
        line += f", {layout} {ms:.0f} ms ({ratio:.1f}x)"
        if rows != expected:
            line += f" DIFFERENT: {rows if isinstance(rows, str) else rows[:2]} instead of {expected[:2]}"
        elif ratio > arguments.limit:
            line += " SLOW"
        else:
            passed += 1
    print(line, flush=True)
    return passed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", required=True)
    parser.add_argument("--scale", type=int, default=4, help="lines of store sales in thousands")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--limit", type=float, default=float("inf"))
    parser.add_argument("--only", default="", help="regular expression")
    parser.add_argument("--layouts", default="star,apart")
    parser.add_argument("--keep", action="store_true", help="use the tables that are there")
    arguments = parser.parse_args()
    connection = psycopg2.connect(host=arguments.host, port=arguments.port, user="postgres", dbname="postgres")
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("SET client_min_messages = warning; SET statement_timeout = '120s'")
    layouts = arguments.layouts.split(",")
    if not arguments.keep:
        tables = make_plain(cursor, arguments.scale)
        for layout in layouts:
            make_distributed(cursor, layout, tables)
    passed = failed = 0
    for name, sql in read_queries(arguments.only):
        good = compare(cursor, name, sql, layouts, arguments)
        passed, failed = passed + good, failed + len(layouts) - good
    print(f"tpcds: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
