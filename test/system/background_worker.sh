#!/bin/bash
# A background worker per coordinator's database finishes by itself what crashes and lost nodes left prepared, and is in nobody's
# way.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2 --set restart_after_crash=on --set herd.commit_timeout=1000 --set herd.connect_timeout=1000
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id', 8)" \
    "INSERT INTO t SELECT id, 0 FROM generate_series(1, 100) id" >/dev/null

count_workers="SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'herd worker'"
prepared="SELECT count(*) FROM pg_prepared_xacts"
records="SELECT count(*) FROM herd.transaction"
values="SELECT min(v), max(v) FROM t"

commit_with() { sql coordinator "SET herd.fault_point = '$1'" "BEGIN; UPDATE t SET v = v + 1; COMMIT;"; }
finished() {
    within 8 worker1 "$prepared" 0 "$1: worker1"
    within 8 worker2 "$prepared" 0 "$1: worker2"
    within 8 coordinator "$records" 0 "$1: records go"
    is "$(sql coordinator "$values")" "$2|$2" "$1: values"
}

within 5 coordinator "$count_workers" 1 "the coordinator's database has a worker"
is "$(sql worker1 "$count_workers")" 0 "a node that is no coordinator has none"

commit_with commit.after_prepare:exit >/dev/null
within 8 coordinator "SELECT 1" 1 "the coordinator is back"
finished "a crash before the decision" 0
commit_with commit.before_commit_prepared:exit >/dev/null
within 8 coordinator "SELECT 1" 1 "the coordinator is back"
finished "a crash after the decision" 1
commit_with commit.before_commit_prepared:error >/dev/null
finished "a commit that was not confirmed" 2

commit_with commit.before_commit_prepared:sleep=1500 >/dev/null &
sleep 0.7
control worker1 -m immediate stop
wait
within 3 worker2 "$prepared" 0 "one node is not kept waiting by the other"
cluster start >/dev/null
finished "a node that was away" 3

# A node that answers nothing does not keep the others' parts in doubt.
for name in first second; do
    sql coordinator "BEGIN; UPDATE t SET v = 100 WHERE id % 2 = $((${#name} % 2)); PREPARE TRANSACTION '$name'" >/dev/null
done
pid=$(head -1 "$DIR/worker1/data/postmaster.pid")
processes="$pid $(ps -o pid= --ppid "$pid" | tr '\n' ' ')"
# shellcheck disable=SC2086
kill -STOP $processes
sql coordinator "ROLLBACK PREPARED 'first'" >/dev/null
within 8 worker2 "$prepared" 1 "a frozen node: the other one's part is undone"
sql coordinator "ROLLBACK PREPARED 'second'" >/dev/null
within 4 worker2 "$prepared" 0 "sooner still once it is known to be frozen"
# shellcheck disable=SC2086
kill -CONT $processes
finished "a frozen node" 3

sql coordinator "INSERT INTO herd.transaction VALUES (1, 99, 'of a node that was removed')" >/dev/null
within 15 coordinator "$records" 0 "commit records of removed nodes go"

# It comes back, and leaves interrupts to the session that failed in its commit.
worker_pid="SELECT pid FROM pg_stat_activity WHERE backend_type = 'herd worker'"
pid=$(sql coordinator "$worker_pid")
sql coordinator "SELECT pg_terminate_backend($pid)" >/dev/null
within 8 coordinator "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'herd worker' AND pid <> $pid" 1 \
    "a terminated worker comes back"
open_session
session=$(ask "SELECT pg_backend_pid();")
ask "SET herd.fault_point = 'commit.before_commit_prepared:error';" >/dev/null
ask "UPDATE t SET v = v + 1;" >/dev/null
ask "SET herd.fault_point = '';" >/dev/null
printf 'SELECT pg_sleep(60);\n' >&"${SESSION[1]}"
within 3 coordinator "SELECT count(*) FROM pg_stat_activity WHERE pid = $session AND query LIKE '%pg_sleep%'" 1 "it sleeps"
sql coordinator "SELECT pg_terminate_backend($session)" >/dev/null
within 3 coordinator "SELECT count(*) FROM pg_stat_activity WHERE pid = $session" 0 \
    "a session whose commit callback failed can be terminated"
