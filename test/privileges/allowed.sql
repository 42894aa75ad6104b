-- What must work, with the same result on plain and distributed tables.

-- name: select_granted_columns
-- as: priv_alice
SELECT tenant, id, owner FROM account;

-- name: select_granted_columns_one_key
-- as: priv_alice
SELECT tenant, id, owner FROM account WHERE tenant = 1 AND id = 2;

-- name: count_with_column_grants
-- as: priv_alice
SELECT count(*), max(owner) FROM account;

-- name: select_all
-- as: priv_reader
SELECT * FROM account;

-- name: whole_row
-- as: priv_reader
SELECT account FROM account WHERE tenant = 2;

-- name: reference_table_of_public
-- as: priv_none
SELECT * FROM country;

-- name: join_with_reference
-- as: priv_reader
SELECT a.id, c.name FROM account a JOIN country c ON c.code = a.country WHERE a.tenant = 3;

-- name: insert_granted_columns
-- as: priv_inserter
INSERT INTO account (tenant, id, balance) VALUES (9, 1, 1), (10, 1, 2);

-- name: delete_everything_without_select
-- as: priv_inserter
DELETE FROM account;

-- name: update_granted_column
-- as: priv_alice
UPDATE account SET owner = owner || '!' WHERE tenant = 1 RETURNING tenant, id, owner;

-- name: update_granted_column_everywhere
-- as: priv_alice
UPDATE account SET owner = 'nobody';

-- name: writer_writes
-- as: priv_writer
INSERT INTO account VALUES (9, 1, 'x', 1, 's', 'de') RETURNING *;
UPDATE account SET balance = balance + 1 WHERE tenant = 9 RETURNING *;
DELETE FROM account WHERE tenant = 9 RETURNING *;

-- name: upsert
-- as: priv_writer
INSERT INTO account VALUES (1, 1, 'x', 1) ON CONFLICT (tenant, id) DO UPDATE SET balance = account.balance + excluded.balance RETURNING *;

-- name: constraint_error_shows_the_row_to_who_may_read
-- as: priv_writer
-- error: 23514
INSERT INTO account VALUES (1, 9, 'x', -1, 'mine');

-- name: constraint_error_hides_columns
-- as: priv_inserter
-- error: 23514
INSERT INTO account (tenant, id, balance) VALUES (1, 9, -1);

-- name: duplicate_key_hides_keys
-- as: priv_inserter
-- error: 23505
INSERT INTO account (tenant, id, balance) VALUES (1, 1, 1);

-- name: duplicate_key_shows_keys
-- as: priv_writer
-- error: 23505
INSERT INTO account VALUES (1, 1, 'x', 1);

-- name: not_null_error_with_column_grants
-- as: priv_inserter
-- error: 23502
INSERT INTO account (tenant, id) VALUES (1, 9);

-- name: foreign_key_error
-- as: priv_writer
-- error: 23503
INSERT INTO account VALUES (1, 9, 'x', 1, 's', 'xx');

-- name: lock_rows
-- as: priv_writer
SELECT * FROM account WHERE tenant = 1 AND id = 1 FOR UPDATE;

-- name: truncate_own
-- as: priv_bypass
TRUNCATE doc;

-- name: copy_out
-- as: priv_reader
COPY (SELECT * FROM account ORDER BY tenant, id) TO STDOUT;

-- name: copy_out_granted_columns
-- as: priv_alice
COPY account (tenant, id) TO STDOUT;

-- name: copy_in
-- as: priv_writer
COPY account FROM STDIN;
9	1	x	1	s	at
8	1	y	2	s	de
\.

-- name: copy_in_granted_columns
-- as: priv_inserter
COPY account (tenant, id, balance) FROM STDIN;
9	1	1
\.

-- name: view_of_the_owner
-- as: priv_alice
SELECT * FROM account_public WHERE tenant = 1;

