#!/bin/bash
# A node that hangs (its processes are stopped): whatever a session does there ends in bounded time, by its timeouts, a cancel, a termination, or
# because its client has gone, also while it commits or undoes. Nothing is half done when the node is back.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2 --set herd.commit_timeout=1500 --set herd.connect_timeout=1000 --set client_connection_check_interval=200
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id', 8)" \
    "INSERT INTO t SELECT id, 0 FROM generate_series(1, 200) id" >/dev/null

postmaster=$(head -1 "$DIR/worker1/data/postmaster.pid")
# shellcheck disable=SC2046
freeze() { kill -STOP "$postmaster" $(pgrep -P "$postmaster"); }
# shellcheck disable=SC2046
thaw() { kill -CONT "$postmaster" $(pgrep -P "$postmaster"); }
trap 'thaw 2>/dev/null' EXIT

# in_time SECONDS NAME, since `started`
in_time() {
    [ $((SECONDS - started)) -le "$1" ]
    result $? "$2: in bounded time ($((SECONDS - started)) s)"
}
# A session that did this, then the node hangs, then that.
frozen() {
    open_session
    ask "SELECT count(*) FROM t; $1" >/dev/null
    pid=$(ask "SELECT pg_backend_pid();")
    freeze
    started=$SECONDS
    like "$(ask "$2")" "$3" "$5"
    in_time "$4" "$5"
    thaw
    close_session
}
# What the transactions left: all of it, or nothing, on both nodes.
is_settled() {
    local i
    for i in $(seq 40); do
        [ "$(sql coordinator "SELECT count(*) FROM herd.transactions")" = 0 ] && break
        sleep 0.25
    done
    is "$(sql coordinator "SELECT count(*) FROM herd.transactions" "SELECT count(DISTINCT v) FROM t" "UPDATE t SET v = 0")" $'0\n1' "$1: all or nothing"
}

frozen "SET statement_timeout = 500;" "SELECT count(*) FROM t;" '*57014*' 7 "statement_timeout of a read"
frozen "SET statement_timeout = 500;" "UPDATE t SET v = v + 1;" '*57014*' 7 "statement_timeout of a write"
frozen "SET statement_timeout = 500; BEGIN; UPDATE t SET v = v + 1;" "SELECT count(*) FROM t;" '*57014*' 7 \
    "statement_timeout in a transaction"
frozen "BEGIN; UPDATE t SET v = v + 1;" "ROLLBACK;" '*' 7 "ROLLBACK"
is_settled "ROLLBACK"
frozen "BEGIN; UPDATE t SET v = v + 1; SAVEPOINT a; UPDATE t SET v = v + 1;" "ROLLBACK TO a; ROLLBACK;" '*' 12 "ROLLBACK TO"
# statement_timeout does not hold for COMMIT, in PostgreSQL either.
frozen "BEGIN; UPDATE t SET v = v + 1;" "COMMIT;" '*08006*"worker1" did not answer*' 10 "COMMIT"
is_settled "COMMIT"

# While the session waits for the frozen node, someone else acts.
interrupted() {
    open_session
    ask "SELECT count(*) FROM t; BEGIN; UPDATE t SET v = v + 1;" >/dev/null
    pid=$(ask "SELECT pg_backend_pid();")
    freeze
    started=$SECONDS
    (sleep 0.5 && sql coordinator "SELECT $1($pid)" >/dev/null) &
    like "$(ask "$2;")" "$3" "$1 during $2"
    in_time 8 "$1 during $2"
    wait $!
    thaw
    # A terminated session has ended psql.
    [ "$1" = pg_terminate_backend ] || close_session
    is_settled "$1 during $2"
}
interrupted pg_cancel_backend "SELECT count(*) FROM t" '*57014*'
interrupted pg_terminate_backend "SELECT count(*) FROM t" '*57P01*'
interrupted pg_cancel_backend "COMMIT" '*ERROR*'
interrupted pg_terminate_backend "COMMIT" '*'

# The client goes away in the middle of a statement.
freeze
sql_client() { cluster psql -- -XAtqc "SELECT sum(v) FROM t" >/dev/null 2>&1; }
sql_client &
client=$!
sleep 0.3
pkill -KILL -P $client
started=$SECONDS
busy() { sql coordinator "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT sum(v)%' AND state = 'active'"; }
for _ in $(seq 80); do
    [ "$(busy)" = 0 ] && break
    sleep 0.1
done
is "$(busy)" 0 "a session whose client has gone ends"
in_time 8 "it ends"
thaw
is "$(sql coordinator "SELECT count(*), sum(v) FROM t")" "200|0" "the node is used again"
is "$(sql coordinator "SELECT herd.recover_transactions()")" 0 "nothing is left prepared"

# The whole machine stands still while a session connects: the time does not count.
freeze
cluster psql -- -XAtqc "SELECT count(*) FROM t" >"$HERD_TEST_DIR/stopped" 2>&1 &
client=$!
within 5 coordinator "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT count(*) FROM t' AND state = 'active'" 1 "a session connects"
pid=$(sql coordinator "SELECT pid FROM pg_stat_activity WHERE query = 'SELECT count(*) FROM t' AND state = 'active'")
kill -STOP "$pid"
sleep 3
thaw
kill -CONT "$pid"
wait $client
is "$(cat "$HERD_TEST_DIR/stopped")" 200 "and goes on when it and the node do"
trap - EXIT

finish
