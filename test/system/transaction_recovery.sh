#!/bin/bash
# Whatever step of a commit over two nodes fails, crashes or loses a node: all nodes commit or none does, at the latest
# after herd.recover_transactions(), and nothing stays prepared.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2 --set restart_after_crash=on --set herd.background_workers=off
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id', 8)" \
    "INSERT INTO t SELECT id, 0 FROM generate_series(1, 100) id" >/dev/null

# commit_with FAULT: a transaction over both nodes, committed with the fault point on.
commit_with() {
    sql coordinator "SET herd.fault_point = '$1'" "BEGIN; UPDATE t SET v = v + 1; COMMIT;"
}

# The server may be in recovery after a crash of one of its sessions.
wait_for_coordinator() {
    local i
    for i in $(seq 100); do
        [ "$(sql coordinator 'SELECT 1')" = 1 ] && return
        sleep 0.1
    done
}

prepared() { echo "$(sql worker1 'SELECT count(*) FROM pg_prepared_xacts') $(sql worker2 'SELECT count(*) FROM pg_prepared_xacts')"; }
values() { sql coordinator "SELECT min(v), max(v) FROM t"; }
states() { sql coordinator "SELECT node, state FROM herd.transactions ORDER BY node" | paste -sd ' '; }
recover() { sql coordinator "SELECT herd.recover_transactions()" "SELECT count(*) FROM herd.transaction" | paste -sd ' '; }

commit_with commit.before_prepare:error >/dev/null
is "$(prepared) $(values)" "0 0 0|0" "an error before PREPARE undoes all"
commit_with commit.after_prepare:error >/dev/null
is "$(prepared) $(values)" "0 0 0|0" "an error after PREPARE undoes all"

commit_with commit.before_prepare:exit >/dev/null
wait_for_coordinator
is "$(recover) $(prepared) $(values)" "0 0 0 0 0|0" "a crash before PREPARE undoes all"
commit_with commit.after_prepare:exit >/dev/null
wait_for_coordinator
is "$(prepared)" "1 1" "a crash after PREPARE leaves both nodes prepared"
is "$(states)" "worker1|aborted worker2|aborted" "herd.transactions tells that they will be undone"
is "$(recover) $(prepared) $(values)" "2 0 0 0 0|0" "recovery undoes what was not decided"

commit_with commit.before_commit_prepared:exit >/dev/null
wait_for_coordinator
is "$(prepared)" "1 1" "a crash after the decision leaves both nodes prepared"
is "$(states)" "worker1|committed worker2|committed" "herd.transactions tells that they will be committed"
is "$(recover) $(prepared) $(values)" "2 0 0 0 1|1" "recovery commits what was decided"

got=$(commit_with commit.before_commit_prepared:error | grep -c '^WARNING:.*has not confirmed the commit yet')
is "$got" 2 "what a node has not confirmed is told"
is "$(recover) $(prepared) $(values)" "2 0 0 0 2|2" "recovery commits it"

# Recovery while a transaction is between PREPARE and its decision.
commit_with commit.after_prepare:sleep=3000 >/dev/null &
sleep 1
is "$(states)" "worker1|running worker2|running" "herd.transactions tells that it runs"
is "$(prepared) $(recover)" "1 1 0 0" "recovery leaves running transactions alone"
wait
is "$(prepared) $(values)" "0 0 3|3" "they commit"

# A node that is away when its part is to be committed.
commit_with commit.before_commit_prepared:sleep=2000 >"$HERD_TEST_DIR/away" &
sleep 1
control worker1 -m immediate stop
wait
is "$(grep -c '^WARNING:.*worker1.*has not confirmed' "$HERD_TEST_DIR/away")" 1 "a node that is away is told"
got=$(sql coordinator "SELECT herd.recover_transactions()" | head -1)
[[ $got == *WARNING:*worker1* ]]
result $? "recovery warns of a node that it can't reach"
cluster start >/dev/null
is "$(recover) $(prepared) $(values)" "1 0 0 0 4|4" "recovery commits when the node is back"

# The same with the node going away earlier.
control worker1 -m immediate stop
got=$(sql coordinator "BEGIN; UPDATE t SET v = v + 1; COMMIT;")
[[ $got == *08001*worker1* ]]
result $? "a node that can't be reached is an error"
cluster start >/dev/null
is "$(recover) $(prepared) $(values)" "0 0 0 0 4|4" "nothing was written"

finish
