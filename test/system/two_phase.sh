#!/bin/bash
# Every kind of write over nodes, every step of its commit failing or crashing: afterwards all of it is there or nothing,
# nothing is prepared, and no commit record is left over.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2 --set restart_after_crash=on --set herd.background_workers=off
sql coordinator "SET herd.shard_count = 8" \
    "CREATE TABLE t (id int, v int, note text)" "SELECT herd.create_distributed_table('t', 'id')" \
    "CREATE TABLE r (id int PRIMARY KEY, v int)" "SELECT herd.create_reference_table('r')" \
    "CREATE TABLE plain (id int, v int)" "CREATE TABLE filled AS SELECT generate_series(1, 50) AS id" \
    "INSERT INTO r VALUES (1, 0)" >/dev/null

wait_for_coordinator() {
    local i
    for i in $(seq 100); do
        [ "$(sql coordinator 'SELECT 1')" = 1 ] && return
        sleep 0.1
    done
}
left() {
    sql coordinator "SELECT herd.recover_transactions()" >/dev/null
    for node in coordinator worker1 worker2; do sql $node "SELECT gid FROM pg_prepared_xacts"; done
    sql coordinator "SELECT * FROM herd.transaction"
}

# check NAME STATEMENTS QUERY BEFORE AFTER: the query gives BEFORE, unless the commit was decided: AFTER.
check() {
    local step action expected
    for step in before_prepare after_prepare before_commit_prepared; do
        for action in error exit; do
            sql coordinator "SET herd.fault_point = 'commit.$step:$action'" "$2" >/dev/null
            wait_for_coordinator
            expected=$4
            [ $step != before_commit_prepared ] || expected=$5
            is "$(left)" "" "$1, $step:$action: nothing is left"
            is "$(sql coordinator "$3")" "$expected" "$1, $step:$action: all or nothing"
            [ -z "${6:-}" ] || sql coordinator "$6" >/dev/null
        done
    done
}

check "rows of both nodes" "INSERT INTO t SELECT i, 1 FROM generate_series(1, 40) i" \
    "SELECT count(*) FROM t" 0 40 "DELETE FROM t"
check "local rows with those of a node" "BEGIN; INSERT INTO plain VALUES (1, 1); INSERT INTO t VALUES (1, 1); COMMIT;" \
    "SELECT (SELECT count(*) FROM t), count(*) FROM plain" "0|0" "1|1" "DELETE FROM t; DELETE FROM plain;"
check "COPY" "COPY t (id) FROM PROGRAM 'seq 1 60'" "SELECT count(*) FROM t" 0 60 "DELETE FROM t"
check "a reference table" "UPDATE r SET v = v + 1" "SELECT v FROM r" 0 1 "UPDATE r SET v = 0"
check "savepoints" "BEGIN; INSERT INTO t SELECT i, 1 FROM generate_series(1, 40) i; SAVEPOINT a; DELETE FROM t; ROLLBACK TO a;
    SAVEPOINT b; UPDATE t SET v = 2; RELEASE b; COMMIT;" "SELECT count(*), sum(v) FROM t" "0|" "40|80" "DELETE FROM t"
check "distributing a filled table" "SELECT herd.create_distributed_table('filled', 'id', colocate_with => 'none')" \
    "SELECT count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM herd.tables WHERE table_name = 'filled'::regclass)) FROM filled" \
    "50|0" "50|50" "SELECT herd.undistribute_table('filled')"
check "DDL" "ALTER TABLE t ADD COLUMN extra int DEFAULT 5; INSERT INTO t (id) VALUES (1), (2), (3)" \
    "SELECT count(*), bool_or(to_jsonb(t) ? 'extra') FROM t" "0|" "3|t" \
    "ALTER TABLE t DROP COLUMN extra; DELETE FROM t;"

is "$(sql coordinator "SELECT count(*) FROM t" "SELECT sum(v) FROM r" "SELECT count(*) FROM filled")" "0
0
50" "everything works afterwards"

finish
