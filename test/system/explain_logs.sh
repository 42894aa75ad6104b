#!/bin/bash
# auto_explain and pg_stat_statements see statements on distributed tables: on the coordinator as its users gave them, on nodes as tasks.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 1 --set "shared_preload_libraries=herd, pg_stat_statements, auto_explain" \
    --set compute_query_id=on --set auto_explain.log_min_duration=0 --set auto_explain.log_analyze=on \
    --set auto_explain.log_timing=off --set auto_explain.log_nested_statements=on
for node in coordinator worker1; do sql $node "CREATE EXTENSION pg_stat_statements" >/dev/null; done
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id', 4)" \
    "INSERT INTO t SELECT id, 0 FROM generate_series(1, 20) id" "SELECT pg_stat_statements_reset()" >/dev/null
sql worker1 "SELECT pg_stat_statements_reset()" >/dev/null

# The log from the marker on.
mark() { sql "$1" "SELECT '$2'" >/dev/null; }
logged() { sed "1,/$2/d" "$DIR/$1/log"; }

for node in coordinator worker1; do mark $node first_marker; done
sql coordinator "SELECT v FROM t WHERE id = 7" "SELECT count(*) FROM t" "UPDATE t SET v = v + 1" >/dev/null
is "$(sql coordinator "SELECT sum(v) FROM t")" 20 "statements that are logged run once"
like "$(logged coordinator first_marker)" "*Query Text: SELECT v FROM t WHERE id = 7*HerdRouter*actual rows=1*Shards: 1 of 4*Tasks: 1*" \
    "auto_explain on the coordinator shows a router query"
like "$(logged coordinator first_marker)" "*SELECT count(\*) FROM t*HerdGather*Task Rows: min=*" "and what the tasks of a gather did"
like "$(logged coordinator first_marker)" "*UPDATE t SET v = v + 1*HerdModify*Rows Affected: 20*" "and a write"
like "$(logged worker1 first_marker)" "*SELECT t.v*FROM herd_*Index Scan using t_pkey*" "a node logs its tasks"

sql coordinator "CREATE FUNCTION total() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT sum(v) FROM t); END'" >/dev/null
mark coordinator second_marker
is "$(sql coordinator "SELECT total()")" 20 "a function's statement"
like "$(logged coordinator second_marker)" "*(SELECT sum(v) FROM t)*HerdGather*PL/pgSQL function total()*" "nested statements are logged"

# With plans of tasks, each format of the log.
for format in json xml yaml; do
    mark coordinator "marker_$format"
    sql coordinator "SET auto_explain.log_format = $format" "SELECT count(*) FROM t" >/dev/null
    like "$(logged coordinator "marker_$format")" "*HerdGather*" "as $format"
done
sql coordinator "SET auto_explain.log_analyze = off" "SELECT /* not measured */ v FROM t WHERE id = 8" >/dev/null
like "$(logged coordinator second_marker)" "*not measured*HerdRouter*Shards: 1 of 4*" "without log_analyze"
is "$(sql coordinator "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT v FROM t WHERE id = 7" | grep -c 'Index Scan')" 1 \
    "EXPLAIN ANALYZE has the node's plan meanwhile"
is "$(sql coordinator "BEGIN" "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) UPDATE t SET v = v + 1 WHERE id = 7" \
    "SELECT v FROM t WHERE id = 7" "ROLLBACK" | tail -1)" 2 "and writes once"

entry() { sql "$1" "SELECT calls, rows FROM pg_stat_statements WHERE query $2"; }
sql coordinator "SELECT v FROM t WHERE id = 9" >/dev/null
is "$(entry coordinator "= 'SELECT v FROM t WHERE id = \$1'")" "4|4" "pg_stat_statements on the coordinator counts calls and rows"
is "$(entry coordinator "= 'SELECT count(*) FROM t'")" "4|4" "of a gather too"
is "$(entry coordinator "= 'UPDATE t SET v = v + \$1'")" "1|20" "and of a write"
is "$(sql coordinator "SELECT count(*) > 0 FROM pg_stat_statements WHERE query LIKE '%herd_10%'")" f "no tasks there"
is "$(sql worker1 "SELECT sum(calls), sum(rows) FROM pg_stat_statements WHERE query LIKE 'SELECT t.v%FROM herd\_%WHERE (t.id = \$1)'")" \
    "5|5" "pg_stat_statements on a node counts tasks"
is "$(sql worker1 "SELECT sum(rows) FROM pg_stat_statements WHERE query LIKE 'UPDATE herd\_%SET v = (t.v + \$_)'")" 20 "writing ones too"
finish
