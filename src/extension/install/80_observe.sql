-- What goes on on all nodes. Members of pg_monitor may look; what they see of another server's sessions is what PostgreSQL shows the
-- service role there.

CREATE FUNCTION herd.ask_nodes(query text) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'herd_ask_nodes' LANGUAGE C STRICT VOLATILE ROWS 100;
COMMENT ON FUNCTION herd.ask_nodes(text) IS
    'internal: rows of a query on every server of the cluster, with the server''s name in front';
CREATE FUNCTION herd.ask_nodes(query text, away text[]) RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'herd_ask_nodes_but' LANGUAGE C STRICT VOLATILE ROWS 100;
COMMENT ON FUNCTION herd.ask_nodes(text, text[]) IS
    'internal: the same without the nodes that are away; an error if any other node can''t be asked';
CREATE FUNCTION herd.node_problem(name text) RETURNS text
    AS 'MODULE_PATHNAME', 'herd_node_problem' LANGUAGE C STRICT VOLATILE;
COMMENT ON FUNCTION herd.node_problem(text) IS 'internal: why a node can''t be asked';
REVOKE EXECUTE ON FUNCTION herd.ask_nodes(text), herd.ask_nodes(text, text[]), herd.node_problem(text) FROM PUBLIC;

CREATE FUNCTION herd.is_service_role(role oid) RETURNS bool
    LANGUAGE sql SECURITY DEFINER STABLE SET search_path = pg_catalog, pg_temp AS 'SELECT role = service_role FROM herd.cluster';
COMMENT ON FUNCTION herd.is_service_role(oid) IS 'whether this is the role whose sessions send tasks to this server';

