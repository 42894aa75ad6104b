#!/bin/bash
# A server that has the extension, but not the library in shared_preload_libraries: distributed tables raise when they
# are touched, and never look empty; the rest of the database works.
. "$(dirname "$0")/lib.sh"

raises() {
    [[ $(sql coordinator "$2") == *ERROR:* ]]
    result $? "$1 raises"
}

start_cluster --workers 0
sql coordinator "CREATE TABLE t AS SELECT generate_series(1, 100) AS id" \
    "SELECT herd.create_distributed_table('t', 'id')" "CREATE TABLE plain AS SELECT 1 AS one"
cluster stop
# The server starts; what the script then asks of the extension may fail.
cluster start --set shared_preload_libraries= >/dev/null 2>&1

is "$(sql coordinator 'SHOW shared_preload_libraries')" "" "the library is not preloaded"
raises "SELECT" "SELECT count(*) FROM t"
raises "SELECT by key" "SELECT * FROM t WHERE id = 1"
raises "INSERT" "INSERT INTO t VALUES (101)"
raises "UPDATE" "UPDATE t SET id = id"
raises "DELETE" "DELETE FROM t"
raises "COPY TO" "COPY t TO STDOUT"
raises "COPY FROM" "COPY t FROM PROGRAM 'echo 1'"
raises "TRUNCATE" "TRUNCATE t"
is "$(sql coordinator 'SELECT one FROM plain')" 1 "a plain table works"
is "$(sql coordinator "SELECT count(*) FROM pg_class WHERE relname = 't' AND relnamespace = 'public'::regnamespace")" 1 \
    "the catalog can be read"

cluster stop
cluster start --set shared_preload_libraries=herd >/dev/null
is "$(sql coordinator 'SELECT count(*), sum(id) FROM t')" "100|5050" "with the library all rows are back"
finish
