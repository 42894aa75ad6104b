#!/bin/bash
# Statements whose parts ask the nodes one after the other (rows that travel to the shards, rows that are kept in memory to be looked up) fail
# in between: by an error on a node, cancel, timeout, lack of memory, a lost node. The error is the right one, nothing is left over, and the
# session goes on.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2 --set restart_after_crash=on
sql coordinator "SET herd.shard_count = 4" \
    "CREATE TABLE small (id int PRIMARY KEY, v int, d int)" "SELECT herd.create_distributed_table('small', 'id')" \
    "CREATE TABLE large (id int PRIMARY KEY, v int, d int, filler text)" "SELECT herd.create_distributed_table('large', 'id')" \
    "INSERT INTO small SELECT i, i * 10, 1 FROM generate_series(1, 300) i" \
    "INSERT INTO large SELECT i, i % 500, 1, repeat('x', 300) FROM generate_series(1, 3000) i" "ANALYZE small, large" >/dev/null

# The rows of small travel to the shards of large; those of large are kept to be looked up.
travel="SELECT count(*), min(10 / s.d), min(10 / l.d) FROM small s JOIN large l ON l.id = s.v WHERE 10 / s.d > 0 AND 10 / l.d > 0"
look_up="SELECT count((SELECT l.id FROM large l WHERE l.v = g AND l.id < 500 AND 10 / l.d > 0)) FROM generate_series(1, 100) g"
travel_answer="300|10|10"
look_up_answer=100

blocker=
# blocks TABLE: another session holds the table's shard on worker2.
blocks() {
    local shard
    shard=$(sql coordinator "SELECT max(shard_schema) FROM herd.shards WHERE node = 'worker2' AND table_name = '$1'::regclass")
    cluster psql --node worker2 -- -XAtq -c "SET application_name = 'blocker'; SET herd.allow_shard_access = on" \
        -c "BEGIN; LOCK TABLE $shard.$1; SELECT pg_sleep(60)" >/dev/null 2>&1 &
    blocker=$!
    within 5 worker2 "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity USING (pid)
        WHERE application_name = 'blocker' AND mode = 'AccessExclusiveLock' AND granted" \
        1 "a shard of $1 is locked"
}
unblock() {
    sql worker2 "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'blocker'" >/dev/null
    wait $blocker
}
# is_clean NAME: nothing is left over, and the session still answers.
is_clean() {
    is "$(ask "$travel; $look_up;")" "$travel_answer $look_up_answer" "$1: the session goes on"
    within 5 coordinator "SELECT sum(in_use) FROM herd.connections" 0 "$1: no connection is in use"
    within 5 coordinator "SELECT count(*) FROM herd.transactions" 0 "$1: nothing is prepared"
    nothing_runs "$1: nothing runs on"
    is "$(sql coordinator "SELECT * FROM herd.check_cluster()")" "" "$1: the cluster is well"
}
# in_background STATEMENT: pid of its backend in $backend, its answer comes into $output.
in_background() {
    output=$HERD_TEST_DIR/answer
    : >"$output"
    cluster psql -- -XAtq -v VERBOSITY=verbose -c "SELECT pg_backend_pid()" -c "${2:-SELECT}" -c "$1" -c "$travel" >"$output" 2>&1 &
    client=$!
    backend=
    while [ -z "$backend" ]; do
        sleep 0.05
        backend=$(head -1 "$output")
    done
}

open_session
is "$(ask "$travel; $look_up;")" "$travel_answer $look_up_answer" "both statements work"
like "$(ask "EXPLAIN (COSTS OFF) $travel;")" "*broadcast*" "rows travel"
like "$(ask "EXPLAIN (COSTS OFF, ANALYZE, TIMING OFF, SUMMARY OFF) $look_up;")" "*Lookups*" "rows are kept"

# ---- an error on a node ----

ask "UPDATE small SET d = 0 WHERE id = 150;" >/dev/null
like "$(ask "$travel;")" "*ERROR:  22012*worker*" "an error of the rows that travel"
ask "UPDATE small SET d = 1 WHERE id = 150; UPDATE large SET d = 0 WHERE id = 1500;" >/dev/null
like "$(ask "$travel;")" "*ERROR:  22012*worker*" "an error where they travel to"
like "$(ask "BEGIN; SAVEPOINT a; $travel;")" "*ERROR:  22012*worker*" "an error in a transaction"
is "$(ask "ROLLBACK TO a; SELECT count(*) FROM small; COMMIT;")" 300 "which goes on before it"
ask "UPDATE large SET d = 1 WHERE id = 1500; UPDATE large SET d = 0 WHERE id = 150;" >/dev/null
like "$(ask "$look_up;")" "*ERROR:  22012*worker*" "an error of the rows to look up"
ask "UPDATE large SET d = 1 WHERE id = 150;" >/dev/null
is_clean "an error on a node"

