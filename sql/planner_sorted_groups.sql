-- Shards sort many groups of one fixed-size column instead of hashing them. It gives what plain tables give.
CREATE SCHEMA planner_sorted_groups;
SET search_path = planner_sorted_groups;
CREATE TABLE plain_many (k bigint, few int, t text, at timestamptz);
INSERT INTO plain_many SELECT (i * 7919) % 130000, i % 500, 't' || i, '2026-01-01 00:00+00'::timestamptz + i * interval '1 second'
    FROM generate_series(1, 130000) i;
INSERT INTO plain_many VALUES (NULL, NULL, NULL, NULL), (NULL, 1, 'a', NULL), (1, 1, 'b', '2026-01-01 00:00+00'), (1, 2, 'c', NULL);
CREATE TABLE many (LIKE plain_many);
SELECT herd.create_distributed_table('many', 'k', 2);
INSERT INTO many SELECT * FROM plain_many;
ANALYZE plain_many, many;

-- Does it give the same? And how does a node group?
CREATE FUNCTION compare(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE line text; equal bool; of_node bool = false;
BEGIN
    EXECUTE format('WITH q AS MATERIALIZED (%s), p AS MATERIALIZED (%s)
                    SELECT NOT EXISTS ((TABLE q EXCEPT ALL TABLE p) UNION ALL (TABLE p EXCEPT ALL TABLE q))',
                   query, replace(query, 'many', 'plain_many')) INTO equal;
    RETURN NEXT CASE WHEN equal THEN 'equal' ELSE 'DIFFERENT' END;
    FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
        of_node = of_node OR line ~ 'Node:';
        CONTINUE WHEN NOT of_node OR line !~ 'Aggregate|Group Key|Sort';
        RETURN NEXT trim(line, ' ->');
    END LOOP;
END $$;
SELECT compare('SELECT count(*), sum(n) FROM (SELECT k, count(*) AS n FROM many GROUP BY k) AS groups');
SELECT compare('SELECT k, count(*), max(k) FROM many GROUP BY k HAVING count(*) > 1');
SELECT compare('SELECT DISTINCT k FROM many');
SELECT compare('SELECT count(*) FROM (SELECT DISTINCT at FROM many) AS times');
-- Hashing is better: few groups, rows that would be sorted whole, values of any size.
SELECT compare('SELECT few, count(*) FROM many GROUP BY few');
SELECT compare('SELECT sum(length(m)) FROM (SELECT k, max(t) AS m FROM many GROUP BY k) AS groups');
SELECT compare('SELECT count(*) FROM (SELECT k, few, count(*) FROM many GROUP BY k, few) AS groups');
-- Other keys: what sorting values means for them.
SELECT compare('SELECT at, count(*) FROM many GROUP BY at HAVING count(*) > 1');
SELECT compare('SELECT DISTINCT t FROM many');
SELECT compare('SELECT k % 2, count(DISTINCT k) FROM many GROUP BY 1');
SELECT k, count(*) FROM many GROUP BY k ORDER BY count(*) DESC, k NULLS FIRST LIMIT 3;

SET client_min_messages = warning;
DROP SCHEMA planner_sorted_groups CASCADE;