-- name: view_of_the_owner_everything
-- as: priv_bob
SELECT sum(balance) FROM account_public;

-- name: view_shows_the_secret_its_owner_may_see
-- as: priv_bob
SELECT * FROM account_first;

-- name: barrier_view_and_leaky_function
-- as: priv_bob
SELECT id FROM account_first WHERE leak(secret);

-- name: barrier_view_and_leaky_operator
-- as: priv_bob
SELECT tenant, id FROM account_first WHERE 1 / (tenant - 2) < 0;

-- name: barrier_view_and_leaky_cast
-- as: priv_bob
SELECT id FROM account_first WHERE replace(secret, 'secret 1-', '')::int > 2;

-- name: write_through_view
-- as: priv_alice
UPDATE account_small SET balance = balance - 1 WHERE tenant = 1 RETURNING *;
DELETE FROM account_small WHERE tenant = 1 AND id = 1;

-- name: insert_through_view
-- as: priv_alice
INSERT INTO account_small VALUES (9, 1, 3) RETURNING *;

-- name: invoker_view_with_rights
-- as: postgres
GRANT SELECT ON account_invoker TO priv_reader;
SET ROLE priv_reader;
SELECT * FROM account_invoker WHERE tenant = 2;

-- name: definer_function
-- as: priv_none
SELECT total(), secret_of(1, 2);

-- name: definer_function_per_row
-- as: priv_alice
SELECT id, secret_of(tenant, id) FROM account WHERE tenant = 1;

-- name: definer_function_writes
-- as: priv_none
SELECT add_journal(1);

-- name: current_user_in_default
-- as: priv_alice
INSERT INTO journal (id) VALUES (2) RETURNING *;

-- name: current_user_in_default_of_definer
-- as: priv_alice
SELECT add_journal(3);
SELECT * FROM journal WHERE id = 3;

-- name: current_user_after_set_role
-- as: priv_member
SET ROLE priv_group;
INSERT INTO journal (id) VALUES (4) RETURNING *;
INSERT INTO journal (id) SELECT g FROM generate_series(5, 9) g;
SELECT *, current_user, session_user FROM journal WHERE who = current_user;

-- name: session_authorization
-- as: postgres
SET SESSION AUTHORIZATION priv_alice;
INSERT INTO journal (id) VALUES (4) RETURNING *;
SELECT count(*), current_user, session_user FROM journal WHERE session_who = session_user;

-- name: users_in_a_query
-- as: priv_alice
SELECT id, current_user, session_user, definer_user() FROM account WHERE tenant = 1 AND owner <> current_user;

-- name: tenant_sees_own_rows
-- as: priv_alice
SET app.tenant = '1';
SELECT * FROM doc;
SELECT count(*) FROM doc WHERE tenant = 2;
SELECT * FROM doc WHERE tenant = 1 AND id = 1;

-- name: tenants_in_turn
-- as: priv_alice
SET app.tenant = '1';
SELECT * FROM doc;
SET app.tenant = '2';
SELECT * FROM doc;
RESET app.tenant;
SELECT set_config('app.tenant', '3', false);
SELECT * FROM doc;

-- name: tenant_is_local_to_a_transaction
-- as: priv_alice
SET app.tenant = '1';
SAVEPOINT a;
SET LOCAL app.tenant = '2';
SELECT * FROM doc;
ROLLBACK TO a;
SELECT * FROM doc;

-- name: prepared_under_changing_tenants
-- as: priv_alice
PREPARE docs(int) AS SELECT * FROM doc WHERE id = $1;
PREPARE one(int) AS SELECT * FROM doc WHERE tenant = $1;
SET app.tenant = '1';
EXECUTE docs(1);
EXECUTE one(1);
SET app.tenant = '2';
EXECUTE docs(1);
EXECUTE one(1);
EXECUTE one(2);
SET app.tenant = '3';
EXECUTE docs(1);
EXECUTE docs(1);
EXECUTE docs(1);
EXECUTE docs(1);
EXECUTE docs(1);
SET app.tenant = '4';
EXECUTE docs(1);
EXECUTE one(3);
EXECUTE one(4);

