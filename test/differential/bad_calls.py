"""Wrong calls: name, statements (the last one is wrong), SQLSTATE, pattern of the message.

SQLSTATE None: it must work, odd as it looks; all is rolled back. AS_OWNER and AS_OTHER run as roles without
privileges; the table of the call belongs to the former. {…} are ports, see bad_input.py.
"""
AS_OWNER = "SET LOCAL ROLE herd_test_owner"
AS_OTHER = "SET LOCAL ROLE herd_test_other"

NULL_ARGUMENT = "22004"
INVALID_PARAMETER = "22023"
NOT_SUPPORTED = "0A000"
NO_PRIVILEGE = "42501"
NO_TABLE = "42P01"
NO_COLUMN = "42703"
NO_OBJECT = "42704"
DUPLICATE = "42710"
WRONG_KIND = "42809"
TYPE_MISMATCH = "42804"
NAME_TOO_LONG = "42622"
IN_USE = "55006"
NOT_READY = "55000"
NO_CONNECTION = "08001"
DEPENDENT = "2BP01"
NOT_DISTRIBUTED = "HR003"

NODE_CALLS = [
    ("host doesn't exist", "SELECT herd.add_node('no-such-host.invalid', 5432, 'n')", NO_CONNECTION, "node \"n\""),
    ("nobody listens", "SELECT herd.add_node('127.0.0.1', {closed_port}, 'n')", NO_CONNECTION, "node \"n\""),
    ("no PostgreSQL answers", "SELECT herd.add_node('127.0.0.1', {strange_port}, 'n')", NO_CONNECTION, "node \"n\""),
    ("port 0", "SELECT herd.add_node('127.0.0.1', 0, 'n')", INVALID_PARAMETER, "invalid port: 0"),
    ("negative port", "SELECT herd.add_node('127.0.0.1', -1, 'n')", INVALID_PARAMETER, "invalid port: -1"),
    ("port too large", "SELECT herd.add_node('127.0.0.1', 65536, 'n')", INVALID_PARAMETER, "invalid port: 65536"),
    ("empty host", "SELECT herd.add_node('', 5432, 'n')", INVALID_PARAMETER, "\"host\" must not be empty"),
    ("empty node name", "SELECT herd.add_node('127.0.0.1', {worker_port}, '')", INVALID_PARAMETER, "\"name\" must not be empty"),
    ("null host", "SELECT herd.add_node(NULL, 5432, 'n')", NULL_ARGUMENT, "\"host\" must not be null"),
    ("null port", "SELECT herd.add_node('127.0.0.1', NULL, 'n')", NULL_ARGUMENT, "\"port\" must not be null"),
    ("null database", "SELECT herd.add_node('127.0.0.1', 1, 'n', NULL)", NULL_ARGUMENT, "\"dbname\" must not be null"),
    ("same server twice", "SELECT herd.add_node('127.0.0.1', {worker_port}, 'again')", DUPLICATE, "is already node \"worker1\""),
    ("same server by another name of the host", "SELECT herd.add_node('localhost', {worker_port}, 'again')", DUPLICATE,
     "is already node \"worker1\""),
    ("the coordinator itself", "SELECT herd.add_node('127.0.0.1', {own_port}, 'me')", DUPLICATE, "is already node \"coordinator\""),
    ("node name taken", "SELECT herd.add_node('127.0.0.1', {closed_port}, 'worker1')", DUPLICATE, "node \"worker1\" already exists"),
    ("no such database", "SELECT herd.add_node('127.0.0.1', {worker_port}, 'n', 'no such db')", NO_CONNECTION, "node \"n\""),
    ("database without herd", "SELECT herd.add_node('127.0.0.1', {worker_port}, 'n', 'template1')", NOT_READY,
     "\"herd\" is not installed on node \"n\""),
    ("host with spaces and quotes", "SELECT herd.add_node('a b''c=d', 5432, 'n')", NO_CONNECTION, "node \"n\""),
    ("options smuggled into host", "SELECT herd.add_node('127.0.0.1 port={worker_port}', {closed_port}, 'n')", NO_CONNECTION,
     "node \"n\""),
    ("options smuggled into database", "SELECT herd.add_node('127.0.0.1', {closed_port}, 'n', 'x host=localhost port={worker_port}')",
     NO_CONNECTION, "node \"n\""),
    ("node name with quotes", "SELECT herd.add_node('127.0.0.1', {closed_port}, 'a\"; DROP TABLE bad.keep; --''')", NO_CONNECTION,
     "DROP TABLE bad.keep"),
    ("unicode node name", "SELECT herd.add_node('127.0.0.1', {closed_port}, 'knöten ☃')", NO_CONNECTION, "node \"knöten ☃\""),
    ("63 bytes of node name", "SELECT herd.add_node('127.0.0.1', {closed_port}, repeat('n', 63))", NO_CONNECTION, "node \"n{{63}}\""),
    ("64 bytes of node name", "SELECT herd.add_node('127.0.0.1', {worker_port}, repeat('n', 64))", NAME_TOO_LONG, "\"name\" is too long"),
    ("add_node by anybody", f"{AS_OWNER}; SELECT herd.add_node('127.0.0.1', {{closed_port}}, 'n')", NO_PRIVILEGE, "permission denied"),
    ("remove_node by anybody", f"{AS_OWNER}; SELECT herd.remove_node('worker1')", NO_PRIVILEGE, "permission denied"),
    ("set_node_holds_shards by anybody", f"{AS_OWNER}; SELECT herd.set_node_holds_shards('worker1', false)", NO_PRIVILEGE,
     "permission denied"),
    ("set_service_role by anybody", f"{AS_OWNER}; SELECT herd.set_service_role('herd_test_owner', 'x')", NO_PRIVILEGE,
     "permission denied"),
    ("join_cluster by anybody", f"{AS_OWNER}; SELECT herd.join_cluster(gen_random_uuid())", NO_PRIVILEGE, "permission denied"),
    ("recover_transactions by anybody", f"{AS_OWNER}; SELECT herd.recover_transactions()", NO_PRIVILEGE, "permission denied"),
    ("join_cluster on a coordinator", "SELECT herd.join_cluster(gen_random_uuid())", NOT_READY, "coordinator of another cluster"),
    ("join_cluster null", "SELECT herd.join_cluster(NULL)", NULL_ARGUMENT, "must not be null"),
    ("remove_node unknown", "SELECT herd.remove_node('nobody')", NO_OBJECT, "node \"nobody\" does not exist"),
    ("remove_node with quotes", "SELECT herd.remove_node('worker1'' OR ''1''=''1')", NO_OBJECT, "does not exist"),
    ("remove_node null", "SELECT herd.remove_node(NULL)", NULL_ARGUMENT, "\"name\" must not be null"),
    ("remove_node coordinator", "SELECT herd.remove_node('coordinator')", INVALID_PARAMETER, "coordinator can't be removed"),
    ("remove_node with shards", "SELECT herd.remove_node('worker1')", IN_USE, "node \"worker1\" holds shards"),
    ("holds_shards of unknown", "SELECT herd.set_node_holds_shards('nobody', true)", NO_OBJECT, "node \"nobody\" does not exist"),
    ("holds_shards null", "SELECT herd.set_node_holds_shards('worker1', NULL)", NULL_ARGUMENT, "\"holds_shards\" must not be null"),
    ("holds_shards null name", "SELECT herd.set_node_holds_shards(NULL, true)", NULL_ARGUMENT, "\"name\" must not be null"),
    ("service role null", "SELECT herd.set_service_role(NULL, 'x')", NULL_ARGUMENT, "must not be null"),
    ("drop a node's server", "DROP SERVER worker1", DEPENDENT + "|" + NOT_SUPPORTED + "|" + IN_USE, "worker1"),
    ("drop a node's server and all", "DROP SERVER worker1 CASCADE", DEPENDENT + "|" + NOT_SUPPORTED + "|" + IN_USE, "worker1"),
    ("drop extension", "DROP EXTENSION herd", DEPENDENT, "cannot drop extension herd"),
    ("drop extension and all", "DROP EXTENSION herd CASCADE", DEPENDENT, "cannot drop extension herd"),
]


