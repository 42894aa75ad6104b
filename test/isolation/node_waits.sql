-- isolationtester asks the server whether a session waits for another one. PostgreSQL's answer knows this server's
-- locks only; on a coordinator a session may also wait on another node, in the backend that works for it there.
-- Such a backend says in its application_name whose it is ("herd PID COORDINATOR").
CREATE EXTENSION dblink;
CREATE SCHEMA isolation;

-- Connections are kept in the session that asks.
CREATE FUNCTION isolation.connect(name text, port int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF name = ANY (dblink_get_connections()) THEN
        RETURN name;
    END IF;
    PERFORM dblink_connect(name, format('host=%s port=%s user=postgres dbname=postgres',
                                        current_setting('unix_socket_directories'), port));
    RETURN name;
END
$$;

CREATE FUNCTION isolation.waits_on_node(name text, port int, pid int, interesting int[]) RETURNS bool
    LANGUAGE sql AS $$
    SELECT waits FROM dblink(isolation.connect(name, port), format(
        'SELECT EXISTS (
             SELECT FROM pg_stat_activity waiting, pg_stat_activity blocking
             WHERE waiting.application_name LIKE ''herd %s %%'' AND waiting.wait_event_type = ''Lock''
               AND blocking.pid = ANY (pg_blocking_pids(waiting.pid))
               AND split_part(blocking.application_name, '' '', 2) = ANY (%L))', pid, interesting::text[])) AS answer (waits bool)
$$;

-- isolationtester calls the function by name. Replacing it would not do: PostgreSQL knows built-in ones by OID.
SET allow_system_table_mods = on;
ALTER FUNCTION pg_catalog.pg_isolation_test_session_is_blocked(int, int[]) RENAME TO herd_test_waits_here;
CREATE FUNCTION pg_catalog.pg_isolation_test_session_is_blocked(pid int, interesting int[]) RETURNS bool
    LANGUAGE sql AS $$
    SELECT pg_catalog.herd_test_waits_here(pid, interesting)
        OR EXISTS (SELECT FROM herd.nodes
                   WHERE NOT is_coordinator AND isolation.waits_on_node(name, port, pid, interesting))
$$;