# A loop that is left before the row with the error: the rest, error and all, concerns nobody.
ask "UPDATE large SET d = 0 WHERE id = 2999;" >/dev/null
is "$(ask "BEGIN; UPDATE small SET v = v;
           DO 'DECLARE r record; BEGIN FOR r IN SELECT id FROM large WHERE 10 / d > 0 LOOP EXIT; END LOOP; PERFORM pg_sleep(0.1); END';
           UPDATE small SET v = v; SELECT count(*) FROM small; COMMIT; SELECT count(*) FROM small;")" "300 300" "an error in rows that nobody reads"
ask "UPDATE large SET d = 1 WHERE id = 2999;" >/dev/null

# ---- errors on the coordinator in between ----

for point in broadcast lookup; do
    statement=$travel
    [ $point = broadcast ] || statement=$look_up
    like "$(ask "SET herd.fault_point = '$point.row:error'; $statement; RESET herd.fault_point;")" "*ERROR:  XX000*" "an error in between: $point"
    like "$(ask "BEGIN; UPDATE small SET v = v; SAVEPOINT a; SET LOCAL herd.fault_point = '$point.row:error'; $statement;")" "*ERROR:  XX000*" \
        "$point: in a transaction"
    is "$(ask "ROLLBACK TO a; $travel; COMMIT;")" "$travel_answer" "$point: which goes on"
    is_clean "$point: an error in between"
    # libpq gives a connection up if it has no memory for what comes.
    like "$(ask "SET herd.fault_point = '$point.row:no_memory'; $statement; RESET herd.fault_point;")" "*ERROR:  @(53200|08006)*out of memory*" "no memory: $point"
    like "$(ask "BEGIN; UPDATE small SET v = v; SET LOCAL herd.fault_point = '$point.row:no_memory'; $statement;")" \
        "*ERROR:  @(53200|08006)*out of memory*" "$point: no memory in a transaction"
    is "$(ask "ROLLBACK; $travel;")" "$travel_answer" "$point: after which the next works"
    is_clean "$point: no memory"
    like "$(ask "SET herd.fault_point = '$point.row:sleep=20'; SET statement_timeout = 500; $statement;")" "*ERROR:  57014*statement timeout*" \
        "statement_timeout in between: $point"
    ask "RESET herd.fault_point; RESET statement_timeout;" >/dev/null
    is_clean "$point: timeout in between"
done

# ---- waiting for a node ----

for table in small large; do
    blocks $table
    ask "SET statement_timeout = 500;" >/dev/null
    like "$(ask "$travel;")" "*ERROR:  57014*statement timeout*" "timeout while $table is read"
    like "$(ask "BEGIN; SAVEPOINT a; $travel;")" "*ERROR:  57014*statement timeout*" "likewise in a transaction"
    is "$(ask "ROLLBACK TO a; SET LOCAL statement_timeout = 0; SELECT 1; COMMIT; RESET statement_timeout;")" 1 "which goes on"
    in_background "$travel"
    within 5 worker2 "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock'" t "$table is waited for"
    sql coordinator "SELECT pg_cancel_backend($backend)" >/dev/null
    sleep 0.3
    unblock
    wait $client
    like "$(tail -n +2 "$output")" "ERROR:  57014*$travel_answer" "cancel while $table is read; the session goes on"
    is_clean "waiting for $table"

    blocks $table
    in_background "$travel"
    within 5 worker2 "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock'" t "$table is waited for"
    kill -9 "$(sql worker2 "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' LIMIT 1")"
    wait $client
    wait $blocker
    like "$(tail -n +2 "$output" | head -1)" "ERROR:  08*worker2*" "a node that crashes while $table is read"
    within 20 worker2 "SELECT 1" 1 "the node comes back"
    is_clean "a crashed node while $table was read"
done

# More values than are looked up at a time: the node is asked again after it has died.
in_background "${look_up/100/400}" "SET herd.fault_point = 'lookup.row:sleep=20'"
sleep 0.5
kill -9 "$(head -1 "$DIR/worker2/data/postmaster.pid")"
wait $client
like "$(tail -n +2 "$output" | head -1)" "ERROR:  08*worker2*" "a node that dies while rows to look up are read"
# Its backends notice that they are alone.
for _ in $(seq 20); do
    control worker2 start 2>/dev/null && break
    sleep 0.5
done
within 20 worker2 "SELECT 1" 1 "the node comes back"
is_clean "a dead node"
close_session
finish
