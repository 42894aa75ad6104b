"""What is measured. A case's run() returns how many units of work it did in how many seconds."""
import contextlib
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2

KEY_TABLE = "(id bigint PRIMARY KEY, kind int NOT NULL, name text NOT NULL, price numeric)"
WIDE_TABLE = "(id bigint NOT NULL, kind int, name text, at timestamptz, price numeric)"
MEASURE_TABLE = "(id bigint NOT NULL, kind int, price numeric)"

SELECT = "\\set id random(1, {rows})\nSELECT * FROM item WHERE id = :id;\n"
UPDATE = "\\set id random(1, {rows})\nUPDATE item SET kind = kind + 1 WHERE id = :id;\n"
INSERT = "\\set id random(1, 9000000000000000000)\nINSERT INTO inserted VALUES (:id, 17, 'new item', 1.25);\n"
TENANT = """\\set id random(1, {rows})
BEGIN;
SELECT * FROM item WHERE id = :id;
UPDATE item SET kind = kind + 1 WHERE id = :id;
UPDATE item SET price = price + 1 WHERE id = :id;
COMMIT;
"""
# From one half of the table to the other, so that no two transactions wait for each other.
TRANSFER = """\\set half {rows} / 2
\\set payer random(1, :half)
\\set payee :half + random(1, :half)
BEGIN;
UPDATE item SET price = price - 1 WHERE id = :payer;
UPDATE item SET price = price + 1 WHERE id = :payee;
COMMIT;
"""
QUERIES = {
    "aggregate": "SELECT count(*), sum(kind), avg(price) FROM measure",
    "groups": "SELECT kind % 100, count(*), sum(price) FROM measure GROUP BY 1",
    "groups_by_key": "SELECT count(*) FROM (SELECT id, count(*) FROM measure GROUP BY id) AS groups",
    "join": "SELECT m.kind % 100, count(*), sum(o.price) FROM measure m JOIN measure o USING (id) GROUP BY 1",
    "join_reference": "SELECT l.name, count(*), sum(m.price) FROM measure m JOIN label l ON l.number = m.kind % 100 GROUP BY 1",
    "rollup": "SELECT kind % 100, kind % 7, count(*), sum(price) FROM measure GROUP BY ROLLUP (kind % 100, kind % 7)",
    "top": "SELECT * FROM measure ORDER BY price DESC, id LIMIT 10",
    "sorted": "SELECT count(*) FROM (SELECT * FROM measure WHERE kind < 100 ORDER BY price, id OFFSET 0) AS sorted",
    "count_distinct": "SELECT count(DISTINCT price) FROM measure",
    "count_distinct_two": "SELECT count(DISTINCT price), count(DISTINCT kind), count(*) FROM measure",
    "count_distinct_groups": "SELECT kind % 100, count(DISTINCT price), sum(price) FROM measure GROUP BY 1",
}


class Failed(Exception):
    """A side can't do the case."""


def all_cases(arguments):
    found = []
    for protocol in ("simple", "prepared"):
        for clients in arguments.clients:
            found.append(Transactions(f"select_{protocol}_{clients}", SELECT, protocol, clients, arguments))
    for name, script in (("insert", INSERT), ("update", UPDATE), ("tenant", TENANT), ("transfer", TRANSFER)):
        for clients in arguments.clients:
            found.append(Transactions(f"{name}_prepared_{clients}", script, "prepared", clients, arguments))
    return found + [Copy(arguments)] + [Query(name, arguments) for name in QUERIES]


class Case:
    unit = "transaction"

    def __init__(self, name):
        self.name = name

    def matches(self, pattern):
        return re.search(pattern, self.name)

    def prepare(self, side, data):
        """Once for each side."""

    def before(self, side):
        """Before each measurement."""

    def run(self, side, data):
        raise NotImplementedError


def create_table(side, name, columns, file=None):
    """Makes the table unless it is there; loads the file."""
    with failing(side), contextlib.closing(side.connect()) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT to_regclass(%s)", (name,))
        if cursor.fetchone()[0]:
            return
        cursor.execute(f"CREATE TABLE {name} {columns}")
        if side.is_herd:
            cursor.execute("SELECT herd.create_distributed_table(%s, 'id', shard_count => 32)", (name,))
        if file:
            cursor.execute(f"COPY {name} FROM '{file}'")
            side.vacuum()


