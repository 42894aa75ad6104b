#!/bin/bash
# PgBouncer in front of the coordinator, in session and in transaction mode: hundreds of clients, and what one of them leaves behind in a
# server session the next one does not meet, neither here nor on the nodes.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2 --set max_connections=400 --set herd.max_connections_per_node=60
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id', 8)" \
    "INSERT INTO t SELECT id, 0 FROM generate_series(1, 1000) id" \
    "CREATE TABLE note (id int, tenant text, at timestamptz)" "SELECT herd.create_distributed_table('note', 'id', 8)" \
    "INSERT INTO note SELECT id, 'tenant ' || id % 2, '2020-01-01 00:00+00' FROM generate_series(1, 100) id" \
    "CREATE ROLE reader" "GRANT SELECT ON t TO reader" >/dev/null

pooler_port=$((PORT + 5))
pooler=$HERD_TEST_DIR/pgbouncer
mkdir "$pooler"
cat >"$pooler/pgbouncer.ini" <<INI
[databases]
session = host=$DIR port=$PORT dbname=postgres pool_mode=session pool_size=300
transaction = host=$DIR port=$PORT dbname=postgres pool_mode=transaction pool_size=80
single = host=$DIR port=$PORT dbname=postgres pool_mode=session pool_size=1
single_transaction = host=$DIR port=$PORT dbname=postgres pool_mode=transaction pool_size=1
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $pooler_port
unix_socket_dir =
auth_type = any
logfile = $pooler/log
pidfile = $pooler/pid
max_client_conn = 1000
server_reset_query = DISCARD ALL
ignore_startup_parameters = extra_float_digits
INI
# auth_type any: everybody is the user whom the database's line names.
sed -i 's/dbname=postgres/& user=postgres/' "$pooler/pgbouncer.ini"
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
[ "$(id -u)" != 0 ] || chown -R postgres "$pooler"
as_postgres /usr/sbin/pgbouncer -q -d "$pooler/pgbouncer.ini"
result $? "PgBouncer starts"
trap 'kill "$(cat "$pooler/pid")"' EXIT

# pooled DATABASE STATEMENT...: one client, each statement a query of its own.
pooled() {
    local database=$1 arguments=() statement
    for statement in "${@:2}"; do arguments+=(-c "$statement"); done
    "$("${PG_CONFIG:-pg_config}" --bindir)/psql" -h 127.0.0.1 -p "$pooler_port" -U postgres -XAtq -v VERBOSITY=verbose "${arguments[@]}" "$database" 2>&1
}
bench() {
    as_postgres "$("${PG_CONFIG:-pg_config}" --bindir)/pgbench" -n -h 127.0.0.1 -p "$pooler_port" -U postgres "$@" 2>&1
}
chmod 755 "$HERD_TEST_DIR"
cat >"$HERD_TEST_DIR/mixed" <<'SQL'
\set id random(1, 1000)
\set other random(1, 1000)
\set tenant random(0, 1)
SELECT v FROM t WHERE id = :id;
BEGIN;
SET LOCAL app.tenant = 'tenant :tenant';
UPDATE t SET v = v + 1 WHERE id = least(:id, :other);
UPDATE t SET v = v - 1 WHERE id = greatest(:id, :other);
SELECT 1 / (count(*) = 50)::int FROM note WHERE tenant = current_setting('app.tenant');
COMMIT;
SQL
sed '/SET LOCAL/s/.*/SELECT set_config('\''app.tenant'\'', '\''tenant '\'' || :tenant, true);/' "$HERD_TEST_DIR/mixed" >"$HERD_TEST_DIR/prepared"
chmod 644 "$HERD_TEST_DIR/mixed" "$HERD_TEST_DIR/prepared"

mixed() {
    like "$(bench -c 300 -j 2 -T 6 "${@:2}")" '*failed transactions: 0 *' "300 clients, $1"
    is "$(sql coordinator "SELECT sum(v) FROM t")" 0 "lose nothing"
}
mixed "transaction mode" -f "$HERD_TEST_DIR/mixed" transaction
mixed "session mode" -M prepared -f "$HERD_TEST_DIR/prepared" session

# One server session for all.
now="SELECT DISTINCT at::text FROM note"
tenant="SELECT count(*) FROM note WHERE tenant = current_setting('app.tenant', true)"
is "$(pooled single "SET TimeZone = 'Asia/Tokyo'" "SET app.tenant = 'tenant 1'" "$now" "$tenant")" $'2020-01-01 09:00:00+09\n50' \
    "session mode: a client has his settings on the nodes"
is "$(pooled single "SET TimeZone = 'UTC'" "$now" "RESET TimeZone" "$tenant")" $'2020-01-01 00:00:00+00\n0' \
    "DISCARD ALL takes them from the next one"
is "$(pooled single "PREPARE p AS SELECT sum(v) FROM t" "EXECUTE p" "DEALLOCATE ALL" "PREPARE p AS SELECT count(*) FROM t" "EXECUTE p")" \
    $'0\n1000' "DEALLOCATE ALL"
is "$(pooled single "PREPARE p AS SELECT count(v) FROM t" "EXECUTE p")" 1000 "DISCARD ALL forgets prepared statements"
like "$(pooled single "SET SESSION AUTHORIZATION reader" "SELECT count(*) FROM t" "UPDATE t SET v = 1")" $'1000\n*42501*' \
    "SET SESSION AUTHORIZATION"
is "$(pooled single "UPDATE t SET v = v WHERE id = 1" "SELECT current_user")" postgres \
    "DISCARD ALL undoes it"
is "$(pooled single "BEGIN; DECLARE c CURSOR WITH HOLD FOR SELECT id FROM t ORDER BY id; COMMIT" "FETCH 2 FROM c" "DISCARD ALL" \
    "SELECT count(*) FROM pg_cursors")" $'1\n2\n0' "DISCARD ALL closes cursors"
like "$(pooled single "BEGIN; UPDATE t SET v = 1; DISCARD ALL")" '*25001*' "DISCARD ALL is refused in a transaction, as always"
is "$(pooled single "SELECT sum(v) FROM t")" 0 "and undoes it"

is "$(pooled single_transaction "BEGIN" "SET LOCAL app.tenant = 'tenant 0'" "SET LOCAL TimeZone = 'Asia/Tokyo'" "$tenant" "$now" "COMMIT")" \
    $'50\n2020-01-01 09:00:00+09' "transaction mode: SET LOCAL holds in the transaction"
is "$(pooled single_transaction "$tenant" "SET TimeZone = 'UTC'" "$now" "RESET TimeZone")" $'0\n2020-01-01 00:00:00+00' "and not after it"
pooled transaction "BEGIN; UPDATE t SET v = v + 1; PREPARE TRANSACTION 'pooled'" >/dev/null
is "$(pooled transaction "SELECT sum(v) FROM t" "COMMIT PREPARED 'pooled'" "SELECT sum(v) FROM t")" $'0\n1000' \
    "a transaction that one client prepares, another one commits"

like "$(pooled transaction "BEGIN; UPDATE t SET v = 0; SELECT 1 / 0")" '*22012*' "an error in a transaction"
is "$(pooled transaction "SELECT sum(v) FROM t")" 1000 "undoes it"
is "$(sql coordinator "SELECT herd.recover_transactions()")" 0 "nothing is left prepared"

finish
