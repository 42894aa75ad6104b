-- Queries of the deep part that once differed, made small.

-- name: limit_over_constants
-- ordered
SELECT NULL::bigint FROM v_join ORDER BY 1 LIMIT 1;
SELECT i FROM other WHERE k = ANY (SELECT (SELECT NULL::bigint FROM v_join ORDER BY 1 LIMIT 1) FROM ref_number);

-- name: groups_of_constants
SET enable_hashagg = off;
SELECT NULL::int, count(*) FROM other GROUP BY 1;
RESET enable_hashagg;

-- name: broadcast_read_back_from_disk
-- Each of several batches is full.
SET work_mem = '64kB';
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_nestloop = off;
WITH g AS MATERIALIZED (SELECT g, repeat('x', g % 40) AS s FROM generate_series(1, 45000) AS g)
SELECT a.k, count(*), sum(g.g), max(g.s) FROM alpha AS a JOIN g ON a.id = g.g WHERE g.g % 1 = 0 AND g.g % 1 + 1 = 1 AND g.g % 1 + 2 = 2 GROUP BY a.k;
RESET work_mem;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_nestloop;
