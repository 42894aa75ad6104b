#!/bin/bash
# Many sessions share few connections to the nodes: they queue without errors, never exceed the limit, see nothing of each
# other, and don't wait for each other in circles.
. "$(dirname "$0")/lib.sh"

LIMIT=60
start_cluster --workers 2 --set max_connections=400 --set "herd.max_connections_per_node=$LIMIT"
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id', 8)" \
    "INSERT INTO t SELECT id, 0 FROM generate_series(1, 1000) id" "CREATE TABLE plain (id int)" >/dev/null

# Of sessions on the node that work for the coordinator's; the background worker and cancels have one of their own.
connections_on() { sql "$1" "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'herd%'"; }
set_limit() {
    sql coordinator "ALTER SYSTEM SET herd.max_connections_per_node = $1" "SELECT pg_reload_conf()" >/dev/null
    sleep 0.2
}
waiting() { sql coordinator "SELECT max(waiting) FROM herd.connections"; }
wait_for_waiting() {
    local i
    for i in $(seq 50); do
        [ "$(waiting)" = "$1" ] && return 0
        sleep 0.1
    done
    return 1
}
milliseconds() { date +%s%3N; }
bench() {
    local command=("$("${PG_CONFIG:-pg_config}" --bindir)/pgbench" -n -h "$DIR" -p "$PORT" -U postgres "$@" postgres)
    [ "$(id -u)" != 0 ] || command=(runuser -u postgres -- "${command[@]}")
    "${command[@]}" 2>&1
}
chmod 755 "$HERD_TEST_DIR"
cat >"$HERD_TEST_DIR/mixed" <<'SQL'
\set id random(1, 1000)
\set other random(1, 1000)
SELECT v FROM t WHERE id = :id;
BEGIN;
UPDATE t SET v = v + 1 WHERE id = least(:id, :other);
UPDATE t SET v = v - 1 WHERE id = greatest(:id, :other);
COMMIT;
SQL
chmod 644 "$HERD_TEST_DIR/mixed"

bench -c 300 -j 2 -T 10 -f "$HERD_TEST_DIR/mixed" >"$HERD_TEST_DIR/bench" &
bench=$!
most=0
while kill -0 $bench 2>/dev/null; do
    for node in worker1 worker2; do
        count=$(connections_on $node)
        [ "$count" -le "$most" ] || most=$count
    done
    sleep 0.1
done
wait $bench
is "$? $(grep -c -i error "$HERD_TEST_DIR/bench")" "0 0" "300 clients run without an error"
like "$(cat "$HERD_TEST_DIR/bench")" '*failed transactions: 0 *' "none of their transactions fails"
[ "$most" -ge $((LIMIT / 2)) ] && [ "$most" -le $((LIMIT + 1)) ]
result $? "they share $LIMIT connections to each node (seen: $most)"
is "$(sql coordinator "SELECT sum(v) FROM t")" 0 "money is neither made nor lost"
is "$(waiting)" 0 "nobody waits any more"

set_limit 1
open_session
ask "SET TimeZone = 'Asia/Tokyo'; SET app.tenant = 'secret'; PREPARE p AS SELECT v FROM t WHERE id = 7; EXECUTE p;" >/dev/null
pids() { sql worker1 "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE application_name LIKE 'herd%'"; }
sql coordinator "SELECT count(*) FROM t" >/dev/null
ask "SELECT count(*) FROM t;" >/dev/null
before=$(pids)
started=$(milliseconds)
is "$(sql coordinator "SET TimeZone = 'UTC'" "SELECT count(*) FROM t WHERE current_setting('app.tenant', true) = 'secret'")" 0 \
    "a session's settings don't follow its connections"
[ $(($(milliseconds) - started)) -lt 1500 ]
result $? "an idle session gives way"
is "$(ask "SELECT count(*) FROM t WHERE current_setting('app.tenant') = 'secret'; SHOW TimeZone; EXECUTE p;")" \
    "1000 Asia/Tokyo $(sql coordinator "SELECT v FROM t WHERE id = 7")" "and has its own settings and statements when it is back"

