#!/bin/bash
# The nodes take tasks from the coordinator that registered with them, over restarts and crashes, and refuse copies of it until
# herd.adopt_cluster() makes one the coordinator; then they refuse the original, in open sessions too.
. "$(dirname "$0")/lib.sh"

bin=$("${PG_CONFIG:-pg_config}" --bindir)
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
COPY_PORT=$((PORT + 4))
# copy_control COPY ARGUMENT...; copy_sql STATEMENT...: whichever copy runs.
copy_control() { as_postgres "$bin/pg_ctl" -s -w -D "$DIR/$1/data" -l "$DIR/$1/log" "${@:2}"; }
start_copy() { copy_control "$1" -o "-p $COPY_PORT" start; }
copy_sql() {
    local arguments=() statement
    for statement in "$@"; do arguments+=(-c "$statement"); done
    "$bin/psql" -h "$DIR" -p $COPY_PORT -U postgres -d postgres -XAtq -v VERBOSITY=verbose "${arguments[@]}" 2>&1
}
prepared() { echo "$(sql worker1 "SELECT count(*) FROM pg_prepared_xacts") $(sql worker2 "SELECT count(*) FROM pg_prepared_xacts")"; }

start_cluster --workers 2 --set restart_after_crash=on
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id', 4)" \
    "INSERT INTO t SELECT i, 0 FROM generate_series(1, 20) i" >/dev/null
count="SELECT count(*), sum(v) FROM t"

control coordinator restart
is "$(sql coordinator "$count")" "20|0" "a restarted coordinator is the same"
control coordinator -m immediate restart
is "$(sql coordinator "$count")" "20|0" "so is one that crashed"

# A base backup, promoted; the backup is taken by the service role, who may.
as_postgres mkdir -p "$DIR/backup"
as_postgres env PGPASSWORD="$(cat "$DIR/service_password")" "$bin/pg_basebackup" -h 127.0.0.1 -p "$PORT" -U herd \
    -D "$DIR/backup/data" -R -c fast >/dev/null
start_copy backup
copy_control backup promote
got=$(copy_sql "$count")
like "$got" "*HR004*takes no tasks from a coordinator that is not registered*" "a promoted base backup is refused"
like "$got" "*It is a copy of the coordinator*" "and told why"
like "$(copy_sql "UPDATE t SET v = 1")" "*HR004*" "it writes nothing"
like "$(copy_sql "SELECT herd.recover_transactions()")" "*WARNING*not registered*" "and decides over no transactions"
is "$(sql coordinator "$count")" "20|0" "the original goes on"

# The original has decided over a transaction that the backup knows nothing of.
sql coordinator "ALTER SYSTEM SET herd.recovery_interval = '1h'" "SELECT pg_reload_conf()" >/dev/null
sql coordinator "SET herd.fault_point = 'commit.before_commit_prepared:exit'" "UPDATE t SET v = v + 1" >/dev/null
control coordinator -m immediate stop
is "$(prepared)" "1 1" "a transaction is in doubt"
like "$(copy_sql "SELECT herd.adopt_cluster()")" "*55006*1 prepared transactions whose outcome is not known here*" \
    "a copy doesn't take over what it can't decide"
like "$(copy_sql "$count")" "*HR004*" "and stays refused"
cluster start >/dev/null
sql coordinator "SELECT herd.recover_transactions()" >/dev/null
is "$(prepared) $(sql coordinator "$count")" "0 0 20|20" "the original still finishes it"

open_session
is "$(ask "SELECT sum(v) FROM t;")" 20 "a session of the original"
is "$(copy_sql "SELECT herd.adopt_cluster()")" 2 "herd.adopt_cluster()"
is "$(copy_sql "$count" "UPDATE t SET v = v + 1" "$count")" "20|20
20|40" "the copy is the coordinator now"
like "$(ask "SELECT sum(v) FROM t;")" "*HR004*Another coordinator has taken over*" "the session of the original is refused"
close_session
like "$(sql coordinator "UPDATE t SET v = v + 1")" "*HR004*" "and so are others"
copy_control backup restart
is "$(copy_sql "$count")" "20|40" "it stays so after a restart"
is "$(copy_sql "SELECT * FROM herd.check_cluster()")" "" "the adopted cluster is sound"

# A copied directory.
copy_control backup stop
control coordinator -m fast stop
as_postgres cp -a "$DIR/coordinator" "$DIR/copied"
start_copy copied
like "$(copy_sql "$count")" "*HR004*It is a copy of the coordinator*" "a copied directory is refused"
is "$(copy_sql "SELECT herd.adopt_cluster()" "$count")" "2
20|40" "until it adopts the cluster"
copy_control copied stop

# What a copy knows nothing of is rolled back if that is asked for.
start_copy backup
like "$(copy_sql "$count")" "*HR004*Another coordinator*" "the one before is refused"
is "$(copy_sql "SELECT herd.adopt_cluster()")" 2 "it can take over again"
copy_sql "SET herd.fault_point = 'commit.before_commit_prepared:exit'" "UPDATE t SET v = v + 1" >/dev/null
copy_control backup -m immediate stop
cluster start >/dev/null
like "$(sql coordinator "SELECT herd.adopt_cluster()")" "*55006*" "the original can't decide over the copy's transaction either"
is "$(sql coordinator "SELECT herd.adopt_cluster(roll_back_in_doubt => true)")" 2 "unless it is told to"
sql coordinator "SELECT herd.recover_transactions()" >/dev/null
is "$(prepared) $(sql coordinator "$count")" "0 0 20|40" "then it is rolled back"

# A copy of the database on the same server.
control coordinator restart
"$bin/psql" -h "$DIR" -p "$PORT" -U postgres -d template1 -Xqc "CREATE DATABASE twin TEMPLATE postgres"
like "$("$bin/psql" -h "$DIR" -p "$PORT" -U postgres -d twin -XAtq -v VERBOSITY=verbose -c "$count" 2>&1)" "*HR004*" \
    "a copy of the database is refused"

# Nodes don't take just anybody.
password=$(cat "$DIR/service_password")
as_service_role() {
    PGPASSWORD=$password PGOPTIONS="-c herd.task_session=on -c herd.coordinator=$1" "$bin/psql" -h 127.0.0.1 -p $((PORT + 1)) -U herd \
        -d postgres -XAtq -v VERBOSITY=verbose -c "SELECT 1" 2>&1
}
# Of any versions of the protocol: from 1 to 1000.
id=$(sql worker1 "SELECT cluster_id FROM herd.cluster")
incarnation=$(sql worker1 "SELECT incarnation FROM herd.coordinator")
is "$(as_service_role "1,$id,$incarnation,UTF8,1000")" 1 "a registered coordinator"
like "$(as_service_role "1,$id,1,UTF8,1000")" "*HR004*" "another incarnation"
like "$(as_service_role "1,00000000-0000-0000-0000-000000000000,$incarnation,UTF8,1000")" "*HR004*another cluster*" "another cluster"
like "$(as_service_role "1,$id,$incarnation,LATIN1,1000")" "*HR002*another encoding*" "another encoding"
like "$(as_service_role "999,$id,$incarnation,UTF8,1000")" "*HR002*versions 999 to 1000*" "another version"
like "$(as_service_role "99,whatever")" "*HR002*did not say who it is*" "no handshake"
like "$(as_service_role "")" "*HR002*did not say who it is*" "none of all that"
finish
