# What system tests share: TAP lines, and a cluster of their own. Sourced by test/system/*.sh, which scripts/check runs
# with an empty directory $HERD_TEST_DIR and some free ports from $HERD_TEST_PORT on.
# shellcheck shell=bash

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
: "${HERD_TEST_DIR:?}" "${HERD_TEST_PORT:?}"
DIR=$HERD_TEST_DIR/cluster
PORT=$HERD_TEST_PORT
TEST_NUMBER=0

# result STATUS NAME: one test.
result() {
    local word=ok
    [ "$1" = 0 ] || word="not ok"
    TEST_NUMBER=$((TEST_NUMBER + 1))
    echo "$word $TEST_NUMBER - $2"
}

# is GOT EXPECTED NAME
is() {
    if [ "$1" = "$2" ]; then
        result 0 "$3"
    else
        result 1 "$3"
        printf '%s\n' "got:" "$1" "expected:" "$2" | sed 's/^/# /'
    fi
}

# like GOT PATTERN NAME
like() {
    local status=0
    # shellcheck disable=SC2053
    [[ $1 == $2 ]] || status=1
    result $status "$3"
    [ $status = 0 ] || printf '%s\n' "got:" "$1" | sed 's/^/# /'
}

# succeeds NAME COMMAND..., fails NAME COMMAND...
succeeds() {
    "${@:2}"
    result $? "$1"
}
fails() {
    ! "${@:2}"
    result $? "$1"
}

cluster() { scripts/cluster "$1" --dir "$DIR" "${@:2}"; }
start_cluster() { cluster start --fast --port "$PORT" "$@"; }

# control NODE ARGUMENT...: pg_ctl on one server, whatever the cluster thinks of it.
control() {
    local command=("$("${PG_CONFIG:-pg_config}" --bindir)/pg_ctl" -D "$DIR/$1/data" -l "$DIR/$1/log" -w "${@:2}")
    [ "$(id -u)" != 0 ] || command=(runuser -u postgres -- "${command[@]}")
    "${command[@]}" >/dev/null
}

# sql NODE STATEMENT...: unaligned rows only, errors with their SQLSTATE.
sql() {
    local node=$1 arguments=() statement
    for statement in "${@:2}"; do arguments+=(-c "$statement"); done
    cluster psql --node "$node" -- -XAtq -v VERBOSITY=verbose "${arguments[@]}" 2>&1
}

# within SECONDS NODE QUERY EXPECTED NAME: the answer becomes the expected one in time.
within() {
    local try got
    for try in $(seq $(($1 * 5))); do
        got=$(sql "$2" "$3")
        [ "$got" != "$4" ] || break
        sleep 0.2
    done
    is "$got" "$4" "$5"
}

# One session, fed statement by statement.
open_session() {
    coproc SESSION { cluster psql -- -XAtq -v VERBOSITY=verbose 2>&1; }
    session_pid=$SESSION_PID
}
# What the session answers to a statement, on one line.
ask() {
    local line answer=''
    printf '%s\n\\echo end\n' "$1" >&"${SESSION[1]}"
    while read -r -t 30 line <&"${SESSION[0]}" && [ "$line" != end ]; do answer+="$line "; done
    echo "${answer% }"
}
close_session() {
    printf '\\q\n' >&"${SESSION[1]}"
    wait "$session_pid"
}

# python_tests FILE: tests in Python (tap.py), whose lines are the first of the script's.
python_tests() {
    local line
    while IFS= read -r line; do
        [[ ! $line =~ ^(not\ )?ok ]] || TEST_NUMBER=$((TEST_NUMBER + 1))
        printf '%s\n' "$line"
    done < <(/usr/bin/python3 "test/system/$1" "$DIR" "$PORT" || echo "not ok 0 - $1 ran to its end")
}

# Statements of the coordinator's that still run on a node.
running_on() {
    sql "$1" "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'herd%' AND state = 'active'"
}

keep_server_logs() {
    local log
    for log in "$DIR"/*/log; do cp "$log" "$HERD_TEST_LOGS-$(basename "$(dirname "$log")").server.log"; done
}

# nothing_runs NAME: within two seconds neither worker runs statements of the coordinator's. It may have to be looked several times: the
# background worker asks the nodes something now and then.
nothing_runs() {
    local got
    for _ in $(seq 20); do
        got="$(running_on worker1) $(running_on worker2)"
        [ "$got" != "0 0" ] || break
        sleep 0.1
    done
    is "$got" "0 0" "$1"
}

# Ends the script's tests.
finish() {
    [ -z "${HERD_TEST_LOGS:-}" ] || keep_server_logs
    cluster destroy
    echo "1..$TEST_NUMBER"
}