-- name: prepared_under_changing_roles
-- as: postgres
SET app.tenant = '1';
PREPARE docs AS SELECT * FROM doc;
PREPARE one(int) AS SELECT * FROM doc WHERE tenant = $1;
EXECUTE docs;
EXECUTE one(2);
SET ROLE priv_alice;
EXECUTE docs;
EXECUTE one(2);
EXECUTE one(1);
SET ROLE priv_bypass;
EXECUTE docs;
EXECUTE one(2);
SET ROLE priv_owner;
EXECUTE docs;
EXECUTE one(2);
RESET ROLE;
EXECUTE one(2);

-- name: prepared_before_policies_change
-- as: postgres
SET app.tenant = '1';
GRANT SELECT, UPDATE ON closed TO priv_alice;
SET ROLE priv_alice;
PREPARE docs AS SELECT * FROM doc;
PREPARE one(int) AS SELECT * FROM doc WHERE tenant = $1;
PREPARE c AS SELECT * FROM closed;
PREPARE u(int) AS UPDATE closed SET v = v || '!' WHERE id = $1 RETURNING *;
EXECUTE docs;
EXECUTE one(2);
EXECUTE c;
EXECUTE u(2);
RESET ROLE;
ALTER POLICY tenant_only ON doc USING (tenant = current_setting('app.tenant', true)::int + 1);
ALTER TABLE closed ENABLE ROW LEVEL SECURITY;
CREATE POLICY few ON closed USING (id < 3);
SET ROLE priv_alice;
EXECUTE docs;
EXECUTE one(2);
EXECUTE c;
EXECUTE u(2);
EXECUTE u(4);
RESET ROLE;
DROP POLICY few ON closed;
SET ROLE priv_alice;
EXECUTE c;
EXECUTE u(2);
RESET ROLE;
ALTER TABLE closed DISABLE ROW LEVEL SECURITY;
ALTER ROLE priv_alice BYPASSRLS;
SET ROLE priv_alice;
EXECUTE c;
EXECUTE u(4);
EXECUTE docs;
EXECUTE one(3);

