#!/bin/bash
# Nodes that restart, die in the middle of a statement or hang; sessions that are canceled or end. The client gets a clear
# error in bounded time, the node stops working for nobody, and the next statement finds its way.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id', 8)" \
    "INSERT INTO t SELECT id, 0 FROM generate_series(1, 200) id" >/dev/null

# Makes statements on a shard of t on the node wait, for some seconds.
block() {
    local shard
    shard=$(sql "$1" "SELECT min(oid::regclass::text) FROM pg_class WHERE relname = 't' AND relkind = 'r'")
    sql "$1" "BEGIN; LOCK TABLE $shard; SELECT pg_sleep(${2:-3})" >/dev/null 2>&1 &
    blocker=$!
    sleep 0.5
}
open_session
is "$(ask "SELECT count(*) FROM t;")" 200 "a session uses both nodes"
control worker1 -m fast restart
is "$(ask "SELECT count(*) FROM t;")" 200 "a node that was restarted while idle is reached again"
ask "BEGIN; UPDATE t SET v = v + 1;" >/dev/null
control worker1 -m fast restart
like "$(ask "SELECT count(*) FROM t;")" '*08006*lost connection to node "worker1"*' "one that held work is lost"
is "$(ask "ROLLBACK; SELECT sum(v) FROM t;")" 0 "its work is undone everywhere"

ask "BEGIN; UPDATE t SET v = v + 1 WHERE id <= 50;" >/dev/null
control worker1 -m immediate restart
like "$(ask "COMMIT;")" '*ERROR:*080*worker1*' "COMMIT fails when a writer is gone"
is "$(ask "SELECT sum(v) FROM t;")" 0 "nothing of it is committed"

ask "BEGIN; SAVEPOINT a; UPDATE t SET v = v + 1;" >/dev/null
control worker1 -m immediate restart
like "$(ask "SELECT count(*) FROM t;")" '*08006*' "work inside a savepoint is lost"
is "$(ask "ROLLBACK TO a; UPDATE t SET v = v + 1 WHERE id = 1; COMMIT; SELECT sum(v) FROM t;")" 1 \
    "the transaction goes on before it"

block worker1
(sleep 1 && control worker1 -m immediate restart) &
restart=$!
like "$(ask "SELECT count(*) FROM t;")" '*08006*lost connection to node "worker1"*' \
    "a node that dies in mid-statement is an error"
wait $restart
is "$(ask "SELECT count(*) FROM t;")" 200 "the session goes on"

block worker1
like "$(ask "SET statement_timeout = 500; SELECT count(*) FROM t;")" '*57014*' "statement_timeout ends a statement"
is "$(ask "RESET statement_timeout; SELECT count(*) FROM t;")" 200 "the session goes on"
nothing_runs "the nodes have stopped"

wait "$blocker"
pid=$(ask "SELECT pg_backend_pid();")
block worker1 6
(sleep 1 && sql coordinator "SELECT pg_terminate_backend($pid)" >/dev/null) &
like "$(ask "SELECT count(*) FROM t;")" '*57P01*' "a session is terminated"
sleep 1
nothing_runs "the nodes have stopped"
wait

# A connection that dies before the node has looked at the statement: one that only reads is sent again.
open_session
ask "SELECT v FROM t WHERE id = 1;" >/dev/null
for node in worker1 worker2; do
    remote=$(sql $node "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'herd $(ask "SELECT pg_backend_pid();") %'")
    [ -z "$remote" ] || break
done
kill -STOP "$remote"
sql $node "SELECT pg_terminate_backend($remote)" >/dev/null
(sleep 0.3 && kill -CONT "$remote") &
is "$(ask "SELECT v FROM t WHERE id = 1;")" 1 "a statement that only reads is sent again over a new connection"
wait $!
close_session

# A node that does not answer at all.
open_session
ask "SET herd.connect_timeout = 1000; SELECT count(*) FROM t;" >/dev/null
postmaster=$(head -1 "$DIR/worker1/data/postmaster.pid")
# shellcheck disable=SC2046
kill -STOP "$postmaster" $(pgrep -P "$postmaster")
started=$SECONDS
like "$(ask "SET statement_timeout = 1000; SELECT count(*) FROM t;")" '*57014*' "statement_timeout works while a node hangs"
like "$(ask "RESET statement_timeout; SELECT count(*) FROM t;")" '*08001*worker1*' "a node that hangs can't be connected to"
[ $((SECONDS - started)) -lt 12 ]
result $? "in bounded time"
# shellcheck disable=SC2046
kill -CONT "$postmaster" $(pgrep -P "$postmaster")
is "$(ask "SELECT count(*), sum(v) FROM t;")" "200|1" "it is used again when it answers"
close_session
is "$(sql coordinator "SELECT herd.recover_transactions()")" 0 "nothing is left prepared"

finish
