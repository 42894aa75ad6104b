#!/bin/bash
# What a node reports of transactions over several nodes: from before they are prepared until everybody has seen their end, whoever ends
# them; also after a restart.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 1
sql worker1 "CREATE TABLE t (i int)" >/dev/null
WINDOW=3000000  # microseconds

gid() { echo "herd_00000000000000000000000000000000_5_$1_1_9_1.2"; }
prepare() { sql worker1 "BEGIN; INSERT INTO t VALUES (1); PREPARE TRANSACTION '$(gid "$1")';"; }
# sights: complete or not, then how the snapshot sees each transaction (0 new, 1 visible, 2 unfinished, 3 overdue) and its number.
sights() {
    sql worker1 "SELECT get_byte(r, 0) FROM herd.snapshot_report(${1:-$WINDOW}) r" "WITH report AS (SELECT herd.snapshot_report(${1:-$WINDOW}) r)
        SELECT get_byte(r, i) || ':' || get_byte(r, i + 9) FROM report, generate_series(1, length(r) - 1, 34) i ORDER BY 1" | tr '\n' ' '
}
wait_until_complete() {
    local i
    for i in $(seq 100); do
        [[ $(sights "$@") != 1* ]] || return
        sleep 0.1
    done
}

like "$(sights)" "0 *" "a server that has just started doesn't know what committed before"
wait_until_complete
is "$(sights)" "1 " "after two windows it does"
prepare 7
prepare 8
is "$(sights)" "1 2:7 2:8 " "prepared"
sql worker1 "COMMIT PREPARED '$(gid 7)'" "ROLLBACK PREPARED '$(gid 8)'"
is "$(sights)" "1 0:7 " "committed, rolled back"
is "$(sights 10)" "1 " "an old commit is in no report"
sql worker1 "BEGIN; INSERT INTO t VALUES (1 / 0); PREPARE TRANSACTION '$(gid 9)';" >/dev/null
sql worker1 "BEGIN; CREATE TEMP TABLE x (i int); PREPARE TRANSACTION '$(gid 9)';" >/dev/null
is "$(sights 10)" "1 " "what could not be prepared is forgotten"

prepare 10
control worker1 -m immediate restart
is "$(sights)" "0 3:10 " "after a crash: what is prepared is there, and nothing is known of what has committed"
sql worker1 "COMMIT PREPARED '$(gid 10)'"
is "$(sights)" "0 0:10 " "and its commit is noted"

prepare 11
keys="decode('05000000000000000b000000000000000900000000000000', 'hex')"
like "$(sql worker1 "SET lock_timeout = '100ms'; SELECT herd.await_transactions($keys);")" "*55P03*" "waiting ends with lock_timeout"
sql worker1 "SELECT 'waited' FROM herd.await_transactions($keys)" >"$DIR/waited" &
waiter=$!
sleep 0.5
is "$(cat "$DIR/waited")" "" "who waits, waits"
sql worker1 "COMMIT PREPARED '$(gid 11)'"
wait $waiter
is "$(cat "$DIR/waited")" "waited" "until it is committed"

finish