wait "$session_pid"
finished "its transaction" 4

# A second coordinator on the same servers, in another database.
other() { cluster psql --node "$1" -- -XAtq -d "$2" -c "$3" 2>&1; }
for node in coordinator worker1; do
    sql $node "CREATE DATABASE other" >/dev/null
    other $node other "SET client_min_messages = warning; CREATE EXTENSION herd" >/dev/null
done
password=$(cat "$DIR/service_password")
other coordinator other "SELECT herd.set_service_role('herd', '$password')" >/dev/null
other coordinator other "SELECT herd.add_node('127.0.0.1', $((PORT + 1)), 'worker1', 'other')" >/dev/null
within 5 coordinator "$count_workers" 2 "each coordinator's database has a worker"
other coordinator other "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE local (id int)" >/dev/null
other coordinator other "SELECT herd.create_distributed_table('t', 'id', 4)" >/dev/null
other coordinator other "SET herd.fault_point = 'commit.before_commit_prepared:exit'; BEGIN; INSERT INTO t VALUES (1); INSERT INTO local VALUES (1); COMMIT" >/dev/null
commit_with commit.before_commit_prepared:error >/dev/null
within 8 coordinator "SELECT 1" 1 "the coordinator is back"
within 8 worker1 "$prepared" 0 "both databases' transactions are finished"
is "$(other coordinator other "SELECT count(*) FROM t")" 1 "that of the other database is committed"

within 5 coordinator "$count_workers" 2 "both are there again"
is "$(sql coordinator "ALTER DATABASE other RENAME TO renamed")" "" "a database with a worker can be renamed"
within 5 coordinator "$count_workers" 2 "its worker comes back"
is "$(sql coordinator "CREATE DATABASE copy TEMPLATE renamed")" "" "it can be copied"
within 5 coordinator "$count_workers" 2 "its worker comes back after that"
is "$(other coordinator copy "SELECT herd.recover_transactions()" | grep -c 'is a copy of a coordinator')" 1 \
    "the copy decides over nothing"
is "$(sql coordinator "DROP DATABASE copy")" "" "the copy can be dropped"
# The worker is waiting for a node that does not answer.
pid=$(head -1 "$DIR/worker1/data/postmaster.pid")
other coordinator renamed "SET herd.fault_point = 'commit.before_commit_prepared:error'; BEGIN; INSERT INTO t VALUES (2); INSERT INTO local VALUES (2); COMMIT" >/dev/null
kill -STOP "$pid"
sleep 1.2
is "$(sql coordinator "SET statement_timeout = '4s'" "DROP DATABASE renamed")" "" "a database whose worker is busy can be dropped"
kill -CONT "$pid"
within 5 coordinator "$count_workers" 1 "its worker is gone"

sql coordinator "DROP TABLE t" "SELECT herd.remove_node('worker1')" "SELECT herd.remove_node('worker2')" \
    "DROP EXTENSION herd" >/dev/null
within 15 coordinator "$count_workers" 0 "without the extension there is no worker"

# A standby has none, until it is promoted.
standby=$DIR/standby
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
bin=$("${PG_CONFIG:-pg_config}" --bindir)
as_postgres env PGPASSWORD="$password" "$bin/pg_basebackup" -h 127.0.0.1 -p "$PORT" -U herd -D "$standby/data" -R -c fast >/dev/null
as_postgres "$bin/pg_ctl" -s -w -D "$standby/data" -l "$standby/log" -o "-p $((PORT + 4))" start >/dev/null
processes() { "$bin/psql" -h "$DIR" -p $((PORT + 4)) -U postgres -d postgres -XAtqc \
    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'herd launcher'"; }
sleep 1
is "$(processes)" 0 "a standby has no launcher"
as_postgres "$bin/pg_ctl" -s -w -D "$standby/data" promote >/dev/null
sleep 1
is "$(processes)" 1 "it starts when it is promoted"
as_postgres "$bin/pg_ctl" -s -w -m immediate -D "$standby/data" stop

finish
