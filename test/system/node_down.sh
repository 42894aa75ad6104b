#!/bin/bash
# One of two nodes is down: what needs it fails, naming it, and changes nothing; what doesn't goes on. Afterwards sessions that
# were open all the time work as before, with prepared statements and all.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2
sql coordinator "SET herd.shard_count = 8" \
    "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id')" \
    "CREATE TABLE r (id int PRIMARY KEY, v int)" "SELECT herd.create_reference_table('r')" \
    "CREATE TABLE plain (id int)" \
    "INSERT INTO t SELECT id, 0 FROM generate_series(1, 200) id" "INSERT INTO r VALUES (1, 1)" >/dev/null

# id_on NODE: a row of t that lies there.
id_on() {
    sql coordinator "SELECT min(i) FROM generate_series(1, 200) i JOIN herd.shards s
        ON s.shard_id = herd.get_shard_id('t', i) AND table_name = 't'::regclass WHERE node = '$1'"
}
here=$(id_on worker1) there=$(id_on worker2)
state() { sql coordinator "SELECT count(*), sum(v), (SELECT sum(v) FROM r), (SELECT count(*) FROM plain) FROM t"; }
down='*ERROR:*08001*worker2*'

open_session
is "$(ask "PREPARE get (int) AS SELECT id, v FROM t WHERE id = \$1; EXECUTE get($here); EXECUTE get($there);")" "$here|0 $there|0" \
    "a session uses both nodes"
ask "PREPARE put (int) AS UPDATE t SET v = v + 1 WHERE id = \$1 RETURNING v;" >/dev/null

control worker2 -m fast stop
is "$(ask "EXECUTE get($here);")" "$here|0" "a row on the other node is read"
like "$(ask "EXECUTE get($there);")" "$down" "a row of the node is not"
like "$(ask "SELECT count(*) FROM t;")" "$down" "nor are all rows"
is "$(ask "SELECT v FROM r;")" 1 "reference tables are read"
is "$(ask "EXECUTE put($here);")" 1 "a row on the other node is written"
like "$(ask "EXECUTE put($there);")" "$down" "a row of the node is not"
like "$(ask "UPDATE t SET v = v + 1;")" "$down" "nor are all rows"
like "$(ask "UPDATE r SET v = v + 1;")" "$down" "reference tables are not written"
like "$(ask "INSERT INTO t SELECT i, 5 FROM generate_series(300, 400) i;")" "$down" "nor is a query inserted"
like "$(ask "COPY t FROM PROGRAM 'seq -f %g,1 500 600' (FORMAT csv);")" "$down" "nor a COPY"
like "$(ask "SELECT herd.undistribute_table('t');")" "$down" "undistribute_table"
like "$(ask "CREATE TABLE u (id int); SELECT herd.create_distributed_table('u', 'id');")" "$down" "create_distributed_table"
like "$(ask "DROP TABLE t;")" "$down" "DROP TABLE"
like "$(ask "BEGIN; INSERT INTO plain VALUES (1); EXECUTE put($here); EXECUTE put($there);")" "$down" "in a transaction"
like "$(ask "COMMIT;")" "" "which is undone"
like "$(ask "BEGIN; EXECUTE put($here); SAVEPOINT a; EXECUTE put($there);")" "2 $down" "behind a savepoint"
is "$(ask "ROLLBACK TO a; COMMIT; EXECUTE get($here);")" "$here|2" "the transaction goes on before it"
like "$(sql coordinator "SELECT herd.recover_transactions()")" '*WARNING:*worker2*' "recovery warns of the node"
is "$(sql coordinator "SELECT node_id > 0 FROM herd.nodes WHERE name = 'worker2'")" t "the node is still known"

control worker2 start
is "$(ask "EXECUTE get($there);")" "$there|0" "the open session reaches it again, by its prepared statement"
is "$(ask "EXECUTE put($there);")" 1 "and writes"
is "$(state)" "200|3|1|0" "nothing else was written"
is "$(sql coordinator "SELECT herd.recover_transactions()" "SELECT count(*) FROM herd.tables")" "0
2" "and nothing was left"

# Killed in the middle of a write, with the transaction's other writes on both nodes.
endless="generate_series(1, 1000000) a, generate_series(1, 1000000) b WHERE a + b > 0"
(
    for _ in $(seq 50); do
        [ "$(running_on worker2)" = 0 ] || break
        sleep 0.1
    done
    postmaster=$(head -1 "$DIR/worker2/data/postmaster.pid")
    # Its sessions too, which would go on computing; and not before all are gone can it start again.
    read -r -a processes <<<"$postmaster $(pgrep -P "$postmaster" | paste -sd ' ')"
    kill -9 "${processes[@]}"
    for _ in $(seq 50); do
        kill -0 "${processes[@]}" 2>/dev/null || break
        sleep 0.1
    done
) &
killer=$!
ask "BEGIN; UPDATE t SET v = v + 100; INSERT INTO plain VALUES (2);" >/dev/null
like "$(ask "UPDATE t SET v = (SELECT count(*) FROM $endless) WHERE id = $there;")" '*ERROR:*08006*worker2*' \
    "a node that is killed in the middle of a write"
wait $killer
like "$(ask "COMMIT; SELECT v FROM t WHERE id = $here;")" "2" "undoes the other node's part"
control worker2 start
is "$(sql coordinator "SELECT herd.recover_transactions()")" 0 "recovery has nothing to do"
is "$(state)" "200|3|1|0" "nothing is half committed"
is "$(ask "EXECUTE get($there);")" "$there|1" "the session goes on"
is "$(ask "UPDATE t SET v = v + 1; SELECT sum(v) FROM t;")" 203 "and writes on both nodes"
close_session
is "$(sql worker1 "SELECT count(*) FROM pg_prepared_xacts") $(sql worker2 "SELECT count(*) FROM pg_prepared_xacts")" "0 0" \
    "nothing is left prepared"

finish
