-- Rows reach the shards as they are, whatever the client's encoding: in it, C3 A9 are two characters, and the euro sign is none.
CREATE SCHEMA operations_client_encodings;
SET search_path = operations_client_encodings;
SET herd.shard_count = 4;

CREATE TABLE word (id int PRIMARY KEY, t text DEFAULT U&'\00C3\00A9', j jsonb, n name, a text[]);
INSERT INTO word VALUES (1, DEFAULT, jsonb_build_object('k', U&'\00C3\00A9'), U&'\00C3\00A9', ARRAY[U&'\00C3\00A9']),
    (2, U&'\20AC', jsonb_build_object('k', U&'\20AC'), U&'\20AC', ARRAY[U&'\20AC']);
CREATE TABLE word_everywhere (LIKE word INCLUDING ALL);
INSERT INTO word_everywhere SELECT * FROM word;
CREATE TABLE expected AS SELECT * FROM word;

SET client_encoding = 'LATIN1';
SELECT herd.create_distributed_table('word', 'id');
SELECT herd.create_reference_table('word_everywhere');
-- a default makes COPY send values and not lines
COPY word (id) FROM STDIN WHERE id > 0;
3
\.
COPY word_everywhere (id) FROM STDIN WHERE id > 0;
3
\.
INSERT INTO word SELECT id + 10, t, j, n, a FROM word WHERE id < 3;
SELECT id, encode(convert_to(t, 'UTF8'), 'hex') AS t FROM word ORDER BY id;
RESET client_encoding;

INSERT INTO expected SELECT id + 10, t, j, n, a FROM expected;
INSERT INTO expected VALUES (3, U&'\00C3\00A9', NULL, NULL, NULL);
SELECT count(*) AS alike FROM word JOIN expected USING (id) WHERE word = expected;
SELECT count(*) AS alike FROM word_everywhere JOIN expected USING (id) WHERE word_everywhere = expected;
SELECT node, row_count, agrees FROM herd.check_reference_table('word_everywhere');

-- back, and without shards of other nodes
SET client_encoding = 'LATIN1';
SELECT herd.undistribute_table('word');
SELECT herd.undistribute_table('word_everywhere');
RESET client_encoding;
SELECT count(*) AS alike FROM word JOIN expected USING (id) WHERE word = expected;

SET client_min_messages = warning;
DROP SCHEMA operations_client_encodings CASCADE;
