#!/bin/bash
# herd.snapshot = consistent, step by step: while a commit hangs between the nodes, a statement that reads several of them waits for it,
# or sees nothing of it where nobody does.
. "$(dirname "$0")/lib.sh"

# No look of the background worker in between, which would finish what hangs.
start_cluster --workers 2 --set herd.snapshot=consistent --set herd.recovery_interval=1h
sql coordinator "SELECT herd.set_node_holds_shards('coordinator', true)" "SET herd.shard_count = 6" \
    "CREATE TABLE t (id int, v int)" "SELECT herd.create_distributed_table('t', 'id')" \
    "CREATE TABLE plain (v int)" "CREATE TABLE parent (id int PRIMARY KEY)" "CREATE TABLE child (id int REFERENCES parent)" \
    "INSERT INTO parent VALUES (1)" \
    "CREATE FUNCTION stable_sum() RETURNS bigint STABLE LANGUAGE sql AS 'SELECT sum(v) FROM t'" \
    "INSERT INTO t SELECT i, 0 FROM generate_series(1, 60) i" "INSERT INTO plain VALUES (0)" >/dev/null

# Updates everything and stops at a step of its commit for three seconds.
update_slowly() {
    sql coordinator "SET herd.fault_point = 'commit.$1:sleep=3000'" "${2:-UPDATE t SET v = v + 1}" >/dev/null &
    updater=$!
    sleep 0.7
}
# seconds QUERY: its answer, and whether it took long.
timed() {
    local start=$EPOCHREALTIME answer
    answer=$(sql coordinator "$@")
    awk -v answer="$answer" -v start="$start" -v end="$EPOCHREALTIME" \
        'BEGIN { print answer, (end - start > 0.5 ? "late" : "at once") }'
}

# After its start the worker looks several times.
sleep 6

update_slowly after_prepare
is "$(timed "SELECT sum(v) FROM t")" "0 at once" "what nobody sees yet is not waited for"
wait $updater
is "$(timed "SELECT sum(v) FROM t")" "60 at once" "and is there once it has committed"

update_slowly before_commit_prepared
torn=$(sql coordinator "SET herd.snapshot = local" "SELECT sum(v) NOT IN (60, 120) FROM t")
is "$(timed "SELECT v >= 1 FROM t WHERE id = 7")" "t at once" "a statement on one node needs nothing"
is "$(timed "SELECT sum(v) FROM t")" "120 late" "what one node has committed is waited for on the others"
is "$torn" "t" "without it the sum is wrong"
wait $updater

update_slowly before_commit_prepared "BEGIN; UPDATE t SET v = v + 1; UPDATE plain SET v = v + 1; COMMIT;"
is "$(timed "SELECT v, (SELECT sum(s.v) FROM t s) FROM plain")" "1|180 late" "local tables take part"
wait $updater

update_slowly before_commit_prepared
rows=$(sql coordinator "SELECT id, v FROM t" | sort -n | uniq -c | awk '{ print $1, substr($2, index($2, "|") + 1) }' | sort | uniq -c)
is "$(echo $rows)" "60 1 4" "each row comes once, though some came before it was known that they don't fit"
wait $updater

update_slowly before_commit_prepared
is "$(timed "SELECT count(DISTINCT v), min(v) FROM (SELECT v FROM t WHERE id IN (1, 2, 3, 5, 8, 13)) s")" "1|5 late" "a few rows by key fit together too"
wait $updater
sql coordinator "UPDATE t SET v = 3" >/dev/null

update_slowly before_commit_prepared
is "$(timed "BEGIN; INSERT INTO t VALUES (1000, 5), (1001, 5), (1002, 5), (1003, 5);
    SELECT sum(v), count(*), sum(v) = stable_sum() FROM t; ROLLBACK;")" "260|64|t late" "also where the transaction has written"
wait $updater

update_slowly before_commit_prepared "UPDATE t SET v = v + 1"
is "$(timed "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT sum(v) FROM t; COMMIT")" "300 late" "REPEATABLE READ waits at its first statement"
wait $updater

