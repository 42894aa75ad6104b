"""The same statements for each type that can be a distribution key."""
import re

import cases
from dataset import Dataset
from runner import Runner

# Type, texts of values (the first three are used by name), text of a value that isn't there.
TYPES = {
    "int": ("int", ["1", "-2", "77", "0", "100", "2147483647", "-2147483648", "12", "13", "14"], "55"),
    "bigint": ("bigint", ["1", "-2", "9000000000", "0", "9223372036854775807", "-9223372036854775808", "8", "9"], "55"),
    "smallint": ("smallint", ["1", "-2", "300", "0", "32767", "-32768", "8", "9"], "55"),
    "text": ("text", ["a", "it's \"q\"", "ünï ☃", "", " ", "A", "a ", "a\\b", "z" * 3000, "NULL"], "b"),
    "varchar": ("varchar(20)", ["a", "it's \"q\"", "ünï ☃", "", " ", "A", "a ", "x" * 20], "b"),
    "char": ("char(6)", ["a", "it's", "ünï ☃", "", "A", "abcdef", "b\\"], "b"),
    "uuid": ("uuid", [f"{n:08x}-0000-4000-8000-{n * 7919:012x}" for n in range(1, 12)],
             "00000000-0000-0000-0000-000000000000"),
    "numeric": ("numeric", ["1", "-2.50", "1e30", "0", "0.000001", "NaN", "12345678901234567890.123", "3.0", "infinity"],
                "55"),
    "numeric_scale": ("numeric(10,2)", ["1", "-2.50", "3.333", "0", "99999999.99", "4", "5"], "55"),
    "timestamptz": ("timestamptz", ["2024-01-01 00:00:00+00", "2024-03-31 02:30:00+01", "1999-12-31 23:59:59.999999+00",
                                    "infinity", "-infinity", "0044-03-15 12:00:00+00 BC", "2024-10-27 02:30:00+02"],
                    "2030-01-01 00:00+00"),
    "timestamp": ("timestamp", ["2024-01-01 00:00:00", "2024-03-31 02:30:00", "1999-12-31 23:59:59.999999", "infinity",
                                "0044-03-15 12:00:00 BC"], "2030-01-01 00:00"),
    "date": ("date", ["2024-01-01", "2024-02-29", "1999-12-31", "infinity", "-infinity", "0044-03-15 BC"], "2030-01-01"),
    "bool": ("bool", ["true", "false", "true"], "false"),
    "float8": ("float8", ["1", "-2.5", "0.1", "0", "-0", "NaN", "infinity", "1e300", "1e-300", "3"], "55"),
    "float4": ("float4", ["1", "-2.5", "0.1", "0", "-0", "NaN", "-infinity", "1e30", "3"], "55"),
    "bytea": ("bytea", ["\\x00", "\\xdeadbeef", "\\x", "\\x0000", "\\x6162", "\\x27"], "\\x01"),
    "domain": ("positive", ["1", "2", "77", "100", "2147483647"], "55"),
    "domain_text": ("label", ["a", "it's \"q\"", "ünï ☃", " ", "A"], "b"),
    "enum": ("mood", ["sad", "so so", "fine"], "über"),
}

TABLES = """
CREATE TABLE {t} (k {type}, v int, w text);
-- distribution: k
CREATE TABLE {p} (k {type}, n int, w text, PRIMARY KEY (k, n));
-- distribution: k with {t}
"""
# The first value has many rows. The tables have rows without each other.
ROWS = """
INSERT INTO {t} SELECT x::{type}, i * 10 + g, 'w' || g % 3 FROM unnest({array}) WITH ORDINALITY AS u (x, i),
    generate_series(1, CASE WHEN i = 1 THEN 12 ELSE 2 END) AS g;
INSERT INTO {t} SELECT NULL, g, 'null' FROM generate_series(1, 5) AS g;
INSERT INTO {p} SELECT DISTINCT ON (x::{type}) x::{type}, i, 'p' || i FROM unnest({array}) WITH ORDINALITY AS u (x, i)
    WHERE i <> 2 ORDER BY x::{type}, i;
"""