def distribute(arguments):
    return f"SELECT herd.create_distributed_table({arguments})"


KEY_TYPES = ["j", "js", "iv", "ia", "p", "d", "pt", "ts", "ip", "m", "b", "t", "tz", "r", "x", "n", "ch", "lsn"]

TABLE_CALLS = [
    ("no such table", distribute("'bad.nowhere', 'id'"), NO_TABLE, "\"bad.nowhere\" does not exist"),
    ("no such OID", distribute("99999999::oid::regclass, 'id'"), NO_TABLE, "OID 99999999"),
    ("null table", distribute("NULL, 'id'"), NULL_ARGUMENT, "\"table_name\" must not be null"),
    ("null column", distribute("'bad.keep', NULL"), NULL_ARGUMENT, "\"distribution_column\" must not be null"),
    ("null colocate_with", distribute("'bad.keep', 'id', 4, NULL"), NULL_ARGUMENT, "\"colocate_with\" must not be null"),
    ("number for a column", distribute("'bad.keep', 1"), "42883", "does not exist"),
    ("no such column", distribute("'bad.keep', 'nothing'"), NO_COLUMN, "column \"nothing\" of relation \"keep\" does not exist"),
    ("empty column", distribute("'bad.keep', ''"), NO_COLUMN, "column \"\" of relation \"keep\" does not exist"),
    ("column in capitals", distribute("'bad.keep', 'ID'"), NO_COLUMN, "column \"ID\" of relation"),
    ("column in quotes", distribute("'bad.keep', '\"id\"'"), NO_COLUMN, "of relation \"keep\" does not exist"),
    ("system column", distribute("'bad.keep', 'ctid'"), NO_COLUMN + "|" + NOT_SUPPORTED, "ctid"),
    ("dropped column", distribute("'bad.dropped_column', 'gone'"), NO_COLUMN, "\"gone\" of relation \"dropped_column\" does not exist"),
    ("name of a dropped column", distribute("'bad.dropped_column', '........pg.dropped.2........'"), NO_COLUMN, "does not exist"),
    ("64 bytes of column", distribute("'bad.keep', repeat('k', 64)"), NO_COLUMN, "does not exist"),
    ("statement for a column", distribute("'bad.keep', 'id); DROP TABLE bad.keep; --'"), NO_COLUMN, "does not exist"),
    ("table without columns", distribute("'bad.no_columns', 'id'"), NO_COLUMN, "of relation \"no_columns\" does not exist"),
    *[(f"key type of column {column}", distribute(f"'bad.types', '{column}'"), NOT_SUPPORTED,
       f"column \"{column}\" of type .* can't be the distribution column") for column in KEY_TYPES],
    ("nondeterministic collation", distribute("'bad.types', 'ci'"), NOT_SUPPORTED, "column \"ci\" has a nondeterministic collation"),
    ("no shards", distribute("'bad.keep', 'id', 0"), INVALID_PARAMETER, "invalid shard_count: 0"),
    ("fewer than no shards", distribute("'bad.keep', 'id', -1"), INVALID_PARAMETER, "invalid shard_count: -1"),
    ("too many shards", distribute("'bad.keep', 'id', 2000000000"), INVALID_PARAMETER, "invalid shard_count: 2000000000"),
    ("colocated with nothing", distribute("'bad.keep', 'id', NULL, 'bad.nowhere'"), NO_TABLE, "\"bad.nowhere\" does not exist"),
    ("colocated with a statement", distribute("'bad.keep', 'id', NULL, 'bad.spread; DROP TABLE bad.keep'"), NO_TABLE + "|42602",
     "bad.spread; DROP|invalid name syntax"),
    ("colocated with a local table", distribute("'bad.keep', 'id', NULL, 'bad.owned'"), NOT_DISTRIBUTED, "\"owned\" is not a distributed table"),
    ("colocated with a view", distribute("'bad.keep', 'id', NULL, 'bad.view'"), NOT_DISTRIBUTED + "|" + WRONG_KIND, "\"view\" is not"),
    ("colocated with itself", distribute("'bad.keep', 'id', NULL, 'bad.keep'"), NOT_DISTRIBUTED, "\"keep\" is not a distributed table"),
    ("colocated with a reference table", distribute("'bad.keep', 'id', NULL, 'bad.ref'"), NOT_SUPPORTED + "|" + INVALID_PARAMETER + "|" + WRONG_KIND, "ref"),
    ("colocated with another type", distribute("'bad.keep', 'id', NULL, 'bad.by_text'"), INVALID_PARAMETER, "table \"keep\" can't be colocated with \"by_text\""),
    ("colocated with another count", distribute("'bad.keep', 'id', 7, 'bad.spread'"), INVALID_PARAMETER, "table \"keep\" can't be colocated with \"spread\""),
    ("primary key without the column", distribute("'bad.wrong_primary_key', 'k'"), NOT_SUPPORTED, "wrong_primary_key_pkey"),
    ("unique without the column", distribute("'bad.wrong_unique', 'id'"), NOT_SUPPORTED, "wrong_unique_k_key"),
    ("unique index without the column", distribute("'bad.wrong_unique_index', 'id'"), NOT_SUPPORTED, "wrong_unique_index_v"),
    ("exclusion without the column", distribute("'bad.wrong_exclusion', 'id'"), NOT_SUPPORTED, "wrong_exclusion_v_excl"),
    ("foreign key to a local table", distribute("'bad.key_to_local', 'id'"), NOT_SUPPORTED, "key_to_local_k_fkey|key_to_local"),
    ("foreign key from a filled local table", distribute("'bad.key_from_local', 'id'"), NOT_SUPPORTED, "key_from_local"),
    ("foreign key to itself", distribute("'bad.key_to_itself', 'id'"), NOT_SUPPORTED, "key_to_itself"),
    ("trigger", distribute("'bad.with_trigger', 'id'"), NOT_SUPPORTED, "trigger|with_trigger"),
    ("rule", distribute("'bad.with_rule', 'id'"), NOT_SUPPORTED, "rule"),
    ("partitioned table", distribute("'bad.parted', 'id'"), NOT_SUPPORTED, "partitioned"),
    ("partition", distribute("'bad.part', 'id'"), NOT_SUPPORTED, "partition"),
    ("parent", distribute("'bad.parent', 'id'"), NOT_SUPPORTED, "inherit|parent"),
    ("child", distribute("'bad.child', 'id'"), NOT_SUPPORTED, "inherit|child"),
    ("view", distribute("'bad.view', 'id'"), NOT_SUPPORTED, "view \"view\" can't be distributed"),
    ("materialized view", distribute("'bad.matview', 'id'"), NOT_SUPPORTED, "view \"matview\" can't be distributed"),
    ("sequence", distribute("'bad.seq', 'last_value'"), WRONG_KIND, "\"seq\" is not a table"),
    ("index", distribute("'bad.keep_pkey', 'id'"), WRONG_KIND, "\"keep_pkey\" is not a table|\"keep_pkey\" is an index"),
    ("composite type", distribute("'bad.pair', 'a'"), WRONG_KIND, "\"pair\" is not a table|\"pair\" is a composite type"),
    ("foreign table", distribute("'bad.far', 'id'"), WRONG_KIND + "|" + NOT_SUPPORTED, "far"),
    ("temporary table", "CREATE TEMP TABLE bad_temp (id int); " + distribute("'bad_temp', 'id'"), NOT_SUPPORTED, "temporary"),
    ("catalog", distribute("'pg_class', 'oid'"), NOT_SUPPORTED + "|" + NO_PRIVILEGE, "pg_class|catalog"),
    ("catalog of the cluster", distribute("'herd.shard', 'shard_id'"), NOT_SUPPORTED + "|" + NO_PRIVILEGE, "shard|herd"),
    ("information schema", distribute("'information_schema.sql_features', 'feature_id'"), NOT_SUPPORTED, "sql_features|catalog|schema"),
    ("distributed already", distribute("'bad.spread', 'id'"), DUPLICATE, "table \"spread\" is already distributed"),
    ("reference already", distribute("'bad.ref', 'code'"), DUPLICATE, "table \"ref\" is already distributed"),
    ("reference twice", "SELECT herd.create_reference_table('bad.ref')", DUPLICATE, "table \"ref\" is already distributed"),
    ("reference of distributed", "SELECT herd.create_reference_table('bad.spread')", DUPLICATE, "table \"spread\" is already distributed"),
    ("reference null", "SELECT herd.create_reference_table(NULL)", NULL_ARGUMENT, "\"table_name\" must not be null"),
    ("reference of view", "SELECT herd.create_reference_table('bad.view')", NOT_SUPPORTED, "view \"view\" can't be distributed"),
    ("reference of trigger", "SELECT herd.create_reference_table('bad.with_trigger')", NOT_SUPPORTED, "trigger"),
    ("undistribute local", "SELECT herd.undistribute_table('bad.keep')", NOT_DISTRIBUTED, "\"keep\" is not a distributed table"),
    ("undistribute null", "SELECT herd.undistribute_table(NULL)", NULL_ARGUMENT, "\"table_name\" must not be null"),
    ("undistribute no such", "SELECT herd.undistribute_table('bad.nowhere')", NO_TABLE, "does not exist"),
    ("distributing another's table", f"{AS_OTHER}; " + distribute("'bad.keep', 'id'"), NO_PRIVILEGE, "must be owner of table keep"),
    ("reference of another's table", f"{AS_OTHER}; SELECT herd.create_reference_table('bad.owned')", NO_PRIVILEGE,
     "must be owner of table owned"),
    ("undistributing another's table", f"{AS_OTHER}; SELECT herd.undistribute_table('bad.spread')", NO_PRIVILEGE, "must be owner of table spread"),
    ("sizes of another's table", f"{AS_OTHER}; SELECT * FROM herd.shard_sizes('bad.spread')", NO_PRIVILEGE, "spread"),
    ("reading another's distributed table", f"{AS_OTHER}; SELECT * FROM bad.spread", NO_PRIVILEGE, "permission denied for table spread"),
    ("writing another's distributed table", f"{AS_OTHER}; INSERT INTO bad.spread VALUES (1)", NO_PRIVILEGE, "permission denied for table spread"),
    ("dropping another's distributed table", f"{AS_OTHER}; DROP TABLE bad.spread", NO_PRIVILEGE, "must be owner of table spread"),
    ("truncating another's distributed table", f"{AS_OTHER}; TRUNCATE bad.spread", NO_PRIVILEGE, "permission denied for table spread"),
    ("copying another's distributed table", f"{AS_OTHER}; COPY bad.spread TO STDOUT", NO_PRIVILEGE, "permission denied for table spread"),
    ("writing metadata", f"{AS_OTHER}; DELETE FROM herd.placement", NO_PRIVILEGE, "permission denied for table placement"),
    ("reading metadata", f"{AS_OTHER}; SELECT * FROM herd.cluster", NO_PRIVILEGE, "permission denied for table cluster"),
    ("reading secrets", f"{AS_OTHER}; SELECT umoptions FROM pg_user_mapping", NO_PRIVILEGE, "permission denied"),
    ("in a read-only transaction", "SET TRANSACTION READ ONLY; " + distribute("'bad.keep', 'id'"), "25006", "read-only transaction"),
    ("undistributing read-only", "SET TRANSACTION READ ONLY; SELECT herd.undistribute_table('bad.spread')", "25006", "read-only transaction"),
    ("in a failing function", "DO $$ BEGIN PERFORM herd.create_distributed_table('bad.keep', 'id', 4); RAISE 'after all'; END $$",
     "P0001", "after all"),
]

