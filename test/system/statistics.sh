#!/bin/bash
# Autovacuum keeps the statistics of distributed tables on the coordinator, whatever statements have written the rows.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 1 --set autovacuum_naptime=1s --set autovacuum_vacuum_threshold=50
sql coordinator "SET herd.shard_count = 4" "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id')" >/dev/null

# analyzed NUMBER: waits until autovacuum has analyzed the shell this often.
analyzed() {
    local deadline=$((SECONDS + 60))
    while [ $SECONDS -lt $deadline ]; do
        [ "$(sql coordinator "SELECT autoanalyze_count >= $1 FROM pg_stat_user_tables WHERE relname = 't'")" != t ] || return 0
        sleep 0.3
    done
    return 1
}

sql coordinator "INSERT INTO t SELECT i, i % 7 FROM generate_series(1, 3000) i" >/dev/null
succeeds "after INSERT" analyzed 1
is "$(sql coordinator "SELECT reltuples FROM pg_class WHERE oid = 't'::regclass")" 3000 "the rows are counted"
is "$(sql coordinator "SELECT n_distinct FROM pg_stats WHERE tablename = 't' AND attname = 'v'")" 7 "and looked at"
sql coordinator "UPDATE t SET v = id WHERE id <= 2000" >/dev/null
succeeds "after UPDATE" analyzed 2
sql coordinator "DELETE FROM t WHERE id > 500" >/dev/null
succeeds "after DELETE" analyzed 3
is "$(sql coordinator "SELECT reltuples FROM pg_class WHERE oid = 't'::regclass")" 500 "rows that are gone"

finish