open_session
ask "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM parent;" >/dev/null
sql coordinator "UPDATE t SET v = v + 1" "UPDATE plain SET v = v + 1" "INSERT INTO child VALUES (1)" >/dev/null
is "$(ask "SELECT sum(v) FROM t;") $(ask "SELECT v FROM plain;")" "300 1" "and keeps that snapshot on all nodes, whichever it reads first"
ask "SAVEPOINT a; INSERT INTO t VALUES (1000, 1), (1001, 1); INSERT INTO plain VALUES (7);" >/dev/null
is "$(ask "SELECT sum(v) FROM t;") $(ask "SELECT sum(v) FROM plain;")" "302 8" "with its own changes"
is "$(ask "ROLLBACK TO a; SELECT sum(v) FROM t;") $(ask "SELECT v FROM plain;")" "300 1" "and without them"
copied=$(ask "COPY (SELECT sum(v) FROM t) TO STDOUT;")/$(ask "COPY plain TO STDOUT;")
is "$copied" "300/1" "COPY reads with it too"
like "$(ask "DELETE FROM parent;")" "*23503*" "a foreign key looks at what has committed since"
ask "ROLLBACK;" >/dev/null
is "$(ask "BEGIN; DECLARE c CURSOR FOR SELECT v FROM t; SAVEPOINT a; UPDATE t SET v = 0; ROLLBACK TO a; MOVE ALL IN c; SELECT sum(v) FROM t;")" "360" \
    "cursors and savepoints"
ask "ROLLBACK;" >/dev/null
close_session

# Without the coordinator among the nodes, and a transaction of another one, whose participants have unknown numbers.
sql coordinator "SELECT herd.set_node_holds_shards('coordinator', false)" "SET herd.shard_count = 4" "CREATE TABLE u (id int, v int)" \
    "SELECT herd.create_distributed_table('u', 'id', colocate_with => 'none')" "INSERT INTO u SELECT i, 0 FROM generate_series(1, 60) i" >/dev/null
gid() { echo "herd_00000000000000000000000000000000_5_77_$1_9_1.2"; }
prepare_part() {
    local updates
    updates=$(sql "worker$1" "SELECT string_agg(format('UPDATE %s SET v = ${2:-1};', oid::regclass), ' ') FROM pg_class WHERE relname = 'u'")
    sql "worker$1" "SET herd.allow_shard_access = on" "BEGIN; $updates PREPARE TRANSACTION '$(gid "$1")';"
}
open_session
is "$(ask "SELECT sum(v) FROM u;") $(ask "SELECT sum(v) FROM u;")" "0 0" "nothing is going on"
prepare_part 1
prepare_part 2
sql worker1 "COMMIT PREPARED '$(gid 1)'"
(sleep 1 && sql worker2 "COMMIT PREPARED '$(gid 2)'") &
is "$(ask "SELECT sum(v) FROM u;")" "60" "a transaction of another coordinator is waited for"
wait $!
prepare_part 1 "v + 1"
prepare_part 2 "v + 1"
sql worker2 "COMMIT PREPARED '$(gid 2)'"
(sleep 1 && sql worker1 "COMMIT PREPARED '$(gid 1)'") &
rows=$(ask "SELECT v FROM u;")
is "$(tr ' ' '\n' <<<"$rows" | sort | uniq -c | xargs)" "60 2" "whichever node is the later one, and each row comes once"
wait $!
is "$(ask "SELECT sum(v) FROM u;") $(ask "SELECT sum(v) FROM u WHERE id < 0;") $(ask "SELECT v FROM u LIMIT 0;")" "120  " "and there once it is finished"

# A whole transaction between two nodes' snapshots.
ask "SET herd.fault_point = 'gather.between_lanes:sleep=1000';" >/dev/null
(sleep 0.3 && sql coordinator "UPDATE u SET v = v + 1") &
is "$(ask "SELECT count(DISTINCT v) FROM u;")" "1" "snapshots that were taken far apart don't count"
wait $!
ask "RESET herd.fault_point;" >/dev/null
close_session

is "$(sql worker1 "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")" "0" "nothing stays open on the nodes"

finish
