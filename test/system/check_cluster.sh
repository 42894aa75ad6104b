#!/bin/bash
# herd.check_cluster() and the views over all nodes: what is broken by hand is reported, and nothing else.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int CHECK (v >= 0))" "CREATE INDEX t_v ON t (v)" \
    "CREATE TABLE r (id int PRIMARY KEY, n text)" "SELECT herd.create_distributed_table('t', 'id', 4)" \
    "SELECT herd.create_reference_table('r')" "INSERT INTO t SELECT i, i FROM generate_series(1, 50) i" \
    "INSERT INTO r VALUES (1, 'one'), (2, 'two')" >/dev/null

report() { sql coordinator "SELECT node, problem, object FROM herd.check_cluster()"; }
is "$(report)" "" "a healthy cluster has no problems"

# Clients that come and go leave sessions on the nodes that end a moment later.
for _ in 1 2; do
    for _ in $(seq 25); do sql coordinator "SELECT count(*) FROM t" >/dev/null; done &
done
is "$(for _ in $(seq 8); do report; done)" "" "sessions that are about to end are no problem"
wait

# Who waits for whom, in the words of the clients.
open_session
ask "BEGIN; UPDATE t SET v = v + 1 WHERE id = 1;" >/dev/null
cluster psql -- -XAtq -c "UPDATE t SET v = v + 2 WHERE id = 1" >/dev/null 2>&1 &
for _ in $(seq 50); do
    waits=$(sql coordinator "SELECT waiting_query, blocking_query, waiting_since IS NOT NULL FROM herd.lock_waits")
    [ -z "$waits" ] || break
    sleep 0.1
done
is "$waits" "UPDATE t SET v = v + 2 WHERE id = 1|UPDATE t SET v = v + 1 WHERE id = 1;|t" "herd.lock_waits"
is "$(sql coordinator "SELECT DISTINCT l.table_name FROM herd.locks l JOIN herd.activity a USING (node, pid)
                       WHERE l.shard_id IS NOT NULL AND a.coordinator_pid IS NOT NULL")" t "herd.locks and herd.activity"
ask "ROLLBACK;" >/dev/null
close_session
wait

shard=$(sql coordinator "SELECT shard_schema FROM herd.shards WHERE table_name = 't'::regclass AND node = 'worker1' ORDER BY 1 LIMIT 1")
sql worker1 "SET herd.allow_shard_access = on" "ALTER TABLE $shard.t DROP CONSTRAINT t_v_check" >/dev/null
is "$(report)" "worker1|shard is defined otherwise than its table|$shard.t" "a constraint that a shard lacks"
like "$(sql coordinator "SELECT hint FROM herd.check_cluster()")" "only the table has: constraint t_v_check c" "and which"
sql worker1 "SET herd.allow_shard_access = on" "ALTER TABLE $shard.t ADD CONSTRAINT t_v_check CHECK (v >= 0)" >/dev/null
sql worker1 "SET herd.allow_shard_access = on" "DROP INDEX $shard.t_v" >/dev/null
is "$(report)" "worker1|shard is defined otherwise than its table|$shard.t" "an index that a shard lacks"
sql worker1 "SET herd.allow_shard_access = on" "CREATE INDEX t_v ON $shard.t (v)" >/dev/null
is "$(report)" "" "nothing once it is there again"

sql worker2 "SET herd.allow_shard_access = on" "CREATE SCHEMA herd_9999_1" "CREATE TABLE herd_9999_1.lost (id int)" "CREATE SCHEMA herd_9998_1" >/dev/null
is "$(report)" "worker2|shard belongs to no table|herd_9999_1.lost
worker2|schema belongs to no shard|herd_9998_1" "relations and schemas that nobody knows"
sql worker2 "SET herd.allow_shard_access = on" "DROP SCHEMA herd_9999_1 CASCADE" "DROP SCHEMA herd_9998_1" >/dev/null

sql worker1 "SET herd.allow_shard_access = on" "DROP TABLE $shard.t" >/dev/null
is "$(report)" "worker1|shard is missing|$shard.t" "a shard that is gone"

sql worker1 "SELECT pg_create_logical_replication_slot('herd_move_7', 'pgoutput')" >/dev/null
like "$(report)" "*worker1|replication slot is left over|herd_move_7*" "a slot"
sql worker1 "SELECT pg_drop_replication_slot('herd_move_7')" >/dev/null

sql worker2 "CREATE ROLE only_there" >/dev/null
sql coordinator "CREATE ROLE everywhere" >/dev/null
sql worker2 "DROP ROLE everywhere" >/dev/null
like "$(report)" "*worker2|role is missing|everywhere*" "a role"
sql coordinator "DROP ROLE everywhere" >/dev/null 2>&1

# As another version of ICU would do.
sql coordinator "CREATE COLLATION german (provider = icu, locale = 'de')" "CREATE TABLE names (n text COLLATE german)" \
    "SELECT herd.create_reference_table('names')" >/dev/null
sql worker1 "DROP COLLATION german CASCADE" "CREATE COLLATION german (provider = icu, locale = 'sv')" >/dev/null
like "$(report)" "*worker1|collation is another|german*" "a collation"
sql coordinator "DROP TABLE names" >/dev/null

is "$(sql coordinator "SELECT node, row_count, agrees FROM herd.check_reference_table('r') ORDER BY node")" \
    "coordinator|2|t
worker1|2|t
worker2|2|t" "copies that agree"
copy=$(sql coordinator "SELECT DISTINCT shard_schema FROM herd.shards WHERE table_name = 'r'::regclass")
sql worker2 "SET herd.allow_shard_access = on" "UPDATE $copy.r SET n = 'zwei' WHERE id = 2" >/dev/null
is "$(sql coordinator "SELECT node, row_count, agrees FROM herd.check_reference_table('r') ORDER BY node")" \
    "coordinator|2|t
worker1|2|t
worker2|2|f" "a copy that differs"
like "$(sql coordinator "SELECT * FROM herd.check_reference_table('t')")" "*42809*is not a reference table*" "other tables have no copies"

like "$(sql coordinator "CREATE ROLE curious LOGIN" "SET ROLE curious" "SELECT * FROM herd.activity")" "*42501*" \
    "ordinary users may not look"
sql coordinator "RESET ROLE" "GRANT pg_monitor TO curious" >/dev/null
is "$(sql coordinator "SET ROLE curious" "SELECT count(*) >= 0 FROM herd.activity")" t "monitors may"

control worker2 -m fast stop
like "$(report)" "worker2|node can not be asked|*" "a node that is down"
is "$(report | grep -c 'worker2|shard')" 0 "whose shards are not said to be missing"
control worker2 start

# A node that answers at first and then does not: what is on it is not known, so nothing is said to be missing.
sql worker2 "ALTER TABLE herd.held_shard RENAME TO renamed" >/dev/null
like "$(report)" "*08006*could not ask node \"worker2\"*held_shard*" "a node that can not be asked on the way"
sql worker2 "ALTER TABLE herd.renamed RENAME TO held_shard" >/dev/null
is "$(report | grep -c worker2)" 0 "nothing when it can be"

sql worker2 "CREATE DATABASE other TEMPLATE template0 LOCALE 'C'" >/dev/null
cluster psql --node worker2 -- -XAtq -d other -c "SET client_min_messages = warning; CREATE EXTENSION herd" >/dev/null
like "$(sql coordinator "SELECT herd.add_node('127.0.0.1', $((PORT + 2)), 'other', 'other')")" "*55000*has another default collation*" \
    "a node with another collation is not added"
finish
