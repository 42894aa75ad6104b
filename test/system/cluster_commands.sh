#!/bin/bash
# scripts/cluster: starting twice, stopping, growing; who can get in; no secret in a log.
. "$(dirname "$0")/lib.sh"

status_code() {
    cluster status >/dev/null
    echo $?
}

# A role that logs in over TCP, with or without the password.
login() { PGPASSWORD=$1 psql -w -h 127.0.0.1 -p "$PORT" -U herd -d postgres -Atc "SELECT current_user" 2>&1; }

is "$(status_code)" 3 "status of no cluster"
succeeds "start" start_cluster --workers 1
succeeds "start again" start_cluster --workers 1
is "$(status_code)" 0 "status of a running cluster"
is "$(sql coordinator 'SELECT count(*) FROM herd.nodes')" 2 "coordinator and worker are nodes"
sql coordinator "CREATE TABLE t AS SELECT generate_series(1, 100) AS id" "SELECT herd.create_distributed_table('t', 'id')"

succeeds "stop" cluster stop
is "$(status_code)" 3 "status of a stopped cluster"
succeeds "stop again" cluster stop
succeeds "start with one more worker" cluster start --workers 2
is "$(sql coordinator 'SELECT count(*) FROM herd.nodes')" 3 "the new worker is a node"
is "$(sql coordinator 'SELECT count(*), sum(id) FROM t')" "100|5050" "rows are still there"
fails "fewer workers are refused" cluster start --workers 1
fails "another port is refused" cluster start --port $((PORT + 1))

password=$(cat "$DIR/service_password")
is "$(login "$password")" herd "service role with its password"
[[ $(login wrong) == *"password authentication failed"* ]]
result $? "service role with a wrong password"
[[ $(login "") == *"no password supplied"* ]]
result $? "service role without password"
fails "no password in the logs" grep -rl -- "$password" "$DIR"/*/log
is "$(stat -c %a "$DIR")" 700 "only the owner enters the directory"
is "$(stat -c %a "$DIR/service_password")" 600 "only the owner reads the password"

succeeds "destroy" cluster destroy
fails "nothing is left" test -e "$DIR"
finish
