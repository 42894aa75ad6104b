-- Aggregates of one's own, shared by both sides: with functions that are built in, that are one expression, and that nodes don't have.
DROP AGGREGATE IF EXISTS public.own_sum(numeric), public.own_mean(bigint), public.own_count("any"), public.own_list(text);
CREATE AGGREGATE public.own_sum(numeric) (SFUNC = numeric_add, STYPE = numeric, COMBINEFUNC = numeric_add, PARALLEL = SAFE);
CREATE AGGREGATE public.own_mean(bigint) (SFUNC = int8_avg_accum, STYPE = internal, FINALFUNC = numeric_poly_avg,
    COMBINEFUNC = int8_avg_combine, SERIALFUNC = int8_avg_serialize, DESERIALFUNC = int8_avg_deserialize, PARALLEL = SAFE);
CREATE AGGREGATE public.own_count("any") (SFUNC = int8inc_any, STYPE = bigint, INITCOND = '0', COMBINEFUNC = int8pl, PARALLEL = SAFE);
CREATE AGGREGATE public.own_list(text) (SFUNC = array_append, STYPE = text[], INITCOND = '{}', COMBINEFUNC = array_cat, PARALLEL = SAFE);
DROP FUNCTION IF EXISTS public.add_square(numeric, numeric), public.greater_text(text, text) CASCADE;
CREATE FUNCTION public.add_square(numeric, numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT coalesce($1, 0.5) + coalesce($2 * $2, 0)';
CREATE AGGREGATE public.own_squares(numeric) (SFUNC = add_square, STYPE = numeric, INITCOND = '0', COMBINEFUNC = numeric_add, PARALLEL = SAFE);
CREATE FUNCTION public.greater_text(text, text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN greatest($1, $2); END';
CREATE AGGREGATE public.own_greatest(text) (SFUNC = greater_text, STYPE = text, COMBINEFUNC = greater_text, PARALLEL = SAFE);