FUNCTION_CALLS = [
    ("hash of an untyped value", "SELECT herd.hash('x')", TYPE_MISMATCH, "could not determine polymorphic type"),
    ("hash of an untyped null", "SELECT herd.hash(NULL)", TYPE_MISMATCH, "could not determine polymorphic type"),
    ("hash of an interval", "SELECT herd.hash(interval '1 day')", NOT_SUPPORTED, "type interval cannot be a distribution key"),
    ("hash of an array", "SELECT herd.hash(ARRAY[1])", NOT_SUPPORTED, "integer\\[\\] cannot be a distribution key"),
    ("hash of a row", "SELECT herd.hash(k) FROM bad.keep AS k", NOT_SUPPORTED, "cannot be a distribution key"),
    ("hash under a collation", "SELECT herd.hash('x'::text COLLATE bad.ci)", NOT_SUPPORTED, "collation \"ci\""),
    ("shard of a local table", "SELECT herd.get_shard_id('bad.keep', 1)", NOT_DISTRIBUTED, "\"keep\" is not a distributed table"),
    ("shard of another type", "SELECT herd.get_shard_id('bad.spread', 'x'::text)", TYPE_MISMATCH, "type text is no key of table \"spread\""),
    ("shard of null table", "SELECT herd.get_shard_id(NULL, 1)", NULL_ARGUMENT, "\"table_name\" must not be null"),
    ("sizes of null table", "SELECT * FROM herd.shard_sizes(NULL)", NULL_ARGUMENT, "\"table_name\" must not be null"),
    ("sizes of a local table", "SELECT * FROM herd.shard_sizes('bad.keep')", NOT_DISTRIBUTED, "\"keep\" is not a distributed table"),
    ("setting out of range", "SET herd.shard_count = 0", INVALID_PARAMETER, "herd.shard_count"),
    ("setting of words", "SET herd.shard_count = 'many'", INVALID_PARAMETER, "herd.shard_count"),
    ("unknown setting", "SET herd.nothing_such = 1", "42602", "herd.nothing_such"),
]

