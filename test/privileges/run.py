#!/usr/bin/env python3
"""What ordinary roles must not get, and what they must: the oracle is plain PostgreSQL.

refused.sql and allowed.sql run on plain and on distributed tables; a client must see the same. internals.sql tries Herd's own parts.
Each case has a session of its own and is rolled back.

    -- name: …        starts a case
    -- as: …          who connects
    -- error: …       the SQLSTATE with which the next statement fails (and the case ends)
    -- on: nodes      internals.sql: on every server that holds shards; "coordinator with workers", "… shards": only there
    -- options: …     internals.sql: of the connection
"""
import argparse
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "differential"))

import cases  # noqa: E402
from report import Report  # noqa: E402
from side import Side  # noqa: E402

ROLES = re.findall(r"CREATE ROLE (\w+)", (HERE / "roles.sql").read_text())
PASSWORD = "p"
TABLES = ("country", "account", "doc", "diary", "closed", "journal")


def main():
    arguments = parse_arguments()
    report = Report("privileges", arguments.verbose)
    servers = Servers(arguments.host, arguments.port, arguments.worker_ports)
    make_roles(servers)
    make_objects(servers, arguments.self_test)
    for name in ("refused", "allowed"):
        check_count(report, name)
        for case in read_cases(name, arguments.only):
            report.add(case.name, compare(servers, case, must_fail=name == "refused"))
    if not arguments.self_test:
        for case in read_cases("internals", arguments.only):
            for port in servers.ports_of(case):
                report.add(f"{case.name} (port {port})", attempt(servers, case, port))
    clean_up(servers)
    return report.finish()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", required=True, help="a name, or a socket's directory")
    parser.add_argument("--port", type=int, required=True, help="of the coordinator")
    parser.add_argument("--worker-ports", type=lambda text: [int(port) for port in text.split(",")], default=[])
    parser.add_argument("--only", default="", help="regular expression: run the cases with such names")
    parser.add_argument("--self-test", action="store_true", help="both sides plain: what fails then is the test's own fault")
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args()


class Servers:
    def __init__(self, host, port, worker_ports):
        self.host, self.port, self.worker_ports = host, port, worker_ports

    def connect(self, role="postgres", schema="public", port=None, options=""):
        return Session(schema, self.host, port or self.port, role, options)

    def run(self, sql, port=None):
        session = self.connect(port=port)
        session.connection.cursor().execute(sql)
        session.close()

    def value(self, sql, port=None):
        session = self.connect(port=port)
        rows = session.query(sql)
        session.close()
        return rows[0][0] if rows else None

    def ports_of(self, case):
        if case.on == "coordinator with workers":
            return [self.port] if self.worker_ports else []
        if case.on == "coordinator with shards":
            return [self.port] if self.shard_schema(self.port) else []
        if case.on == "nodes":
            return [port for port in [self.port] + self.worker_ports if self.shard_schema(port)]
        return [self.port]

    def shard_schema(self, port):
        return self.value(
            "SELECT min(relnamespace::regnamespace::text) FROM pg_class "
            "WHERE relkind = 'r' AND relname = 'doc' AND relnamespace::regnamespace::text ~ '^herd_[0-9]'", port)


class Session(Side):
    def __init__(self, schema, host, port, role, options):
        self.role_options = dict(password=PASSWORD, options=options)
        super().__init__(schema, host, port, role)

    def connect(self):
        self.parameters.update(self.role_options)
        super().connect()


def make_roles(servers):
    drop_roles(servers)
    servers.run((HERE / "roles.sql").read_text())
    # Roles can't log in on workers by themselves, and memberships are each server's own. Here they may, to see what they get there.
    for port in servers.worker_ports:
        for role in ROLES:
            servers.run(f"ALTER ROLE {role} LOGIN PASSWORD '{PASSWORD}'", port)
        for statement in re.findall(r"GRANT [^;]*;", (HERE / "roles.sql").read_text()):
            servers.run(statement, port)


def drop_roles(servers):
    for port in [servers.port] + servers.worker_ports:
        servers.run("DROP SCHEMA IF EXISTS priv_schema, plain, dist CASCADE", port)
        for role in ROLES:
            if servers.value(f"SELECT true FROM pg_roles WHERE rolname = '{role}'", port):
                servers.run(f"DROP OWNED BY {role}; DROP ROLE {role}", port)


