#!/usr/bin/python3
"""Writers and readers against a mover of shards. The cluster has three workers."""
import random
import threading
import time

import psycopg2

import tap
from tap import check, connect

ROWS = 60
SECONDS = 8
TRY_AGAIN = "40001"
LOCK_NOT_AVAILABLE = "55P03"
over = threading.Event()


class Session:
    def __init__(self, node=0):
        self.cursor = connect(node).cursor()

    def run(self, sql):
        return tap.run(self.cursor, sql)


class Client(threading.Thread):
    """Does its work again and again; what must be tried again is counted, any other error ends the test."""

    def __init__(self, seed):
        super().__init__()
        self.random = random.Random(seed)
        self.session = Session()
        self.done = self.refused = 0
        self.failure = None

    def run(self):
        try:
            while not over.is_set() and self.failure is None:
                self.attempt()
        except psycopg2.Error as error:
            self.failure = f"{error.pgcode} {error}"

    def attempt(self):
        try:
            self.work()
            self.done += 1
        except psycopg2.Error as error:
            if error.pgcode != TRY_AGAIN:
                raise
            self.refused += 1
            self.session.run("ROLLBACK")

    def key(self):
        return self.random.randint(1, ROWS)


class Writer(Client):
    written = 0

    def work(self):
        self.session.run(f"UPDATE t SET v = v + 1 WHERE id = {self.key()}")
        self.written += 1


class TransactionWriter(Client):
    written = 0

    def work(self):
        self.session.run("BEGIN")
        for _ in range(2):
            self.session.run(f"UPDATE t SET v = v + 1 WHERE id = {self.key()}")
            self.session.run(f"SELECT v FROM t WHERE id = {self.key()}")
        self.session.run("COMMIT")
        self.written += 2

    def attempt(self):
        try:
            super().attempt()
        except psycopg2.Error as error:
            if error.pgcode != "40P01":
                raise
            self.refused += 1
            self.session.run("ROLLBACK")


class Reader(Client):
    """All rows, and their sum only grows."""

    def __init__(self, seed, isolation="read committed"):
        super().__init__(seed)
        self.sum = 0
        self.isolation = isolation

    def work(self):
        self.session.run(f"BEGIN ISOLATION LEVEL {self.isolation}")
        answers = [self.session.run("SELECT count(*), count(DISTINCT id), sum(v) FROM t")[0] for _ in range(2)]
        self.session.run("COMMIT")
        if self.isolation != "read committed" and answers[0] != answers[1]:
            self.failure = f"{answers} in one snapshot"
        for rows, ids, total in answers:
            if (rows, ids) != (ROWS, ROWS) or total < self.sum:
                self.failure = f"{rows} rows, {ids} ids, sum {total} after {self.sum}"
            self.sum = total


class KeyReader(Client):
    """No row is ever older than it was."""

    def __init__(self, seed):
        super().__init__(seed)
        self.session.run("PREPARE one (int) AS SELECT v FROM t WHERE id = $1")
        self.seen = {}

    def work(self):
        key = self.key()
        answer = self.session.run(f"EXECUTE one ({key})")
        if len(answer) != 1 or answer[0][0] < self.seen.get(key, 0):
            self.failure = f"row {key} is {answer} after {self.seen.get(key)}"
            return
        self.seen[key] = answer[0][0]


class Mover:
    """What guard/README.md asks of who moves a shard, but that nobody is told."""

    def __init__(self):
        self.coordinator = Session()
        self.nodes = {node: Session(node) for node in (1, 2, 3)}
        for session in self.nodes.values():
            session.run("SET herd.allow_shard_access = on; SET lock_timeout = '100ms'")
        self.moves = 0

    def move(self, shard):
        source, version = self.coordinator.run(
            f"SELECT node_id, map_version FROM herd.placement JOIN herd.shard USING (shard_id) WHERE shard_id = {shard}")[0]
        target = source % 3 + 1
        schema, old, new = f"herd_{shard}_1", self.nodes[source], self.nodes[target]
        old.run("BEGIN")
        try:
            old.run(f"LOCK TABLE {schema}.t IN SHARE MODE")
        except psycopg2.Error as error:
            old.run("ROLLBACK")
            if error.pgcode != LOCK_NOT_AVAILABLE:
                raise
            return
        rows = ", ".join(f"({key}, {value})" for key, value in old.run(f"SELECT id, v FROM {schema}.t"))
        old.run(f"DELETE FROM herd.held_shard WHERE shard_id = {shard}; PREPARE TRANSACTION 'move_away'")
        new.run(f"BEGIN; DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; "
                f"CREATE TABLE {schema}.t (id int CONSTRAINT t_pkey PRIMARY KEY, v int); "
                f"INSERT INTO {schema}.t VALUES {rows}; INSERT INTO herd.held_shard VALUES ({shard}, {version + 1}); "
                "PREPARE TRANSACTION 'move_here'")
        self.coordinator.run(f"BEGIN; UPDATE herd.placement SET node_id = {target} WHERE shard_id = {shard}; "
                             f"UPDATE herd.shard SET map_version = {version + 1} WHERE shard_id = {shard}; COMMIT")
        time.sleep(random.choice((0, 0.01)))
        old.run("COMMIT PREPARED 'move_away'")
        time.sleep(random.choice((0, 0.01)))
        new.run("COMMIT PREPARED 'move_here'")
        self.moves += 1
        self.drop(old, schema)

    def drop(self, old, schema):
        """As soon as those who read there by older snapshots are done."""
        while True:
            try:
                old.run(f"DROP SCHEMA {schema} CASCADE")
                return
            except psycopg2.Error as error:
                if error.pgcode not in (LOCK_NOT_AVAILABLE, "40P01"):
                    raise


def main():
    session = Session()
    session.run("CREATE TABLE t (id int PRIMARY KEY, v int)")
    session.run("SELECT herd.create_distributed_table('t', 'id', 6)")
    session.run(f"INSERT INTO t SELECT i, 0 FROM generate_series(1, {ROWS}) i")
    shards = [row[0] for row in session.run("SELECT shard_id FROM herd.shards WHERE table_name = 't'::regclass")]
    writers = [Writer(1), Writer(2), TransactionWriter(3)]
    readers = [Reader(4), Reader(5, "repeatable read"), KeyReader(6)]
    for client in writers + readers:
        client.start()
    mover = Mover()
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        mover.move(random.choice(shards))
    over.set()
    for client in writers + readers:
        client.join()

    for client in writers + readers:
        print(f"# {type(client).__name__}: {client.done} done, {client.refused} to be tried again")
        check(client.failure is None, f"{type(client).__name__} saw nothing wrong", client.failure)
    print(f"# {mover.moves} moves")
    check(mover.moves > 5, "shards moved")
    check(all(client.done > 20 for client in writers + readers), "the others went on")
    # A snapshot of all nodes taken between the two commits of a move finds the shard nowhere, and so does the next, tried at once.
    patient = [client for client in writers + readers if getattr(client, "isolation", None) != "repeatable read"]
    check(all(client.refused <= 2 * mover.moves for client in patient), "few had to try again")
    expected = sum(client.written for client in writers)
    found = Session().run("SELECT count(*), sum(v) FROM t")[0]
    check(found == (ROWS, expected), "no write was lost", f"{found}, {expected} were written")


main()