CREATE FUNCTION herd.sessions()
    RETURNS TABLE (node text, pid int, coordinator_pid int, usename name, application_name text, state text,
                   wait_event_type text, wait_event text, backend_start timestamptz, xact_start timestamptz,
                   query_start timestamptz, query text)
    LANGUAGE sql SECURITY DEFINER VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.node, a.pid,
           CASE WHEN a.node = (SELECT name FROM herd.node WHERE node_id = 0) AND NOT a.is_task THEN a.pid
                WHEN a.is_task AND split_part(a.application_name, ' ', 3) = (SELECT system_identifier::text FROM pg_control_system())
                THEN split_part(a.application_name, ' ', 2)::int END,
           a.usename, a.application_name, a.state, a.wait_event_type, a.wait_event, a.backend_start, a.xact_start,
           a.query_start, a.query
    FROM herd.ask_nodes('SELECT pid, usename, application_name, state, wait_event_type, wait_event, backend_start, xact_start,
                                query_start, query,
                                coalesce(herd.is_service_role(usesysid) AND application_name ~ ''^herd [0-9]+ [0-9]+$'', false)
                         FROM pg_catalog.pg_stat_activity
                         WHERE backend_type = ''client backend'' AND datname = current_database()
                           AND pid <> pg_backend_pid()')
         AS a (node text, pid int, usename name, application_name text, state text, wait_event_type text, wait_event text,
               backend_start timestamptz, xact_start timestamptz, query_start timestamptz, query text, is_task bool)
$$;
COMMENT ON FUNCTION herd.sessions() IS 'sessions in this database on all nodes; see the view herd.activity';

CREATE VIEW herd.activity AS SELECT * FROM herd.sessions();
COMMENT ON VIEW herd.activity IS
    'sessions in this database on all nodes, and the coordinator''s backend that those of the nodes work for';

CREATE FUNCTION herd.held_locks()
    RETURNS TABLE (node text, pid int, coordinator_pid int, table_name regclass, shard_id bigint, relation text, locktype text,
                   mode text, granted bool, wait_start timestamptz)
    LANGUAGE sql SECURITY DEFINER VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT l.node, l.pid, s.coordinator_pid, sh.table_name, sh.shard_id, l.schema || '.' || l.relation, l.locktype, l.mode,
           l.granted, l.wait_start
    FROM herd.ask_nodes('SELECT l.pid, n.nspname::text, c.relname::text, l.locktype, l.mode, l.granted, l.waitstart
                         FROM pg_catalog.pg_locks l
                         LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
                         LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                         WHERE l.pid IS NOT NULL AND l.pid <> pg_backend_pid()
                           AND (l.database IS NULL
                                OR l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))')
         AS l (node text, pid int, schema text, relation text, locktype text, mode text, granted bool, wait_start timestamptz)
    LEFT JOIN (SELECT node, pid, coordinator_pid FROM herd.sessions()) s USING (node, pid)
    LEFT JOIN (SELECT h.node, h.shard_schema, h.shard_id, h.table_name, r.relname::text
               FROM herd.shards h JOIN pg_class r ON r.oid = h.table_name) sh
           ON (sh.node, sh.shard_schema, sh.relname) = (l.node, l.schema, l.relation)
$$;
COMMENT ON FUNCTION herd.held_locks() IS 'locks on all nodes; see the view herd.locks';

CREATE VIEW herd.locks AS SELECT * FROM herd.held_locks();
COMMENT ON VIEW herd.locks IS 'locks held and awaited on all nodes, with the table that a shard belongs to';

CREATE FUNCTION herd.waiting_sessions()
    RETURNS TABLE (node text, waiting_pid int, waiting_coordinator_pid int, waiting_query text, blocking_pid int,
                   blocking_coordinator_pid int, blocking_query text, waiting_since timestamptz)
    LANGUAGE sql SECURITY DEFINER VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    WITH sessions AS MATERIALIZED (SELECT * FROM herd.sessions()),
         -- What the client said, where it is known, else what the node was told.
         statements AS (SELECT s.node, s.pid, s.coordinator_pid, coalesce(c.query, s.query) AS query
                        FROM sessions s
                        LEFT JOIN sessions c ON c.pid = s.coordinator_pid
                                            AND c.node = (SELECT name FROM herd.node WHERE node_id = 0))
    SELECT w.node, w.pid, waiting.coordinator_pid, waiting.query, w.blocking_pid, blocking.coordinator_pid, blocking.query,
           w.since
    FROM herd.ask_nodes('SELECT DISTINCT l.pid, b.pid, l.waitstart
                         FROM pg_catalog.pg_locks l CROSS JOIN LATERAL unnest(pg_catalog.pg_blocking_pids(l.pid)) AS b (pid)
                         WHERE NOT l.granted')
         AS w (node text, pid int, blocking_pid int, since timestamptz)
    JOIN statements waiting ON (waiting.node, waiting.pid) = (w.node, w.pid)
    LEFT JOIN statements blocking ON (blocking.node, blocking.pid) = (w.node, w.blocking_pid)
$$;
COMMENT ON FUNCTION herd.waiting_sessions() IS 'who waits for whose locks on all nodes; see the view herd.lock_waits';

CREATE VIEW herd.lock_waits AS SELECT * FROM herd.waiting_sessions();
COMMENT ON VIEW herd.lock_waits IS
    'who waits for whose locks on all nodes; blocking_pid 0 is a prepared transaction, see herd.transactions';

REVOKE EXECUTE ON FUNCTION herd.sessions(), herd.held_locks(), herd.waiting_sessions() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION herd.sessions(), herd.held_locks(), herd.waiting_sessions() TO pg_monitor;
GRANT SELECT ON herd.activity, herd.locks, herd.lock_waits TO pg_monitor;

-- How a table and a shard of it are defined, as far as both must be the same.
CREATE FUNCTION herd.definition_query(shards_only bool) RETURNS text LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT format($q$
        SELECT n.nspname::text AS schema, c.relname::text AS relname, c.oid AS oid,
               concat_ws(E'\n',
                   (SELECT string_agg(format('column %%s %%s%%s', a.attname, format_type(a.atttypid, a.atttypmod),
                                             CASE WHEN a.attnotnull THEN ' not null' END), E'\n' ORDER BY a.attnum)
                    FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
                   (SELECT string_agg(format('constraint %%s %%s%%s%%s', o.conname, o.contype,
                                             CASE WHEN o.condeferrable THEN ' deferrable' END,
                                             CASE WHEN NOT o.convalidated THEN ' not valid' END), E'\n' ORDER BY o.conname)
                    FROM pg_catalog.pg_constraint o WHERE o.conrelid = c.oid),
                   (SELECT string_agg(format('index %%s%%s (%%s)', ic.relname, CASE WHEN i.indisunique THEN ' unique' END,
                                             (SELECT string_agg(pg_get_indexdef(i.indexrelid, k, true), ', ' ORDER BY k)
                                              FROM generate_series(1, i.indnatts) k)), E'\n' ORDER BY ic.relname)
                    FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
                    WHERE i.indrelid = c.oid)) AS definition
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND %s$q$,
        CASE WHEN shards_only THEN $c$n.nspname ~ '^herd_[0-9]+_[0-9]+$'$c$
             ELSE $c$c.oid IN (SELECT table_oid FROM herd.distributed_table)$c$ END)
$$;
COMMENT ON FUNCTION herd.definition_query(bool) IS 'internal: a query for the definitions of shards or of distributed tables';
REVOKE EXECUTE ON FUNCTION herd.definition_query(bool) FROM PUBLIC;

CREATE FUNCTION herd.collation_query() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format($q$
        SELECT 'default', concat_ws(' ', datlocprovider, datcollate, datctype, daticulocale, pg_database_collation_actual_version(oid))
        FROM pg_catalog.pg_database WHERE datname = current_database()
        UNION ALL
        SELECT collname::text, concat_ws(' ', collprovider, collcollate, collctype, colliculocale, pg_collation_actual_version(oid))
        FROM pg_catalog.pg_collation WHERE collencoding IN (-1, pg_char_to_encoding(getdatabaseencoding())) AND collname IN (%s)
        $q$, coalesce(string_agg(DISTINCT quote_literal(c.collname), ', '), 'NULL'))
    FROM herd.distributed_table t
    JOIN pg_attribute a ON a.attrelid = t.table_oid
    JOIN pg_collation c ON c.oid = a.attcollation AND c.collname NOT IN ('default', 'C', 'POSIX')
$$;
COMMENT ON FUNCTION herd.collation_query() IS 'internal: a query for how the collations of distributed tables are defined';
REVOKE EXECUTE ON FUNCTION herd.collation_query() FROM PUBLIC;

CREATE FUNCTION herd.stray_sessions() RETURNS SETOF herd.activity
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    tasks herd.activity[] := ARRAY(SELECT s FROM herd.sessions() s
                                   WHERE s.node <> (SELECT n.name FROM herd.node n WHERE n.node_id = 0)
                                     AND s.coordinator_pid IS NOT NULL);
BEGIN
    -- Backends that came while the nodes were asked are to be known, too.
    PERFORM pg_stat_clear_snapshot();
    RETURN QUERY SELECT t.* FROM unnest(tasks) t
                 WHERE NOT EXISTS (SELECT FROM pg_stat_activity b WHERE b.pid = t.coordinator_pid);
END
$$;
COMMENT ON FUNCTION herd.stray_sessions() IS 'internal: sessions of the nodes that work for a backend that has just ended, or long ago';
REVOKE EXECUTE ON FUNCTION herd.stray_sessions() FROM PUBLIC;

CREATE FUNCTION herd.find_problems() RETURNS TABLE (node text, problem text, object text, hint text)
    LANGUAGE plpgsql SECURITY DEFINER VOLATILE SET search_path = pg_catalog, pg_temp SET client_min_messages = error AS $$
DECLARE
    away text[] := '{}';
    stray herd.activity[];
BEGIN
    FOR node, problem IN
        SELECT n.name, herd.node_problem(n.name) FROM herd.node n WHERE n.state = 'active' AND n.node_id <> 0
    LOOP
        CONTINUE WHEN problem IS NULL;
        away := away || node;
        object := problem;
        problem := 'node can not be asked';
        hint := 'What is on it was not compared.';
        RETURN NEXT;
    END LOOP;

    -- Relations: what the metadata says against what is there.
    RETURN QUERY EXECUTE format($q$
        WITH shells AS (%s),
             expected AS (SELECT h.node, h.shard_schema AS schema, s.relname, s.definition
                          FROM herd.shards h JOIN shells s ON s.oid = h.table_name
                          WHERE h.node <> ALL ($1)),
             found AS (SELECT f.node, f.schema, f.relname, f.definition
                       FROM herd.ask_nodes(herd.definition_query(true), $1)
                            AS f (node text, schema text, relname text, oid oid, definition text))
        SELECT coalesce(e.node, f.node),
               CASE WHEN f.node IS NULL THEN 'shard is missing'
                    WHEN e.node IS NULL THEN 'shard belongs to no table'
                    ELSE 'shard is defined otherwise than its table' END,
               coalesce(e.schema, f.schema) || '.' || coalesce(e.relname, f.relname),
               CASE WHEN f.node IS NULL THEN 'Restore it from a backup.'
                    WHEN e.node IS NULL THEN 'If nothing in it is needed, drop its schema on that node.'
                    ELSE (SELECT string_agg(d.side || ': ' || d.line, '; ')
                          FROM ((SELECT 'only the table has' AS side, line FROM string_to_table(e.definition, E'\n') line
                                 EXCEPT SELECT 'only the table has', line FROM string_to_table(f.definition, E'\n') line)
                                UNION ALL
                                (SELECT 'only the shard has', line FROM string_to_table(f.definition, E'\n') line
                                 EXCEPT SELECT 'only the shard has', line FROM string_to_table(e.definition, E'\n') line)) d) END
        FROM expected e FULL JOIN found f USING (node, schema, relname)
        WHERE e.definition IS DISTINCT FROM f.definition
        ORDER BY 1, 3$q$, herd.definition_query(false)) USING away;

    RETURN QUERY
        SELECT s.node, 'schema belongs to no shard', s.schema, 'Drop it on that node.'
        FROM herd.ask_nodes('SELECT nspname::text FROM pg_catalog.pg_namespace n WHERE nspname ~ ''^herd_[0-9]+_[0-9]+$''
                             AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid)', away)
             AS s (node text, schema text)
        WHERE NOT EXISTS (SELECT FROM herd.shards h WHERE h.node = s.node AND h.shard_schema = s.schema);

    RETURN QUERY
        SELECT coalesce(e.node, h.node),
               CASE WHEN h.node IS NULL THEN 'node does not know that it holds the shard'
                    WHEN e.node IS NULL THEN 'node claims a shard that is not placed there'
                    ELSE 'node knows another version of the shard''s map' END,
               'shard ' || coalesce(e.shard_id, h.shard_id),
               'Tasks of the shard are refused there. Its row in herd.held_shard must be as the coordinator''s in herd.shard.'
        FROM (SELECT n.name AS node, s.shard_id, s.map_version
              FROM herd.placement p JOIN herd.shard s USING (shard_id) JOIN herd.node n USING (node_id)
              WHERE n.name <> ALL (away)) e
        FULL JOIN herd.ask_nodes('SELECT shard_id, map_version FROM herd.held_shard', away)
             AS h (node text, shard_id bigint, map_version int) USING (node, shard_id)
        WHERE e.map_version IS DISTINCT FROM h.map_version
        ORDER BY 1, 3;

    -- Collations that matter: the database's and those of columns. Locales without a version are taken to be the same everywhere.
    RETURN QUERY EXECUTE format($q$
        SELECT n.node, 'collation is another', o.name, 'Have the same versions of the C library and of ICU on all nodes: rows may be sorted '
               'and compared wrongly.'
        FROM (%1$s) AS o (name, definition)
        CROSS JOIN (SELECT DISTINCT node FROM herd.ask_nodes('SELECT 1', $1) AS (node text, one int)) n
        LEFT JOIN herd.ask_nodes(%1$L, $1) AS f (node text, name text, definition text) USING (node, name)
        WHERE f.definition IS DISTINCT FROM o.definition ORDER BY 1, 3$q$, herd.collation_query()) USING away;

    RETURN QUERY
        SELECT t.node, 'transaction is prepared for long', t.gid, 'The background worker should have finished it: look at its log.'
        FROM herd.transactions t
        WHERE t.is_own AND t.state <> 'running' AND t.age > interval '10 seconds';

    RETURN QUERY
        SELECT r.node, 'replication slot is left over', r.slot, 'Drop it on that node: it keeps the log from being removed.'
        FROM herd.ask_nodes('SELECT slot_name::text FROM pg_catalog.pg_replication_slots
                             WHERE slot_name ~ ''^herd_'' AND NOT active AND database = current_database()', away)
             AS r (node text, slot text);

    -- A node's session ends a little later than the backend that it works for. One that doesn't is a problem.
    FOR try IN 1..20 LOOP
        stray := ARRAY(SELECT s FROM herd.stray_sessions() s
                       WHERE stray IS NULL OR (s.node, s.pid) IN (SELECT earlier.node, earlier.pid FROM unnest(stray) earlier));
        EXIT WHEN stray = '{}';
        PERFORM pg_sleep(0.1);
    END LOOP;
    RETURN QUERY
        SELECT s.node, 'session works for a backend that has ended', 'process ' || s.pid, 'It ends when the network notices, or by '
               'pg_terminate_backend() on that node.'
        FROM unnest(stray) s;

    RETURN QUERY
        SELECT o.node, 'node has another version', 'protocol ' || o.protocol, 'Install the coordinator''s version of Herd there, or the node''s here.'
        FROM herd.ask_nodes('SELECT current_setting(''herd.protocol'')::int', away) AS o (node text, protocol int)
        WHERE o.protocol <> current_setting('herd.protocol')::int;

    RETURN QUERY
        SELECT n.name, 'role is missing', r.rolname::text, 'SELECT herd.sync_roles().'
        FROM herd.node n CROSS JOIN pg_roles r
        WHERE n.state = 'active' AND n.node_id <> 0 AND n.name <> ALL (away) AND r.rolname !~ '^pg_'
          AND NOT EXISTS (SELECT FROM herd.ask_nodes('SELECT rolname FROM pg_catalog.pg_roles', away) AS o (node text, role name)
                          WHERE o.node = n.name AND o.role = r.rolname);
END
$$;
COMMENT ON FUNCTION herd.find_problems() IS 'internal: what herd.check_cluster() says; an error if a node is lost on the way';
REVOKE EXECUTE ON FUNCTION herd.find_problems() FROM PUBLIC;

CREATE FUNCTION herd.check_cluster() RETURNS TABLE (node text, problem text, object text, hint text)
    LANGUAGE plpgsql SECURITY DEFINER VOLATILE SET search_path = pg_catalog, pg_temp SET client_min_messages = error AS $$
BEGIN
    FOR try IN 1..2 LOOP
        BEGIN
            RETURN QUERY SELECT * FROM herd.find_problems();
            RETURN;
        EXCEPTION WHEN connection_exception THEN
            -- A node was lost on the way. What is known of it is not compared: it may be away the next time, or there again.
        END;
    END LOOP;
    RETURN QUERY SELECT * FROM herd.find_problems();
END
$$;
COMMENT ON FUNCTION herd.check_cluster() IS
    'what is otherwise on the nodes than the metadata says; no rows: all is well';
REVOKE EXECUTE ON FUNCTION herd.check_cluster() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION herd.check_cluster() TO pg_monitor;

CREATE FUNCTION herd.check_reference_table(table_name regclass) RETURNS TABLE (node text, row_count bigint, checksum numeric, agrees bool)
    LANGUAGE plpgsql SECURITY DEFINER VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    copy text := (SELECT format('%I.%I', h.shard_schema, r.relname)
                  FROM herd.shards h JOIN pg_class r ON r.oid = h.table_name
                  WHERE h.table_name = check_reference_table.table_name LIMIT 1);
BEGIN
    IF NOT EXISTS (SELECT FROM herd.tables t WHERE t.table_name = check_reference_table.table_name AND t.method = 'reference') THEN
        RAISE EXCEPTION 'table "%" is not a reference table', table_name USING ERRCODE = 'wrong_object_type';
    END IF;
    RETURN QUERY
        SELECT c.node, c.row_count, c.checksum,
               (c.row_count, c.checksum) IS NOT DISTINCT FROM
               (first_value(c.row_count) OVER copies, first_value(c.checksum) OVER copies)
        FROM herd.ask_nodes(format('SELECT count(*), sum(hashtextextended(r::text, 0)::numeric) FROM %s r', copy))
             AS c (node text, row_count bigint, checksum numeric)
        WINDOW copies AS (ORDER BY c.node = (SELECT name FROM herd.node WHERE node_id = 0) DESC
                          ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
        ORDER BY c.node;
END
$$;
COMMENT ON FUNCTION herd.check_reference_table(regclass) IS
    'rows of each copy of a reference table, and whether they agree with those of the coordinator''s';
REVOKE EXECUTE ON FUNCTION herd.check_reference_table(regclass) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION herd.check_reference_table(regclass) TO pg_read_all_data;
