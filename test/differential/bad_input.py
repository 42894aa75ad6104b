#!/usr/bin/env python3
"""Calls with wrong arguments: each must fail with its SQLSTATE and message, and change nothing on any node.

    bad_input.py --host H --port P
"""
import argparse
import re
import socket
import sys
import threading
from pathlib import Path

import bad_calls
import cases
from report import Report
from side import Side

SETUP = Path(__file__).parent / "bad" / "setup.sql"
ROLES = ("herd_test_owner", "herd_test_other")

# What must be the same afterwards, on each server. Statistics and sequences (of ids) may change.
SNAPSHOT = [
    """SELECT oid, relname, relnamespace, reltype, relowner, relam, relfilenode, relkind, relnatts, relchecks, relhasindex,
       relhasrules, relhastriggers, relrowsecurity, relispartition, relacl, reloptions FROM pg_class ORDER BY oid""",
    "SELECT oid, nspname, nspowner, nspacl FROM pg_namespace ORDER BY oid",
    "SELECT attrelid, attname, attnum, atttypid, attnotnull FROM pg_attribute ORDER BY attrelid, attnum",
    "SELECT oid, conname, contype, conrelid, confrelid, convalidated FROM pg_constraint ORDER BY oid",
    "SELECT oid, tgrelid, tgname FROM pg_trigger ORDER BY oid",
    "SELECT oid, typname, typnamespace FROM pg_type ORDER BY oid",
    "SELECT enumtypid, enumlabel FROM pg_enum ORDER BY 1, 2",
    "SELECT oid, proname, pronamespace FROM pg_proc WHERE oid >= 16384 ORDER BY oid",
    "SELECT classid, objid, objsubid, refclassid, refobjid, deptype FROM pg_depend WHERE deptype = 'e' ORDER BY 1, 2, 3, 4, 5",
    "SELECT * FROM pg_seclabel ORDER BY objoid",
    "SELECT oid, rolname, rolsuper FROM pg_authid ORDER BY oid",
    "SELECT oid, * FROM pg_foreign_server ORDER BY oid",
    "SELECT oid, * FROM pg_user_mapping ORDER BY oid",
    "SELECT gid FROM pg_prepared_xacts",
    "SELECT cluster_id, service_role FROM herd.cluster",
    "SELECT * FROM herd.node ORDER BY node_id",
    "SELECT * FROM herd.colocation ORDER BY group_id",
    "SELECT * FROM herd.colocated_schema ORDER BY group_id, schema_number",
    "SELECT * FROM herd.shard ORDER BY shard_id",
    "SELECT * FROM herd.placement ORDER BY shard_id, node_id",
    "SELECT * FROM herd.distributed_table ORDER BY table_oid",
]
CONTENTS = ["SELECT * FROM bad.keep ORDER BY id", "SELECT * FROM bad.spread ORDER BY id", "SELECT * FROM bad.ref ORDER BY code",
            "SELECT * FROM bad.owned", "SELECT i FROM bad.types ORDER BY i"]