CASES = """
-- name: point
SELECT k, v, w FROM {t} WHERE k = {a};
SELECT k, v, w FROM {t} WHERE {c} = k;
SELECT k, v, w FROM {t} WHERE k = {x};
-- name: point_untyped
SELECT k, v, w FROM {t} WHERE k = {ra};
SELECT k, n, w FROM {p} WHERE k = {rb} AND n > 0;
-- name: in
SELECT k, v FROM {t} WHERE k IN ({ra}, {rb}, {rx}, NULL);
SELECT k, v FROM {t} WHERE k = {a} OR k = {c};
-- name: any
SELECT k, v FROM {t} WHERE k = ANY (ARRAY[{a}, {c}, {x}]);
SELECT count(*) FROM {t} WHERE k <> ALL (ARRAY[{a}, {c}]);
-- name: not_equal
SELECT count(*), sum(v) FROM {t} WHERE k <> {a};
-- name: range
SELECT k, v FROM {t} WHERE k > {a};
SELECT k, v FROM {t} WHERE k BETWEEN {b} AND {c};
-- name: null
SELECT v FROM {t} WHERE k IS NULL;
SELECT count(*) FROM {t} WHERE k IS NOT NULL;
SELECT v FROM {t} WHERE k = NULL;
-- name: not_distinct
SELECT v FROM {t} WHERE k IS NOT DISTINCT FROM {b};
SELECT v FROM {t} WHERE k IS NOT DISTINCT FROM NULL;
-- name: group
SELECT k, count(*), sum(v), max(w) FROM {t} GROUP BY k;
SELECT DISTINCT k FROM {t};
SELECT count(DISTINCT k), count(k) FROM {t};
-- name: order
-- ordered
SELECT k, v FROM {t} ORDER BY k NULLS FIRST, v;
-- ordered
SELECT k, v FROM {t} ORDER BY k DESC, v LIMIT 9;
-- name: join
SELECT t.k, t.v, p.n FROM {t} t JOIN {p} p ON p.k = t.k;
SELECT t.k, t.v, p.n FROM {t} t LEFT JOIN {p} p USING (k);
SELECT t.v, p.k, p.n FROM {t} t FULL JOIN {p} p ON p.k = t.k AND t.v > 30;
-- name: join_itself
SELECT count(*) FROM {t} x JOIN {t} y ON x.k = y.k AND x.v < y.v;
-- name: join_point
SELECT t.v, p.n FROM {t} t JOIN {p} p ON p.k = t.k WHERE t.k = {a};
SELECT t.v, p.n FROM {t} t JOIN {p} p ON p.k = t.k WHERE p.k = {x};
-- name: semi_and_anti_join
SELECT k, v FROM {t} t WHERE EXISTS (SELECT 1 FROM {p} p WHERE p.k = t.k);
SELECT k, v FROM {t} t WHERE NOT EXISTS (SELECT 1 FROM {p} p WHERE p.k = t.k);
SELECT k, v FROM {t} WHERE k IN (SELECT k FROM {p} WHERE n = 3);
-- name: correlated
SELECT k, (SELECT sum(v) FROM {t} t WHERE t.k = p.k) FROM {p} p;
-- name: window
SELECT k, v, row_number() OVER (PARTITION BY k ORDER BY v) FROM {t};
-- name: prepared
PREPARE q ({type}) AS SELECT k, v FROM {t} WHERE k = $1;
EXECUTE q ({ra});
EXECUTE q ({rb});
EXECUTE q ({rc});
EXECUTE q ({rx});
EXECUTE q (NULL);
EXECUTE q ({ra});
EXECUTE q ({rb});
EXECUTE q ({rc});
DEALLOCATE q;
-- name: prepared_generic
SET plan_cache_mode = force_generic_plan;
PREPARE q ({type}, {type}) AS SELECT t.v, p.n FROM {t} t LEFT JOIN {p} p ON p.k = t.k WHERE t.k IN ($1, $2);
EXECUTE q ({ra}, {rb});
EXECUTE q ({rc}, NULL);
DEALLOCATE q;
RESET plan_cache_mode;
-- name: parameter_of_function
CREATE FUNCTION f(x {base}) RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM {t} WHERE k = x); END $$;
SELECT f({ra}), f({rb}), f({rc}), f({rx}), f(NULL);
DROP FUNCTION f({base});
-- name: insert
INSERT INTO {t} VALUES ({ra}, 1001, 'single') RETURNING *;
INSERT INTO {t} VALUES ({rx}, 1002, 'm'), ({rb}, 1003, 'm'), (NULL, 1004, 'm'), ({rc}, 1005, 'm') RETURNING k, v;
INSERT INTO {t} (v) VALUES (1006);
INSERT INTO {p} VALUES ({rx}, 1, 'new'), ({ra}, 50, 'new');
SELECT k, v FROM {t} WHERE k = {x};
-- name: insert_prepared
PREPARE i ({type}, int) AS INSERT INTO {t} VALUES ($1, $2) RETURNING k, v;
EXECUTE i ({ra}, 2001);
EXECUTE i ({rb}, 2002);
EXECUTE i ({rc}, 2003);
EXECUTE i (NULL, 2004);
EXECUTE i ({rx}, 2005);
EXECUTE i ({ra}, 2006);
EXECUTE i ({rb}, 2007);
DEALLOCATE i;
-- name: insert_select
INSERT INTO {t} SELECT k, n + 3000, w FROM {p};
INSERT INTO {t} SELECT k, v + 4000, w FROM {t} WHERE k = {b};
-- name: duplicate
-- error: 23505
INSERT INTO {p} VALUES ({ra}, 1, 'again');
-- name: null_in_primary_key
-- error: 23502
INSERT INTO {p} VALUES (NULL, 1, 'null');
-- name: on_conflict
INSERT INTO {p} VALUES ({ra}, 1, 'again'), ({rc}, 77, 'new') ON CONFLICT (k, n) DO UPDATE SET w = excluded.w || {p}.w RETURNING k, n, w;
INSERT INTO {p} VALUES ({ra}, 1, 'again') ON CONFLICT DO NOTHING;
-- name: update
UPDATE {t} SET w = 'by key' WHERE k = {a} AND v > 12;
UPDATE {t} SET w = 'by keys' WHERE k IN ({rb}, {rc}) RETURNING k, v;
UPDATE {t} SET w = 'by null' WHERE k IS NULL;
UPDATE {t} SET w = w || '!' WHERE v % 2 = 0;
UPDATE {p} p SET w = t.w FROM {t} t WHERE t.k = p.k AND t.v = 11;
-- name: update_prepared
PREPARE u ({type}, text) AS UPDATE {t} SET w = $2 WHERE k = $1;
EXECUTE u ({ra}, 'a');
EXECUTE u ({rc}, 'c');
EXECUTE u (NULL, 'n');
EXECUTE u ({rx}, 'x');
DEALLOCATE u;
-- tables: {t}
-- name: copy
COPY {t} (k, v) FROM STDIN;
{copied}
\\.
COPY {t} TO STDOUT;
-- name: copy_csv
COPY {t} (v, k) FROM STDIN (FORMAT csv);
{copied_csv}
\\.
COPY {t} TO STDOUT (FORMAT csv);
-- name: delete
DELETE FROM {t} WHERE k = {a} AND v < 15 RETURNING k, v;
DELETE FROM {t} WHERE k IN ({rb}, {rx});
DELETE FROM {t} WHERE k IS NULL;
DELETE FROM {t} t USING {p} p WHERE p.k = t.k AND p.n = 3;
-- name: delete_prepared
PREPARE d ({type}) AS DELETE FROM {t} WHERE k = $1;
EXECUTE d ({rc});
EXECUTE d (NULL);
DEALLOCATE d;
-- tables: {t}
"""

