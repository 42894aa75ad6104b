#!/bin/bash
# A node's superuser meets shards with care, its maintenance freely; and the service role's secret shows up nowhere.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 1 --set log_statement=all --set log_min_duration_statement=0 --set autovacuum_naptime=1
bin=$("${PG_CONFIG:-pg_config}" --bindir)
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v text)" "SELECT herd.create_distributed_table('t', 'id', 1)" \
    "CREATE TABLE r (id int PRIMARY KEY)" "SELECT herd.create_reference_table('r')" \
    "INSERT INTO r VALUES (1)" "ALTER TABLE t ADD COLUMN r int REFERENCES r" "INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 1)" >/dev/null
shard=$(sql worker1 "SELECT oid::regclass FROM pg_class WHERE relname = 't' AND relkind = 'r'")

like "$(sql worker1 "SELECT * FROM $shard")" "ERROR:  42501: *" "SELECT is refused"
like "$(sql worker1 "UPDATE $shard SET v = 'x'")" "ERROR:  42501: *" "UPDATE is refused"
like "$(sql worker1 "DELETE FROM $shard")" "ERROR:  42501: *" "DELETE is refused"
like "$(sql worker1 "WITH x AS (INSERT INTO $shard VALUES (9) RETURNING id) SELECT * FROM x")" "ERROR:  42501: *" \
    "INSERT in a WITH clause is refused"
like "$(sql worker1 "SELECT 1 WHERE EXISTS (SELECT FROM $shard)")" "ERROR:  42501: *" "a subquery is refused"
is "$(sql worker1 "SET herd.allow_shard_access = on" "SELECT count(*) FROM $shard")" 2 "allowed on request"
is "$(sql worker1 "VACUUM FULL $shard" "VACUUM ANALYZE $shard" "REINDEX TABLE $shard" "CLUSTER $shard USING t_pkey")" "" \
    "maintenance is free"
is "$(sql worker1 "SELECT reltuples FROM pg_class WHERE oid = '$shard'::regclass")" 2 "ANALYZE sees the rows"
is "$("$bin/pg_dump" -h "$DIR/cluster" -h "$DIR" -p $((PORT + 1)) -U postgres -a -t "$shard" postgres | grep -c "^[12]	")" 2 \
    "pg_dump copies the rows"
is "$(sql coordinator "SELECT count(*) FROM t")" 2 "tasks pass"
is "$(sql coordinator "UPDATE t SET r = NULL" "UPDATE t SET r = 1" "DELETE FROM t WHERE id = 2" "SELECT count(*) FROM t")" 1 \
    "foreign keys are checked"

# The secret, whatever happens.
password=$(cat "$DIR/service_password")
sql coordinator "ALTER SERVER worker1 OPTIONS (SET port '1')" "SELECT * FROM t" >"$HERD_TEST_DIR/errors" 2>&1
sql coordinator "ALTER SERVER worker1 OPTIONS (SET port '$((PORT + 1))')" >>"$HERD_TEST_DIR/errors" 2>&1
sql worker1 "ALTER ROLE herd PASSWORD 'another'" >/dev/null
sql coordinator "SELECT * FROM t" "EXPLAIN (ANALYZE, VERBOSE) SELECT * FROM t" "SELECT herd.add_node('127.0.0.1', 1)" \
    "SELECT herd.add_node('127.0.0.1', $((PORT + 1)), 'again')" >>"$HERD_TEST_DIR/errors" 2>&1
like "$(cat "$HERD_TEST_DIR/errors")" "*could not connect to node*password authentication failed*" "connections fail"
is "$(grep -c "$password" "$HERD_TEST_DIR/errors")" 0 "no error shows the password"
is "$(cat "$DIR"/worker1/log "$DIR"/coordinator/log | grep -v "set_service_role\|CREATE ROLE herd" | grep -c "$password")" 0 \
    "no log line but the administrator's own"
is "$(sql coordinator "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%$password%' AND pid <> pg_backend_pid()")" 0 "nor any activity"

finish
