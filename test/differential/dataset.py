"""The tables of both sides: made alike, filled alike, and on the dist side distributed."""
import re
from pathlib import Path

FOLDER = Path(__file__).parent / "dataset"
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = '{}'::regnamespace AND relkind IN ('r', 'p') ORDER BY oid"


def make_types(side):
    side.run("SET client_min_messages = warning")
    for name in ("types", "aggregates"):
        run_script(side, (FOLDER / f"{name}.sql").read_text())


class Dataset:
    """Builds, checks and rebuilds the tables in the schemas plain and dist."""

    def __init__(self, plain, dist, shard_count, distribute, tables_sql=None, rows_sql=None):
        self.plain, self.dist = plain, dist
        self.shard_count = shard_count
        self.distribute = distribute
        self.tables_sql = tables_sql or (FOLDER / "tables.sql").read_text()
        self.rows_sql = rows_sql or (FOLDER / "rows.sql").read_text()
        self.problems = []  # (table, error message) of tables that could not be distributed
        self.tables = []

    def build(self):
        self.drop()
        self.problems = []
        for side in (self.plain, self.dist):
            run_script(side, f"CREATE SCHEMA {side.schema}")
        for script, table, distribution in table_scripts(self.tables_sql):
            self.make(script, table, distribution)
        for statement in self.rows_sql.split(";\n"):
            if statement.strip():
                self.fill(statement)
        self.tables = [name for (name,) in self.plain.query(TABLES.format("plain"))]

    def make(self, script, table, distribution):
        """Creates a table on both sides and distributes the one on the dist side."""
        run_script(self.plain, script)
        run_script(self.dist, script)
        if self.distribute and distribution:
            outcome = self.dist.run(distribution_call(table, distribution, self.shard_count))
            if outcome.error:
                self.problems.append((f"distribute {table}", outcome.error["message"]))

    def fill(self, statement):
        run_script(self.plain, statement)
        outcome = self.dist.run(statement)
        if outcome.error:
            self.problems.append((f"fill {statement.split()[2]}", outcome.error["message"]))

    def drop(self):
        """Table by table: one transaction would lock the relations of all shards of all tables."""
        for side in (self.plain, self.dist):
            side.reset()
            side.run("SET client_min_messages = warning")
            schema = side.schema
            side.run(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            for (table,) in reversed(side.query(TABLES.format(schema))):
                run_script(side, f'DROP TABLE {schema}."{table}" CASCADE')
            run_script(side, f"DROP SCHEMA {schema} CASCADE")
            side.run("RESET client_min_messages")


def table_scripts(text):
    """(script, table, distribution) of each table; distribution is None for a local one."""
    position = 0
    for mark in re.finditer(r"^-- distribution: (.*)$", text, re.MULTILINE):
        script = text[position : mark.start()]
        yield script, re.findall(r"CREATE TABLE (\w+)", script)[-1], mark[1]
        position = mark.end()
    if text[position:].strip():
        yield text[position:], None, None


def distribution_call(table, distribution, shard_count):
    if distribution == "reference":
        return f"SELECT herd.create_reference_table('{table}')"
    column, _, partner = distribution.partition(" with ")
    count = "NULL" if partner not in ("", "none") else shard_count
    return (
        f"SELECT herd.create_distributed_table('{table}', '{column}', shard_count => {count},"
        f" colocate_with => '{partner or 'default'}')"
    )


def run_script(side, script):
    outcome = side.run(script)
    if outcome.error:
        raise RuntimeError(f"{side.schema}: {outcome.error['message']}: {script[:200]}")