DDL_CALLS = [
    ("label by hand", "SECURITY LABEL FOR herd ON TABLE bad.keep IS 'hash column=id'", INVALID_PARAMETER + "|" + NOT_SUPPORTED, "label"),
    ("label of a distributed table", "SECURITY LABEL FOR herd ON TABLE bad.spread IS 'nonsense'", NOT_SUPPORTED + "|" + INVALID_PARAMETER, "label"),
    ("label taken away", "SECURITY LABEL FOR herd ON TABLE bad.spread IS NULL", NOT_SUPPORTED, "label"),
    ("label of a column", "SECURITY LABEL FOR herd ON COLUMN bad.keep.id IS 'x'", NOT_SUPPORTED + "|" + WRONG_KIND + "|" + INVALID_PARAMETER,
     "label"),
    ("access method herd by hand", "ALTER TABLE bad.keep SET ACCESS METHOD herd", NOT_SUPPORTED, "access method"),
    ("access method heap by hand", "ALTER TABLE bad.spread SET ACCESS METHOD heap", NOT_SUPPORTED, "access method"),
    ("temporary herd table", "CREATE TEMP TABLE t (id int) USING herd", NOT_SUPPORTED, "temporary tables can't be distributed"),
    ("materialized view USING herd", "CREATE MATERIALIZED VIEW bad.m USING herd AS SELECT 1 AS x", NOT_SUPPORTED, "for tables only"),
    ("herd table without distribution read", "CREATE TABLE bad.t (id int) USING herd; SELECT * FROM bad.t", NOT_DISTRIBUTED, "\"t\" is not distributed"),
    ("herd table without distribution written", "CREATE TABLE bad.t (id int) USING herd; INSERT INTO bad.t VALUES (1)",
     NOT_DISTRIBUTED, "\"t\" is not distributed"),
    ("herd table made by query", "CREATE TABLE bad.t USING herd AS SELECT 1 AS id", NOT_SUPPORTED + "|" + NOT_DISTRIBUTED, "t"),
    ("unique without the column added", "ALTER TABLE bad.spread ADD UNIQUE (v)", NOT_SUPPORTED, "spread_v_key|unique"),
    ("unique index without the column added", "CREATE UNIQUE INDEX ON bad.spread (v)", NOT_SUPPORTED, "spread_v_idx|unique"),
    ("distribution column dropped", "ALTER TABLE bad.spread DROP COLUMN id", NOT_SUPPORTED, "id"),
    ("distribution column dropped and all", "ALTER TABLE bad.spread DROP COLUMN id CASCADE", NOT_SUPPORTED, "id"),
    ("distribution column's type", "ALTER TABLE bad.spread ALTER id TYPE text", NOT_SUPPORTED,
     'the type of column "id" of distributed table "spread" can\'t be changed'),
    ("trigger on distributed", "CREATE TRIGGER t BEFORE INSERT ON bad.spread FOR EACH ROW EXECUTE FUNCTION bad.nothing()", NOT_SUPPORTED,
     "CREATE TRIGGER"),
    ("rule on distributed", "CREATE RULE r AS ON DELETE TO bad.spread DO INSTEAD NOTHING", NOT_SUPPORTED, "rule|RULE"),
    ("child of distributed", "CREATE TABLE bad.heir () INHERITS (bad.spread)", NOT_SUPPORTED, "inherit|spread"),
    ("distributed as partition", "ALTER TABLE bad.parted ATTACH PARTITION bad.spread FOR VALUES FROM (100) TO (200)", NOT_SUPPORTED,
     "partition|ATTACH|spread"),
    ("foreign key from filled local", "ALTER TABLE bad.keep ADD FOREIGN KEY (id) REFERENCES bad.spread", NOT_SUPPORTED, "foreign key"),
    ("foreign key not on the column", "CREATE TABLE bad.t (id int, k int); SELECT herd.create_distributed_table('bad.t', 'id', NULL, 'bad.spread');"
     " ALTER TABLE bad.t ADD FOREIGN KEY (k) REFERENCES bad.spread", NOT_SUPPORTED, "foreign key"),
    ("foreign key to another group", "CREATE TABLE bad.t (id int); SELECT herd.create_distributed_table('bad.t', 'id', 3, 'none');"
     " ALTER TABLE bad.t ADD FOREIGN KEY (id) REFERENCES bad.spread", NOT_SUPPORTED, "foreign key"),
    ("label of a key's enum renamed", "ALTER TYPE bad.color RENAME VALUE 'red' TO 'blue'", NOT_SUPPORTED, "enum|color|red"),
    ("key's enum dropped", "DROP TYPE bad.color", DEPENDENT, "cannot drop type"),
    ("clustering", "CLUSTER bad.spread USING spread_pkey", NOT_SUPPORTED, "CLUSTER|cluster"),
    ("shard dropped from below", "DO $$ BEGIN EXECUTE format('DROP SCHEMA %I CASCADE', (SELECT shard_schema FROM herd.shards"
     " WHERE table_name = 'bad.spread'::regclass AND node = 'coordinator' LIMIT 1)); END $$", NOT_SUPPORTED + "|" + DEPENDENT + "|22004|" + NO_PRIVILEGE,
     "schema|null values"),
    ("insert without key of another type", "INSERT INTO bad.spread VALUES ('x')", "22P02", "invalid input syntax for type integer"),
    ("tid scan", "SELECT * FROM bad.spread WHERE ctid = '(0,1)'", NOT_SUPPORTED, "ctid|tid|system column"),
    ("system column", "SELECT cmin FROM bad.spread", NOT_SUPPORTED, "cmin|system column"),
]

