-- What the demo runs, in this order, on the distributed and on the plain tables. "-- #" starts a statement and
-- is its title; the answers must be equal.

-- # One package, by its key: one shard of one node answers
SELECT name, version, section, installed_kb FROM package WHERE name = 'bash';

-- # A new package
INSERT INTO package VALUES ('herd-demo', '0.1', 'database', 'example.org', 10, 1000, 'row written by the demo')
RETURNING name, version;

-- # Its dependencies: several rows, one shard
INSERT INTO dependency VALUES
    ('herd-demo', 'depends', 1, 1, 'postgresql-15', '>= 15'),
    ('herd-demo', 'depends', 2, 1, 'libxxhash0', NULL)
RETURNING target, needed;

-- # The same key once more: an upsert
INSERT INTO package VALUES ('herd-demo', '0.2', 'database', 'example.org', 12, 1200, 'written again')
ON CONFLICT (name) DO UPDATE SET version = excluded.version, installed_kb = excluded.installed_kb
RETURNING name, version, installed_kb;

-- # An update by key
UPDATE package SET description = 'updated by the demo' WHERE name = 'herd-demo' RETURNING name, description;

-- # A join of colocated tables for one key: both rows lie on the same node
SELECT p.name, p.version, d.kind, d.target, d.needed
FROM package p JOIN dependency d ON d.package = p.name
WHERE p.name = 'herd-demo' ORDER BY d.kind, d.position;

-- # A join of colocated tables over all shards: packages with most dependencies
SELECT p.name, p.section, count(*) AS dependencies
FROM package p JOIN dependency d ON d.package = p.name
GROUP BY p.name, p.section ORDER BY dependencies DESC, p.name LIMIT 5;

-- # An aggregate over all shards
SELECT count(*), sum(size_bytes) AS bytes, round(avg(installed_kb), 2) AS average_kb, max(length(description)) FROM package;

-- # Groups, joined with the reference table that every node has
SELECT s.component, p.section, count(*) AS packages, sum(p.size_bytes) AS bytes
FROM package p JOIN section s ON s.name = p.section
GROUP BY s.component, p.section ORDER BY packages DESC, p.section LIMIT 8;

-- # A join against the distribution: what is needed most (reverse dependencies)
SELECT t.name, t.section, count(DISTINCT d.package) AS needed_by
FROM dependency d JOIN package t ON t.name = d.target
GROUP BY t.name, t.section ORDER BY needed_by DESC, t.name LIMIT 8;

-- # A subquery against the distribution: dependencies that no package satisfies by name
SELECT d.target, count(*) AS wanted FROM dependency d
WHERE NOT EXISTS (SELECT FROM package p WHERE p.name = d.target)
GROUP BY d.target ORDER BY wanted DESC, d.target LIMIT 5;

-- # A window function over a common table expression
WITH by_domain AS (
    SELECT maintainer_domain, section, count(*) AS packages FROM package GROUP BY maintainer_domain, section
)
SELECT section, maintainer_domain, packages FROM (
    SELECT *, row_number() OVER (PARTITION BY section ORDER BY packages DESC, maintainer_domain) AS place FROM by_domain
) ranked
WHERE place = 1 ORDER BY packages DESC, section LIMIT 5;

-- # Delete by key: the rows that refer to the package
DELETE FROM dependency WHERE package = 'herd-demo' RETURNING target;

-- # Delete by key: the package itself
DELETE FROM package WHERE name = 'herd-demo' RETURNING name, version;