def create_labels(side):
    """A name for each of 100 numbers; a reference table."""
    with failing(side):
        side.execute("CREATE TABLE label (number int PRIMARY KEY, name text NOT NULL)",
                     "INSERT INTO label SELECT i, 'label ' || i FROM generate_series(0, 99) i")
        if side.is_herd:
            side.execute("SELECT herd.create_reference_table('label')")
        side.execute("ANALYZE label")


@contextlib.contextmanager
def failing(side):
    try:
        yield
    except psycopg2.Error as error:
        raise Failed(f"{side.name}: {error}") from error


class Transactions(Case):
    def __init__(self, name, script, protocol, clients, arguments):
        super().__init__(name)
        self.script = script.format(rows=arguments.rows)
        self.protocol = protocol
        self.clients = clients
        self.rows = arguments.rows
        self.seconds = arguments.seconds
        self.host = None if arguments.socket == "all" else "127.0.0.1"

    def prepare(self, side, data):
        if "inserted" in self.script:
            create_table(side, "inserted", KEY_TABLE)
        else:
            create_table(side, "item", KEY_TABLE, data.file("item", self.rows))

    def before(self, side):
        if "inserted" in self.script:
            with failing(side):
                side.execute("TRUNCATE inserted")

    def run(self, side, data):
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
            file.write(self.script)
            file.flush()
            output = pgbench(side, self.host or side.directory, "-n", "-M", self.protocol, "-c", self.clients, "-j", min(self.clients, 2),
                             "-T", self.seconds, "-f", file.name)
        transactions = int(re.search(r"actually processed: (\d+)", output)[1])
        return transactions, transactions / float(re.search(r"tps = ([0-9.]+) \(without", output)[1])


def pgbench(side, host, *options):
    command = [program("pgbench"), "-h", host, "-p", side.port, "-U", "postgres", *options, "postgres"]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False,
                          env={**os.environ, "PGPASSWORD": side.password})
    failed = re.search(r"failed transactions: (\d+)", done.stdout)
    if done.returncode or (failed and int(failed[1])):
        raise Failed(f"{side.name}: {done.stderr.strip()}")
    return done.stdout


def program(name):
    """Of the PostgreSQL installation that the servers come from."""
    root = Path(__file__).resolve().parents[2]
    lookup = 'set -euo pipefail; . scripts/lib/common.sh; pg_dir bindir'
    return Path(subprocess.check_output(["bash", "-c", lookup], cwd=root, text=True).strip()) / name


class Copy(Case):
    unit = "row"

    def __init__(self, arguments):
        super().__init__("copy")
        self.rows = arguments.copy_rows

    def prepare(self, side, data):
        create_table(side, "wide", WIDE_TABLE)
        data.file("wide", self.rows)

    def before(self, side):
        with failing(side):
            side.execute("TRUNCATE wide")

    def run(self, side, data):
        with failing(side), contextlib.closing(side.connect()) as connection:
            start = time.monotonic()
            connection.cursor().execute(f"COPY wide FROM '{data.file('wide', self.rows)}'")
            return self.rows, time.monotonic() - start


class Query(Case):
    """A query over many rows; its result must be the same on both sides."""

    unit = "query"
    results = {}

    def __init__(self, name, arguments):
        super().__init__(name)
        self.sql = QUERIES[name]
        self.rows = arguments.aggregate_rows
        self.seconds = arguments.seconds

    def prepare(self, side, data):
        create_table(side, "measure", MEASURE_TABLE, data.file("measure", self.rows))
        if "label" in self.sql:
            create_labels(side)

    def run(self, side, data):
        with failing(side), contextlib.closing(side.connect()) as connection:
            cursor = connection.cursor()
            start = time.monotonic()
            queries = 0
            while queries == 0 or time.monotonic() - start < self.seconds:
                cursor.execute(self.sql)
                self.check(side, cursor.fetchall())
                queries += 1
            return queries, time.monotonic() - start

    def check(self, side, rows):
        rows = sorted(map(repr, rows))
        if self.results.setdefault(self.name, rows) != rows:
            raise Failed(f"{side.name}: another result than before")
