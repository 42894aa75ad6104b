#!/bin/bash
# A task never reads or writes a shard that its node does not hold. Shards are moved by hand here, behind the backs of open sessions, which
# go on by the map that they know: their statements find the shard where it is now, or say that the transaction must be tried again.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 3
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id', 6)" \
    "INSERT INTO t SELECT i, 0 FROM generate_series(1, 60) i" \
    "CREATE TABLE r (id int PRIMARY KEY, n int)" "SELECT herd.create_reference_table('r')" "INSERT INTO r VALUES (1, 1)" >/dev/null
id=1
shard=$(sql coordinator "SELECT herd.get_shard_id('t', $id)")
rows=$(sql coordinator "SELECT count(*) FROM t WHERE herd.get_shard_id('t', id) = $shard")
node_of() { sql coordinator "SELECT node FROM herd.shards WHERE shard_id = $shard"; }
id_of() { sql coordinator "SELECT node_id FROM herd.node WHERE name = '$1'"; }
home=$(node_of)
others=$(sql coordinator "SELECT name FROM herd.node WHERE node_id > 0 AND name <> '$home' ORDER BY name" | xargs)
away=${others% *} third=${others#* }
# A key of another shard on the node.
neighbour() {
    sql coordinator "SELECT min(id) FROM t JOIN herd.shards s ON s.shard_id = herd.get_shard_id('t', id)
                     WHERE s.node = '$1' AND s.shard_id <> $shard AND s.table_name = 't'::regclass"
}
version=1

# The steps of a move. copy_rows TO; arrive TO; leave FROM; tell_coordinator TO: without a word to sessions that know the map already.
copy_rows() {
    local other data
    other=$(sql coordinator "SELECT min(shard_schema) FROM herd.shards WHERE node = '$1' AND shard_id <> $shard AND table_name = 't'::regclass")
    data=$(sql "$home" "COPY (SELECT format('(%s, %s)', id, v) FROM herd_${shard}_1.t) TO STDOUT" | paste -sd, -)
    sql "$1" "SET herd.allow_shard_access = on; CREATE SCHEMA herd_${shard}_1; CREATE TABLE herd_${shard}_1.t (LIKE $other.t INCLUDING ALL);
              INSERT INTO herd_${shard}_1.t VALUES $data"
}
arrive() { sql "$1" "INSERT INTO herd.held_shard VALUES ($shard, $((version + 1)))"; }
leave() { sql "$1" "DELETE FROM herd.held_shard WHERE shard_id = $shard"; }
tell_coordinator() {
    version=$((version + 1))
    sql coordinator "UPDATE herd.placement SET node_id = $(id_of "$1") WHERE shard_id = $shard" \
        "UPDATE herd.shard SET map_version = $version WHERE shard_id = $shard"
}
drop_rows() { sql "$1" "DROP SCHEMA herd_${shard}_1 CASCADE" 2>&1 | grep -v NOTICE; }
# move FROM TO
move() {
    copy_rows "$2" && leave "$1" && arrive "$2" && tell_coordinator "$2"
    home=$2
}
# What is wrong stays wrong for sessions that have heard nothing; this makes all of them look again.
tell_all() { sql coordinator "SELECT herd.set_node_holds_shards(name, holds_shards) FROM herd.nodes WHERE name = 'worker1'" >/dev/null; }

# ---- statements by themselves ----

open_session
ask "PREPARE one (int) AS SELECT v FROM t WHERE id = \$1; PREPARE add (int) AS UPDATE t SET v = v + 1 WHERE id = \$1 RETURNING v;
     SET plan_cache_mode = force_generic_plan; EXECUTE one ($id);" >/dev/null
old=$home
move "$old" "$away"
is "$(ask "EXECUTE one ($id);")" 0 "a prepared read finds a shard that has moved"
# What is left there is not what it reads.
sql "$old" "SET herd.allow_shard_access = on" "UPDATE herd_${shard}_1.t SET v = 100" >/dev/null
is "$(ask "EXECUTE one ($id);")" 0 "and never reads the old place again"
drop_rows "$old"
move "$away" "$old"
is "$(ask "EXECUTE add ($id);")" 1 "so does a prepared write"
drop_rows "$away"
move "$old" "$away"
drop_rows "$old"
is "$(ask "SELECT v FROM t WHERE id = $id;")" 1 "a read whose old place was dropped"
move "$away" "$old"
drop_rows "$away"
is "$(ask "EXECUTE add ($id);")" 2 "a write whose old place was dropped"
move "$old" "$away"
drop_rows "$old"
is "$(ask "SELECT count(*), sum(v) FROM t;")" "60|2" "a read of all shards"
move "$away" "$old"
drop_rows "$away"
is "$(ask "SET herd.snapshot = local; SELECT count(*), sum(v) FROM t; RESET herd.snapshot;")" "60|2" "also without consistent snapshots"
move "$old" "$away"
drop_rows "$old"
is "$(ask "UPDATE t SET v = v; SELECT count(*), sum(v) FROM t;")" "60|2" "a write of all shards"
move "$away" "$old"
drop_rows "$away"
is "$(ask "INSERT INTO t VALUES (1000, 0), (1001, 0), (1002, 0), (1003, 0), (1004, 0), (1005, 0), (1006, 0), (1007, 0);
           DELETE FROM t WHERE id >= 1000; SELECT count(*) FROM t;")" 60 "rows for several shards"
move "$old" "$away"
drop_rows "$old"
is "$(ask "SELECT id FROM t WHERE id = $id FOR UPDATE;")" $id "a row lock"
# Rows that arrive sorted are merged: those of a task that was divided anew must be sorted first.
in_order="$(seq -s, 60 -1 1)"
sorted="SELECT string_agg(id::text, ',') FROM (SELECT id FROM t ORDER BY -id OFFSET 0) s"
ask "SET herd.max_read_connections_per_node = 1;" >/dev/null
like "$(ask "EXPLAIN (COSTS off) $sorted;")" "Aggregate*->  Custom Scan (HerdGather)*ORDER BY*" "rows are merged"
move "$away" "$old"
drop_rows "$away"
is "$(ask "$sorted;")" "$in_order" "rows in order"
move "$old" "$away"
drop_rows "$old"
is "$(ask "$sorted;")" "$in_order" "rows in order, the other way"
ask "RESET herd.max_read_connections_per_node;" >/dev/null

# ---- in transactions ----

move "$away" "$old"
drop_rows "$away"
is "$(ask "BEGIN; UPDATE t SET v = 10 WHERE id = $id; SELECT v FROM t WHERE id = $id; COMMIT; SELECT sum(v) FROM t;")" "10 10" \
    "the first write of a transaction on the node"
move "$old" "$away"
neighbour=$(neighbour "$old")
is "$(ask "BEGIN; UPDATE t SET v = 1 WHERE id = $neighbour; SELECT count(*) FROM t WHERE id = ANY ('{$id, $neighbour}'::int[]); COMMIT;")" 2 \
    "a read after a write on the node that it left"
is "$(ask "SELECT v FROM t WHERE id = $neighbour; UPDATE t SET v = 0 WHERE id = $neighbour;")" 1 "which is kept"
drop_rows "$old"
move "$away" "$old"
drop_rows "$away"
neighbour=$(neighbour "$away")
like "$(ask "BEGIN; UPDATE t SET v = 1 WHERE id = $neighbour; UPDATE t SET v = 11 WHERE id = $id;")" \
    "ERROR:  40001*due to a moved shard*is no longer on the node*Try the transaction again*" "a write after another one there must be tried again"
is "$(ask "ROLLBACK; BEGIN; UPDATE t SET v = 1 WHERE id = $neighbour; UPDATE t SET v = 11 WHERE id = $id; COMMIT; SELECT sum(v) FROM t;")" 12 \
    "and then works"
ask "UPDATE t SET v = 0; UPDATE t SET v = 10 WHERE id = $id;" >/dev/null
move "$old" "$away"
is "$(ask "BEGIN; SAVEPOINT a; UPDATE t SET v = 11 WHERE id = $id; ROLLBACK TO a; UPDATE t SET v = 12 WHERE id = $id; COMMIT; SELECT sum(v) FROM t;")" 12 \
    "savepoints survive it"

# ---- one snapshot for the transaction ----

ask "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT v FROM t WHERE id = $id;" >/dev/null
move "$away" "$third"
sql coordinator "UPDATE t SET v = 20 WHERE id = $id" >/dev/null
is "$(ask "SELECT v FROM t WHERE id = $id;")" 12 "an old snapshot reads the old place"
tell_all
like "$(ask "SELECT v FROM t WHERE id = $id;")" "ERROR:  40001*Shard $shard came to the node after the snapshot*" "the new one is empty to it"
is "$(ask "ROLLBACK; SELECT v FROM t WHERE id = $id;")" 20 "a new snapshot reads the new place"
drop_rows "$old"
drop_rows "$away"
ask "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT v FROM t WHERE id = $id;" >/dev/null
move "$third" "$old"
like "$(ask "UPDATE t SET v = 21 WHERE id = $id;")" "ERROR:  40001*" "nobody writes to the old place"
is "$(ask "ROLLBACK; UPDATE t SET v = 21 WHERE id = $id; SELECT v FROM t WHERE id = $id;")" 21 "the next transaction does where it is"
drop_rows "$third"

# A table joins shards that the snapshot knows, but its rows are younger.
sql coordinator "CREATE TABLE late (id int PRIMARY KEY)" "INSERT INTO late SELECT generate_series(1, 9)" \
    "CREATE TABLE late_reference (id int PRIMARY KEY)" "INSERT INTO late_reference SELECT generate_series(1, 9)" >/dev/null
ask "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT v FROM t WHERE id = $id;" >/dev/null
sql coordinator "SELECT herd.create_distributed_table('late', 'id', 6)" "SELECT herd.create_reference_table('late_reference')" >/dev/null 2>&1
for read in "SELECT count(*) FROM late" "SELECT * FROM late WHERE id = 1" "COPY late TO STDOUT" "SELECT count(*) FROM late_reference" \
    "SELECT (SELECT count(*) FROM late) FROM t WHERE id = $id" "UPDATE late SET id = id" "EXPLAIN ANALYZE SELECT * FROM late"; do
    like "$(ask "SAVEPOINT a; $read; ROLLBACK TO a;")" "ERROR:  40001*a table that was distributed*" "rows that were moved meanwhile: $read"
done
is "$(ask "INSERT INTO late VALUES (10); COMMIT; SELECT count(*) FROM late;")" 10 \
    "what only writes may"
like "$(ask "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT v FROM t WHERE id = $id; CREATE TABLE own (id int); INSERT INTO own VALUES (1), (2);
           SELECT herd.create_distributed_table('own', 'id'); SELECT count(*) FROM own; ROLLBACK;")" "*[!0-9]2" "one's own table is seen"
sql coordinator "DROP TABLE late, late_reference"
close_session

# ---- a move half done ----

copy_rows "$away"
leave "$old"
(sleep 0.4; arrive "$away"; sql coordinator "UPDATE herd.placement SET node_id = $(id_of "$away") WHERE shard_id = $shard" \
    "UPDATE herd.shard SET map_version = $((version + 1)) WHERE shard_id = $shard") >/dev/null &
is "$(sql coordinator "SELECT v FROM t WHERE id = $id")" 21 "a statement waits until the coordinator knows of the move"
wait
version=$((version + 1)) home=$away
drop_rows "$old"

copy_rows "$old"
leave "$away"
sql "$old" "BEGIN; INSERT INTO herd.held_shard VALUES ($shard, $((version + 1))); PREPARE TRANSACTION 'test_move'" >/dev/null
tell_coordinator "$old"
home=$old
(sleep 0.4; sql "$old" "COMMIT PREPARED 'test_move'") &
is "$(sql coordinator "SELECT v FROM t WHERE id = $id")" 21 "and until the node has committed it"
wait
drop_rows "$away"

is "$(sql coordinator "SELECT * FROM herd.check_cluster()")" "" "the cluster is well"
leave "$old"
started=$SECONDS
got=$(sql coordinator "SELECT v FROM t WHERE id = $id")
like "$got" "ERROR:  40001*check_cluster*" "a shard that nobody holds is an error, not empty"
result $((SECONDS - started > 10)) "that comes soon"
like "$(sql coordinator "COPY t FROM PROGRAM 'printf \"$id\\t5\\n\"'")" "ERROR:  40001*" "COPY"
is "$(sql coordinator "SELECT node, problem, object FROM herd.check_cluster()")" \
    "$old|node does not know that it holds the shard|shard $shard" "herd.check_cluster() tells which"
sql "$old" "INSERT INTO herd.held_shard VALUES ($shard, $version)"
sql "$away" "INSERT INTO herd.held_shard VALUES ($shard, 1)"
is "$(sql coordinator "SELECT node, problem, object FROM herd.check_cluster()")" \
    "$away|node claims a shard that is not placed there|shard $shard" "and who has too many"
leave "$away"
sql "$old" "UPDATE herd.held_shard SET map_version = map_version + 1 WHERE shard_id = $shard"
is "$(sql coordinator "SELECT node, problem, object FROM herd.check_cluster()")" \
    "$old|node knows another version of the shard's map|shard $shard" "and who has another map"
like "$(sql coordinator "SELECT v FROM t WHERE id = $id")" "ERROR:  40001*" "a map that is too old is refused"
sql "$old" "UPDATE herd.held_shard SET map_version = map_version - 1 WHERE shard_id = $shard"
is "$(sql coordinator "SELECT v FROM t WHERE id = $id")" 21 "and the right one is not"

# ---- what comes and goes with tables and nodes ----

held() { sql "$1" "SELECT count(*) FROM herd.held_shard"; }
before=$(held worker1)
sql coordinator "CREATE TABLE u (id int PRIMARY KEY)" "SELECT herd.create_distributed_table('u', 'id', 12, 'none')" >/dev/null
is "$(held worker1)" $((before + 4)) "nodes learn of new shards"
sql coordinator "DROP TABLE u" >/dev/null
is "$(held worker1)" "$before" "and that they are gone"
sql coordinator "DROP TABLE t" "SELECT herd.remove_node('worker3')" >/dev/null 2>&1
is "$(held worker3)" 0 "a removed node holds nothing"
sql coordinator "SELECT herd.add_node('127.0.0.1', $((PORT + 3)), 'worker3')" >/dev/null
is "$(sql worker1 "SELECT map_version FROM herd.held_shard")/$(sql worker3 "SELECT map_version FROM herd.held_shard")" 2/2 \
    "one more copy of a reference table: all nodes know of it"
is "$(sql coordinator "UPDATE r SET n = 2 RETURNING n" "SELECT * FROM herd.check_cluster()" \
    "SELECT count(*) FROM herd.check_reference_table('r') WHERE agrees")" "2
4" "and it is written"
finish
