#!/bin/bash
# Connections to nodes with verify-full: encrypted, refused under another name and with another authority's certificate; and the
# service role's password is in no log and no message.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 1 --set log_connections=on --set log_statement=all --set log_min_messages=debug1

# make_authority NAME, and the worker's certificate for localhost by the first one.
mkdir -p "$DIR/tls"
make_authority() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout "$DIR/tls/$1.key" -out "$DIR/tls/$1.crt" 2>/dev/null
}
make_authority ours
make_authority theirs
data=$DIR/worker1/data
openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$data/server.key" -out "$DIR/tls/request" 2>/dev/null
openssl x509 -req -in "$DIR/tls/request" -CA "$DIR/tls/ours.crt" -CAkey "$DIR/tls/ours.key" -CAcreateserial -days 2 \
    -extfile <(echo "subjectAltName=DNS:localhost") -out "$data/server.crt" 2>/dev/null
chmod 600 "$data/server.key"
[ "$(id -u)" != 0 ] || chown -R postgres "$DIR/tls" "$data/server.key" "$data/server.crt"
sed -i 's/^host  all/hostssl all/' "$data/pg_hba.conf"
sql worker1 "ALTER SYSTEM SET ssl = on" >/dev/null
control worker1 restart

sql coordinator "SELECT herd.remove_node('worker1')" \
    "ALTER SERVER coordinator OPTIONS (ADD sslmode 'verify-full', ADD sslrootcert '$DIR/tls/ours.crt')" >/dev/null
like "$(sql coordinator "SELECT herd.add_node('127.0.0.1', $((PORT + 1)), 'worker1')")" \
    '*08001*server certificate for "localhost"*does not match host name "127.0.0.1"*' "another name than the certificate's is refused"
like "$(sql coordinator "SELECT herd.add_node('localhost', $((PORT + 1)), 'worker1')")" "[0-9]*" "the right one is taken"
sql coordinator "CREATE TABLE t (id int PRIMARY KEY)" "SELECT herd.create_distributed_table('t', 'id', 4)" \
    "INSERT INTO t SELECT generate_series(1, 10)" >/dev/null

open_session
is "$(ask "SELECT count(*) FROM t;")" 10 "a query"
is "$(sql worker1 "SELECT count(*) > 0, bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                   WHERE application_name LIKE 'herd %' AND usename = 'herd'")" "t|t" "goes over encrypted connections only"
close_session

sql coordinator "ALTER SERVER worker1 OPTIONS (SET host '127.0.0.1')" >/dev/null
refused=$(sql coordinator "SELECT count(*) FROM t")
like "$refused" '*08001*does not match host name "127.0.0.1"*' "also when the SERVER is changed"
sql coordinator "ALTER SERVER worker1 OPTIONS (SET host 'localhost', SET sslrootcert '$DIR/tls/theirs.crt')" >/dev/null
refused+=$(sql coordinator "SELECT count(*) FROM t")
like "$refused" "*08001*certificate verify failed*" "another authority"
sql coordinator "ALTER SERVER worker1 OPTIONS (SET sslrootcert '$DIR/tls/ours.crt')" >/dev/null
is "$(sql coordinator "SELECT count(*) FROM t")" 10 "and all is well again"

# A wrong password, in a message and in the logs of both.
sql coordinator "SET log_statement = none" "SET log_min_error_statement = panic" \
    "SELECT herd.set_service_role('herd', 'not-the-password')" >/dev/null
refused+=$(sql coordinator "SELECT count(*) FROM t")
refused+=$(sql coordinator "EXPLAIN (VERBOSE) SELECT count(*) FROM t")
like "$refused" "*08001*password authentication failed*" "a wrong password"
password=$(cat "$DIR/service_password")
fails "no secret in messages" grep -qF -e "$password" -e not-the-password <<<"$refused"
fails "no secret in logs" grep -rqF -e "$password" -e not-the-password "$DIR/coordinator/log" "$DIR/worker1/log"
is "$(grep -c 'SSL enabled' "$DIR/worker1/log" | sed 's/^[1-9][0-9]*$/some/')" some "the worker's log shows the connections"
finish
