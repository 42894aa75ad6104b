#!/usr/bin/python3
"""Walks through the messages of the commit of a transfer between two nodes: at each one a connection is cut, a node freezes or
dies, the coordinator dies. Afterwards the transfer is there or not, as the client was told, nothing is in doubt, and no
session was stuck. Prints TAP."""
import argparse
import itertools
import os
import signal
import sys
import threading
import time

import psycopg2

from proxy import AFTER, BEFORE, Proxy
from servers import Cluster

COMMIT = b"COMMIT\0"
AUTOCOMMIT = b"UPDATE"  # a statement alone, which the node commits by itself
SETTLE_SECONDS = 10
END_SECONDS = 8  # for a session to end once it is told to


# ---- the transfer ----

class Transfer(threading.Thread):
    """Takes from the first node's account, gives to the second's. outcome: "committed", or an SQLSTATE, "connection" if it just broke."""

    def __init__(self, walk, statements):
        super().__init__(daemon=True)
        self.statements = statements
        self.outcome = None
        self.connection = walk.cluster.coordinator.connect()
        self.pid = self.connection.info.backend_pid

    def run(self):
        cursor = self.connection.cursor()
        try:
            for statement in self.statements:
                cursor.execute(statement)
            self.outcome = "committed"
        except psycopg2.Error as error:
            self.outcome = error.pgcode or "connection"
        self.connection.close()


class Walk:
    def __init__(self, cluster):
        self.cluster = cluster
        self.tests = self.failures = 0
        self.settled = []

    def prepare(self):
        coordinator = self.cluster.coordinator
        coordinator.rows("CREATE TABLE account (id int PRIMARY KEY, balance int)")
        coordinator.rows("SELECT herd.create_distributed_table('account', 'id', 4)")
        coordinator.rows("CREATE TABLE allowed (id int PRIMARY KEY)")
        coordinator.rows("SELECT herd.create_distributed_table('allowed', 'id', colocate_with => 'account')")
        coordinator.rows("CREATE TABLE deferred (id int PRIMARY KEY REFERENCES allowed DEFERRABLE INITIALLY DEFERRED)")
        coordinator.rows("SELECT herd.create_distributed_table('deferred', 'id', colocate_with => 'account')")
        coordinator.rows("INSERT INTO account SELECT i, 1000 FROM generate_series(1, 20) i")
        self.accounts = [self.account_on(server.name) for server in self.cluster.workers]

    def account_on(self, node):
        return self.cluster.coordinator.value(
            "SELECT a.id FROM account a JOIN herd.shards s ON s.shard_id = herd.get_shard_id('account', a.id)"
            " WHERE s.table_name = 'account'::regclass AND s.node = %s ORDER BY 1 LIMIT 1", node)

    def balances(self):
        rows = dict(self.cluster.coordinator.rows("SELECT id, balance FROM account"))
        return sum(rows.values()), [rows[account] for account in self.accounts]

    def transfer(self, message):
        first, second = self.accounts
        take = f"UPDATE account SET balance = balance - 1 WHERE id = {first}"
        if message == AUTOCOMMIT:
            return Transfer(self, [take])
        statements = ["BEGIN", take]
        if message != COMMIT:
            statements.append(f"UPDATE account SET balance = balance + 1 WHERE id = {second}")
        if message == b"ROLLBACK PREPARED":  # the other node refuses to prepare
            refusing = second if self.node == 0 else first
            statements.append(f"INSERT INTO deferred VALUES ({refusing})")
        return Transfer(self, [*statements, "COMMIT"])

    # ---- what happens at a message ----

    def action(self, name, server, transfer):
        return {
            "cut": lambda link: link.cut(),
            "stall": lambda link: link.proxy.freeze(),
            "freeze": lambda link: (server.freeze(), link.proxy.freeze()),
            "terminate": lambda link: (server.freeze(), link.proxy.freeze()),
            "kill node": lambda link: (server.kill(), link.cut()),
            "kill coordinator": lambda link: os.kill(transfer.pid, signal.SIGKILL),
            "delay": lambda link: time.sleep(0.3),
        }[name]

    def step(self, message, node, moment, name):
        self.node = node
        label = f"{message.decode().strip(chr(0))} on node {node + 1}, {moment}: {name}"
        total, before = self.balances()
        transfer = self.transfer(message)
        proxy = self.cluster.proxies[node]
        rule = proxy.arm(message, moment, self.action(name, self.cluster.workers[node], transfer))
        transfer.start()
        fired = rule.fired.wait(10)
        problems = [] if fired else ["the message did not come"]
        if name in ("terminate", "stall", "freeze"):
            time.sleep(0.2)
        if name == "terminate":
            problems += self.terminate(transfer)
        self.cluster.heal()
        transfer.join(END_SECONDS)
        if transfer.is_alive():
            problems.append("the session is stuck")
        settled = self.cluster.seconds_until_settled(SETTLE_SECONDS)
        if settled is None:
            problems.append(f"in doubt after {SETTLE_SECONDS} s")
        else:
            self.settled.append(settled)
        problems += self.judge(message, transfer.outcome, total, before)
        self.report(label, problems, f"{transfer.outcome}, settled after {settled:.1f} s" if settled is not None else "")

    def terminate(self, transfer):
        coordinator = self.cluster.coordinator
        coordinator.value("SELECT pg_terminate_backend(%s)", transfer.pid)
        deadline = time.monotonic() + END_SECONDS
        while coordinator.value("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", transfer.pid) > 0:
            if time.monotonic() > deadline:
                return ["the session can't be terminated"]
            time.sleep(0.05)
        return []

    def judge(self, message, outcome, total, before):
        new_total, after = self.balances()
        single = message in (COMMIT, AUTOCOMMIT)
        moved = [before[0] - 1, before[1] + (0 if single else 1)]
        problems = []
        if after not in (before, moved):
            problems.append(f"half a transfer: {before} became {after}")
        if not single and new_total != total:
            problems.append(f"{total} became {new_total}")
        if outcome == "committed" and after != moved:
            problems.append("a committed transfer is lost")
        # After these the client can't know; any other error says that nothing was done.
        if outcome not in ("committed", "connection", "08007", "57P01", "57P02", None) and after != before:
            problems.append(f"{outcome}, but the transfer is there")
        return problems

    def report(self, label, problems, note):
        self.tests += 1
        self.failures += 1 if problems else 0
        print(f"{'not ok' if problems else 'ok'} {self.tests} - {label}")
        for line in problems + [note] if problems else [note]:
            print(f"#   {line}")
        sys.stdout.flush()


