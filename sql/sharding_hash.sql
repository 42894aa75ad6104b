-- herd.hash() places equal values of one key class alike, forever: rows lie where these numbers say.
CREATE SCHEMA sharding_hash;
SET search_path = sharding_hash;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN small_positive AS positive CHECK (VALUE < 100);
CREATE COLLATION case_blind (provider = icu, locale = 'und-u-ks-level2', deterministic = false);

-- Fixed vectors.
SELECT herd.hash(0) AS zero, herd.hash(1) AS one, herd.hash(-1) AS minus_one, herd.hash(9223372036854775807) AS max;
SELECT herd.hash(1.5::float8) AS float, herd.hash(1::numeric) AS one, herd.hash(-123456.789) AS numeric;
SELECT herd.hash(''::text) AS empty, herd.hash('a'::text) AS a, herd.hash(repeat('x', 300)) AS long;
SELECT herd.hash('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid) AS uuid, herd.hash('\x61'::bytea) AS bytea;
SELECT herd.hash(true) AS true, herd.hash(false) AS false, herd.hash('happy'::mood) AS enum;
SELECT herd.hash('2000-01-02'::date) AS date, herd.hash('2000-01-01 00:00:00.000001'::timestamp) AS timestamp,
       herd.hash('2000-01-01 00:00:00.000001+00'::timestamptz) AS timestamptz;

-- NULL keys live in the shard of hash 0.
SELECT herd.hash(NULL::int) AS int, herd.hash(NULL::text) AS text, herd.hash(NULL::mood) AS enum;

-- Equal values hash alike whatever their type within the class.
SELECT herd.hash(7::int2) = herd.hash(7::int4) AND herd.hash(7::int4) = herd.hash(7::int8) AS integers,
       herd.hash(7::positive) = herd.hash(7) AND herd.hash(7::small_positive) = herd.hash(7) AS domains,
       herd.hash(0.1::float4) = herd.hash(0.1::float4::float8) AS floats,
       herd.hash('a'::varchar) = herd.hash('a'::text) AND herd.hash('a'::varchar(9)) = herd.hash('a'::text) AS texts,
       herd.hash('a'::char(3)) = herd.hash('a'::char(9)) AS chars,
       herd.hash('ok'::mood) = herd.hash('ok'::text) AS enum_by_label;
SELECT herd.hash('-0'::float8) = herd.hash('0'::float8) AS zeros,
       herd.hash('NaN'::float4) = herd.hash('NaN'::float8) AS nans,
       herd.hash('a '::text) = herd.hash('a'::text) AS blanks_of_text_count;
SELECT herd.hash('2000-01-01 01:00+01'::timestamptz) = herd.hash('1999-12-31 16:00-08'::timestamptz) AS same_instant;

-- Equal numerics, however they are written or came about.
SELECT bool_and(herd.hash(a) = herd.hash(b)) AS equal_hash_alike, bool_and(a = b) AS are_equal
FROM (VALUES (1, 1.0), (1.0, 1.00000000000000000000000), (0, 0.000), (0, -0.0), (10000, 1e4), (100000000, 1e8),
             (0.0001, 1e-4), (0.00010, 0.0001), (12345.6780, 12345.678), (1e-20, 0.00000000000000000001000),
             (1e100, 10::numeric ^ 100), (-5.50, -5.5), (3.30 + 1.70, 5), (1000000 * 0.01, 10000),
             ('NaN', 'NaN'), ('Infinity', 'Infinity'), ('-Infinity', '-Infinity')) AS pairs(a, b);
SELECT count(DISTINCT herd.hash(n)) = count(*) AS others_differ
FROM (VALUES (0), (1), (-1), (10), (10000), (100000000), (0.1), (0.0001), (1.0001), (10000.0001), ('NaN'), ('Infinity'),
             ('-Infinity')) AS different(n);
SELECT bool_and(herd.hash(n) = herd.hash(n * 1.000)) AS scale_never_counts
FROM (SELECT (i * 7919 - 350000)::numeric / (10::numeric ^ (i % 9)) FROM generate_series(1, 2000) i) AS numbers(n);

-- Compressed, out-of-line and short values are the same value.
CREATE TABLE stored (plain text, outside text, squeezed text);
ALTER TABLE stored ALTER plain SET STORAGE plain, ALTER outside SET STORAGE external;
INSERT INTO stored SELECT t, repeat(t, 100), repeat(t, 100) FROM (SELECT repeat('herd', 40)) AS x(t);
SELECT herd.hash(plain) = herd.hash(repeat('herd', 40)) AS plain, herd.hash(outside) = herd.hash(squeezed) AS outside,
       herd.hash(squeezed) = herd.hash(repeat('herd', 4000)) AS squeezed FROM stored;

-- Everything spreads over the ring.
SELECT count(*) AS shards, min(n) > 200 AS none_is_small, max(n) < 450 AS none_is_large
FROM (SELECT herd.hash(i) * 32 >> 32 AS shard, count(*) AS n FROM generate_series(1, 10000) i GROUP BY 1) AS x;

-- Types whose equality is not the equality of bytes are refused.
SELECT herd.hash('{}'::jsonb);
SELECT herd.hash('1 day'::interval);
SELECT herd.hash(ARRAY[1]);
SELECT herd.hash(ROW(1, 2));
SELECT herd.hash('a'::name);
SELECT herd.hash('1'::money);
SELECT herd.hash(NULL::json);
SELECT herd.hash('a');
SELECT herd.hash('a'::text COLLATE case_blind);

-- Only distributed tables have shards.
CREATE TABLE plain (id int);
SELECT herd.get_shard_id('plain', 1);
SELECT herd.get_shard_id('pg_class', 1);
SELECT herd.get_shard_id(NULL, 1);
SELECT herd.get_shard_id(0, 1);

SET client_min_messages = warning;
DROP SCHEMA sharding_hash CASCADE;