def make_objects(servers, self_test):
    before, _, after = (HERE / "setup.sql").read_text().partition("-- distribute\n")
    for schema in ("plain", "dist"):
        distribute = schema == "dist" and not self_test
        sql = f"CREATE SCHEMA {schema} AUTHORIZATION priv_owner; SET ROLE priv_owner; SET search_path = {schema};"
        sql += before + (distribution(schema) if distribute else "") + after
        servers.run(sql.replace("{schema}", schema))
    if not self_test:
        servers.run((HERE / "internals_setup.sql").read_text())


def distribution(schema):
    calls = f"SELECT herd.create_reference_table('{schema}.country');"
    for table in TABLES[1:]:
        column = "tenant" if table in ("account", "doc") else "id"
        group = "none" if table == "closed" else "default"
        calls += f"SELECT herd.create_distributed_table('{schema}.{table}', '{column}', 4, '{group}');"
    return calls


def clean_up(servers):
    drop_roles(servers)


# ---- cases ----

def read_cases(name, only):
    for case in parse_file(HERE / f"{name}.sql"):
        if re.search(only, case.name):
            yield case


def parse_file(path):
    """Case files of the differential tests, with who, where and how."""
    text = path.read_text()
    marks = re.split(r"^-- name: *(\S+)\n", text, flags=re.MULTILINE)[1:]
    heads = {name: dict(re.findall(r"^-- (as|on|options): *(.*)$", body, re.MULTILINE))
             for name, body in zip(marks[::2], marks[1::2])}
    for case in cases.parse_file(path):
        head = heads[case.name.partition(".")[2]]
        case.role, case.on, case.options = head["as"], head.get("on"), head.get("options", "")
        yield case


def check_count(report, name):
    count = sum(1 for _ in parse_file(HERE / f"{name}.sql"))
    report.add(f"{name}.sql has at least 60 cases", [] if count >= 60 else [f"it has {count}"])


def compare(servers, case, must_fail):
    outcomes = [run_case(servers, case, schema) for schema in ("plain", "dist")]
    lines = unexpected(case, outcomes[0], "plain")
    if must_fail and case.statements[-1].error is None:
        lines.append("the last statement has no expected error")
    for statement, plain, dist in zip(case.statements, *outcomes):
        if statement.may_refuse and dist.refused:
            continue
        if describe(plain, statement) != describe(dist, statement):
            lines += [statement.sql, f"plain: {describe(plain, statement)}", f"dist:  {describe(dist, statement)}"]
    return lines


def run_case(servers, case, schema):
    session = servers.connect(case.role, schema)
    session.run("BEGIN")
    outcomes = [session.run(statement.sql, statement.data) for statement in case.statements]
    session.close()
    return outcomes


def unexpected(case, outcomes, side):
    lines = []
    for statement, outcome in zip(case.statements, outcomes):
        if outcome.sqlstate != statement.error:
            lines.append(f"{side}: {outcome.error or 'no error'}: {statement.sql}")
    return lines


def describe(outcome, statement):
    if outcome.error:
        keys = ("sqlstate", "message", "table", "column", "constraint") + (() if statement.any_detail else ("detail",))
        return {key: outcome.error[key] for key in keys}
    rows = outcome.rows if outcome.rows is None or statement.ordered else sorted(outcome.rows, key=str)
    return outcome.tag, rows, sorted(outcome.notices)


def attempt(servers, case, port):
    """The case on one server. A column named "none" must count nothing."""
    schema = servers.shard_schema(port) or "herd_0_0"
    session = servers.connect(case.role, "public", port, case.options)
    session.run("BEGIN")
    lines = []
    for statement in case.statements:
        sql = statement.sql.replace("{shard}", f"{schema}.doc").replace("{schema}", schema)
        outcome = session.run(sql, statement.data)
        if outcome.sqlstate != statement.error:
            lines.append(f"{outcome.error or 'no error'}: {sql}")
        if outcome.columns and outcome.columns[0][0] == "none" and outcome.rows[0][0] != "0":
            lines.append(f"{outcome.rows}: {sql}")
    session.close()
    return lines


if __name__ == "__main__":
    sys.exit(main())
