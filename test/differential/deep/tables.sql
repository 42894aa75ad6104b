-- Small tables of every kind. Columns of the same type have values in common, so that any join finds partners.
CREATE TABLE ref_code (
    code text PRIMARY KEY,
    label text,
    r int
);
-- distribution: reference

CREATE TABLE ref_number (
    k bigint PRIMARY KEY,
    s text,
    n numeric(8,2)
);
-- distribution: reference

CREATE TABLE alpha (
    k bigint NOT NULL,
    id int NOT NULL,
    s text,
    n numeric(8,2),
    d date,
    b bool,
    PRIMARY KEY (k, id)
);
-- distribution: k with none

-- Mostly nulls, the key too.
CREATE TABLE beta (
    k bigint,
    j int,
    s text,
    m numeric(8,2)
);
-- distribution: k with alpha

-- Key 7 has most of the rows.
CREATE TABLE skew (
    k bigint,
    v int NOT NULL,
    w text
);
-- distribution: k with alpha

CREATE TABLE nothing (
    k bigint,
    s text,
    n numeric(8,2)
);
-- distribution: k with alpha

CREATE TABLE gamma (
    code text PRIMARY KEY,
    q int,
    d date,
    b bool
);
-- distribution: code with none

CREATE TABLE delta (
    code text,
    n numeric(8,2),
    i int
);
-- distribution: code with gamma

CREATE TABLE other (
    i int,
    k bigint,
    code text,
    n numeric(8,2)
);
-- distribution: i with none

CREATE TABLE days (
    d date PRIMARY KEY,
    y int,
    name text
);
-- distribution: d

CREATE TABLE price (
    n numeric(8,2),
    i int,
    s text
);
-- distribution: n

CREATE TABLE flag (
    b bool,
    k bigint,
    s text
);
-- distribution: b

CREATE TABLE lone (
    i int PRIMARY KEY,
    s text
);
-- distribution: i

CREATE TABLE tree (
    id int PRIMARY KEY,
    parent int,
    label text
);
-- distribution: id

CREATE TABLE local_one (
    id int PRIMARY KEY,
    k bigint,
    code text,
    d date
);
CREATE TABLE local_two (
    k bigint,
    n numeric(8,2),
    b bool
);
CREATE INDEX local_two_index ON local_two (k);

CREATE VIEW v_filter AS SELECT k, id, s, n FROM alpha WHERE id % 2 = 0;
CREATE VIEW v_join AS SELECT a.k, a.s, b.j, b.m FROM alpha AS a LEFT JOIN beta AS b ON a.k = b.k;
CREATE VIEW v_group AS SELECT k, count(*) AS c, max(v) AS v FROM skew GROUP BY k;
CREATE VIEW v_union AS SELECT k, s FROM beta UNION ALL SELECT k, w FROM skew;
CREATE VIEW v_barrier WITH (security_barrier) AS SELECT k, j, s FROM beta WHERE j IS NOT NULL;
CREATE VIEW v_mixed AS SELECT l.id, l.code, g.q, r.label FROM local_one AS l JOIN gamma AS g ON l.code = g.code
    LEFT JOIN ref_code AS r ON r.code = g.code;

-- Keys of other types.
CREATE TABLE tag (
    v varchar(8),
    c char(3),
    u uuid,
    k bigint
);
-- distribution: v with none

CREATE TABLE mark (
    at timestamptz,
    k int,
    s text
);
-- distribution: at

CREATE FUNCTION rows_of(bigint) RETURNS TABLE (j int, s text) STABLE LANGUAGE sql AS 'SELECT j, s FROM beta WHERE k = $1';
CREATE FUNCTION some_alpha(bigint) RETURNS SETOF alpha STABLE LANGUAGE sql AS 'SELECT * FROM alpha WHERE k < $1';
CREATE FUNCTION lines_of(bigint) RETURNS bigint STABLE LANGUAGE plpgsql AS
    'BEGIN RETURN (SELECT count(*) FROM skew WHERE k = $1); END';
