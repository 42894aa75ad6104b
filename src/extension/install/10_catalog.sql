-- What is distributed, and where. These tables are not configuration tables of the extension on purpose:
-- a dump must not bring back placements of another cluster.

-- Whoever owns the schema could replace what is in it.
DO $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_namespace JOIN pg_roles ON pg_roles.oid = nspowner WHERE nspname = 'herd') THEN
        RAISE EXCEPTION 'schema "herd" exists already and is not owned by a superuser'
            USING ERRCODE = 'duplicate_schema', HINT = 'Drop or rename it, then create the extension.';
    END IF;
END $$;

CREATE TABLE herd.cluster (
    cluster_id uuid NOT NULL,
    service_role oid NOT NULL DEFAULT 0,    -- the role whose sessions may send tasks to this node; 0: none yet
    singleton bool PRIMARY KEY DEFAULT true CHECK (singleton),
    database_oid oid NOT NULL               -- where this was made: a copy by CREATE DATABASE is no coordinator
);
INSERT INTO herd.cluster (cluster_id, database_oid)
    SELECT gen_random_uuid(), oid FROM pg_database WHERE datname = current_database();

-- On a node: the coordinators that it takes tasks from. A coordinator's own incarnation is in no table, as a copy would have it too
-- (catalog/incarnation.h).
CREATE TABLE herd.coordinator (
    incarnation bigint PRIMARY KEY,
    registered_at timestamptz NOT NULL DEFAULT now()
);

-- How to connect is a SERVER of this wrapper, who connects is a USER MAPPING.
CREATE FUNCTION herd.fdw_validator(options text[], catalog oid) RETURNS void
    AS 'MODULE_PATHNAME', 'herd_fdw_validator' LANGUAGE C STRICT;
CREATE FOREIGN DATA WRAPPER herd NO HANDLER VALIDATOR herd.fdw_validator;

CREATE TABLE herd.node (
    node_id int PRIMARY KEY,                -- 0 is the coordinator itself
    name text NOT NULL UNIQUE,              -- also the name of its SERVER
    role text NOT NULL CHECK (role IN ('coordinator', 'worker')),
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'removed')),
    holds_shards bool NOT NULL DEFAULT true,
    system_identifier bigint NOT NULL,      -- the same server is not added twice
    database_name text NOT NULL,
    protocol int NOT NULL DEFAULT 0         -- newest version that it understood when it was last asked; of no use for node 0
);
INSERT INTO herd.node (node_id, name, role, system_identifier, database_name)
    SELECT 0, 'coordinator', 'coordinator', system_identifier, current_database() FROM pg_control_system();
CREATE SEQUENCE herd.node_id_seq MINVALUE 1;

CREATE TABLE herd.colocation (
    group_id int PRIMARY KEY,
    label uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),  -- names the group in tables' security labels
    method text NOT NULL CHECK (method IN ('hash', 'reference')),
    key_class text,                         -- see the hash's classes; null for reference
    key_collation oid NOT NULL DEFAULT 0,
    shard_count int NOT NULL CHECK (shard_count > 0),
    is_default bool NOT NULL DEFAULT false  -- colocate_with => 'default' may join it
);
CREATE SEQUENCE herd.group_id_seq;

-- Schemas of a group's tables by immutable number: shard 102 of a table in schema number 1 lives in herd_102_1.
CREATE TABLE herd.colocated_schema (
    group_id int NOT NULL REFERENCES herd.colocation ON DELETE CASCADE,
    schema_number int NOT NULL,
    schema_oid oid NOT NULL,
    PRIMARY KEY (group_id, schema_number),
    UNIQUE (group_id, schema_oid)
);

CREATE TABLE herd.shard (
    shard_id bigint PRIMARY KEY,
    group_id int NOT NULL REFERENCES herd.colocation ON DELETE CASCADE,
    lower_hash bigint,                      -- inclusive, 0 … 4294967295; null for reference
    upper_hash bigint,
    map_version int NOT NULL DEFAULT 1      -- counts changes of bounds and placements
);
CREATE INDEX shard_group_id_idx ON herd.shard (group_id);
CREATE SEQUENCE herd.shard_id_seq START 101;

CREATE TABLE herd.placement (
    shard_id bigint NOT NULL REFERENCES herd.shard ON DELETE CASCADE,
    node_id int NOT NULL REFERENCES herd.node,
    state text NOT NULL DEFAULT 'active' CHECK (state IN ('active')),
    PRIMARY KEY (shard_id, node_id)
);

CREATE TABLE herd.distributed_table (
    table_oid oid PRIMARY KEY,
    group_id int NOT NULL REFERENCES herd.colocation,
    schema_number int NOT NULL,
    distribution_column int                 -- attribute number; null for reference tables
);

-- On every node: the shards that it holds. Written in the transactions that change a shard's bounds or placements; the guard looks here
-- in each task's snapshot (catalog/held_shards.h). Not a foreign key: the shards of other nodes' metadata.
CREATE TABLE herd.held_shard (
    shard_id bigint PRIMARY KEY,
    map_version int NOT NULL                -- that of the shard in the coordinator's metadata
);
CREATE FUNCTION herd.held_shards_changed() RETURNS trigger
    AS 'MODULE_PATHNAME', 'herd_held_shards_changed' LANGUAGE C;
COMMENT ON FUNCTION herd.held_shards_changed() IS 'internal: sessions forget which shards they know to be held';
CREATE TRIGGER held_shards_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON herd.held_shard
    FOR EACH STATEMENT EXECUTE FUNCTION herd.held_shards_changed();
ALTER TABLE herd.held_shard ENABLE ALWAYS TRIGGER held_shards_changed;

-- Commit records: the row's existence decides that prepared transactions of this gid prefix commit.
CREATE TABLE herd.transaction (
    transaction_id bigint NOT NULL,         -- the coordinator's full transaction id
    node_id int NOT NULL,
    gid text NOT NULL,
    PRIMARY KEY (transaction_id, node_id)
);

REVOKE ALL ON ALL TABLES IN SCHEMA herd FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION herd.held_shards_changed() FROM PUBLIC;
GRANT USAGE ON SCHEMA herd TO PUBLIC;