MESSAGES_OF_ONE_NODE = [COMMIT, AUTOCOMMIT]
MESSAGES = [b"PREPARE TRANSACTION", b"COMMIT PREPARED", b"ROLLBACK PREPARED"]
ACTIONS = ["cut", "stall", "freeze", "terminate", "kill node", "kill coordinator", "delay"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", required=True, help="of the cluster, made with --no-nodes and two workers")
    parser.add_argument("--port", type=int, required=True, help="of its coordinator")
    parser.add_argument("--all", action="store_true", help="every action at every message of both nodes; else each action once a message")
    parser.add_argument("--only", help="steps whose name contains this")
    arguments = parser.parse_args()
    cluster = Cluster(arguments.dir, arguments.port, 2, Proxy)
    cluster.add_nodes()
    walk = Walk(cluster)
    walk.prepare()
    steps = list(itertools.product(MESSAGES, (0, 1), (BEFORE, AFTER), ACTIONS))
    if not arguments.all:
        # Each action at each message, nodes and moments in turn.
        steps = [step for number, step in enumerate(itertools.product(MESSAGES, ACTIONS))
                 for step in [(step[0], number % 2, (BEFORE, AFTER)[number // 2 % 2], step[1])]]
    one_node = itertools.product(MESSAGES_OF_ONE_NODE, (0,), (BEFORE, AFTER), ACTIONS)
    steps += [step for step in one_node if arguments.all or step[3] in ("cut", "terminate", "kill node")]
    for step in steps:
        if not arguments.only or arguments.only in f"{step[0].decode()} {step[1] + 1} {step[2]} {step[3]}":
            walk.step(*step)
    print(f"# in doubt for {max(walk.settled, default=0):.1f} s at most")
    print(f"1..{walk.tests}")
    return 0 if walk.failures == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
