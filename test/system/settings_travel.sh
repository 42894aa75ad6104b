#!/bin/bash
# A node's session has the user's settings when a statement of his runs there, however they came to be. Triggers on the shards, made behind
# Herd's back, note what they see.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 1 --set synchronous_commit=local
for node in coordinator worker1; do
    sql $node "ALTER SYSTEM SET synchronous_commit = remote_write" "SELECT pg_reload_conf()" >/dev/null
done
sql worker1 "ALTER SYSTEM RESET synchronous_commit" "SELECT pg_reload_conf()" >/dev/null
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id', 2)" \
    "INSERT INTO t SELECT id, 0 FROM generate_series(1, 20) id" >/dev/null
sql worker1 "CREATE TABLE seen (tenant text, zone text, lock_wait text, commit text, at_commit bool, number serial)" \
    "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS \$\$
    BEGIN
        INSERT INTO public.seen VALUES (current_setting('app.tenant', true), current_setting('TimeZone'),
            current_setting('lock_timeout'), current_setting('synchronous_commit'), TG_NAME = 'note_at_commit');
        RETURN NULL;
    END \$\$" "DO \$\$ DECLARE shard text; BEGIN
        FOR shard IN SELECT oid::regclass FROM pg_class WHERE relname = 't' AND relkind = 'r' LOOP
            EXECUTE 'CREATE TRIGGER note AFTER UPDATE ON ' || shard || ' FOR EACH ROW EXECUTE FUNCTION public.note()';
            EXECUTE 'CREATE CONSTRAINT TRIGGER note_at_commit AFTER UPDATE ON ' || shard ||
                ' DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.note()';
        END LOOP;
    END \$\$" >/dev/null

last() { sql worker1 "SELECT $1 FROM seen WHERE at_commit = ${2:-false} ORDER BY number DESC LIMIT 1"; }
write="UPDATE t SET v = v + 1 WHERE id = 1"

sql coordinator "SET app.tenant = 'it''s \\ \"a\"'" "$write" >/dev/null
is "$(last tenant)" "it's \\ \"a\"" "a custom setting, its quotes and backslash too"
sql coordinator "SELECT set_config('app.tenant', 'b', false)" "$write" >/dev/null
is "$(last tenant)" b "set_config()"
sql coordinator "BEGIN" "SELECT set_config('app.tenant', 'c', true)" "$write" "COMMIT" >/dev/null
is "$(last tenant)" c "SET LOCAL"

open_session
ask "SET app.tenant = 'a';" >/dev/null
ask "$write;" >/dev/null
ask "BEGIN;" >/dev/null
ask "SET LOCAL app.tenant = 'b';" >/dev/null
ask "$write;" >/dev/null
ask "ROLLBACK;" >/dev/null
ask "$write;" >/dev/null
is "$(last tenant)" a "SET LOCAL undone at a rollback"
ask "BEGIN;" >/dev/null
ask "SET LOCAL app.tenant = 'b';" >/dev/null
ask "$write;" >/dev/null
ask "COMMIT;" >/dev/null
is "$(last tenant)" b "SET LOCAL in its transaction"
ask "$write;" >/dev/null
is "$(last tenant)" a "SET LOCAL undone at a commit"
ask "BEGIN;" >/dev/null
ask "$write;" >/dev/null
ask "SAVEPOINT s;" >/dev/null
ask "SET app.tenant = 'c';" >/dev/null
ask "$write;" >/dev/null
ask "ROLLBACK TO s;" >/dev/null
ask "$write;" >/dev/null
ask "COMMIT;" >/dev/null
is "$(last tenant)" a "SET undone at a rollback to a savepoint"
ask "BEGIN;" >/dev/null
ask "SET app.tenant = 'd';" >/dev/null
ask "SET TimeZone = 'Asia/Tokyo';" >/dev/null
ask "SELECT 1 / v FROM t WHERE id = 20;" >/dev/null
ask "ROLLBACK;" >/dev/null
ask "$write;" >/dev/null
is "$(last "concat_ws(' ', tenant, zone = 'Asia/Tokyo')")" "a f" "SET undone by an error on the node"
ask "RESET app.tenant;" >/dev/null
ask "$write;" >/dev/null
is "$(last "tenant = ''")" t "RESET"
ask "CREATE FUNCTION in_vienna() RETURNS void LANGUAGE plpgsql SET TimeZone = 'Europe/Vienna' SET app.tenant = 'f' AS \$\$
    BEGIN $write; END \$\$;" >/dev/null
ask "SELECT in_vienna();" >/dev/null
is "$(last "concat_ws(' ', tenant, zone)")" "f Europe/Vienna" "a function's SET clauses"
ask "$write;" >/dev/null
is "$(last "concat_ws(' ', tenant, zone = 'Europe/Vienna')")" " f" "which end with it"
ask "SET lock_timeout = '1234ms';" >/dev/null
ask "$write;" >/dev/null
is "$(last lock_wait)" 1234ms "lock_timeout"
ask "SET app.user = 'x';" >/dev/null
ask "ALTER TABLE t ADD COLUMN more int;" >/dev/null
ask "SET app.tenant = 'g';" >/dev/null
ask "ALTER TABLE t ADD COLUMN again int;" >/dev/null
ask "$write;" >/dev/null
is "$(last tenant)" g "after a statement that goes to all shards"
close_session

# What is a placeholder here is an extension's setting on the worker, whose session loads the library.
sql worker1 "ALTER ROLE herd SET session_preload_libraries = 'auto_explain'" >/dev/null
sql coordinator "CREATE ROLE sly LOGIN" "GRANT ALL ON t TO sly" >/dev/null
sql worker1 "ALTER FUNCTION note() RENAME TO note_before" "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS \$\$
    BEGIN
        INSERT INTO public.seen VALUES (current_setting('app.tenant', true), current_setting('auto_explain.log_min_duration', true));
        RETURN NULL;
    END \$\$" "DO \$\$ DECLARE shard text; BEGIN
        FOR shard IN SELECT oid::regclass FROM pg_class WHERE relname = 't' AND relkind = 'r' LOOP
            EXECUTE 'CREATE TRIGGER explained AFTER UPDATE ON ' || shard || ' FOR EACH ROW EXECUTE FUNCTION public.note()';
        END LOOP;
    END \$\$" >/dev/null
explained() { sql worker1 "SELECT concat_ws(' ', tenant, zone) FROM seen WHERE at_commit IS NULL ORDER BY number DESC LIMIT 1"; }
sql coordinator "SET ROLE sly" "SET auto_explain.log_min_duration = 5" "SET app.tenant = 's'" "$write" >/dev/null
is "$(explained)" "s -1" "a superuser's setting of an extension on the node stays the node's"
sql worker1 "ALTER ROLE herd RESET session_preload_libraries" >/dev/null

is "$(last commit)" local "synchronous_commit of the node, as this server's comes from its configuration file"
sql coordinator "SET synchronous_commit = off" "$write" >/dev/null
is "$(last commit)" off "synchronous_commit that the user chose"
sql coordinator "SET synchronous_commit = off" "$write" "RESET synchronous_commit" "$write" >/dev/null
is "$(last commit)" local "and no longer chooses"

sql coordinator "BEGIN" "$write" "SET LOCAL synchronous_commit = off" "COMMIT" >/dev/null
is "$(last commit true)" off "and chooses just before the commit"
sql worker1 "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'herd%'" >/dev/null
sql coordinator "SET app.tenant = 'h'" "$write" \
    "DO \$\$ BEGIN PERFORM pg_sleep(0.1); END \$\$" "$write" >/dev/null
is "$(last tenant)" h "on a new connection"

finish
