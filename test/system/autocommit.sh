#!/bin/bash
# A statement that is its whole transaction takes one round trip to its node: no BEGIN, no COMMIT. Wherever something could still undo it,
# it doesn't, and is undone; above all where a client sends more before its Sync.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 1
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int, name text)" "SELECT herd.create_distributed_table('t', 'id', 4)" \
    "INSERT INTO t SELECT id, 0, 'x' FROM generate_series(1, 20) id" "CREATE TABLE here (v int)" \
    "CREATE FUNCTION note() RETURNS int LANGUAGE sql AS 'INSERT INTO here VALUES (1) RETURNING v'" \
    "CREATE FUNCTION change() RETURNS void LANGUAGE sql AS 'UPDATE t SET v = v + 1 WHERE id = 1'" \
    "CREATE TABLE child (id int, parent int, FOREIGN KEY (parent) REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)" \
    "SELECT herd.create_distributed_table('child', 'parent', colocate_with => 't')" >/dev/null
sql worker1 "ALTER SYSTEM SET log_statement = 'all'" "SELECT pg_reload_conf()" >/dev/null

pipeline() {
    test/system/pipeline.py "host=$DIR port=$PORT user=postgres dbname=postgres" "$@" | paste -sd' '
}
begun() { grep -cE 'execute [^:]*: BEGIN( ISOLATION .*)?$' "$DIR/worker1/log"; }
# begins COUNT NAME COMMAND...: so many transactions are begun on the node.
begins() {
    local before
    before=$(begun)
    "${@:3}" >/dev/null
    is $(($(begun) - before)) "$1" "$2"
}
one() { sql coordinator "SELECT v FROM t WHERE id = ${1:-1}"; }
reset() { sql coordinator "UPDATE t SET v = 0" "TRUNCATE here" >/dev/null; }
update="UPDATE t SET v = v + 1 WHERE id = 1"

# Which statements take one round trip.
begins 0 "an update by key" sql coordinator "$update"
begins 0 "an insert" sql coordinator "INSERT INTO t VALUES (100, 0, 'x')"
begins 0 "a delete" sql coordinator "DELETE FROM t WHERE id = 100"
begins 0 "RETURNING columns" sql coordinator "$update RETURNING id, name"
is "$(sql coordinator "$update RETURNING id, v, name")" "1|3|x" "RETURNING has its row"
begins 0 "with its Sync" pipeline "$update" sync
begins 0 "each with its Sync" pipeline "$update" sync "$update" sync
begins 0 "RETURNING that is evaluated there" sql coordinator "$update RETURNING 1 / v"
begins 1 "RETURNING to a client with another encoding" env PGCLIENTENCODING=LATIN1 bash -c "$(declare -f sql cluster); DIR='$DIR'; sql coordinator '$update RETURNING name'"
begins 1 "in a block" sql coordinator "BEGIN; $update; COMMIT"
begins 1 "several in one query" sql coordinator "$update; $update"
begins 1 "in a function" sql coordinator "SELECT change()"
begins 1 "in DO" sql coordinator "DO 'BEGIN $update; END'"
begins 1 "under EXPLAIN ANALYZE" sql coordinator "EXPLAIN ANALYZE $update"
begins 1 "by EXECUTE" sql coordinator "PREPARE p AS $update; EXECUTE p"
# Its first statement may take the nodes' snapshots more than once.
before=$(begun)
sql coordinator "SET default_transaction_isolation = 'repeatable read'" "$update" >/dev/null
[ "$(begun)" -gt "$before" ]
result $? "in REPEATABLE READ"
begins 1 "several before a Sync" pipeline "$update" "$update" sync
begins 1 "a Sync that is not there yet" pipeline "$update" read sync
begins 1 "after local work" pipeline "INSERT INTO here VALUES (1)" "$update" sync
begins 1 "after a pipelined SELECT" pipeline "SELECT 1" "$update" sync
begins 1 "on all shards" sql coordinator "UPDATE t SET v = v + 1"

# What comes before a Sync is one transaction.
reset
is "$(pipeline "$update" "SELECT 1/0" sync "$update" sync)" "UPDATE 1 22012 UPDATE 1" "a later failure in a pipeline"
is "$(one)" 1 "undoes what came before it, and nothing else"
reset
is "$(pipeline "$update" read "INSERT INTO t VALUES (1, 0, 'x')" "$update" sync)" "UPDATE 1 23505 aborted" "a failure on the node after an answer was read"
is "$(one)" 0 "undoes what came before it"
is "$(pipeline "UPDATE t SET v = v + 1 WHERE id = 2" "$update" "INSERT INTO nowhere VALUES (1)" sync)" "UPDATE 1 UPDATE 1 42P01" "a statement that does not parse"
is "$(one) $(one 2)" "0 0" "undoes what came before it"
is "$(pipeline "INSERT INTO here VALUES (1)" "INSERT INTO t VALUES (1, 0, 'x')" sync)" "INSERT 0 1 23505" "a failure on the node"
is "$(sql coordinator "SELECT count(*) FROM here")" 0 "undoes local work before it"
is "$(pipeline "BEGIN" "$update" sync "ROLLBACK" sync)" "BEGIN UPDATE 1 ROLLBACK" "a block in a pipeline"
is "$(one)" 0 "is undone as a whole"
is "$(pipeline "$update" "$update" sync "$update RETURNING v" sync)" "UPDATE 1 UPDATE 1 UPDATE 1 3" "what succeeds"
is "$(one)" 3 "is there"

