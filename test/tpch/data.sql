-- A small world of parts, suppliers, customers and orders, made of arithmetic alone: the same on every machine.
-- :scale stands for the number of orders in thousands.
CREATE FUNCTION pick(seed bigint, salt int, choices int) RETURNS int LANGUAGE sql IMMUTABLE AS
    $$ SELECT (((hashint8extended(seed, salt) % choices) + choices) % choices)::int $$;
CREATE FUNCTION word(seed bigint, salt int, words text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
    $$ SELECT words[1 + pick(seed, salt, cardinality(words))] $$;

CREATE TABLE region (r_regionkey int PRIMARY KEY, r_name text NOT NULL, r_comment text);
CREATE TABLE nation (n_nationkey int PRIMARY KEY, n_name text NOT NULL, n_regionkey int NOT NULL, n_comment text);
CREATE TABLE supplier (s_suppkey int PRIMARY KEY, s_name text, s_address text, s_nationkey int NOT NULL, s_phone text,
                       s_acctbal numeric(12,2), s_comment text);
CREATE TABLE customer (c_custkey int PRIMARY KEY, c_name text, c_address text, c_nationkey int NOT NULL, c_phone text,
                       c_acctbal numeric(12,2), c_mktsegment text, c_comment text);
CREATE TABLE part (p_partkey int PRIMARY KEY, p_name text, p_mfgr text, p_brand text, p_type text, p_size int,
                   p_container text, p_retailprice numeric(12,2), p_comment text);
CREATE TABLE partsupp (ps_partkey int NOT NULL, ps_suppkey int NOT NULL, ps_availqty int, ps_supplycost numeric(12,2),
                       ps_comment text, PRIMARY KEY (ps_partkey, ps_suppkey));
CREATE TABLE orders (o_orderkey bigint PRIMARY KEY, o_custkey int NOT NULL, o_orderstatus text, o_totalprice numeric(12,2),
                     o_orderdate date, o_orderpriority text, o_clerk text, o_shippriority int, o_comment text);
CREATE TABLE lineitem (l_orderkey bigint NOT NULL, l_partkey int NOT NULL, l_suppkey int NOT NULL, l_linenumber int NOT NULL,
                       l_quantity numeric(12,2), l_extendedprice numeric(12,2), l_discount numeric(4,2), l_tax numeric(4,2),
                       l_returnflag text, l_linestatus text, l_shipdate date, l_commitdate date, l_receiptdate date,
                       l_shipinstruct text, l_shipmode text, l_comment text, PRIMARY KEY (l_orderkey, l_linenumber));

INSERT INTO region SELECT i - 1, name, 'region ' || i
FROM unnest(ARRAY['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST']) WITH ORDINALITY AS t(name, i);
INSERT INTO nation SELECT i - 1, name, region, 'nation ' || i
FROM unnest(ARRAY['ALGERIA', 'ARGENTINA', 'BRAZIL', 'CANADA', 'EGYPT', 'ETHIOPIA', 'FRANCE', 'GERMANY', 'INDIA', 'INDONESIA',
                  'IRAN', 'IRAQ', 'JAPAN', 'JORDAN', 'KENYA', 'MOROCCO', 'MOZAMBIQUE', 'PERU', 'CHINA', 'ROMANIA',
                  'SAUDI ARABIA', 'VIETNAM', 'RUSSIA', 'UNITED KINGDOM', 'UNITED STATES'],
            ARRAY[0, 1, 1, 1, 4, 0, 3, 3, 2, 2, 4, 4, 2, 4, 0, 0, 0, 1, 2, 3, 4, 2, 3, 3, 1]) WITH ORDINALITY AS t(name, region, i);
INSERT INTO supplier
SELECT i, 'Supplier#' || lpad(i::text, 9, '0'), 'street ' || pick(i, 1, 5000), pick(i, 2, 25),
       (10 + pick(i, 2, 25)) || '-' || (100 + pick(i, 3, 900)) || '-' || (1000 + pick(i, 4, 9000)),
       pick(i, 5, 1100000) / 100.0 - 1000,
       CASE WHEN pick(i, 6, 30) = 0 THEN 'slow Customer had Complaints' ELSE 'carefully packed ' || i END
FROM generate_series(1, greatest(:scale * 7, 20)) i;
INSERT INTO customer
SELECT i, 'Customer#' || lpad(i::text, 9, '0'), 'road ' || pick(i, 1, 9000), pick(i, 2, 25),
       (10 + pick(i, 2, 25)) || '-' || (100 + pick(i, 3, 900)) || '-' || (1000 + pick(i, 4, 9000)),
       pick(i, 5, 1100000) / 100.0 - 1000,
       word(i, 6, ARRAY['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'HOUSEHOLD', 'MACHINERY']), 'asks for number ' || i
FROM generate_series(1, :scale * 100) i;
INSERT INTO part
SELECT i,
       word(i, 1, ARRAY['almond', 'antique', 'azure', 'beige', 'forest', 'green', 'ivory', 'lemon']) || ' ' ||
       word(i, 2, ARRAY['blush', 'chiffon', 'frosted', 'green', 'linen', 'metallic', 'olive', 'rose']),
       'Manufacturer#' || 1 + pick(i, 3, 5), 'Brand#' || 1 + pick(i, 3, 5) || 1 + pick(i, 4, 5),
       word(i, 5, ARRAY['STANDARD', 'SMALL', 'MEDIUM', 'LARGE', 'ECONOMY', 'PROMO']) || ' ' ||
       word(i, 6, ARRAY['ANODIZED', 'BURNISHED', 'PLATED', 'POLISHED', 'BRUSHED']) || ' ' ||
       word(i, 7, ARRAY['TIN', 'NICKEL', 'BRASS', 'STEEL', 'COPPER']),
       1 + pick(i, 8, 50),
       word(i, 9, ARRAY['SM', 'LG', 'MED', 'JUMBO', 'WRAP']) || ' ' ||
       word(i, 10, ARRAY['CASE', 'BOX', 'BAG', 'JAR', 'PKG', 'PACK', 'CAN', 'DRUM']),
       900 + pick(i, 11, 120000) / 100.0, 'final ' || i
FROM generate_series(1, :scale * 133) i;
INSERT INTO partsupp
SELECT p_partkey, 1 + (p_partkey + k * ((SELECT count(*)::int FROM supplier) / 4 + 1)) % (SELECT count(*)::int FROM supplier),
       1 + pick(p_partkey * 4 + k, 1, 9999), 1 + pick(p_partkey * 4 + k, 2, 99900) / 100.0, 'stock'
FROM part, generate_series(0, 3) k ON CONFLICT DO NOTHING;
INSERT INTO orders
SELECT i * 4, 1 + pick(i, 1, :scale * 100) / 3 * 3, word(i, 2, ARRAY['F', 'O', 'P']), 1000 + pick(i, 3, 40000000) / 100.0,
       date '1992-01-01' + pick(i, 4, 2406), word(i, 5, ARRAY['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW']),
       'Clerk#' || pick(i, 6, 1000), 0,
       CASE WHEN pick(i, 7, 20) = 0 THEN 'the special and fast requests' ELSE 'pending deposits ' || i END
FROM generate_series(1, :scale * 1000) i;
INSERT INTO lineitem
SELECT o_orderkey, ps_partkey, ps_suppkey, line, 1 + pick(id, 1, 50), 1000 + pick(id, 2, 9000000) / 100.0,
       pick(id, 3, 11) / 100.0, pick(id, 4, 9) / 100.0,
       CASE WHEN o_orderdate > date '1995-06-17' THEN 'N' ELSE word(id, 5, ARRAY['R', 'A']) END,
       CASE WHEN o_orderdate > date '1995-06-17' THEN 'O' ELSE 'F' END,
       o_orderdate + 1 + pick(id, 6, 121), o_orderdate + 30 + pick(id, 7, 61), o_orderdate + 2 + pick(id, 6, 121) + pick(id, 8, 30),
       word(id, 9, ARRAY['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN']),
       word(id, 10, ARRAY['REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB']), 'line ' || id
FROM orders
CROSS JOIN LATERAL generate_series(1, 1 + pick(o_orderkey, 8, 7)) line
CROSS JOIN LATERAL (SELECT o_orderkey * 8 + line AS id) n
CROSS JOIN LATERAL (SELECT 1 + pick(id, 11, :scale * 133) AS partkey) p
JOIN LATERAL (SELECT ps_partkey, ps_suppkey FROM partsupp WHERE ps_partkey = partkey
              ORDER BY ps_suppkey OFFSET pick(id, 12, 3) LIMIT 1) ps ON true;
CREATE INDEX ON lineitem (l_partkey);
CREATE INDEX ON orders (o_custkey);