class StrangeServer:
    """Something that listens and hangs up at the first word."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.socket.accept()
            connection.recv(100)
            connection.close()


def main():
    arguments = parse_arguments()
    report = Report("bad input", arguments.verbose)
    sides = connect_all(arguments)
    ports = {"own_port": arguments.port, "worker_port": sides[1].parameters["port"], "closed_port": free_port(),
             "strange_port": StrangeServer().port}
    clean_up(sides)
    set_up(sides)
    try:
        before = snapshot(sides)
        for name, statements, sqlstate, pattern in bad_calls.ALL:
            if re.search(arguments.only, name):
                lines = check_call(sides[0], fill_ports(statements, ports), sqlstate, fill_ports(pattern, ports))
                after = snapshot(sides)
                report.add(name, lines + changes(before, after), statements)
                before = after
        if re.search(arguments.only, "a node's session ends"):
            report.add("a node's session ends", check_lost_session(sides, arguments) + changes(before, snapshot(sides)))
    finally:
        clean_up(sides)
    return report.finish()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1", help="a name, or a socket's directory")
    parser.add_argument("--port", type=int, required=True, help="a coordinator with workers")
    parser.add_argument("--only", default="", help="regular expression: run the calls with such names")
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args()


def connect_all(arguments):
    """The coordinator and the nodes it has, which must be reachable at the same host."""
    coordinator = Side("public", arguments.host, arguments.port)
    ports = coordinator.query("SELECT port FROM herd.nodes WHERE NOT is_coordinator ORDER BY node_id")
    return [coordinator] + [Side("public", arguments.host, int(port)) for (port,) in ports]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def fill_ports(text, ports):
    for name, port in ports.items():
        text = text.replace("{" + name + "}", str(port))
    return text.replace("{{", "{").replace("}}", "}")


def set_up(sides):
    for side in sides:
        for role in ROLES:
            side.query(f"DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    coordinator = sides[0]
    for statement in cases.parse("-- name: setup\n" + SETUP.read_text())[0].statements:
        coordinator.query(statement.sql)
    for call in ("create_distributed_table('bad.spread', 'id', 4, 'none')", "create_distributed_table('bad.by_text', 'k', 4, 'none')",
                 "create_distributed_table('bad.by_enum', 'k', 2, 'none')", "create_reference_table('bad.ref')",
                 "create_distributed_table('bad.owned_distributed', 'id', 2, 'none')"):
        coordinator.query("SELECT herd." + call)


def clean_up(sides):
    coordinator = sides[0]
    coordinator.reset()
    coordinator.run("SET client_min_messages = warning")
    coordinator.run("DROP SCHEMA IF EXISTS bad CASCADE")
    coordinator.run("DROP FOREIGN DATA WRAPPER IF EXISTS bad_wrapper CASCADE")
    for side in sides:
        side.run("SET client_min_messages = warning")
        if side is not coordinator:
            side.run("DROP SCHEMA IF EXISTS bad CASCADE")
        for role in ROLES:
            side.run(f"DROP OWNED BY {role}")
            side.run(f"DROP ROLE IF EXISTS {role}")


def snapshot(sides):
    """Everything that must not change: (server, query) -> rows."""
    result = {}
    for number, side in enumerate(sides):
        for query in SNAPSHOT + (CONTENTS if number == 0 else []):
            outcome = side.run(query)
            result[number, query] = outcome.rows if outcome.rows is not None else [(outcome.error["message"],)]
    return result


def changes(before, after):
    lines = []
    for (server, query), rows in after.items():
        old = before[server, query]
        if rows != old:
            lines.append(f"server {server} has changed: {query.split(chr(10))[0][:80]}")
            lines += [f"  gone: {row}" for row in old if row not in rows][:3]
            lines += [f"  new:  {row}" for row in rows if row not in old][:3]
    return lines


def check_call(side, statements, sqlstate, pattern):
    """Runs the statements in a transaction that is rolled back; only the last one may fail."""
    side.query("BEGIN")
    outcome = None
    parsed = cases.parse(f"-- name: call\n{statements};")[0].statements
    for number, statement in enumerate(parsed, 1):
        outcome = side.run(statement.sql)
        if outcome.error and number < len(parsed):
            break
    lines = check_outcome(outcome, sqlstate, pattern)
    side.reset()
    return lines


def check_outcome(outcome, sqlstate, pattern):
    if sqlstate is None or not outcome.error:
        found = f"{outcome.error['sqlstate']} {outcome.error['message']}" if outcome.error else "no error"
        return [] if not outcome.error and sqlstate is None else [f"expected {sqlstate or 'no error'}, got {found}"]
    error, lines = outcome.error, []
    if error["sqlstate"] not in sqlstate.split("|"):
        lines.append(f"expected SQLSTATE {sqlstate}")
    if not re.search(pattern, error["message"]):
        lines.append(f"expected message {pattern}")
    if re.search(r"herd_[0-9]+_[0-9]+", error["message"] + (error["detail"] or "")):
        lines.append("a shard's name is not the user's")
    if error["sqlstate"] == bad_calls.NOT_SUPPORTED and not (error["detail"] and error["hint"]):
        lines.append("no detail or no hint says why and what to do")
    if lines:
        lines.append(f"got {error['sqlstate']} {error['message']} / {error['detail']} / {error['hint']}")
    return lines


def check_lost_session(sides, arguments):
    """A node's sessions end in the middle of a transaction: an error of class 08 or 57, and the session goes on."""
    coordinator, worker = Side("public", arguments.host, arguments.port), sides[1]
    coordinator.query("BEGIN")
    coordinator.query("UPDATE bad.spread SET v = 'lost'")
    worker.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'herd'")
    outcome = coordinator.run("UPDATE bad.spread SET v = 'lost again'")
    lines = []
    if not outcome.error or not re.match("08|57", outcome.error["sqlstate"]):
        lines.append(f"expected an error of class 08 or 57, got {outcome.error or 'none'}")
    coordinator.reset()
    rows = coordinator.run("SELECT count(*) FROM bad.spread WHERE v LIKE 'lost%'").rows
    if rows != [("0",)]:
        lines.append(f"afterwards the session reads {rows}, not 0 lost rows")
    coordinator.close()
    sides[0].run("SELECT count(*) FROM bad.spread")  # its own connection is lost too: it may say so once
    return lines


if __name__ == "__main__":
    sys.exit(main())
