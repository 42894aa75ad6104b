-- Herd's functions for a server without Herd: its tables stay plain, so that the specs show what PostgreSQL itself does.
-- Distributing or undistributing a table locks it as ALTER TABLE does when it rewrites the table.
CREATE SCHEMA herd;

CREATE FUNCTION herd.lock_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', table_name);
END
$$;

CREATE FUNCTION herd.create_distributed_table(table_name regclass, distribution_column text,
        shard_count int DEFAULT NULL, colocate_with text DEFAULT 'default') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM herd.lock_table(table_name);
END
$$;

CREATE FUNCTION herd.create_reference_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM herd.lock_table(table_name);
END
$$;

CREATE FUNCTION herd.undistribute_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM herd.lock_table(table_name);
END
$$;