-- name: function_under_changing_roles
-- as: postgres
CREATE FUNCTION docs_of_caller(t int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE a text; b text;
BEGIN
    SELECT string_agg(tenant || '-' || id, ' ' ORDER BY tenant, id) INTO a FROM doc;
    SELECT string_agg(body, ' ' ORDER BY id) INTO b FROM doc WHERE tenant = t;
    RETURN concat_ws('/', current_user, a, b);
END $$;
SET app.tenant = '1';
SELECT docs_of_caller(1), docs_of_caller(2);
SET ROLE priv_alice;
SELECT docs_of_caller(1), docs_of_caller(2);
SET app.tenant = '2';
SELECT docs_of_caller(1), docs_of_caller(2);
SET ROLE priv_bypass;
SELECT docs_of_caller(1), docs_of_caller(2);
SET ROLE priv_bob;
SELECT docs_of_caller(1), docs_of_caller(2);
RESET ROLE;
ALTER FUNCTION docs_of_caller(int) SECURITY DEFINER;
ALTER FUNCTION docs_of_caller(int) OWNER TO priv_alice;
SET app.tenant = '3';
SELECT docs_of_caller(1), docs_of_caller(3);
SET ROLE priv_bypass;
SELECT docs_of_caller(1), docs_of_caller(3);

-- name: prepared_by_author
-- as: postgres
PREPARE mine AS SELECT * FROM diary;
PREPARE one(int) AS SELECT * FROM diary WHERE id = $1;
SET ROLE priv_alice;
EXECUTE mine;
EXECUTE one(2);
SET ROLE priv_bob;
EXECUTE mine;
EXECUTE one(2);
EXECUTE one(1);

-- name: policy_and_leaky_function
-- as: priv_alice
SET app.tenant = '1';
SELECT id FROM doc WHERE leak(body);

-- name: policy_and_leaky_operator
-- as: priv_alice
SET app.tenant = '1';
SELECT id FROM doc WHERE 1 / weight < 0;
SELECT id FROM doc WHERE 1 / weight < 0 AND tenant IN (1, 2);
SELECT count(*) FROM (SELECT 1 / weight AS w FROM doc) x WHERE w < 0;

-- name: policy_and_leaky_delete
-- as: priv_alice
SET app.tenant = '1';
DELETE FROM doc WHERE 1 / weight < 0;

-- name: policy_and_leaky_update
-- as: priv_alice
SET app.tenant = '1';
UPDATE doc SET body = 'x' WHERE 1 / weight < 0 RETURNING *;

-- name: policy_and_leaky_join
-- as: priv_alice
SET app.tenant = '1';
SELECT d.id, e.id FROM doc d JOIN doc e ON e.tenant = d.tenant AND 1 / e.weight < 0 WHERE d.id = 1;

-- name: policy_and_writes
-- as: priv_alice
SET app.tenant = '1';
INSERT INTO doc VALUES (1, 9, 'x', 'y', 1) RETURNING *;
UPDATE doc SET body = body || '!' RETURNING *;
DELETE FROM doc RETURNING *;
SELECT count(*) FROM doc;

-- name: policy_and_writes_of_other_tenants
-- as: priv_alice
SET app.tenant = '1';
UPDATE doc SET body = 'stolen' WHERE tenant = 2;
DELETE FROM doc WHERE tenant = 2;

-- name: policy_comes_before_constraints
-- as: priv_alice
SET app.tenant = '1';
-- error: 42501
INSERT INTO doc VALUES (2, 1, 'x', 'a key that exists', 1);

-- name: policy_comes_before_constraints_of_rows
-- as: priv_alice
SET app.tenant = '1';
-- error: 42501
INSERT INTO doc SELECT 2, g, 'x', 'keys that exist', 1 FROM generate_series(1, 2) g;

-- name: policy_comes_before_constraints_of_values
-- as: priv_alice
SET app.tenant = '1';
-- error: 42501
INSERT INTO doc VALUES (2, 1, 'x', 'y', 1), (3, 1, 'x', 'y', 1);

-- name: policy_comes_before_constraints_of_update
-- as: priv_alice
-- error: 42501
UPDATE diary SET author = 'priv_bob', kind = -1 WHERE id = 1;

-- name: policy_and_not_null
-- as: priv_alice
SET app.tenant = '1';
-- error: 42501
INSERT INTO doc (tenant, body) VALUES (2, 'no id');

-- name: policy_and_defaults
-- as: priv_alice
INSERT INTO diary (id) VALUES (20) RETURNING *;
INSERT INTO diary (id, body) SELECT g, 'b' FROM generate_series(21, 23) g RETURNING *;
-- error: 42501
INSERT INTO diary (id, author) VALUES (24, DEFAULT), (25, 'priv_bob');

-- name: policy_and_null
-- as: priv_alice
-- error: 42501
INSERT INTO diary (id, author) VALUES (24, NULL);

-- name: policy_and_prepared_insert
-- as: priv_alice
SET app.tenant = '1';
PREPARE i(int, int) AS INSERT INTO doc (tenant, id, body) VALUES ($1, $2, 'p') RETURNING *;
EXECUTE i(1, 10);
EXECUTE i(1, 11);
SET app.tenant = '2';
EXECUTE i(2, 10);
-- error: 42501
EXECUTE i(1, 12);

-- name: policy_and_generic_plans
-- as: priv_alice
SET plan_cache_mode = force_generic_plan;
SET app.tenant = '1';
PREPARE u(int, text) AS UPDATE doc SET body = $2 WHERE tenant = $1 RETURNING *;
EXECUTE u(1, 'a');
EXECUTE u(2, 'b');
SET app.tenant = '2';
EXECUTE u(1, 'c');
EXECUTE u(2, 'd');

-- name: policy_and_conflict_nothing
-- as: priv_alice
SET app.tenant = '1';
INSERT INTO doc VALUES (1, 1, 'x', 'y', 1), (1, 20, 'x', 'y', 1) ON CONFLICT DO NOTHING RETURNING *;
INSERT INTO doc VALUES (1, 2, 'x', 'y', 1) ON CONFLICT (tenant, id) DO NOTHING;
-- error: 42501
INSERT INTO doc VALUES (2, 1, 'x', 'y', 1) ON CONFLICT DO NOTHING;

-- name: policy_and_conflict_update
-- as: priv_alice
SET app.tenant = '1';
INSERT INTO doc VALUES (1, 1, 'x', 'y', 1) ON CONFLICT (tenant, id) DO UPDATE SET body = doc.body || excluded.body RETURNING *;
INSERT INTO doc VALUES (1, 1, 'x', 'y', 1), (1, 30, 'x', 'y', 1) ON CONFLICT (tenant, id) DO UPDATE SET body = excluded.body, weight = doc.weight + 1 RETURNING *;
INSERT INTO doc VALUES (1, 2, 'x', 'y', 1) ON CONFLICT (tenant, id) DO UPDATE SET body = 'z' WHERE doc.author = 'nobody';
-- error: 42501
INSERT INTO doc VALUES (2, 1, 'x', 'y', 1) ON CONFLICT (tenant, id) DO UPDATE SET body = excluded.body;

-- name: policy_and_conflict_with_a_hidden_row
-- as: priv_alice
INSERT INTO diary VALUES (1, 'priv_alice', 'mine') ON CONFLICT (id) DO UPDATE SET body = excluded.body RETURNING *;
-- error: 42501
INSERT INTO diary VALUES (2, 'priv_alice', 'not mine') ON CONFLICT (id) DO UPDATE SET body = excluded.body;

-- name: policy_and_conflict_with_a_hidden_row_left_alone
-- as: priv_alice
INSERT INTO diary VALUES (2, 'priv_alice', 'not mine') ON CONFLICT (id) DO NOTHING;
SELECT * FROM diary;
-- error: 42501
INSERT INTO diary VALUES (2, 'priv_alice', 'not mine') ON CONFLICT (id) DO UPDATE SET body = excluded.body WHERE false;

-- name: policy_and_conflict_gives_away
-- as: priv_alice
-- error: 42501
INSERT INTO diary VALUES (1, 'priv_alice', 'x') ON CONFLICT (id) DO UPDATE SET author = 'priv_bob';

-- name: upsert_through_checking_view
-- as: priv_alice
INSERT INTO account_small VALUES (1, 1, 7) ON CONFLICT (tenant, id) DO UPDATE SET balance = account_small.balance + excluded.balance RETURNING *;
INSERT INTO account_small VALUES (1, 1, 7), (7, 7, 7) ON CONFLICT (tenant, id) DO UPDATE SET balance = excluded.balance RETURNING *;
-- error: 44000
-- any_detail
INSERT INTO account_small VALUES (1, 1, 7) ON CONFLICT (tenant, id) DO UPDATE SET balance = 1000;

-- name: upsert_of_a_row_that_the_view_hides
-- as: priv_alice
INSERT INTO account_small VALUES (4, 1, 7) ON CONFLICT DO NOTHING;
-- error: 55000
INSERT INTO account_small VALUES (4, 1, 7) ON CONFLICT (tenant, id) DO UPDATE SET balance = excluded.balance WHERE false;

-- name: policy_and_copy_out
-- as: priv_alice
SET app.tenant = '2';
COPY doc TO STDOUT;

-- name: policy_by_user
-- as: priv_alice
SELECT * FROM diary;
INSERT INTO diary (id, body) VALUES (9, 'today') RETURNING *;
UPDATE diary SET body = 'changed' RETURNING *;
DELETE FROM diary WHERE id < 3;

-- name: forced_policy_of_the_owner
-- as: priv_owner
SELECT * FROM diary;

-- name: owner_is_not_bound
-- as: priv_owner
SELECT count(*) FROM doc;

-- name: bypass
-- as: priv_bypass
SELECT count(*) FROM doc;
UPDATE doc SET body = 'x' WHERE tenant = 3;

-- name: row_security_off_for_who_bypasses
-- as: priv_bypass
SET row_security = off;
SELECT count(*) FROM doc;

-- name: view_of_the_owner_over_policies
-- as: priv_alice
SET app.tenant = '1';
SELECT count(*) FROM doc_owner_view;

-- name: invoker_view_over_policies
-- as: priv_alice
SET app.tenant = '1';
SELECT * FROM doc_invoker_view;

-- name: definer_function_over_policies
-- as: postgres
CREATE FUNCTION docs() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM doc';
ALTER FUNCTION docs() OWNER TO priv_bob;
ALTER FUNCTION docs() SET app.tenant = '2';
SET ROLE priv_alice;
SET app.tenant = '1';
SELECT docs(), count(*) FROM doc;

-- name: member_of_read_all_data
-- as: priv_sees_all
SELECT count(*) FROM account;
SET app.tenant = '1';
SELECT * FROM doc;

-- name: member_of_write_all_data
-- as: priv_sees_all
UPDATE account SET balance = 1 WHERE tenant = 1 RETURNING *;

-- name: noinherit_member_after_set_role
-- as: priv_member
SET app.tenant = '2';
SET ROLE priv_group;
SELECT * FROM doc;

-- name: cursor
-- as: priv_alice
SET app.tenant = '2';
DECLARE c CURSOR FOR SELECT * FROM doc ORDER BY id;
FETCH 2 FROM c;
SET app.tenant = '1';
SELECT * FROM doc;

-- name: cursor_after_role_change
-- as: postgres
SET app.tenant = '2';
SET ROLE priv_alice;
DECLARE c CURSOR FOR SELECT * FROM doc ORDER BY id;
RESET ROLE;
FETCH ALL FROM c;

-- name: do_block
-- as: priv_alice
DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT tenant, id FROM account ORDER BY 1, 2 LOOP
        UPDATE account SET owner = current_user WHERE tenant = r.tenant AND id = r.id;
    END LOOP;
END $$;
SELECT DISTINCT owner FROM account;

-- name: owner_alters
-- as: priv_owner
ALTER TABLE closed ADD COLUMN extra int;
CREATE INDEX closed_v ON closed (v);
GRANT SELECT ON closed TO priv_bob;
INSERT INTO closed VALUES (99, 'x', 1) RETURNING *;

-- name: owner_changes_policy
-- as: priv_owner
ALTER POLICY own ON diary USING (author IN (current_user, 'priv_alice'));
SELECT * FROM diary;
ALTER TABLE diary NO FORCE ROW LEVEL SECURITY;
SELECT count(*) FROM diary;

-- name: has_privilege_functions
-- as: priv_alice
SELECT has_table_privilege('account', 'SELECT'), has_column_privilege('account', 'owner', 'UPDATE'), row_security_active('doc');

-- name: statistics_are_hidden_alike
-- as: priv_alice
SELECT count(*) FROM pg_stats WHERE schemaname = current_schema() AND tablename = 'doc' AND attname = 'body';

-- name: user_defined_domain_in_a_condition
-- as: priv_alice
SELECT tenant, id FROM account WHERE tenant = 1 AND (owner || '')::varchar(10) <> '';

-- name: explain_shows_nothing_secret
-- as: priv_reader
SELECT count(*) FROM account WHERE secret = 'secret 1-1';

-- What could tell about rows that a policy hides: tenant 2's weights are 0, and other tenants' texts are no numbers.

-- name: leak_by_aggregate
-- as: priv_alice
SET app.tenant = '1';
SELECT sum(1 / weight), min(1 / weight) FROM doc;

-- name: leak_by_group
-- as: priv_alice
SET app.tenant = '1';
SELECT 1 / weight, count(*) FROM doc GROUP BY 1 / weight;

-- name: leak_by_grouped_by_key
-- as: priv_alice
SET app.tenant = '1';
SELECT tenant, sum(1 / weight) FROM doc GROUP BY tenant HAVING sum(1 / weight) < 0;

-- name: leak_by_filter
-- as: priv_alice
SET app.tenant = '1';
SELECT count(*) FILTER (WHERE 1 / weight < 0) FROM doc;

-- name: leak_by_order
-- as: priv_alice
SET app.tenant = '1';
SELECT id FROM doc ORDER BY 1 / weight, id;

-- name: leak_by_limit
-- as: priv_alice
SET app.tenant = '1';
SELECT id FROM doc ORDER BY 1 / weight, id LIMIT 2;

-- name: leak_by_distinct
-- as: priv_alice
SET app.tenant = '1';
SELECT DISTINCT 1 / weight FROM doc;

-- name: leak_by_window
-- as: priv_alice
SET app.tenant = '1';
SELECT id, sum(1 / weight) OVER (PARTITION BY tenant ORDER BY id) FROM doc;

-- name: leak_by_union
-- as: priv_alice
SET app.tenant = '1';
SELECT 1 / weight FROM doc WHERE id = 1 UNION ALL SELECT 1 / weight FROM doc WHERE 1 / weight < 0;

-- name: leak_by_exists
-- as: priv_alice
SET app.tenant = '1';
SELECT code FROM country WHERE EXISTS (SELECT FROM doc WHERE 1 / weight < 0);

-- name: leak_by_correlated
-- as: priv_alice
SET app.tenant = '1';
SELECT a.id, (SELECT count(*) FROM doc d WHERE d.tenant = a.tenant AND 1 / d.weight < 0) FROM account a WHERE a.tenant IN (1, 2);

-- name: leak_by_scalar
-- as: priv_alice
SET app.tenant = '1';
SELECT (SELECT max(1 / weight) FROM doc);

-- name: leak_by_lateral
-- as: priv_alice
SET app.tenant = '1';
SELECT a.id, l.w FROM account a, LATERAL (SELECT 1 / d.weight AS w FROM doc d WHERE d.tenant = a.tenant AND d.id = a.id) l;

-- name: leak_by_cte
-- as: priv_alice
SET app.tenant = '1';
WITH c AS (SELECT 1 / weight AS w, tenant FROM doc) SELECT * FROM c WHERE w < 0;

-- name: leak_by_materialized
-- as: priv_alice
SET app.tenant = '1';
WITH c AS MATERIALIZED (SELECT weight, tenant FROM doc) SELECT * FROM c WHERE 1 / weight < 0;

-- name: leak_by_left_join
-- as: priv_alice
SET app.tenant = '1';
SELECT a.id, d.id FROM account a LEFT JOIN doc d ON d.tenant = a.tenant AND d.id = a.id AND 1 / d.weight < 0;

-- name: leak_by_full_join
-- as: priv_alice
SET app.tenant = '1';
SELECT a.tenant, d.id FROM (SELECT tenant, id FROM account) a FULL JOIN (SELECT * FROM doc WHERE 1 / weight < 0) d ON d.tenant = a.tenant AND d.id = a.id;

-- name: leak_by_anti_join
-- as: priv_alice
SET app.tenant = '1';
SELECT a.id FROM account a WHERE NOT EXISTS (SELECT FROM doc d WHERE d.tenant = a.tenant AND 1 / d.weight < 0);

-- name: leak_by_semi_join
-- as: priv_alice
SET app.tenant = '1';
SELECT a.id FROM account a WHERE a.tenant IN (SELECT tenant FROM doc WHERE 1 / weight < 0);

-- name: leak_by_join_with_reference
-- as: priv_alice
SET app.tenant = '1';
SELECT c.code, d.id FROM country c JOIN doc d ON 1 / d.weight < 0;

-- name: leak_by_join_with_values
-- as: priv_alice
SET app.tenant = '1';
SELECT d.id FROM (VALUES (1), (2)) v (t) JOIN doc d ON d.tenant = v.t AND 1 / d.weight < 0;

-- name: leak_by_join_of_another_column
-- as: priv_alice
SET app.tenant = '1';
SELECT d.id, e.tenant FROM doc d JOIN doc e ON e.id = d.id AND 1 / e.weight < 0;

-- name: leak_by_case
-- as: priv_alice
SET app.tenant = '1';
SELECT CASE WHEN 1 / weight < 0 THEN id END FROM doc;

-- name: leak_by_in_list
-- as: priv_alice
SET app.tenant = '1';
SELECT id FROM doc WHERE 1 / weight IN (-1, 0) AND tenant IN (1, 2, 3);

-- name: leak_by_grouping_sets
-- as: priv_alice
SET app.tenant = '1';
SELECT tenant, 1 / weight, count(*) FROM doc GROUP BY GROUPING SETS ((tenant), (1 / weight));

-- name: leak_by_count_distinct
-- as: priv_alice
SET app.tenant = '1';
SELECT count(DISTINCT 1 / weight) FROM doc;

-- name: leak_by_casts
-- as: priv_alice
SET app.tenant = '1';
SELECT id FROM doc WHERE replace(body, 'body 1-', '')::int > 0;

-- name: leak_by_cast_aggregate
-- as: priv_alice
SET app.tenant = '1';
SELECT sum(replace(body, 'body 1-', '')::int) FROM doc;

-- name: leak_by_notice_in_aggregate
-- as: priv_alice
SET app.tenant = '1';
SELECT count(*) FROM doc WHERE leak(body) AND weight < 100;

-- name: leak_by_notice_in_join
-- as: priv_alice
SET app.tenant = '1';
SELECT d.id FROM doc d JOIN country c ON leak(d.body);

-- name: leak_by_notice_in_order
-- as: priv_alice
SET app.tenant = '1';
SELECT id FROM doc ORDER BY leak(body), id;

-- name: leak_by_view
-- as: priv_alice
SET app.tenant = '1';
SELECT count(*) FROM doc_invoker_view WHERE 1 / weight < 0;

-- name: leak_by_view_join
-- as: priv_alice
SET app.tenant = '1';
SELECT v.id, d.id FROM account_first v JOIN doc d ON d.tenant = v.tenant AND 1 / d.weight < 0;

-- name: barrier_leak_by_aggregate
-- as: priv_bob
SELECT sum(1 / (tenant - 2)) FROM account_first;

-- name: barrier_leak_by_join
-- as: priv_bob
SELECT f.id FROM account_first f JOIN country c ON 1 / (f.tenant - 2) < 0;

-- name: barrier_leak_by_group
-- as: priv_bob
SELECT 1 / (tenant - 2), count(*) FROM account_first GROUP BY 1;

-- name: barrier_leak_by_order
-- as: priv_bob
SELECT id FROM account_first ORDER BY 1 / (tenant - 2), id LIMIT 2;

-- name: barrier_leak_by_colocated_join
-- as: priv_bob
SELECT f.id, g.id FROM account_first f JOIN account_first g ON g.tenant = f.tenant AND 1 / (g.tenant - 2) < 0 AND g.id = 1;

-- name: barrier_leak_by_exists
-- as: priv_bob
SELECT code FROM country WHERE EXISTS (SELECT FROM account_first WHERE 1 / (tenant - 2) < 0);
