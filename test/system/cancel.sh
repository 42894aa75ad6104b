#!/bin/bash
# A statement that computes on a node ends there soon after the client's statement ends: by statement_timeout, cancel,
# termination of the session; and its transaction leaves nothing behind.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id', 8)" \
    "INSERT INTO t SELECT id, 0 FROM generate_series(1, 200) id" >/dev/null

# Hours of computing on one node; on all shards; in a write.
endless="generate_series(1, 1000000) a, generate_series(1, 1000000) b WHERE a + b > 0"
router="SELECT count(*) FROM t, $endless AND t.id = 1"
write="UPDATE t SET v = (SELECT count(*) FROM $endless) WHERE id = 1"
write_all="UPDATE t SET v = (SELECT count(*) FROM $endless AND a > t.id)"

wait_for_running() {
    for _ in $(seq 50); do
        [ "$(running_on worker1) $(running_on worker2)" = "0 0" ] || return 0
        sleep 0.1
    done
    return 1
}
milliseconds() { date +%s%3N; }

# canceled_by FUNCTION STATEMENT SQLSTATE NAME: FUNCTION ends the statement in mid-computation.
canceled_by() {
    local pid output=$HERD_TEST_DIR/canceled client started
    cluster psql -- -XAtq -v VERBOSITY=verbose -c "SELECT pg_backend_pid()" -c "$2" >"$output" 2>&1 &
    client=$!
    wait_for_running
    result $? "$4: it computes on a node"
    pid=$(head -1 "$output")
    started=$(milliseconds)
    sql coordinator "SELECT $1($pid)" >/dev/null
    wait $client
    [ $(($(milliseconds) - started)) -lt 2000 ]
    result $? "$4: the client's statement ends soon"
    like "$(cat "$output")" "*$3*" "$4: with its SQLSTATE"
    nothing_runs "$4: the nodes stop"
}

open_session
started=$(milliseconds)
like "$(ask "SET statement_timeout = 300; $router;")" '*57014*statement timeout*' "statement_timeout"
like "$(ask "$write;")" '*57014*statement timeout*' "statement_timeout of a write"
like "$(ask "$write_all;")" '*57014*statement timeout*' "statement_timeout of a write on all shards"
[ $(($(milliseconds) - started)) -lt 4000 ]
result $? "all of them end soon"
nothing_runs "the nodes have stopped"
is "$(ask "RESET statement_timeout; SELECT count(*), sum(v) FROM t;")" "200|0" "the session goes on"
like "$(ask "BEGIN; UPDATE t SET v = 1 WHERE id <= 100; SET LOCAL statement_timeout = 300; SAVEPOINT a; $router;")" '*57014*' \
    "statement_timeout inside a transaction"
is "$(ask "ROLLBACK TO a; RESET statement_timeout; UPDATE t SET v = v + 1; COMMIT; SELECT count(*), sum(v) FROM t;")" "200|300" \
    "the transaction goes on before the savepoint"
ask "UPDATE t SET v = 0;" >/dev/null

canceled_by pg_cancel_backend "$router" 57014 "cancel"
canceled_by pg_cancel_backend "$write" 57014 "cancel of a write"
canceled_by pg_cancel_backend "$write_all" 57014 "cancel of a write on all shards"
canceled_by pg_cancel_backend "BEGIN; UPDATE t SET v = 7; $router; COMMIT" 57014 "cancel in a transaction"
canceled_by pg_cancel_backend "DO \$\$ BEGIN PERFORM ${router#SELECT}; EXCEPTION WHEN query_canceled THEN RAISE 'seen'; END \$\$" \
    seen "cancel that PL/pgSQL catches"
canceled_by pg_terminate_backend "$router" 57P01 "termination"
canceled_by pg_terminate_backend "BEGIN; UPDATE t SET v = 7; $write; COMMIT" 57P01 "termination in a transaction"

# A wait for a row on a node ends likewise.
ask "BEGIN; UPDATE t SET v = 0 WHERE id = 1;" >/dev/null
canceled_by pg_cancel_backend "UPDATE t SET v = 8 WHERE id = 1" 57014 "cancel of a wait for a lock"
canceled_by pg_terminate_backend "BEGIN; UPDATE t SET v = 8 WHERE id = 2; UPDATE t SET v = 8 WHERE id = 1" 57P01 \
    "termination in a wait for a lock"
ask "ROLLBACK;" >/dev/null

# The node's own administrator ends it: an error that names the node.
cluster psql -- -XAtq -v VERBOSITY=verbose -c "$router" >"$HERD_TEST_DIR/node" 2>&1 &
wait_for_running
for node in worker1 worker2; do
    sql $node "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'herd%' AND state = 'active'"
done >/dev/null
wait $!
like "$(cat "$HERD_TEST_DIR/node")" '*57014*worker*' "a statement canceled on the node says where"

is "$(ask "SELECT count(*), sum(v) FROM t;")" "200|0" "nothing was written"
close_session
is "$(sql coordinator "SELECT herd.recover_transactions()")" 0 "nothing is left prepared"
# Sessions of the coordinator that ended have no connections left.
sleep 1
is "$(sql coordinator "SELECT count(*) FROM herd.activity
    WHERE node <> 'coordinator' AND coordinator_pid NOT IN (SELECT pid FROM pg_stat_activity)")" 0 "no connection is left"

finish