# A connection comes with what the node has prepared over it, however much that is, and whatever becomes outdated.
# A second session: there is but one coprocess.
mkfifo "$HERD_TEST_DIR/to_other" "$HERD_TEST_DIR/from_other"
cluster psql -- -XAtq -v VERBOSITY=verbose <"$HERD_TEST_DIR/to_other" >"$HERD_TEST_DIR/from_other" 2>&1 &
other=$!
exec 7>"$HERD_TEST_DIR/to_other" 8<"$HERD_TEST_DIR/from_other"
ask_other() {
    local line answer=''
    printf '%s\n\\echo end\n' "$1" >&7
    while read -r -t 30 line <&8 && [ "$line" != end ]; do answer+="$line "; done
    echo "${answer% }"
}
reads="SELECT v FROM t WHERE id = 1; SELECT id FROM t WHERE id = 2; SELECT id, v FROM t WHERE id = 3; SELECT -id FROM t WHERE id = 4;"
expected=$(ask "$reads")
ask "SET herd.max_prepared_statements_per_connection = 3;" >/dev/null
failures=0
for i in 1 2 3 4 5 6; do
    [ "$(ask "$reads")" = "$expected" ] || failures=$((failures + 1))
    [ "$(ask_other "$reads")" = "$expected" ] || failures=$((failures + 1))
    [ $i != 3 ] || ask_other "SET herd.max_prepared_statements_per_connection = 1; SELECT v FROM t WHERE id = 5 AND v / (id - 5) > 0;" >/dev/null
    [ $i != 4 ] || sql coordinator "ALTER TABLE t ADD COLUMN more int DEFAULT 7" "ALTER TABLE t DROP COLUMN more" >/dev/null
done
is $failures 0 "sessions that pass connections to each other, and the statements prepared over them"
# What one has prepared the other uses: the node parses it once.
parsed_by_nodes() { cat "$DIR"/worker[12]/log | grep -c "duration: .* parse herd_"; }
for node in worker1 worker2; do
    sql $node "ALTER SYSTEM SET log_min_duration_statement = 0" "SELECT pg_reload_conf()" >/dev/null
done
ask "RESET herd.max_prepared_statements_per_connection;" >/dev/null
ask_other "RESET herd.max_prepared_statements_per_connection;" >/dev/null
sleep 0.5
for i in 1 2 3; do
    ask "SELECT v FROM t WHERE id = 77;" >/dev/null
    ask_other "SELECT v FROM t WHERE id = 77;" >/dev/null
done
is "$(parsed_by_nodes)" 1 "statements stay prepared when connections are passed on"
is "$(ask_other "SET app.tenant = 'other'; SELECT count(*) FROM t WHERE current_setting('app.tenant', true) = 'other';")" 1000 "one has a custom setting"
is "$(ask "SELECT count(*) FROM t WHERE current_setting('app.tenant') = 'secret'; RESET app.tenant;
           SELECT count(*) FROM t WHERE coalesce(current_setting('app.tenant', true), '') = '';")" "1000 1000" "the next has its own"
printf '\\q\n' >&7
wait $other
exec 7>&- 8<&-

ask "BEGIN; SELECT count(*) FROM t;" >/dev/null
like "$(sql coordinator "SET herd.connection_queue_timeout = 300" "SELECT count(*) FROM t")" '*53300*herd.connections*' \
    "one who waits for too long is told so"
is "$(waiting)" 0 "and has left the queue"
like "$(sql coordinator "SET statement_timeout = 300" "SELECT count(*) FROM t")" '*57014*' "statement_timeout ends the waiting"
is "$(waiting)" 0 "and leaves the queue"
cluster psql -- -XAtqc "SELECT pg_sleep(0)" -c "SELECT count(*) FROM t" >"$HERD_TEST_DIR/waits" 2>&1 &
waits=$!
wait_for_waiting 1
result $? "a session waits"
sql coordinator "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT count(*) FROM t' AND state = 'active'" >/dev/null
wait $waits
like "$(cat "$HERD_TEST_DIR/waits")" '*terminating connection*' "it can be terminated"
is "$(waiting)" 0 "and leaves the queue"

# The session that holds the connections waits for a lock of one that waits for connections.
cluster psql -- -XAtqc "BEGIN; LOCK TABLE plain; SELECT pg_sleep(0.5); SELECT count(*) FROM t; COMMIT" \
    >"$HERD_TEST_DIR/circle" 2>&1 &
circle=$!
sleep 0.3
is "$(ask "LOCK TABLE plain; SELECT count(*) FROM t; COMMIT;")" 1000 "a circle of a lock and the queue is resolved"
wait $circle
like "$(cat "$HERD_TEST_DIR/circle")" '*1000*' "for both"
close_session

set_limit 2
bench -c 20 -T 3 -f "$HERD_TEST_DIR/mixed" >"$HERD_TEST_DIR/bench"
like "$(cat "$HERD_TEST_DIR/bench")" '*failed transactions: 0 *' "20 clients over 2 connections"
is "$(sql coordinator "SELECT sum(v) FROM t")" 0 "lose nothing"
is "$(sql coordinator "SELECT herd.recover_transactions()")" 0 "nothing is left prepared"

finish
