-- Aggregates that users define: computed in the shards where the nodes can, from gathered rows else, with the same result as on a plain table.
CREATE SCHEMA planner_user_aggregates;
SET search_path = planner_user_aggregates;
SET herd.shard_count = 4;
SET herd.explain_node_plans = off;
\set SHOW_CONTEXT never
CREATE TYPE mood AS ENUM ('sad', 'fine', 'glad');
CREATE TABLE spread (k int, g int, i int, b bigint, n numeric, f float8, s text, c text COLLATE "C", a int[], m mood, at date);
INSERT INTO spread
    SELECT i % 17, i % 5, nullif(i % 7, 3), i, nullif(i % 11, 2) * 1.5, i / 4.0, 's' || i % 13, 'C' || i % 6, ARRAY[i % 3, i],
           (ARRAY['sad', 'fine', 'glad']::mood[])[i % 3 + 1], '2020-01-01'::date + i
    FROM generate_series(1, 200) i;
INSERT INTO spread (k, g) VALUES (100, 100), (101, 100), (NULL, 101);
CREATE TABLE local AS TABLE spread;
SET client_min_messages = warning;
SELECT herd.create_distributed_table('spread', 'k');
ANALYZE spread;

-- Where it is computed, and whether the result is that of a plain table.
CREATE FUNCTION check_query(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    line text;
    place text := 'from rows';
    here text;
    there text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (VERBOSE, COSTS OFF) ' || replace(query, '{t}', 'spread') LOOP
        IF line ~ 'Finalize|herd_final' THEN
            place := 'from states';
        ELSIF line ~ 'Task: .*run_aggregate' AND place = 'from rows' THEN
            place := 'in the shards';
        END IF;
    END LOOP;
    EXECUTE 'SELECT array_agg(r::text ORDER BY r::text) FROM (' || replace(query, '{t}', 'spread') || ') r' INTO there;
    EXECUTE 'SELECT array_agg(r::text ORDER BY r::text) FROM (' || replace(query, '{t}', 'local') || ') r' INTO here;
    RETURN place || CASE WHEN here IS DISTINCT FROM there THEN ', differs: ' || there || ' instead of ' || here ELSE '' END;
END $$;

-- initial values, strict and other transitions, internal states, no arguments, polymorphic ones
CREATE AGGREGATE total(numeric) (SFUNC = numeric_add, STYPE = numeric, INITCOND = '0', COMBINEFUNC = numeric_add, PARALLEL = SAFE);
CREATE AGGREGATE total_or_null(numeric) (SFUNC = numeric_add, STYPE = numeric, COMBINEFUNC = numeric_add, PARALLEL = SAFE);
CREATE AGGREGATE mean(bigint) (SFUNC = int8_avg_accum, STYPE = internal, FINALFUNC = numeric_poly_avg, COMBINEFUNC = int8_avg_combine,
                               SERIALFUNC = int8_avg_serialize, DESERIALFUNC = int8_avg_deserialize, PARALLEL = SAFE);
CREATE AGGREGATE rows(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0', COMBINEFUNC = int8pl, PARALLEL = SAFE);
CREATE AGGREGATE list(anycompatible) (SFUNC = array_append, STYPE = anycompatiblearray, INITCOND = '{}', COMBINEFUNC = array_cat,
                                      PARALLEL = SAFE);
CREATE AGGREGATE most(int) (SFUNC = int4larger, STYPE = int4, COMBINEFUNC = int4larger, PARALLEL = SAFE);
CREATE AGGREGATE last_text(text) (SFUNC = text_larger, STYPE = text, COMBINEFUNC = text_larger, PARALLEL = SAFE);
CREATE AGGREGATE deviation(float8) (SFUNC = float8_accum, STYPE = float8[], INITCOND = '{0,0,0}', FINALFUNC = float8_stddev_pop,
                                    COMBINEFUNC = float8_combine, PARALLEL = SAFE);
CREATE AGGREGATE fit(float8, float8) (SFUNC = float8_regr_accum, STYPE = float8[], INITCOND = '{0,0,0,0,0,0}', FINALFUNC = float8_corr,
                                      COMBINEFUNC = float8_regr_combine, PARALLEL = SAFE);
CREATE AGGREGATE joined(VARIADIC text[]) (SFUNC = array_cat, STYPE = text[], INITCOND = '{}', COMBINEFUNC = array_cat, PARALLEL = SAFE);

SELECT check_query('SELECT total(n), total_or_null(n), mean(b), rows(*), most(i) FROM {t}');
SELECT check_query('SELECT g, total(n), total_or_null(n), mean(b), rows(*), most(i) FROM {t} GROUP BY g');
SELECT check_query('SELECT k, total(n), total_or_null(n), mean(b), rows(*), most(i) FROM {t} GROUP BY k');
SELECT check_query('SELECT total(n), total_or_null(n), mean(b), rows(*), most(i) FROM {t} WHERE k = 3');
SELECT check_query('SELECT total(n), total_or_null(n), mean(b), rows(*), most(i) FROM {t} WHERE b < 0');
SELECT check_query('SELECT total(n), total_or_null(n), mean(b), rows(*), most(i) FROM {t} WHERE k = 3 AND b < 0');
SELECT check_query('SELECT last_text(s), last_text(c), last_text(s COLLATE "C") FROM {t}');
SELECT check_query('SELECT g, round(deviation(f)::numeric, 6), round(fit(f, i)::numeric, 6) FROM {t} GROUP BY g');
SELECT check_query('SELECT k, round(deviation(f)::numeric, 6), round(fit(f, i)::numeric, 6) FROM {t} GROUP BY k');
SELECT check_query('SELECT g, cardinality(list(i)), cardinality(list(m)) FROM {t} WHERE k > 0 GROUP BY g HAVING total(n) > 10');
SELECT check_query('SELECT g, cardinality(joined(s, c)), cardinality(joined(VARIADIC ARRAY[s])) FROM {t} GROUP BY g');
-- FILTER, expressions, other aggregates beside it
SELECT check_query('SELECT g, total(n + i) FILTER (WHERE i > 2) + 1, count(*), sum(b), avg(f) FROM {t} GROUP BY g ORDER BY total(n)');
-- in joins, subqueries, WITH, set operations
SELECT check_query('SELECT total(x.n) FROM {t} x JOIN {t} y USING (k)');
SELECT check_query('SELECT * FROM (SELECT k, total(n) AS n FROM {t} GROUP BY k) x JOIN {t} y USING (k, n)');
SELECT check_query('SELECT k, (SELECT total(n) FROM {t} y WHERE y.k = x.k) FROM {t} x');
SELECT check_query('WITH x AS (SELECT k, list(i ORDER BY b) AS l FROM {t} GROUP BY k) SELECT l FROM x UNION ALL SELECT l FROM x');

-- Groups with the distribution column need no combining: ORDER BY, DISTINCT, aggregates that can't be combined, whatever their PARALLEL says.
CREATE AGGREGATE product(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1');
CREATE AGGREGATE length_of(int) (SFUNC = array_append, STYPE = int[], INITCOND = '{}', FINALFUNC = cardinality);
SELECT check_query('SELECT k, product(n) FILTER (WHERE n > 0), length_of(i) FROM {t} GROUP BY k');
SELECT check_query('SELECT product(n) FILTER (WHERE n > 0), length_of(i) FROM {t}');
SELECT check_query('SELECT k, list(i ORDER BY b DESC), list(m ORDER BY m, b), joined(s, c ORDER BY s, c) FROM {t} GROUP BY k');
SELECT check_query('SELECT list(i ORDER BY b DESC) FROM {t}');
SELECT check_query('SELECT k, total(DISTINCT n), list(DISTINCT s) , list(DISTINCT g ORDER BY g DESC) FROM {t} GROUP BY k');
SELECT check_query('SELECT total(DISTINCT n), list(DISTINCT s) FROM {t}');
SELECT check_query('SELECT g, list(b ORDER BY b) FROM {t} WHERE k = 3 GROUP BY g');

-- The initial values of one that is not PARALLEL SAFE count once.
CREATE AGGREGATE from_ten(numeric) (SFUNC = numeric_add, STYPE = numeric, INITCOND = '10', COMBINEFUNC = numeric_add);
SELECT check_query('SELECT from_ten(n) FROM {t}');
SELECT check_query('SELECT k, from_ten(n) FROM {t} GROUP BY k');

-- windows are computed from rows
SELECT check_query('SELECT b, total(n) OVER (PARTITION BY k ORDER BY b) FROM {t}');
SELECT check_query('SELECT k, total(sum(n)) OVER () FROM {t} GROUP BY k');
-- States beside DISTINCT aggregates of other columns, and of grouping sets.
SELECT check_query('SELECT total(n), total_or_null(n), mean(b), rows(*), most(i), count(DISTINCT g) FROM {t}');
SELECT check_query('SELECT total(n), total_or_null(n), mean(b), rows(*), most(i), count(DISTINCT g) FROM {t} WHERE b < 0');
SELECT check_query('SELECT m, total(n) FILTER (WHERE i > 2), mean(b), round(deviation(f)::numeric, 6), count(DISTINCT g), count(DISTINCT i) FROM {t} GROUP BY m');
SELECT check_query('SELECT m, total(DISTINCT n), mean(b), cardinality(list(i)) FROM {t} GROUP BY m');
SELECT check_query('SELECT m, g, total(n), mean(b), last_text(s), round(deviation(f)::numeric, 6) FROM {t} GROUP BY ROLLUP (m, g) HAVING total(n) > 3');
SELECT check_query('SELECT m, g, total(n), total_or_null(n), cardinality(list(m)), count(DISTINCT i) FROM {t} GROUP BY GROUPING SETS ((m), (g), ())');
SELECT check_query('SELECT m, from_ten(n), count(DISTINCT i) FROM {t} GROUP BY m');

-- Functions in SQL that are one expression of built-in ones travel as that, if PostgreSQL would replace a call by it, too.
CREATE FUNCTION multiply(numeric, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 * $2';
CREATE AGGREGATE times(numeric) (SFUNC = multiply, STYPE = numeric, COMBINEFUNC = multiply, PARALLEL = SAFE);
CREATE FUNCTION add_square(float8, int) RETURNS float8 LANGUAGE sql IMMUTABLE RETURN coalesce($1, 0) + coalesce($2 * $2, 0);
CREATE FUNCTION root(float8) RETURNS numeric LANGUAGE sql IMMUTABLE STRICT AS 'SELECT sqrt($1)::numeric(20, 3)';
CREATE AGGREGATE norm(int) (SFUNC = add_square, STYPE = float8, FINALFUNC = root, COMBINEFUNC = float8pl, PARALLEL = SAFE);
CREATE FUNCTION add_value(int[], int, int) RETURNS int[] LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN $2 > $3 THEN $1 || $2 ELSE $1 || $3 || ARRAY[]::int[] END';
CREATE AGGREGATE greater(int, int) (SFUNC = add_value, STYPE = int[], COMBINEFUNC = array_cat, INITCOND = '{}', PARALLEL = SAFE);
CREATE FUNCTION later(date, date) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN $2 > greatest($1, '2020-02-01') THEN $2 ELSE $1 END $$;
CREATE AGGREGATE latest(date) (SFUNC = later, STYPE = date, COMBINEFUNC = date_larger, PARALLEL = SAFE);
CREATE FUNCTION happier(mood, mood) RETURNS mood LANGUAGE sql IMMUTABLE AS 'SELECT greatest($1, $2)';
CREATE AGGREGATE happiest(mood) (SFUNC = happier, STYPE = mood, COMBINEFUNC = happier, PARALLEL = SAFE);
CREATE FUNCTION nested(numeric, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT multiply(coalesce($1, 1), abs(coalesce($2, 1)) + 0.5)';
CREATE AGGREGATE nested_times(numeric) (SFUNC = nested, STYPE = numeric, COMBINEFUNC = multiply, PARALLEL = SAFE);
SELECT check_query('SELECT g, round(times(n / 7) FILTER (WHERE n > 0), 6), norm(i), cardinality(greater(i, g)), latest(at) FROM {t} GROUP BY g');
SELECT check_query('SELECT k, round(times(n / 7) FILTER (WHERE n > 0), 6), norm(i), cardinality(greater(i, g)), latest(at) FROM {t} GROUP BY k');
SELECT check_query('SELECT g, round(nested_times(n / 7), 6) FROM {t} GROUP BY g');
SELECT check_query('SELECT happiest(m), max(m) FROM {t}');
SELECT check_query('SELECT k, happiest(m), max(m) FROM {t} GROUP BY k');
SELECT check_query('SELECT times(n / 7) FROM {t} WHERE n < 0');
SELECT check_query('SELECT times(n / 7), norm(i) FROM {t} WHERE k = 100');
-- more than that does not: queries, PL/pgSQL, text under another collation, settings
CREATE FUNCTION add_text(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT greatest($1, $2) $$;
CREATE AGGREGATE highest_text(text) (SFUNC = add_text, STYPE = text, COMBINEFUNC = add_text, PARALLEL = SAFE);
CREATE FUNCTION add_query(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT count(*) + coalesce($1, 0) FROM generate_series(1, $2)';
CREATE AGGREGATE query_sum(bigint) (SFUNC = add_query, STYPE = bigint, COMBINEFUNC = int8pl, PARALLEL = SAFE);
CREATE FUNCTION add_setting(text, text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS 'SELECT greatest($1, $2)';
CREATE AGGREGATE setting_text(text) (SFUNC = add_setting, STYPE = text, COMBINEFUNC = add_setting, PARALLEL = SAFE);
SELECT check_query('SELECT highest_text(s) FROM {t}');
SELECT check_query('SELECT highest_text(c) FROM {t}');
SELECT check_query('SELECT query_sum(b) FROM {t}');
SELECT check_query('SELECT setting_text(s) FROM {t}');
-- Prepared statements notice new functions, too.
PREPARE with_function AS SELECT norm(i) FROM spread WHERE k = 3;
PREPARE with_functions AS SELECT norm(i) FROM spread;
SET plan_cache_mode = force_generic_plan;
EXECUTE with_function;
EXECUTE with_functions;
CREATE OR REPLACE FUNCTION add_square(float8, int) RETURNS float8 LANGUAGE sql IMMUTABLE RETURN coalesce($1, 0) + 1;
EXECUTE with_function;
EXECUTE with_functions;
CREATE OR REPLACE FUNCTION add_square(float8, int) RETURNS float8 LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN coalesce($1, 0) + 4; END';
EXECUTE with_function;
EXECUTE with_functions;
RESET plan_cache_mode;

-- Functions in PL/pgSQL, and those whose results may change, stay here.
CREATE FUNCTION add_higher(text, text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN greatest($1, $2); END $$;
CREATE AGGREGATE highest(text) (SFUNC = add_higher, STYPE = text, COMBINEFUNC = add_higher, PARALLEL = SAFE);
CREATE AGGREGATE all_json(anyelement) (SFUNC = json_agg_transfn, STYPE = internal, FINALFUNC = json_agg_finalfn);
SELECT check_query('SELECT highest(s) FROM {t}');
SELECT check_query('SELECT k, highest(s) FROM {t} GROUP BY k');
SELECT check_query('SELECT k, all_json(m ORDER BY b)::text FROM {t} GROUP BY k');
-- Combining and finishing is done here, by whatever functions.
CREATE FUNCTION add_up(bigint, bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN coalesce($1, 0) + coalesce($2, 0); END $$;
CREATE FUNCTION half(bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN 'half of ' || $1; END $$;
CREATE AGGREGATE half_count("any") (SFUNC = int8inc_any, STYPE = bigint, INITCOND = '0', COMBINEFUNC = add_up, FINALFUNC = half, PARALLEL = SAFE);
SELECT check_query('SELECT g, half_count(n) FROM {t} GROUP BY g');
SELECT check_query('SELECT k, half_count(n) FROM {t} GROUP BY k');
SELECT check_query('SELECT m, half_count(n), count(DISTINCT g) FROM {t} GROUP BY m');
-- an ordered-set aggregate of one's own, and built-in ones
CREATE AGGREGATE middle(float8 ORDER BY float8) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_cont_float8_final);
SELECT check_query('SELECT g, middle(0.5) WITHIN GROUP (ORDER BY f), percentile_cont(0.5) WITHIN GROUP (ORDER BY f) FROM {t} GROUP BY g');
SELECT check_query('SELECT k, middle(0.5) WITHIN GROUP (ORDER BY f), percentile_cont(0.5) WITHIN GROUP (ORDER BY f) FROM {t} GROUP BY k');

-- The same name in another schema is another aggregate.
CREATE SCHEMA planner_user_aggregates_other;
CREATE AGGREGATE planner_user_aggregates_other.total(numeric) (SFUNC = numeric_larger, STYPE = numeric, COMBINEFUNC = numeric_larger,
                                                               PARALLEL = SAFE);
CREATE AGGREGATE planner_user_aggregates_other.avg(bigint) (SFUNC = int8larger, STYPE = bigint, COMBINEFUNC = int8larger,
                                                            PARALLEL = SAFE);
SELECT check_query('SELECT total(n), planner_user_aggregates_other.total(n), planner_user_aggregates_other.avg(b), avg(b) FROM {t}');
SET search_path = planner_user_aggregates_other, planner_user_aggregates;
SELECT check_query('SELECT total(n) FROM {t}');
SELECT total(n) = max(n) FROM spread;
SET search_path = planner_user_aggregates;

-- Prepared statements notice what became of it.
PREPARE of_all AS SELECT total(n) FROM spread;
PREPARE of_key AS SELECT total(n) FROM spread WHERE k = 3;
PREPARE of_groups AS SELECT k FROM spread GROUP BY k HAVING total(n) > 90 ORDER BY k LIMIT 2;
SET plan_cache_mode = force_generic_plan;
EXECUTE of_all;
EXECUTE of_key;
EXECUTE of_groups;
CREATE OR REPLACE AGGREGATE total(numeric) (SFUNC = numeric_larger, STYPE = numeric, INITCOND = '0', COMBINEFUNC = numeric_larger,
                                            PARALLEL = SAFE);
EXECUTE of_all;
EXECUTE of_key;
EXECUTE of_groups;
DROP AGGREGATE total(numeric);
EXECUTE of_all;
EXECUTE of_key;
CREATE AGGREGATE total(numeric) (SFUNC = numeric_add, STYPE = numeric, INITCOND = '0', COMBINEFUNC = numeric_add, PARALLEL = SAFE);
EXECUTE of_all;
EXECUTE of_key;
EXECUTE of_groups;
RESET plan_cache_mode;

-- Who may not call it can't have the nodes do so.
CREATE ROLE user_aggregates_alice;
GRANT USAGE ON SCHEMA planner_user_aggregates TO user_aggregates_alice;
GRANT SELECT ON spread TO user_aggregates_alice;
SET ROLE user_aggregates_alice;
SELECT total(n) FROM spread;
SELECT total(n) FROM spread WHERE k = 3;
EXECUTE of_key;
RESET ROLE;
REVOKE EXECUTE ON FUNCTION total(numeric) FROM PUBLIC;
SET ROLE user_aggregates_alice;
SELECT total(n) FROM spread;
SELECT total(n) FROM spread WHERE k = 3;
SELECT k, total(n) FROM spread GROUP BY k;
SELECT total(n), count(DISTINCT g) FROM spread;
SELECT k FROM spread GROUP BY k HAVING total(n) > 0;
EXECUTE of_key;
RESET ROLE;
-- The nodes' aggregate takes nothing that does not fit together.
SELECT herd_state.run_aggregate(NULL::bigint, '{bigint,5,function,"pg_catalog.int8pl(bigint,bigint)",NULL,NULL,NULL,NULL}', x) FROM generate_series(1::bigint, 3) x;
SELECT herd_state.run_aggregate(NULL::bigint, '{bigint,5,expression,"$1 + $2",NULL,NULL,NULL,NULL}', x) FROM generate_series(1::bigint, 3) x;
SELECT herd_state.run_aggregate(NULL::bytea, '{internal,NULL,function,"pg_catalog.int8_avg_accum(internal,bigint)",NULL,function,"pg_catalog.numeric_serialize(internal)",NULL}', 1::bigint);
SELECT herd_state.run_aggregate(NULL::bytea, '{internal,NULL,function,"pg_catalog.int8_avg_accum(internal,bigint)",NULL,function,"pg_catalog.int8_avg_serialize(internal)",NULL}', 1::bigint) IS NULL;
SELECT herd_state.run_aggregate(NULL::bigint, '{internal,NULL,function,"pg_catalog.int8_avg_accum(internal,bigint)",NULL,NULL,NULL,NULL}', 1::bigint);
SELECT herd_state.run_aggregate(NULL::bigint, '{internal,NULL,expression,"$1",NULL,expression,"$1",NULL}', 1::bigint);
SELECT herd_state.run_aggregate(NULL::bigint, '{bigint,0,function,"pg_catalog.int8pl(bigint,bigint)",NULL,NULL,NULL,NULL}', 'x'::text);
SELECT herd_state.run_aggregate(NULL::text, '{bigint,0,function,"pg_catalog.int8pl(bigint,bigint)",NULL,NULL,NULL,NULL}', 1::bigint);
SELECT herd_state.run_aggregate(NULL::text, '{bigint,0,function,"pg_catalog.int8pl(bigint,bigint)",NULL,expression,"$1",NULL}', 1::bigint);
SELECT herd_state.run_aggregate(NULL::text, '{cstring,0,function,"pg_catalog.textin(cstring)",NULL,NULL,NULL,NULL}');
SELECT herd_state.run_aggregate(NULL::bigint, '{bigint,0,expression,"(SELECT $1)",NULL,NULL,NULL,NULL}', 1);
SELECT herd_state.run_aggregate(NULL::bigint, '{bigint,0,expression,"$1; SELECT 1",NULL,NULL,NULL,NULL}', 1);
SELECT herd_state.run_aggregate(NULL::bigint, '{bigint,NULL,strict expression,"$1",NULL,NULL,NULL,NULL}', '1'::text);
SELECT herd_state.run_aggregate(NULL::text, NULL, 1);
SELECT herd_state.run_aggregate(NULL::text, '{x}', 1);
SELECT herd_state.run_aggregate(NULL::text, '{text,x,query,x,NULL,NULL,NULL,NULL}', 1);
SELECT herd_state.run_aggregate(NULL::bigint, '{bigint,5,function,"pg_catalog.int8pl(bigint,bigint)",NULL,NULL,NULL,NULL}', 1::bigint) OVER ();
-- Nor does the one that combines states here.
CREATE AGGREGATE alone(int) (SFUNC = int4larger, STYPE = int);
SELECT herd_final.combine(NULL::numeric, 'total(numeric)'::regprocedure::oid, x) FROM generate_series(1::numeric, 3) x;
SELECT herd_final.combine(NULL::numeric, 'total(numeric)'::regprocedure::oid, 1);
SELECT herd_final.combine(NULL::int, 'total(numeric)'::regprocedure::oid, 1::numeric);
SELECT herd_final.combine(NULL::numeric, 'mean(bigint)'::regprocedure::oid, 1::numeric);
SELECT herd_final.combine(NULL::int, 'alone(int)'::regprocedure::oid, 1);
SELECT herd_final.combine(NULL::int, x, 1) FROM (VALUES (1::oid), (2)) v(x);

DROP SCHEMA planner_user_aggregates, planner_user_aggregates_other CASCADE;
DROP ROLE user_aggregates_alice;
