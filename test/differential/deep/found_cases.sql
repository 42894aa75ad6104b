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

-- name: case_beside_a_correlated_subquery
SELECT CASE WHEN k > 3 THEN k ELSE -k END, (SELECT sum(a.k) FROM alpha AS a WHERE o.k = a.k) FROM other AS o;
SELECT count(*) FROM (SELECT CASE WHEN k > 3 THEN k ELSE -k END FROM other AS o WHERE 1 < (SELECT sum(a.k) FROM alpha AS a WHERE o.k = a.k)) AS x;

-- name: sum_and_avg_beside_distinct
-- Alone, sum and avg of numeric share their transitions.
SELECT sum(b.m), round(avg(b.m), 2), count(DISTINCT b.k) FROM flag AS f JOIN beta AS b ON f.k = b.k GROUP BY b.k, f.b;
SELECT sum(m), round(avg(m), 2), max(m), count(DISTINCT j) FROM beta GROUP BY s;

-- name: arms_without_rows
-- What is false of one arm alone is found out when the query is planned.
SELECT x.c0 FROM (SELECT n, NULL::bool FROM alpha UNION ALL SELECT NULL, NULL
    FROM (SELECT NULL::text FROM generate_series(1, 3) AS g WHERE g >= 2) AS y) AS x (c0, c1) WHERE c1 IS TRUE;
SELECT x.n FROM (SELECT n, 1 AS arm FROM alpha UNION ALL SELECT n, 2 FROM local_two UNION ALL SELECT n, 3 FROM delta) AS x WHERE arm > 1;

-- name: function_in_from
-- PostgreSQL puts the function's own query in its place, after Herd has looked at the statement.
SELECT max(date '2024-01-09'), count(DISTINCT j) FROM rows_of(7) GROUP BY CUBE (j, s);
SET enable_hashagg = off;
SELECT min(DISTINCT j) FROM rows_of(7) GROUP BY s;
RESET enable_hashagg;

-- name: order_by_window_function
-- ordered
SELECT count(*) OVER () FROM flag ORDER BY 1;
-- ordered
SELECT k, sum(k) OVER (PARTITION BY b) FROM flag ORDER BY 2, 1;

-- name: functions_in_from_beside_broadcasts
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_nestloop = off;
SELECT max(x.c0), max(o.code), min(o.k) FROM ref_number AS r
    RIGHT JOIN (SELECT min(v.s) OVER (PARTITION BY v.k) FROM v_join AS v JOIN unnest(ARRAY[3, 1]) AS u (c0) ON v.m = u.c0) AS x (c0) ON r.s = x.c0
    LEFT JOIN other AS o ON r.n = o.n GROUP BY x.c0, r.n;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_nestloop;

-- name: order_by_aggregate_of_a_parameter
SET enable_hashagg = off;
SET plan_cache_mode = force_generic_plan;
PREPARE q (text, numeric) AS SELECT $2, sum($2) FROM gamma WHERE code > $1 GROUP BY 1 ORDER BY 2, 1 FETCH FIRST 1 ROWS WITH TIES;
EXECUTE q ('g', 3.50);
DEALLOCATE q;
RESET plan_cache_mode;
RESET enable_hashagg;

-- name: order_by_key_of_a_semijoin
-- What the sorted column equals in the subquery can't be read outside of it.
SET enable_hashagg = off;
SELECT * FROM (SELECT DISTINCT k FROM v_filter WHERE k IN (SELECT v_barrier.k FROM v_barrier JOIN v_union USING (k)) ORDER BY k) AS x;
RESET enable_hashagg;