# What other types of value compare with such a key.
EXTRA = {
    "int": "k = 1::bigint; k = 1::smallint; k = 1.0; k = 1.5; k = 1::float8; k IN (1::bigint, 77); k = 3000000000; k * 1.0 = -2",
    "bigint": "k = 1::int; k = 1.0; k = 9000000000::numeric; k = 1::float8; k = ANY (ARRAY[1, 8])",
    "smallint": "k = 1::int; k = 1::bigint; k = 70000; k = 300.0",
    "text": "k = 'a'::varchar; k = 'a '::char(3); k = 'a'::name; k = 'a' COLLATE \"C\"; k LIKE 'a%'; upper(k) = 'A'; k = ANY ('{a,A}')",
    "varchar": "k = 'a'::text; k = 'a '::char(3); k::text = 'a'; k = 'x'; k LIKE 'x%'",
    "char": "k = 'a   '; k = 'a'::text; k = 'a  '::text; k = 'a'::varchar; k::text = 'a'; k IN ('a', 'it''s  ')",
    "uuid": "k = upper('00000001-0000-4000-8000-000000001eef')::uuid; k = '{00000001-0000-4000-8000-000000001eef}'",
    "numeric": "k = 1; k = 1.000; k = 3; k = 3::float8; k = 'NaN'; k = 1e30; k = 1::bigint; k > 'NaN'; k = 0.0000010",
    "numeric_scale": "k = 3.33; k = 3.333; k = 1; k = 1.00; k = 4.0::float8",
    "timestamptz": "k = '2024-01-01 01:00:00+01'; k = '2023-12-31 19:00 America/New_York'; k = date '2024-01-01';"
                   " k = timestamp '2024-01-01 01:00'; k = 'infinity'; k < '0001-01-01'",
    "timestamp": "k = date '2024-01-01'; k = timestamptz '2024-01-01 00:00+01'; k = 'infinity'; k = '20240101'",
    "date": "k = timestamp '2024-01-01 00:00'; k = timestamp '2024-01-01 01:00'; k = timestamptz '2024-01-01 00:00+01';"
            " k = '01-01-2024'; k - 1 = '2023-12-31'",
    "bool": "k; NOT k; k IS TRUE; k IS NOT FALSE; k IS UNKNOWN; k = 'yes'; k = 't' AND v > 12; k = (v > 20)",
    "float8": "k = 0; k = -0.0; k = 'NaN'; k = 0.1::float4; k = 1::int; k = 0.1::numeric; k = 1e300; k > 'infinity'",
    "float4": "k = 0; k = -0.0; k = 'NaN'; k = 0.1; k = 0.1::float4; k = 1::bigint",
    "bytea": "k = 'ab'; k = E'\\\\336\\\\255\\\\276\\\\357'; k = decode('00', 'hex'); length(k) = 2",
    "domain": "k = 1::int; k = 1::bigint; k = 1.0; k = 1::positive; k::int = 77; k = -1",
    "domain_text": "k = 'a'::text; k = 'a'::label; k = 'a'::varchar; k = ''",
    "enum": "k > 'sad'; k::text = 'fine'; k IN ('fine', 'über'); k = ANY ('{sad,über}'); k = enum_first(NULL::mood)",
}


