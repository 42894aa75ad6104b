#!/bin/bash
# How a node plans a task: parallel workers are shared by a statement's connections, and JIT is worth what it is for one shard.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 1 --set parallel_setup_cost=0 --set parallel_tuple_cost=0 --set min_parallel_table_scan_size=0 \
    --set "shared_preload_libraries=herd, auto_explain" --set auto_explain.log_min_duration=0 --set auto_explain.log_analyze=on \
    --set max_worker_processes=20 --set max_parallel_workers_per_gather=5 --set jit_above_cost=20 --set autovacuum=off
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id', 8)" \
    "INSERT INTO t SELECT id, id % 7 FROM generate_series(1, 8000) id" >/dev/null

# planned CONNECTIONS QUERY: what the tasks' plans say of workers.
planned() {
    sql coordinator "SET herd.max_read_connections_per_node = $1" "EXPLAIN (VERBOSE, COSTS OFF) $2" |
        grep -o 'Workers Planned: .*' | sort -u
}

# Without statistics a table may be large.
is "$(planned 1 "SELECT sum(v) FROM t")" "Workers Planned: 4" "a task that has a node for itself"
is "$(planned 2 "SELECT sum(v) FROM t")" "Workers Planned: 2" "six processes for two connections"
is "$(planned 3 "SELECT sum(v) FROM t")" "Workers Planned: 1" "and for three"
is "$(planned 6 "SELECT sum(v) FROM t")" "" "and for six"
is "$(planned 2 "SELECT v FROM t ORDER BY v LIMIT 3")" "Workers Planned: 2" "rows that are merged"
is "$(sql worker1 "SHOW max_parallel_workers_per_gather")" 5 "the node's own setting stays"

sql coordinator "ANALYZE t" >/dev/null
# compiled MARKER QUERY: how many of the node's plans were.
compiled() {
    sql worker1 "SELECT '$1'" >/dev/null
    sql coordinator "$2" >/dev/null
    sed "1,/$1/d" "$DIR/worker1/log" | grep -c 'Functions:'
}
if [ "$(sql worker1 "SELECT pg_jit_available()")" = t ]; then
    is "$(compiled scans "SELECT v FROM t WHERE v > 3 OFFSET 0")" 0 "eight cheap scans in a task are not compiled"
    is "$(compiled joins "SELECT a.v FROM t a JOIN t b USING (id) WHERE a.v > 3 AND b.v < 100")" 1 "eight joins that cost more each are"
fi
finish