# These look odd and must work.
GOOD_CALLS = [
    ("statement as table's and column's name", "SELECT herd.create_distributed_table('bad.\"x''; DROP TABLE bad.keep; --\"',"
     " 'k\"; DROP TABLE bad.keep; --', 4); INSERT INTO bad.\"x'; DROP TABLE bad.keep; --\" VALUES (1, 'a'), (2, 'b');"
     " UPDATE bad.\"x'; DROP TABLE bad.keep; --\" SET v = 'c' WHERE \"k\"\"; DROP TABLE bad.keep; --\" = 1;"
     " SELECT 1 / (count(*) - 1) FROM bad.\"x'; DROP TABLE bad.keep; --\" WHERE v IN ('b', 'c')", None, ""),
    ("quotes, unicode, format letters in names", "SELECT herd.create_distributed_table('bad.\"tab \"\"é☃\"\" $1 %s \\ \"', 'sélect \"k\"', 4);"
     " INSERT INTO bad.\"tab \"\"é☃\"\" $1 %s \\ \" VALUES ('é', 1), ('☃', 2);"
     " SELECT 1 / count(*) FROM bad.\"tab \"\"é☃\"\" $1 %s \\ \" WHERE \"sélect \"\"k\"\"\" = '☃'", None, ""),
    ("63 bytes of names", f"SELECT herd.create_distributed_table('bad.a{'234567890' + '1234567890' * 5 + '123'}',"
     f" 'b{'234567890' + '1234567890' * 5 + '123'}', 4); INSERT INTO bad.a{'234567890' + '1234567890' * 5 + '123'} VALUES (1, 'a');"
     f" SELECT 1 / count(*) FROM bad.a{'234567890' + '1234567890' * 5 + '123'} WHERE b{'234567890' + '1234567890' * 5 + '123'} = 1", None, ""),
    ("reference table without columns", "SELECT herd.create_reference_table('bad.no_columns'); INSERT INTO bad.no_columns DEFAULT VALUES;"
     " SELECT 1 / count(*) FROM bad.no_columns", None, ""),
    ("the owner distributes", f"{AS_OWNER}; SELECT herd.create_distributed_table('bad.owned', 'id', 4);"
     " INSERT INTO bad.owned VALUES (2, 'b'); SELECT 1 / (count(*) - 1) FROM bad.owned; SELECT herd.undistribute_table('bad.owned')", None, ""),
    ("dropped column, distributed and back", "SELECT herd.create_distributed_table('bad.dropped_column', 'id', 4);"
     " INSERT INTO bad.dropped_column VALUES (1); SELECT herd.undistribute_table('bad.dropped_column');"
     " SELECT 1 / count(*) FROM bad.dropped_column", None, ""),
    ("nullable key of no rows", "SELECT herd.create_distributed_table('bad.types', 'i', 1)", None, ""),
]

ALL = NODE_CALLS + TABLE_CALLS + FUNCTION_CALLS + DDL_CALLS + GOOD_CALLS
