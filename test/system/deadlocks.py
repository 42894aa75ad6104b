#!/usr/bin/python3
"""Deadlocks that no node sees alone. The cluster has three workers."""
import threading
import time

import psycopg2

from tap import check, connect, query


class Session:
    """A transaction whose statements run in a thread of their own when they are to wait."""

    def __init__(self):
        self.connection = connect(autocommit=False)
        self.cursor = self.connection.cursor()
        self.run("SELECT 1")
        self.pid = self.connection.get_backend_pid()
        self.error = None

    def run(self, sql):
        self.cursor.execute(sql)

    def start(self, sql):
        def body():
            try:
                self.cursor.execute(sql)
            except psycopg2.Error as error:
                self.error = error
            self.seconds = time.monotonic() - started
            if self.error is not None:
                self.connection.rollback()

        started = time.monotonic()
        self.thread = threading.Thread(target=body)
        self.thread.start()
        time.sleep(0.15)

    def join(self, seconds=20):
        self.thread.join(seconds)
        return not self.thread.is_alive()

    def end(self):
        self.connection.rollback()
        self.connection.close()


def key_on(node):
    """A key of table t whose shard is on the node."""
    return query(f"SELECT k FROM generate_series(1, 1000) k JOIN herd.shards s ON s.shard_id = herd.get_shard_id('t', k)"
                 f" WHERE s.node = '{node}' AND s.table_name = 't'::regclass ORDER BY k LIMIT 1")[0][0]


def try_cycle(name, first_steps, last_steps):
    """Each session takes its first step, then all their last ones: a cycle. The youngest transaction must give way, and soon."""
    sessions = []
    for step in first_steps:
        session = Session()
        session.run(step)
        sessions.append(session)
        time.sleep(0.05)
    for session, step in zip(sessions, last_steps):
        session.start(step)
    # From the victim on, each frees what the one before it waits for.
    ended = []
    for session in reversed(sessions):
        ended.append(session.join())
        if session.error is None:
            session.connection.rollback()
    check(all(ended), f"{name}: everybody goes on")
    victims = [i for i, session in enumerate(sessions) if session.error is not None]
    check(victims == [len(sessions) - 1], f"{name}: the youngest gives way", victims, *(s.error for s in sessions))
    error = sessions[-1].error
    check(error is not None and error.pgcode == "40P01", f"{name}: with 40P01", error)
    detail = error.diag.message_detail or "" if error is not None else ""
    check(all(f"Process {s.pid} waits on" in detail for s in sessions), f"{name}: who waits for whom is told", detail)
    check(sessions[-1].seconds < 5, f"{name}: within seconds", sessions[-1].seconds)
    for session in sessions:
        session.end()


def update(key):
    return f"UPDATE t SET v = v + 1 WHERE k = {key}"


query("CREATE TABLE t (k int PRIMARY KEY, v int)")
query("SELECT herd.create_distributed_table('t', 'k', shard_count => 12)")
query("INSERT INTO t SELECT k, 0 FROM generate_series(1, 1000) k")
query("CREATE TABLE here (k int PRIMARY KEY, v int)")
query("INSERT INTO here SELECT k, 0 FROM generate_series(1, 10) k")
a, b, c = (key_on(f"worker{n}") for n in (1, 2, 3))

try_cycle("two nodes", [update(a), update(b)], [update(b), update(a)])
try_cycle("three nodes", [update(a), update(b), update(c)], [update(b), update(c), update(a)])
try_cycle("a node and this server", [update(a), "UPDATE here SET v = 1 WHERE k = 1"],
          ["UPDATE here SET v = 2 WHERE k = 1", update(a)])
try_cycle("this server and a node", ["UPDATE here SET v = 1 WHERE k = 1", update(a)],
          [update(a), "UPDATE here SET v = 2 WHERE k = 1"])
try_cycle("row locks", [f"SELECT * FROM t WHERE k = {a} FOR UPDATE", f"SELECT * FROM t WHERE k = {b} FOR SHARE"],
          [update(b), update(a)])

# The youngest is a statement without a transaction block, which its node would commit by itself.
query("CREATE TABLE pair (k int, n int, v int)")
query("SELECT herd.create_distributed_table('pair', 'k', colocate_with => 't')")
query(f"INSERT INTO pair VALUES ({a}, 1, 0), ({a}, 2, 0)")
older, middle, alone = Session(), Session(), Session()
alone.connection.rollback()
alone.connection.autocommit = True
older.run(update(b))
middle.run(f"UPDATE pair SET v = 1 WHERE k = {a} AND n = 2")
alone.start(f"UPDATE pair SET v = 2 WHERE k = {a}")
older.start(f"UPDATE pair SET v = 3 WHERE k = {a} AND n = 1")
middle.start(update(b))
check(alone.join() and alone.error is not None and alone.error.pgcode == "40P01", "a single statement gives way", alone.error)
check(older.join() and older.error is None, "who waited for it goes on", older.error)
older.connection.rollback()
check(middle.join() and middle.error is None, "and who waited for that", middle.error)
check(query("SELECT sum(v) FROM pair")[0][0] == 0, "the statement has changed nothing")
for session in (older, middle, alone):
    session.end()

# A long wait is no deadlock.
holder, waiter = Session(), Session()
holder.run(update(a))
waiter.start(update(a))
time.sleep(3)
check(waiter.thread.is_alive() and waiter.error is None, "a wait that is no deadlock lasts")
holder.connection.commit()
check(waiter.join() and waiter.error is None, "and ends when the lock is free", waiter.error)
holder.end()
waiter.end()

# A victim's exception block sees the error, and its transaction goes on.
older, younger = Session(), Session()
older.run(update(a))
younger.run("SELECT 1")
younger.run(update(b))
older.start(update(b))
younger.start(f"""DO $$ BEGIN {update(a)}; EXCEPTION WHEN deadlock_detected THEN RAISE NOTICE 'victim'; END $$""")
check(younger.join() and younger.error is None, "an exception block catches it", younger.error)
check(any("victim" in notice for notice in younger.connection.notices), "as deadlock_detected", younger.connection.notices)
younger.connection.rollback()
check(older.join() and older.error is None, "the other one goes on when it ends", older.error)
older.end()
younger.end()

check(query("SELECT sum(v) FROM t") == [(1,)], "what was rolled back is undone")
