#!/bin/bash
# The coordinator's memory is bounded, however many rows come from the shards or go to them.
. "$(dirname "$0")/lib.sh"

rows=1000000
start_cluster --workers 2 --set work_mem=4MB
sql coordinator "SET herd.shard_count = 8" "CREATE TABLE t (id int, filler text)" "SELECT herd.create_distributed_table('t', 'id')" \
    "CREATE TABLE u (id int, filler text)" "SELECT herd.create_distributed_table('u', 'id')" >/dev/null

# Private memory of the session's process, in MB: shared buffers that it has touched don't count.
memory() { awk '/^RssAnon/ { print int($2 / 1024) }' "/proc/$pid/status"; }
# grows_little NAME STATEMENT ANSWER: the session's memory grows by less than 50 MB, looked at while the statement runs.
grows_little() {
    local before most watcher now
    before=$(memory)
    (
        most=0
        while [ -e "$HERD_TEST_DIR/watch" ]; do
            now=$(memory)
            [ "$now" -le "$most" ] || most=$now
            echo "$most" >"$HERD_TEST_DIR/most"
            sleep 0.05
        done
    ) &
    watcher=$!
    is "$(ask "$2")" "$3" "$1"
    rm "$HERD_TEST_DIR/watch"
    wait $watcher
    touch "$HERD_TEST_DIR/watch"
    most=$(cat "$HERD_TEST_DIR/most")
    echo "# $before MB before, $most MB at most"
    [ $((most - before)) -lt 50 ]
    result $? "$1: little memory"
}

touch "$HERD_TEST_DIR/watch"
open_session
pid=$(ask "SELECT pg_backend_pid();")
ask "SELECT count(*) FROM t;" >/dev/null
grows_little "INSERT of a query" \
    "INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, $rows) i; SELECT 1;" 1
grows_little "COPY" "COPY u FROM PROGRAM 'seq -f %.0f,abcdefghijklmnopqrstuvwxyz $rows' (FORMAT csv); SELECT 1;" 1
# The condition stays on the coordinator, so all rows travel.
grows_little "a gather of all rows" "SELECT count(*), sum(length(filler)) FROM t WHERE random() < 2;" "$rows|$((rows * 100))"
sql coordinator "CREATE TABLE m (id int, filler text)" "SELECT herd.create_distributed_table('m', 'id', 200)" \
    "INSERT INTO m SELECT id, md5(id::text) FROM t WHERE id <= 500000" "ANALYZE m" >/dev/null
grows_little "rows of many shards in order" \
    "SELECT count(*), min(length(filler)) FROM (SELECT filler FROM m ORDER BY filler OFFSET 0) ordered;" "500000|32"
# Rows that another statement pushes aside are spilled.
grows_little "a cursor that is pushed aside" \
    "BEGIN; DECLARE c CURSOR FOR SELECT * FROM t; MOVE 10 FROM c; UPDATE u SET filler = 'y' WHERE id = 5; SELECT count(*) FROM u; MOVE ALL FROM c; COMMIT;" $rows
grows_little "a loop that is left early" "DO \$\$ DECLARE r record; BEGIN
    FOR i IN 1..3 LOOP FOR r IN SELECT * FROM t LOOP EXIT; END LOOP; END LOOP; END \$\$; SELECT 1;" 1
close_session

finish