def run(plain, dist, shard_count, distribute, report, configuration, only):
    for name in TYPES:
        chosen = [case for case in make_cases(name) if re.search(only, case.name)]
        if chosen:
            run_type(Dataset(plain, dist, shard_count, distribute, *make_tables(name)), report, configuration, chosen)


def run_type(data, report, configuration, chosen):
    data.build()
    runner = Runner(data, report, configuration)
    runner.report_problems()
    for case in chosen:
        runner.run_case(case)
    data.drop()


def make_tables(name):
    holes = fill_holes(name)
    return TABLES.format(**holes), ROWS.format(**holes)


def make_cases(name):
    holes = fill_holes(name)
    text = CASES.format(**holes)
    for number, condition in enumerate(EXTRA[name].split(";"), 1):
        text += f"-- name: compared_{number}\nSELECT k, v, w FROM {holes['t']} WHERE {condition.strip()};\n"
        text += f"UPDATE {holes['t']} SET w = 'compared {number}' WHERE {condition.strip()};\n"
    result = cases.parse(text)
    for case in result:
        case.name = f"keys.{name}.{case.name}"
    return result


def fill_holes(name):
    sql_type, values, absent = TYPES[name]
    holes = {
        "t": f"key_{name}", "p": f"pair_{name}", "type": sql_type,
        "base": {"positive": "int", "label": "text"}.get(sql_type, sql_type.split("(")[0]),
        "array": "ARRAY[" + ", ".join(quote(value) for value in values) + "]",
        "copied": "\n".join(value.replace("\\", "\\\\") + f"\t{5000 + i}" for i, value in enumerate(values)) + "\n\\N\t5999",
        "copied_csv": "\n".join(f'{6000 + i},"' + value.replace('"', '""') + '"' for i, value in enumerate(values)) + "\n6999,",
    }
    for letter, value in zip("abcx", values[:3] + [absent]):
        holes["r" + letter] = quote(value)
        holes[letter] = f"{quote(value)}::{sql_type}"
    return holes


def quote(value):
    return "'" + value.replace("'", "''") + "'"