# Work on the coordinator belongs to the transaction.
reset
begins 1 "a function that writes here" sql coordinator "INSERT INTO t VALUES (30, note(), 'x')"
is "$(one 30) $(sql coordinator "SELECT count(*) FROM here")" "1 1" "what it wrote commits with the node's"
like "$(sql coordinator "INSERT INTO t VALUES (30, note(), 'x')")" '*23505*' "a failure on the node"
is "$(sql coordinator "SELECT count(*) FROM here")" 1 "undoes what it wrote"

# What the node finds out when it commits.
like "$(sql coordinator "INSERT INTO child VALUES (1, 77)")" '*23503*child_parent_fkey*' "a deferred constraint fails at the commit"
is "$(sql coordinator "INSERT INTO child VALUES (1, 77)" "SELECT count(*) FROM child" | tail -1)" 0 "the session goes on"
is "$(sql coordinator "INSERT INTO child VALUES (1, 7)" "SELECT count(*) FROM child")" 1 "a good one commits"

# Nobody knows whether a node that vanished has committed.
shard=$(sql worker1 "SELECT c.oid::regclass FROM pg_class c WHERE c.relname = 't' AND relkind = 'r' ORDER BY oid::regclass::text" | while read -r name; do
    [ "$(sql worker1 "SET herd.allow_shard_access = on" "SELECT count(*) FROM $name WHERE id = 1")" = 1 ] && echo "$name"
done)
sql worker1 "BEGIN; LOCK TABLE $shard; SELECT pg_sleep(5)" >/dev/null 2>&1 &
sleep 0.5
(sleep 1 && control worker1 -m immediate restart) &
restart=$!
like "$(sql coordinator "$update")" '*08007*worker1*' "a lost connection"
wait $restart
is "$(sql coordinator "UPDATE t SET v = 5 WHERE id = 1 RETURNING v")" 5 "the node is reached again"

# A node that forgot what was prepared is told again; a cancel reaches the node.
open_session
ask "$update;" >/dev/null
sql worker1 "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name LIKE 'herd%'" >/dev/null
is "$(ask "$update RETURNING v;")" 7 "a new connection after the node closed the old one"
# A trigger on the shard, made behind Herd's back, has the node drop all that is prepared, or refuses as a stale plan does.
sql worker1 "SET herd.allow_shard_access = on" "CREATE FUNCTION disturb() RETURNS trigger LANGUAGE plpgsql AS \$\$
    BEGIN
        IF NEW.name = 'drop' THEN DEALLOCATE ALL; END IF;
        IF NEW.name = 'refuse' THEN RAISE feature_not_supported; END IF;
        RETURN NULL;
    END \$\$" "CREATE TRIGGER disturb AFTER UPDATE ON $shard FOR EACH ROW EXECUTE FUNCTION public.disturb()" >/dev/null
ask "SET statement_timeout = '10s';" >/dev/null
for again in "$update RETURNING v" "SELECT v FROM t WHERE id = 1"; do
    ask "$again; UPDATE t SET v = 6, name = 'drop' WHERE id = 1;" >/dev/null
    like "$(ask "$again;")" "[67]" "a node that has dropped what was prepared: ${again%% *}"
done
ask "$update; UPDATE t SET v = 6, name = 'drop' WHERE id = 1;" >/dev/null
like "$(ask "BEGIN; SELECT v FROM t WHERE id = 1; ROLLBACK; BEGIN; $update RETURNING v; ROLLBACK;")" "*7" \
    "likewise, met in a block: the next finds nothing missing"
like "$(ask "UPDATE t SET name = 'refuse' WHERE id = 1;")" "ERROR:  0A000*" "a refusal of the node's"
is "$(ask "UPDATE t SET v = 6, name = 'x' WHERE id = 1; $update RETURNING v;")" 7 "after which the session goes on"
sql worker1 "SET herd.allow_shard_access = on" "DROP TRIGGER disturb ON $shard" >/dev/null
sql worker1 "BEGIN; LOCK TABLE $shard; SELECT pg_sleep(3)" >/dev/null 2>&1 &
blocker=$!
sleep 0.5
like "$(ask "SET statement_timeout = 300; $update;")" '*57014*statement timeout*' "a timeout while the node waits"
wait "$blocker"
is "$(ask "RESET statement_timeout; SELECT v FROM t WHERE id = 1;")" 7 "nothing was written"
close_session
is "$(sql coordinator "SELECT herd.recover_transactions()")" 0 "nothing is left prepared"

finish
