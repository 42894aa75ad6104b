#!/bin/bash
# The end of a transaction is bounded and raises nothing, whatever is missing: memory, an answering node, the session itself. What the
# coordinator may still refuse is refused before a node commits.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2 --set herd.commit_timeout=2000 --set herd.connect_timeout=1000
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id', 8)" \
    "INSERT INTO t SELECT id, 0 FROM generate_series(1, 100) id" "CREATE TABLE local (id int)" >/dev/null
coordinator=$(head -1 "$DIR/coordinator/data/postmaster.pid")
values() { sql coordinator "SELECT min(v), max(v) FROM t"; }

nothing_left() {
    within 10 worker1 "SELECT count(*) FROM pg_prepared_xacts" 0 "$1: nothing prepared on worker1"
    within 10 worker2 "SELECT count(*) FROM pg_prepared_xacts" 0 "$1: nothing prepared on worker2"
    within 10 coordinator "SELECT count(*) FROM herd.transaction" 0 "$1: no commit record"
}
# The postmaster of a node and all its processes.
signal() {
    local pid
    pid=$(head -1 "$DIR/$2/data/postmaster.pid")
    # shellcheck disable=SC2046
    kill "-$1" "$pid" $(ps -o pid= --ppid "$pid")
}

# ---- no memory ----
got=$(sql coordinator "SET herd.fault_point = 'commit.before_commit_prepared:no_memory'" "BEGIN; UPDATE t SET v = v + 1; COMMIT;" \
    "SELECT min(v), max(v) FROM t WHERE v = 1")
like "$got" "*1|1" "a session without memory in its commit goes on"
nothing_left "no memory"
is "$(values)" "1|1" "no memory: committed"

for action in no_memory error; do
    got=$(sql coordinator "SET herd.fault_point = 'abort.before_rollback:$action'" "BEGIN; UPDATE t SET v = v + 1; ROLLBACK;" \
        "SET herd.fault_point = ''" "SELECT min(v), max(v) FROM t WHERE v = 1")
    is "$got" "1|1" "a session whose abort meets '$action' goes on"
    is "$(sql coordinator "UPDATE t SET v = 1")" "" "$action: no lock is left"
done

# ---- NOTIFY, and whatever else the coordinator does at its end ----
before() { sql coordinator "SET herd.fault_point = 'commit.before_prepare:error'" "BEGIN; $1 UPDATE t SET v = 7 WHERE id = 1; COMMIT;"; }
is "$(before "")" "" "one writer commits in one phase"
like "$(before "NOTIFY a;")" "*fault point*" "not with NOTIFY"
like "$(before "SELECT pg_notify('a', 'b');")" "*fault point*" "nor with pg_notify()"
like "$(before "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;")" "*fault point*" "nor where the coordinator may fail to serialize"
is "$(sql coordinator "UPDATE t SET v = 1")" "" "values are put back"
got=$(sql coordinator "LISTEN a" "BEGIN; NOTIFY a, 'sent'; UPDATE t SET v = v + 1; COMMIT;" 2>&1)
like "$got" "*notification*\"sent\"*" "NOTIFY of a distributed transaction arrives"

# ---- a node that does not answer ----
started() { date +%s%N; }
took() { [ $((($(date +%s%N) - $1) / 1000000)) -lt "$2" ]; }

open_session
ask "BEGIN; UPDATE t SET v = v + 1; " >/dev/null
ask "SET herd.fault_point = 'commit.after_prepare:sleep=1000';" >/dev/null
printf 'COMMIT;\n' >&"${SESSION[1]}"
sleep 0.5
signal STOP worker1
start=$(started)
got=$(ask "SELECT 'next';")
took "$start" 6000
result $? "a commit does not wait for a frozen node for longer than herd.commit_timeout"
like "$got" "*WARNING*worker1*has not confirmed*next*" "and says so"
signal CONT worker1
nothing_left "a node frozen at COMMIT PREPARED"
is "$(values)" "3|3" "it is committed"
close_session

open_session
pid=$(ask "SELECT pg_backend_pid();")
ask "BEGIN; UPDATE t SET v = v + 1;" >/dev/null
signal STOP worker1
printf 'COMMIT;\n' >&"${SESSION[1]}"
sleep 0.3
start=$(started)
sql coordinator "SELECT pg_cancel_backend($pid)" >/dev/null
within 2 worker2 "SELECT count(*) FROM pg_prepared_xacts" 0 "the other node is not kept waiting"
got=$(ask "SELECT 'next';")
took "$start" 8000
result $? "PREPARE on a frozen node can be canceled"
like "$got" "*57014*next*" "that is an error"
signal CONT worker1
nothing_left "a node frozen at PREPARE"
is "$(values)" "3|3" "it is undone"

ask "BEGIN; UPDATE t SET v = v + 1;" >/dev/null
ask "SET herd.fault_point = 'commit.after_prepare:sleep=1000'; SET herd.commit_timeout = '1h';" >/dev/null
printf 'COMMIT;\n' >&"${SESSION[1]}"
sleep 0.5
signal STOP worker1
sleep 1
sql coordinator "SELECT pg_terminate_backend($pid)" >/dev/null
within 4 coordinator "SELECT count(*) FROM pg_stat_activity WHERE pid = $pid" 0 "a session that waits for COMMIT PREPARED can be terminated"
close_session
signal CONT worker1
nothing_left "a session terminated in its commit"
is "$(values)" "4|4" "it is committed"

# ---- the single writer's COMMIT ----
on_worker1=$(sql coordinator "SELECT id FROM t WHERE (SELECT node FROM herd.shards WHERE table_name = 't'::regclass
    AND shard_id = herd.get_shard_id('t', t.id)) = 'worker1' ORDER BY id LIMIT 1")
open_session
pid=$(ask "SELECT pg_backend_pid();")
ask "BEGIN; UPDATE t SET v = 5 WHERE id = $on_worker1;" >/dev/null
signal STOP worker1
printf 'COMMIT;\n' >&"${SESSION[1]}"
start=$(started)
got=$(ask "SELECT 'next';")
took "$start" 6000
result $? "COMMIT of a frozen node is not waited for longer than herd.commit_timeout"
like "$got" "*08007*next*" "its outcome is unknown"
signal CONT worker1
within 5 coordinator "SELECT v FROM t WHERE id = $on_worker1" 5 "here the node had it"
close_session

sql worker1 "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'" >/dev/null
cluster psql --node worker1 -- -XAtq >/dev/null <<'SQL'
SELECT format('CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON %I.t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.slow()', nspname)
FROM pg_namespace WHERE to_regclass(format('%I.t', nspname)) IS NOT NULL AND nspname LIKE 'herd%' \gexec
SQL
open_session
pid=$(ask "SELECT pg_backend_pid();")
ask "SET herd.commit_timeout = '1h'; BEGIN; UPDATE t SET v = 6 WHERE id = $on_worker1;" >/dev/null
printf 'COMMIT;\n' >&"${SESSION[1]}"
sleep 0.5
start=$(started)
sql coordinator "SELECT pg_cancel_backend($pid)" >/dev/null
got=$(ask "SELECT 'next';")
took "$start" 4000
result $? "COMMIT of one node can be canceled while it runs there"
like "$got" "*57014*next*" "the node says whether it came in time"
is "$(sql coordinator "SELECT v FROM t WHERE id = $on_worker1")" 5 "it did"
close_session

is "$(head -1 "$DIR/coordinator/data/postmaster.pid") $(grep -cE 'PANIC|was terminated by signal' "$DIR/coordinator/log")" \
    "$coordinator 0" "the coordinator has not crashed"
finish
