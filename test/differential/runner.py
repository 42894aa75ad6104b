"""Runs cases on both sides and compares what a client sees, and the tables afterwards."""
import re

from compare import differences, summary
from side import Outcome


class Runner:
    def __init__(self, dataset, report, configuration):
        self.dataset, self.report, self.configuration = dataset, report, configuration
        self.plain, self.dist = dataset.plain, dataset.dist

    def report_problems(self):
        """How making the tables went."""
        for what, message in self.dataset.problems:
            self.report.add(f"{what} ({self.configuration})", [message])
        for table in self.dataset.tables:
            self.report.add(f"rows of {table} ({self.configuration})", self.compare_tables([table]))

    def run_case(self, case):
        """Has it failed?"""
        statement, lines = self.find_difference(case)
        self.report.add(f"{case.name} ({self.configuration})", lines, statement and statement.sql)
        self.clean_up()
        if lines and not all(statement.reads for statement in case.statements):
            self.dataset.build()
        return bool(lines)

    def clean_up(self):
        """What a case that ended early may leave behind."""
        for side in (self.plain, self.dist):
            side.reset()
            for sql in ("DEALLOCATE ALL", "CLOSE ALL", "RESET plan_cache_mode"):
                side.run(sql)

    def find_difference(self, case):
        """The first statement that differs, and how."""
        tables = [table for table in self.dataset.tables if re.search(rf'\b{re.escape(table)}\b', case.text)]
        for statement in case.statements:
            dist = self.dist.run(statement.sql, statement.data)
            if dist.lost:
                return statement, [f"dist:  {summary(dist)}"]
            if statement.may_refuse and dist.refused:
                return statement, self.check_refusal(tables)
            plain = self.plain.run(statement.sql, statement.data)
            lines = self.compare_statement(statement, plain, dist)
            if not lines and not (statement.reads or statement.differs or self.plain.failed):
                lines = self.compare_tables(tables)
            if lines:
                return statement, lines
        return None, []

    def compare_statement(self, statement, plain, dist):
        if plain.sqlstate != statement.error:
            return [f"the test itself: plain tables give {summary(plain)}, not {statement.error or 'success'}"]
        return differences(plain, dist, statement.ordered, statement.any_detail)

    def check_refusal(self, tables):
        """A statement that was refused (the plain side has not run it) must have changed nothing."""
        self.report.refused += 1
        for side in (self.plain, self.dist):
            side.reset()
        return self.compare_tables(tables)

    def compare_tables(self, tables):
        for table in tables:
            lines = differences(*(self.contents(side, table) for side in (self.plain, self.dist)))
            if lines:
                return [f"afterwards the tables {table} differ:"] + lines
        return []

    def contents(self, side, table):
        outcome = side.run(f'SELECT * FROM "{table}"')
        return Outcome("", outcome.columns, outcome.rows, outcome.error)
