-- name: counted_groups
SELECT count(*), sum(n), max(t) FROM (SELECT user_id, count(*) AS n, sum(total) AS t FROM orders GROUP BY user_id) s;
-- name: histogram
SELECT n, count(*) FROM (SELECT u.id, count(o.id) AS n FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.quantity < 5 GROUP BY u.id) s GROUP BY n;
-- name: null_keys_grouped
SELECT count(*), count(user_id), sum(n) FROM (SELECT user_id, count(*) AS n FROM events GROUP BY user_id) s;
-- name: null_keys_joined
SELECT u.id, s.n FROM users u FULL JOIN (SELECT user_id, count(*) AS n FROM events GROUP BY user_id) s ON s.user_id = u.id;
-- name: null_keys_not_distinct
SELECT a.user_id, a.n, b.n FROM (SELECT user_id, count(*) AS n FROM events GROUP BY user_id) a JOIN (SELECT user_id, max(amount) AS n FROM events GROUP BY user_id) b ON a.user_id IS NOT DISTINCT FROM b.user_id;
-- name: two_grouped
SELECT a.user_id, a.n, b.n FROM (SELECT user_id, count(*) AS n FROM events GROUP BY user_id) a JOIN (SELECT user_id, max(quantity) AS n FROM orders GROUP BY user_id) b USING (user_id);
-- name: grouped_by_outer_joined_key
SELECT s.k, s.n FROM (SELECT o.user_id AS k, count(*) AS n FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.quantity > 7 GROUP BY o.user_id) s WHERE s.n > 1;
-- name: distinct_of_outer_joined_key
SELECT count(*), count(k) FROM (SELECT DISTINCT o.user_id AS k FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.quantity > 7) s;
-- name: grouped_after_outer_joined_key
SELECT k, count(*) FROM (SELECT u.id, o.user_id AS k, count(*) FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.quantity > 7 GROUP BY u.id, o.user_id) s GROUP BY k;
-- name: made_equal_again
SELECT count(*) FROM (SELECT o.user_id AS k FROM users u LEFT JOIN orders o ON o.user_id = u.id GROUP BY o.user_id) s JOIN users v ON v.id = s.k;
-- name: below_outer_join
SELECT u.id, s.n, s.one, coalesce(s.n, 0) + 1 FROM users u LEFT JOIN (SELECT user_id, count(*) AS n, 1 AS one, coalesce(min(remark), 'none') AS r FROM orders WHERE quantity > 5 GROUP BY user_id) s ON s.user_id = u.id AND s.n > 1 WHERE s.one IS NULL OR s.n < 4;
-- name: below_two_outer_joins
SELECT u.id, s.n, t.m FROM users u LEFT JOIN ((SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) s LEFT JOIN (SELECT DISTINCT user_id, kind AS m FROM events) t ON t.user_id = s.user_id AND s.n > 2) ON s.user_id = u.id AND u.age > 30;
-- name: above_full_join
SELECT s.user_id, t.user_id, s.n, t.n FROM (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) s FULL JOIN (SELECT user_id, count(*) AS n FROM events GROUP BY user_id HAVING count(*) > 1) t ON s.user_id = t.user_id AND s.n <> t.n;
-- name: using_of_full_join
SELECT user_id, s.n, t.n FROM (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) s FULL JOIN (SELECT user_id, count(*) AS n FROM events GROUP BY user_id) t USING (user_id) WHERE user_id < 40;
-- name: full_join_grouped
SELECT count(*), sum(n) FROM (SELECT k, count(*) AS n FROM (SELECT coalesce(u.id, e.user_id) AS k FROM users u FULL JOIN events e ON e.user_id = u.id) f GROUP BY k) s;
-- name: constant_of_nullable_side
SELECT u.id, s.present FROM users u LEFT JOIN (SELECT DISTINCT user_id, true AS present FROM orders WHERE quantity = 9) s ON s.user_id = u.id;
-- name: whole_row
SELECT u.id, s FROM users u LEFT JOIN (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) s ON s.user_id = u.id WHERE u.id < 20;
-- name: whole_row_is_null
SELECT u.id FROM users u LEFT JOIN (SELECT user_id, max(remark) AS n FROM orders GROUP BY user_id) s ON s.user_id = u.id WHERE s IS NULL;
-- name: row_column
SELECT s.user_id, (s.o).quantity FROM (SELECT DISTINCT ON (user_id) user_id, o FROM orders o ORDER BY user_id, id) s;
-- name: row_column_unsorted
SELECT count(*), count(s.o) FROM (SELECT user_id, o, count(*) FROM orders o GROUP BY user_id, o) s JOIN users u ON u.id = s.user_id;
-- name: first_of_each
SELECT u.name, s.id, s.r FROM users u JOIN (SELECT user_id, id, row_number() OVER (PARTITION BY user_id ORDER BY total DESC NULLS LAST, id) AS r FROM orders) s ON s.user_id = u.id WHERE s.r <= 2;
-- name: windows_not_by_key
SELECT s.user_id, s.id FROM (SELECT user_id, id, rank() OVER (PARTITION BY user_id ORDER BY quantity) AS a, rank() OVER (PARTITION BY item_code ORDER BY id, user_id) AS b FROM orders) s WHERE a = 1 AND b < 3;
-- name: distinct_not_by_key
SELECT u.id, s.item_code FROM users u JOIN (SELECT DISTINCT item_code, quantity FROM orders) s ON s.quantity = u.age - 20;
-- name: grouped_by_expression_of_key
SELECT k, n FROM (SELECT user_id % 10 AS k, count(*) AS n FROM orders GROUP BY user_id % 10) s JOIN users u ON u.id = s.k;
-- name: grouped_by_casted_key
SELECT s.k, u.name FROM (SELECT user_id::int AS k, count(*) AS n FROM orders GROUP BY user_id::int) s JOIN users u ON u.id = s.k;
-- name: key_through_reference
SELECT s.k, s.n FROM (SELECT i.code AS k, count(*) AS n FROM items i JOIN country c ON c.code = i.origin GROUP BY i.code, c.name) s JOIN items j ON j.code = s.k;
-- name: transitive
SELECT count(*) FROM (SELECT o.user_id, count(*) AS n FROM orders o JOIN events e ON e.user_id = o.user_id JOIN users u ON u.id = e.user_id GROUP BY o.user_id) s JOIN users v ON v.id = s.user_id WHERE v.age > 30;
-- name: joined_otherwise
SELECT s.n, u.id FROM (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) s JOIN users u ON u.age = s.n + 20;
-- name: semi_join
SELECT id FROM users WHERE id IN (SELECT user_id FROM orders GROUP BY user_id HAVING sum(quantity) > 20);
-- name: anti_join
SELECT u.id FROM users u WHERE NOT EXISTS (SELECT FROM (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) s WHERE s.user_id = u.id AND s.n > 1);
-- name: not_in
SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM orders GROUP BY user_id HAVING count(*) > 1);
-- name: not_in_with_nulls
SELECT count(*) FROM users WHERE id NOT IN (SELECT user_id FROM events GROUP BY user_id HAVING count(*) > 1);
-- name: in_or
SELECT id FROM users WHERE age < 20 OR id IN (SELECT user_id FROM orders GROUP BY user_id HAVING count(*) > 3);
-- name: in_and_null_test
SELECT id, (id IN (SELECT user_id FROM events GROUP BY user_id)) FROM users WHERE id < 40;
-- name: union_all_grouped
SELECT what, count(*) FROM (SELECT user_id, 'order' AS what FROM orders UNION ALL SELECT user_id, kind FROM events) s GROUP BY what;
-- name: union_all_joined
SELECT u.country, count(*) FROM (SELECT user_id, quantity AS q FROM orders UNION ALL SELECT user_id, amount FROM events) s JOIN users u ON u.id = s.user_id WHERE s.q > 3 GROUP BY u.country;
-- name: union_all_with_copies
SELECT count(*) FROM (SELECT country FROM users UNION ALL SELECT code FROM country) s;
-- name: union_with_constants
SELECT count(*), max(k) FROM (SELECT user_id AS k FROM orders UNION SELECT 7 UNION ALL SELECT 8) s;
-- name: union_keys_in_other_places
SELECT count(*) FROM (SELECT user_id, id FROM orders UNION SELECT amount, user_id FROM events) s;
-- name: union_without_keys
SELECT count(*) FROM (SELECT quantity FROM orders UNION SELECT amount FROM events) s;
-- name: except_copies
SELECT count(*) FROM (SELECT id, country FROM users EXCEPT SELECT 7, code FROM country) s;
-- name: copies_except
SELECT count(*) FROM (SELECT code FROM country EXCEPT SELECT country FROM users) s;
-- name: intersect_all_by_key
SELECT k, count(*) FROM (SELECT user_id AS k FROM orders INTERSECT ALL SELECT user_id FROM events) s GROUP BY k;
-- name: except_all_by_key
SELECT k, count(*) FROM (SELECT user_id AS k FROM events EXCEPT ALL SELECT user_id FROM orders) s GROUP BY k;
-- name: union_of_coerced
SELECT count(*) FROM (SELECT id FROM sparse UNION SELECT id::bigint FROM sparse) s;
-- name: union_of_nullable_keys
SELECT k, count(*) FROM (SELECT o.user_id AS k FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.quantity > 8 UNION SELECT user_id FROM events) s GROUP BY k;
-- name: grouping_sets_with_key
SELECT count(*), sum(n) FROM (SELECT user_id, kind, amount, count(*) AS n FROM events GROUP BY user_id, GROUPING SETS ((kind), (amount), ())) s;
-- name: grouping_sets_without_key
SELECT count(*), sum(n) FROM (SELECT user_id, kind, count(*) AS n FROM events GROUP BY GROUPING SETS ((user_id), (kind))) s;
-- name: rollup
SELECT count(*), sum(n) FROM (SELECT user_id, kind, count(*) AS n FROM events GROUP BY ROLLUP (user_id, kind)) s;
-- name: sets_returning
SELECT s.user_id, s.g, u.name FROM (SELECT user_id, generate_series(1, quantity) AS g FROM orders WHERE quantity < 4) s JOIN users u ON u.id = s.user_id;
-- name: array_column
SELECT count(*), sum(cardinality(l)) FROM (SELECT user_id, array_agg(id ORDER BY id) AS l FROM orders GROUP BY user_id) s;
-- name: ordered_for_array
SELECT array_agg(n) FROM (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id ORDER BY count(*) DESC, user_id) s;
-- name: ordered_inside
SELECT user_id, a FROM (SELECT user_id, array_agg(id) AS a FROM (SELECT user_id, id FROM orders ORDER BY user_id, id DESC) x GROUP BY user_id) s WHERE cardinality(a) > 2;
-- name: limited
SELECT count(*) FROM (SELECT user_id, count(*) FROM orders GROUP BY user_id LIMIT 5) s;
-- name: offset_zero
SELECT count(*) FROM (SELECT id, age FROM users WHERE age > 30 OFFSET 0) s JOIN orders o ON o.user_id = s.id;
-- name: volatile_column
SELECT count(*), count(DISTINCT r) > 1 FROM (SELECT user_id, random() AS r FROM orders GROUP BY user_id) s;
-- name: volatile_condition
SELECT count(*) FROM (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) s JOIN users u ON u.id = s.user_id WHERE s.n + random() > 0;
-- name: correlated_inside
SELECT s.id, s.n FROM (SELECT DISTINCT u.id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) AS n FROM users u) s WHERE s.n > 2;
-- name: correlated_inside_otherwise
SELECT s.id, s.n FROM (SELECT DISTINCT u.id, (SELECT count(*) FROM orders o WHERE o.quantity = u.age - 20) AS n FROM users u WHERE u.id < 30) s WHERE s.n > 2;
-- name: uncorrelated_inside
SELECT count(*) FROM (SELECT user_id, sum(total) AS t FROM orders GROUP BY user_id HAVING sum(total) > (SELECT avg(total) FROM orders)) s JOIN users u ON u.id = s.user_id;
-- name: pinned_inside
SELECT s.n, u.name FROM (SELECT user_id, count(*) AS n FROM orders WHERE user_id = 7 GROUP BY user_id) s JOIN users u ON u.country = 'de' OR u.id = s.user_id;
-- name: different_pins
SELECT a.n, b.n FROM (SELECT user_id, count(*) AS n FROM orders WHERE user_id = 7 GROUP BY user_id) a, (SELECT user_id, count(*) AS n FROM orders WHERE user_id = 8 GROUP BY user_id) b;
-- name: pinned_outside
SELECT s.n, t.id FROM (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) s, sparse t WHERE s.user_id IN (7, 8, 9);
-- name: null_pinned_outside
SELECT u.age, s.n FROM users u LEFT JOIN (SELECT user_id, count(*) AS n FROM events GROUP BY user_id) s ON s.user_id = u.id WHERE s.user_id IS NULL;
-- name: broadcast_to_it
SELECT n.id, s.n FROM note n JOIN (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) s ON s.user_id = n.user_id;
-- name: cte_once
WITH s AS (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) SELECT u.id, s.n FROM users u JOIN s ON s.user_id = u.id WHERE s.n > 1;
-- name: cte_twice
WITH s AS (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) SELECT a.user_id, b.n FROM s a JOIN s b ON a.user_id = b.user_id + 1;
-- name: cte_not_materialized
WITH s AS NOT MATERIALIZED (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) SELECT a.user_id, b.n FROM s a JOIN s b ON a.user_id = b.user_id;
-- name: cte_materialized
WITH s AS MATERIALIZED (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) SELECT u.id, s.n FROM users u JOIN s ON s.user_id = u.id WHERE s.n > 1;
-- name: cte_inside
SELECT count(*), sum(n) FROM (WITH w AS (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) SELECT a.user_id, a.n + b.n AS n FROM w a JOIN w b USING (user_id)) s JOIN users u ON u.id = s.user_id;
-- name: cte_of_cte
WITH a AS (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id), b AS (SELECT u.id, coalesce(a.n, 0) AS n FROM users u LEFT JOIN a ON a.user_id = u.id) SELECT n, count(*) FROM b GROUP BY n;
-- name: three_levels
SELECT max(m) FROM (SELECT n, count(*) AS m FROM (SELECT user_id, count(*) AS n FROM (SELECT DISTINCT user_id, kind FROM events) a GROUP BY user_id) b GROUP BY n) c;
-- name: renamed_columns
SELECT s.a, s.b FROM (SELECT user_id, count(*) FROM orders GROUP BY user_id) AS s (a, b) JOIN users u ON u.id = s.a;
-- name: same_names
SELECT s.count, t.count FROM (SELECT user_id, count(*) FROM orders GROUP BY user_id) s JOIN (SELECT user_id, count(*) FROM events GROUP BY user_id) t ON s.user_id = t.user_id;
-- name: unnamed_columns
SELECT count(*) FROM (SELECT user_id, quantity + 1, quantity + 2, 'x' FROM orders GROUP BY user_id, quantity) s JOIN users u ON u.id = s.user_id;
-- name: distributed_with_dropped_column
SELECT count(*), sum(n) FROM (SELECT k, count(*) AS n, max("select") AS "max" FROM filled GROUP BY k) s JOIN filled f ON f.k = s.k;
-- name: prepared
PREPARE grouped (bigint, int) AS SELECT count(*), sum(s.n) FROM (SELECT user_id, count(*) AS n FROM orders WHERE quantity > $2 GROUP BY user_id) s JOIN users u ON u.id = s.user_id WHERE s.user_id > $1;
EXECUTE grouped (3, 2);
EXECUTE grouped (3, 2);
EXECUTE grouped (7, 4);
EXECUTE grouped (3, 2);
EXECUTE grouped (3, NULL);
EXECUTE grouped (20, 1);
EXECUTE grouped (10, 1);
DEALLOCATE grouped;
-- name: prepared_key
PREPARE one (bigint) AS SELECT s.n, t.id FROM (SELECT user_id, count(*) AS n FROM orders WHERE user_id = $1 GROUP BY user_id) s, sparse t;
EXECUTE one (7);
EXECUTE one (8);
EXECUTE one (9);
EXECUTE one (10);
EXECUTE one (11);
EXECUTE one (12);
EXECUTE one (NULL);
DEALLOCATE one;
-- name: barrier_view
CREATE VIEW rich WITH (security_barrier) AS SELECT user_id, sum(total) AS t, min(remark) AS r FROM orders GROUP BY user_id HAVING sum(total) > 100;
SELECT u.id, r.t FROM users u JOIN rich r ON r.user_id = u.id WHERE r.t > 200 AND length(r.r) > 0;
DROP VIEW rich;
-- name: plain_barrier_view
CREATE VIEW grown WITH (security_barrier) AS SELECT id, name, age FROM users WHERE age > 30;
SELECT g.name, count(*) FROM grown g JOIN orders o ON o.user_id = g.id WHERE substr(g.name, 1, 1) < 'x' GROUP BY g.name;
DROP VIEW grown;
-- name: conditions_here_and_there
SELECT s.user_id, s.n FROM (SELECT user_id, count(*) AS n, max(id) AS m FROM orders GROUP BY user_id) s WHERE s.m + random() > 0 AND s.n > 1 AND s.user_id IN (3, 7, 9);
-- name: computed_below_outer_join
SELECT u.id, x.n FROM users u LEFT JOIN (SELECT s.user_id, coalesce(s.n, 0) + 1 AS n FROM (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) s) x ON x.user_id = u.id;
-- name: constant_below_outer_join
SELECT u.id, x.n, x.c FROM users u LEFT JOIN (SELECT s.user_id, 1 AS c, s.n FROM (SELECT user_id, count(*) AS n FROM orders GROUP BY user_id) s WHERE s.n + random() > 2) x ON x.user_id = u.id WHERE x.c IS NULL OR x.n > 3;
-- name: sublink_of_nullable_key
SELECT u.id, (SELECT count(*) FROM orders o WHERE o.user_id = e.user_id) FROM users u LEFT JOIN events e ON e.user_id = u.id AND e.amount > 5;
-- name: sublink_in_where
SELECT o.user_id, o.id FROM orders o WHERE o.total > (SELECT avg(x.total) FROM orders x WHERE x.user_id = o.user_id);
-- name: sublink_in_where_counted
SELECT o.quantity, count(*) FROM orders o WHERE o.total > (SELECT avg(x.total) FROM orders x WHERE x.user_id = o.user_id) GROUP BY o.quantity;
-- name: sublink_in_having
SELECT user_id, sum(total) FROM orders o GROUP BY user_id HAVING sum(total) > (SELECT max(e.amount) * 10 FROM events e WHERE e.user_id = o.user_id);
-- name: sublink_in_having_not_by_key
SELECT quantity, sum(total) FROM orders o GROUP BY quantity HAVING sum(total) > (SELECT max(e.amount) * 10 FROM events e WHERE e.user_id = o.quantity);
-- name: sublink_of_group
SELECT country, (SELECT count(*) FROM items i WHERE i.origin = u.country), max((SELECT count(*) FROM orders o WHERE o.user_id = u.id)) FROM users u GROUP BY country;
-- name: grouped_by_sublink
SELECT (SELECT count(*) FROM orders o WHERE o.user_id = u.id) AS n, count(*), min(id) FROM users u GROUP BY 1;
-- name: sublink_beside_grouped_expression
SELECT id % 3, (id % 3) + (SELECT count(*) FROM sparse) FROM users u GROUP BY id % 3;
-- name: distinct_sublink
SELECT DISTINCT (SELECT count(*) FROM orders o WHERE o.user_id = u.id), active FROM users u;
-- name: distinct_on_sublink
-- ordered
SELECT DISTINCT ON (n) n, id FROM (SELECT id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) AS n FROM users u) s ORDER BY n, id DESC;
-- name: sublink_limited
SELECT count(*) FROM (SELECT id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) FROM users u LIMIT 7) s;
-- name: sublink_ordered_limited
-- ordered
SELECT id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) AS n FROM users u ORDER BY n DESC, id LIMIT 6 OFFSET 2;
-- name: limit_by_sublink
-- ordered
SELECT id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) AS n FROM users u ORDER BY id LIMIT (SELECT count(*) FROM sparse WHERE id < 5);
-- name: sublink_with_ties
-- ordered
SELECT (SELECT count(*) FROM orders o WHERE o.user_id = u.id) AS n FROM users u ORDER BY n DESC FETCH FIRST 3 ROWS WITH TIES;
-- name: sublinks_of_every_kind
SELECT id, EXISTS (SELECT FROM orders o WHERE o.user_id = u.id), age IN (SELECT quantity + 20 FROM orders o WHERE o.user_id = u.id), age > ALL (SELECT amount FROM events e WHERE e.user_id = u.id), (age, 1) = (SELECT max(quantity) + 15, 1 FROM orders o WHERE o.user_id = u.id), ARRAY(SELECT kind FROM events e WHERE e.user_id = u.id ORDER BY kind) FROM users u WHERE id < 60;
-- name: sublink_in_case
SELECT id, CASE WHEN active THEN (SELECT sum(total) FROM orders o WHERE o.user_id = u.id) ELSE age END FROM users u;
-- name: guarded_sublink
SELECT id, CASE WHEN id = 7 THEN 0 ELSE (SELECT o.id FROM orders o WHERE o.user_id = u.id AND o.quantity = 3 AND o.id < 10) END FROM users u WHERE id IN (7, 8, 9);
-- name: sublink_in_sublink
SELECT id, (SELECT max((SELECT count(*) FROM events e WHERE e.user_id = o.user_id AND e.amount > o.quantity)) FROM orders o WHERE o.user_id = u.id) FROM users u;
-- name: sublink_two_levels_up
SELECT id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id AND EXISTS (SELECT FROM events e WHERE e.user_id = u.id AND e.amount = o.quantity)) FROM users u;
-- name: sublink_of_joined
SELECT u.id, o.id FROM users u JOIN orders o ON o.user_id = u.id WHERE o.quantity = (SELECT max(x.quantity) FROM orders x WHERE x.user_id = u.id AND x.id <> o.id);
-- name: sublink_below_outer_join
SELECT u.id, s.n FROM users u LEFT JOIN (SELECT o.user_id, (SELECT count(*) FROM events e WHERE e.user_id = o.user_id) AS n FROM orders o WHERE quantity > 6) s ON s.user_id = u.id;
-- name: sublink_in_on
SELECT u.id, o.id FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.total > (SELECT avg(x.total) FROM orders x WHERE x.user_id = u.id) WHERE u.id < 30;
-- name: sublink_above_full_join
SELECT u.id, e.user_id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) FROM users u FULL JOIN events e ON e.user_id = u.id;
-- name: correlated_with_uncorrelated
SELECT id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) FROM users u WHERE age > (SELECT avg(age) FROM users) AND id < 100 + random();
-- name: correlated_with_other_group
SELECT id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) FROM users u WHERE country IN (SELECT origin FROM items WHERE stock > 5);
-- name: correlated_beside_other_group
SELECT u.id, i.code, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) FROM users u JOIN items i ON i.origin = u.country WHERE u.id < 40 AND i.stock < 30;
-- name: correlated_beside_local
SELECT n.id, u.id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) FROM note n JOIN users u ON u.id = n.user_id;
-- name: outer_aggregate_in_sublink
SELECT user_id, (SELECT count(*) FROM events e WHERE e.user_id = o.user_id AND e.amount < max(o.quantity)) FROM orders o GROUP BY user_id;
-- name: sublink_of_copies
SELECT id, (SELECT name FROM country c WHERE c.code = u.country) AS c FROM users u WHERE (SELECT population FROM country c WHERE c.code = u.country) > 1000;
-- name: sublink_in_window
SELECT id, rank() OVER (ORDER BY (SELECT count(*) FROM orders o WHERE o.user_id = u.id) DESC) FROM users u;
-- name: sublink_in_values
SELECT id, x FROM users u, LATERAL (VALUES ((SELECT count(*) FROM orders o WHERE o.user_id = u.id)), (u.age)) v (x) WHERE id < 20;
-- name: sublink_not_by_key
SELECT id, (SELECT count(*) FROM orders o WHERE o.user_id = u.age) FROM users u;
-- name: sublink_prepared
PREPARE per_user (int) AS SELECT id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id AND o.quantity > $1) FROM users u WHERE id < $1 * 10;
EXECUTE per_user (2);
EXECUTE per_user (3);
EXECUTE per_user (2);
EXECUTE per_user (2);
EXECUTE per_user (2);
EXECUTE per_user (4);
EXECUTE per_user (NULL);
DEALLOCATE per_user;
-- name: view_with_sublink
CREATE VIEW counted AS SELECT id, country, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) AS n FROM users u;
SELECT c.name, sum(v.n) FROM counted v JOIN country c ON c.code = v.country GROUP BY c.name;
SELECT v.id, o.id FROM counted v JOIN orders o ON o.user_id = v.id WHERE v.n < 3;
DROP VIEW counted;
-- name: set_operations_ordered
-- ordered
SELECT user_id AS k FROM orders UNION SELECT user_id FROM events EXCEPT SELECT id FROM users WHERE age > 40 ORDER BY k NULLS FIRST LIMIT 20;
-- name: set_operation_in_materialized_cte
WITH s AS MATERIALIZED (SELECT user_id FROM orders INTERSECT SELECT user_id FROM events) SELECT count(*) FROM s a JOIN s b USING (user_id);
-- name: set_operation_with_cte
WITH s AS (SELECT user_id, kind FROM events WHERE amount > 2) SELECT user_id FROM s UNION SELECT user_id FROM s WHERE kind = 'buy' ORDER BY 1;
-- name: set_operation_arms_of_sublinks
SELECT id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) FROM users u WHERE id < 10 UNION ALL SELECT code::text::int, 0 FROM (VALUES ('1'), ('2')) v (code);
-- name: set_operation_not_by_key
SELECT quantity, id FROM orders UNION SELECT amount, 0 FROM events;
-- name: row_set_operation
SELECT o FROM orders o WHERE quantity = 9 EXCEPT SELECT o FROM orders o WHERE user_id = 7;
-- name: correlated_set_operation
SELECT id, (SELECT count(*) FROM (SELECT o.user_id, quantity AS q FROM orders o WHERE o.user_id = u.id UNION SELECT e.user_id, amount FROM events e WHERE e.user_id = u.id) s) FROM users u;
-- name: lateral_limit
SELECT u.id, s.id, s.total FROM users u, LATERAL (SELECT o.id, o.total FROM orders o WHERE o.user_id = u.id ORDER BY o.total DESC NULLS LAST, o.id LIMIT 2) s;
-- name: left_lateral_limit
SELECT u.id, s.id FROM users u LEFT JOIN LATERAL (SELECT o.id FROM orders o WHERE o.user_id = u.id AND o.quantity > 5 ORDER BY o.id LIMIT 1) s ON true WHERE u.age > 30;
-- name: left_lateral_on
SELECT u.id, s.n, t.n FROM users u LEFT JOIN LATERAL (SELECT count(*) AS n FROM orders o WHERE o.user_id = u.id) s ON s.n > 2 LEFT JOIN LATERAL (SELECT count(*) AS n FROM events e WHERE e.user_id = u.id AND e.amount > s.n) t ON s.n IS NOT NULL;
-- name: lateral_offset
SELECT u.id, s.id FROM users u, LATERAL (SELECT o.id FROM orders o WHERE o.user_id = u.id ORDER BY o.id OFFSET 1) s;
-- name: lateral_of_grouped
SELECT g.user_id, s.n FROM (SELECT user_id, count(*) AS c FROM orders GROUP BY user_id) g, LATERAL (SELECT count(*) AS n FROM events e WHERE e.user_id = g.user_id AND e.amount < g.c) s;
-- name: lateral_of_nullable
SELECT u.id, s.n FROM users u LEFT JOIN orders o ON o.user_id = u.id AND o.quantity > 7 LEFT JOIN LATERAL (SELECT count(*) AS n FROM events e WHERE e.user_id = o.user_id) s ON true;
-- name: lateral_of_computed_nullable
SELECT u.id, s.n FROM users u LEFT JOIN (SELECT user_id, coalesce(quantity, 0) + 1 AS q FROM orders WHERE quantity > 7) o ON o.user_id = u.id LEFT JOIN LATERAL (SELECT count(*) AS n FROM events e WHERE e.user_id = o.user_id AND e.amount < o.q) s ON true;
-- name: lateral_joined_elsewhere
SELECT u.id, i.code, s.id FROM users u JOIN items i ON i.origin = u.country, LATERAL (SELECT o.id FROM orders o WHERE o.user_id = u.id AND o.item_code = i.code LIMIT 1) s;
-- name: lateral_not_by_key
SELECT u.id, s.n FROM users u, LATERAL (SELECT count(*) AS n FROM orders o WHERE o.user_id = u.age) s WHERE u.id < 30;
-- name: lateral_of_copies
SELECT u.id, s.name FROM users u, LATERAL (SELECT c.name FROM country c WHERE c.code >= u.country ORDER BY c.code LIMIT 1) s;
-- name: copies_lateral
SELECT c.code, s.n FROM country c, LATERAL (SELECT count(*) AS n FROM users u WHERE u.country = c.code) s;
-- name: lateral_in_sublink
SELECT u.id, (SELECT sum(s.q) FROM orders o, LATERAL (SELECT max(e.amount) AS q FROM events e WHERE e.user_id = o.user_id AND e.amount <= o.quantity) s WHERE o.user_id = u.id) FROM users u;
-- name: lateral_volatile
SELECT count(*) FROM users u, LATERAL (SELECT o.id, random() AS r FROM orders o WHERE o.user_id = u.id LIMIT 1) s WHERE s.r >= 0;
-- name: lateral_aggregated
SELECT u.country, sum(s.n) FROM users u, LATERAL (SELECT count(*) AS n FROM orders o WHERE o.user_id = u.id AND o.quantity > 2) s GROUP BY u.country;
-- name: lateral_set_operation
SELECT u.id, s.x FROM users u, LATERAL (SELECT o.quantity AS x FROM orders o WHERE o.user_id = u.id UNION SELECT e.amount FROM events e WHERE e.user_id = u.id) s;
-- name: lateral_whole_row
SELECT u.id, s FROM users u, LATERAL (SELECT o.id, o.quantity FROM orders o WHERE o.user_id = u.id ORDER BY o.id LIMIT 1) s;
-- name: sublink_guarded_by_case
SELECT CASE WHEN random() < 2 AND id <> 7 THEN 0 ELSE (SELECT count(*) FROM orders o WHERE o.user_id = u.id) END FROM users u;
-- name: rows_guarded_by_case
SELECT sum(CASE WHEN random() < 2 THEN 1 ELSE (SELECT o.id FROM orders o WHERE o.user_id = u.id) END) FROM users u;
-- name: rows_guarded_by_coalesce
SELECT sum(coalesce(id + 0 * random(), (SELECT o.id FROM orders o WHERE o.user_id = u.id))::int) FROM users u;
-- name: rows_guarded_by_filter
SELECT country, sum((SELECT o.id FROM orders o WHERE o.user_id = u.id)) FILTER (WHERE NOT EXISTS (SELECT FROM orders o WHERE o.user_id = u.id)) FROM users u GROUP BY country;
-- name: rows_guarded_by_condition
SELECT id, (SELECT o.id FROM orders o WHERE o.user_id = u.id) FROM users u WHERE id + random() < 0;
-- name: case_of_sublink
SELECT CASE (SELECT count(*) FROM orders o WHERE o.user_id = u.id) WHEN 0 THEN 'none' WHEN (SELECT count(*) FROM events e WHERE e.user_id = u.id) THEN 'same' ELSE (random() < 2)::text END FROM users u;
-- name: correlated_beside_copies
SELECT c.name, u.id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) FROM country c LEFT JOIN users u ON u.country = c.code;
-- name: correlated_of_left_side
SELECT u.id, i.code, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) FROM users u LEFT JOIN items i ON i.origin = u.country AND i.stock > 40 WHERE i.code IS NULL OR u.age > 60;
-- name: correlated_of_nullable_side
SELECT i.code, u.id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) FROM items i LEFT JOIN users u ON i.origin = u.country AND u.age > 60;
-- name: correlated_conditions_of_both_sides
SELECT u.id, f.k FROM users u JOIN filled f ON f.k = u.age - 20 WHERE u.score > (SELECT avg(quantity) FROM orders o WHERE o.user_id = u.id) AND f."select" >= (SELECT avg(x."select") FROM filled x WHERE x.k = f.k);
-- name: correlated_of_dropped_column
SELECT f.k, f."Odd Name", (SELECT max(x."Odd Name") FROM filled x WHERE x.k = f.k), u.id FROM filled f JOIN users u ON u.age - 20 = f.k;
-- name: correlated_aggregated_elsewhere
SELECT i.category, sum((SELECT count(*) FROM orders o WHERE o.user_id = u.id)), count(*) FROM users u JOIN items i ON i.origin = u.country GROUP BY i.category;
-- name: correlated_using
SELECT id, n, (SELECT count(*) FROM orders o WHERE o.user_id = id) FROM (SELECT age AS n, id FROM users) u JOIN (SELECT stock AS n, code FROM items) i USING (n);
-- name: correlated_whole_row
SELECT u, i.code, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) FROM users u JOIN items i ON i.origin = u.country WHERE u.id < 20;
-- name: correlated_to_both
SELECT u.id, i.code, (SELECT count(*) FROM orders o WHERE o.user_id = u.id AND o.item_code = i.code) FROM users u JOIN items i ON i.origin = u.country WHERE u.id < 40;
-- name: correlated_write
SELECT id, stock, (SELECT max(x.name) FROM items x WHERE x.code = i.code) FROM items i JOIN users u ON u.country = i.origin AND u.id < 9;
