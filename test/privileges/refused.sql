-- What an ordinary role must not get, on plain tables as on distributed ones: its last statement fails with the SQLSTATE given.

-- name: select_without_grant
-- as: priv_none
-- error: 42501
SELECT count(*) FROM account;

-- name: select_one_key_without_grant
-- as: priv_none
-- error: 42501
SELECT * FROM account WHERE tenant = 1 AND id = 1;

-- name: select_star_with_column_grants
-- as: priv_alice
-- error: 42501
SELECT * FROM account WHERE tenant = 1;

-- name: select_column_not_granted
-- as: priv_alice
-- error: 42501
SELECT secret FROM account WHERE tenant = 1 AND id = 1;

-- name: condition_on_column_not_granted
-- as: priv_alice
-- error: 42501
SELECT tenant FROM account WHERE secret LIKE 's%';

-- name: order_by_column_not_granted
-- as: priv_alice
-- error: 42501
SELECT tenant FROM account ORDER BY secret;

-- name: group_by_column_not_granted
-- as: priv_alice
-- error: 42501
SELECT count(*) FROM account GROUP BY balance;

-- name: aggregate_over_column_not_granted
-- as: priv_alice
-- error: 42501
SELECT max(secret) FROM account;

-- name: whole_row_with_column_grants
-- as: priv_alice
-- error: 42501
SELECT account FROM account WHERE tenant = 1;

-- name: sublink_without_grant
-- as: priv_alice
-- error: 42501
SELECT (SELECT v FROM closed WHERE id = 1);

-- name: exists_without_grant
-- as: priv_alice
-- error: 42501
SELECT code FROM country WHERE EXISTS (SELECT FROM closed);

-- name: join_without_grant
-- as: priv_alice
-- error: 42501
SELECT a.tenant FROM account a JOIN closed c ON c.id = a.tenant;

-- name: cte_without_grant
-- as: priv_alice
-- error: 42501
WITH c AS (SELECT * FROM closed) SELECT count(*) FROM c;

-- name: union_without_grant
-- as: priv_alice
-- error: 42501
SELECT tenant FROM account UNION ALL SELECT id FROM closed;

-- name: lateral_without_grant
-- as: priv_alice
-- error: 42501
SELECT x.* FROM account a, LATERAL (SELECT v FROM closed WHERE id = a.tenant) x;

-- name: insert_without_grant
-- as: priv_reader
-- error: 42501
INSERT INTO account VALUES (9, 1, 'x', 1);

-- name: insert_columns_not_granted
-- as: priv_inserter
-- error: 42501
INSERT INTO account (tenant, id, balance, secret) VALUES (9, 1, 1, 's');

-- name: insert_returning_without_select
-- as: priv_inserter
-- error: 42501
INSERT INTO account (tenant, id, balance) VALUES (9, 1, 1) RETURNING tenant;

-- name: insert_select_without_grant
-- as: priv_inserter
-- error: 42501
INSERT INTO account (tenant, id, balance) SELECT id, id, id FROM closed;

-- name: on_conflict_without_update
-- as: priv_inserter
-- error: 42501
INSERT INTO account (tenant, id, balance) VALUES (1, 1, 1) ON CONFLICT (tenant, id) DO UPDATE SET balance = 0;

-- name: on_conflict_nothing_without_select
-- as: priv_inserter
-- error: 42501
INSERT INTO account (tenant, id, balance) VALUES (1, 1, 1) ON CONFLICT (tenant, id) DO NOTHING;

-- name: update_without_grant
-- as: priv_reader
-- error: 42501
UPDATE account SET balance = 0 WHERE tenant = 1;

-- name: update_column_not_granted
-- as: priv_alice
-- error: 42501
UPDATE account SET balance = 0 WHERE tenant = 1;

-- name: update_with_expression_not_granted
-- as: priv_alice
-- error: 42501
UPDATE account SET owner = secret WHERE tenant = 1;

-- name: update_condition_not_granted
-- as: priv_alice
-- error: 42501
UPDATE account SET owner = 'x' WHERE balance > 0;

-- name: update_returning_not_granted
-- as: priv_alice
-- error: 42501
UPDATE account SET owner = 'x' WHERE tenant = 1 RETURNING balance;

-- name: delete_without_grant
-- as: priv_alice
-- error: 42501
DELETE FROM account WHERE tenant = 1;

-- name: delete_condition_without_select
-- as: priv_inserter
-- error: 42501
DELETE FROM account WHERE tenant = 1;

-- name: lock_rows_without_update
-- as: priv_reader
-- error: 42501
SELECT * FROM account WHERE tenant = 1 AND id = 1 FOR UPDATE;

-- name: lock_table_without_grant
-- as: priv_reader
-- error: 42501
LOCK TABLE account IN EXCLUSIVE MODE;

-- name: truncate_without_grant
-- as: priv_writer
-- error: 42501
TRUNCATE account;

-- name: copy_out_without_grant
-- as: priv_none
-- error: 42501
COPY account TO STDOUT;

-- name: copy_out_column_not_granted
-- as: priv_alice
-- error: 42501
COPY account (tenant, secret) TO STDOUT;

-- name: copy_query_without_grant
-- as: priv_none
-- error: 42501
COPY (SELECT * FROM account) TO STDOUT;

-- name: copy_in_without_grant
-- as: priv_reader
-- error: 42501
COPY account FROM STDIN;
9	1	x	1
\.

-- name: copy_in_under_row_security
-- as: priv_alice
-- error: 0A000
COPY doc FROM STDIN;
1	9	x	y	1
\.

-- name: view_without_grant
-- as: priv_none
-- error: 42501
SELECT * FROM account_public;

-- name: invoker_view_uses_the_callers_rights
-- as: priv_alice
-- error: 42501
SELECT secret FROM account_invoker WHERE tenant = 1;

-- name: write_through_view_without_grant
-- as: priv_bob
-- error: 42501
UPDATE account_small SET balance = 1 WHERE tenant = 1;

-- name: check_option_of_view
-- as: priv_alice
-- any_detail
-- error: 44000
UPDATE account_small SET balance = 1000 WHERE tenant = 1 AND id = 1;

-- name: check_option_of_view_insert
-- as: priv_alice
-- any_detail
-- error: 44000
INSERT INTO account_small VALUES (9, 1, 1000);

-- name: invoker_function_without_grant
-- as: priv_none
-- error: 42501
SELECT invoker_secret();

-- name: dynamic_sql_without_grant
-- as: priv_alice
-- error: 42501
SELECT definer_dynamic('SELECT secret FROM account WHERE tenant = 1 AND id = 1');

-- name: function_without_execute
-- as: priv_alice
-- error: 42501
SELECT tenant FROM account WHERE tenant = hidden_function();

-- name: function_without_execute_in_write
-- as: priv_alice
-- may_refuse
-- error: 42501
UPDATE account SET owner = hidden_function()::text WHERE tenant = 1;

-- name: policy_refuses_insert_of_other_tenant
-- as: priv_alice
SET app.tenant = '1';
-- error: 42501
INSERT INTO doc VALUES (2, 9, 'x', 'y', 1);

-- name: policy_refuses_insert_of_rows
-- as: priv_alice
SET app.tenant = '1';
-- error: 42501
INSERT INTO doc SELECT g, 9, 'x', 'y', 1 FROM generate_series(1, 3) g;

-- name: policy_without_setting_refuses_insert
-- as: priv_alice
-- error: 42501
INSERT INTO doc VALUES (1, 9, 'x', 'y', 1);

-- name: policy_refuses_foreign_author
-- as: priv_alice
-- error: 42501
INSERT INTO diary VALUES (9, 'priv_bob', 'forged');

-- name: policy_refuses_to_give_away
-- as: priv_alice
-- error: 42501
UPDATE diary SET author = 'priv_bob' WHERE id = 1;

-- name: forced_policy_binds_the_owner
-- as: priv_owner
-- error: 42501
INSERT INTO diary VALUES (9, 'priv_alice', 'forged');

-- name: row_security_off_is_an_error
-- as: priv_alice
SET row_security = off;
-- error: 42501
SELECT count(*) FROM doc;

-- name: row_security_off_is_an_error_one_key
-- as: priv_alice
SET row_security = off;
-- error: 42501
SELECT * FROM doc WHERE tenant = 1 AND id = 1;

-- name: unset_tenant_with_bad_value
-- as: priv_alice
SET app.tenant = 'nobody';
-- error: 22P02
SELECT count(*) FROM doc;

-- name: alter_foreign_table
-- as: priv_writer
-- error: 42501
ALTER TABLE account ADD COLUMN x int;

-- name: drop_foreign_table
-- as: priv_writer
-- error: 42501
DROP TABLE account;

-- name: rename_foreign_table
-- as: priv_writer
-- error: 42501
ALTER TABLE account RENAME TO mine;

-- name: own_foreign_table
-- as: priv_writer
-- error: 42501
ALTER TABLE account OWNER TO priv_writer;

-- name: index_on_foreign_table
-- as: priv_writer
-- error: 42501
CREATE INDEX ON account (secret);

-- name: policy_on_foreign_table
-- as: priv_writer
-- error: 42501
CREATE POLICY mine ON doc USING (true);

-- name: disable_row_security_of_foreign_table
-- as: priv_alice
-- error: 42501
ALTER TABLE doc DISABLE ROW LEVEL SECURITY;

-- name: grant_on_foreign_table
-- as: priv_alice
-- error: 42501
GRANT SELECT ON closed TO priv_alice;

-- name: become_the_owner
-- as: priv_alice
-- error: 42501
SET ROLE priv_owner;

-- name: become_a_superuser
-- as: priv_alice
-- error: 42501
SET SESSION AUTHORIZATION postgres;

-- name: noinherit_member_before_set_role
-- as: priv_member
SET app.tenant = '1';
-- error: 42501
SELECT * FROM doc WHERE tenant = 1;

-- name: rights_end_with_reset_role
-- as: priv_member
SET app.tenant = '1';
SET ROLE priv_group;
SELECT id, body FROM doc WHERE tenant = 1;
RESET ROLE;
-- error: 42501
SELECT id, body FROM doc WHERE tenant = 1;

-- name: prepared_statement_under_another_role
-- as: priv_member
SET app.tenant = '1';
SET ROLE priv_group;
PREPARE docs AS SELECT id, body FROM doc WHERE tenant = 1;
EXECUTE docs;
RESET ROLE;
-- error: 42501
EXECUTE docs;

-- name: prepared_statement_after_revoke
-- as: postgres
GRANT SELECT ON closed TO priv_bob;
SET ROLE priv_bob;
PREPARE c(int) AS SELECT v FROM closed WHERE id = $1;
EXECUTE c(1);
RESET ROLE;
REVOKE SELECT ON closed FROM priv_bob;
SET ROLE priv_bob;
-- error: 42501
EXECUTE c(1);

-- name: cursor_without_grant
-- as: priv_none
-- error: 42501
DECLARE c CURSOR FOR SELECT * FROM account;

-- name: do_block_without_grant
-- as: priv_none
-- error: 42501
DO $$ BEGIN PERFORM secret FROM account WHERE tenant = 1; END $$;

-- name: explain_without_grant
-- as: priv_none
-- error: 42501
EXPLAIN SELECT * FROM account WHERE tenant = 1;

-- name: explain_analyze_write_without_grant
-- as: priv_none
-- error: 42501
EXPLAIN ANALYZE DELETE FROM account;

-- name: create_table_as_without_grant
-- as: priv_none
-- error: 42501
CREATE TEMP TABLE stolen AS SELECT * FROM account;

-- name: foreign_key_without_references
-- as: priv_creator
-- error: 42501
CREATE TABLE child (c text REFERENCES country);

-- name: statistics_on_foreign_table
-- as: priv_writer
-- may_refuse
-- error: 42501
CREATE STATISTICS priv_statistics ON owner, secret FROM account;

-- name: comment_on_foreign_table
-- as: priv_writer
-- error: 42501
COMMENT ON TABLE account IS 'mine';

-- name: trigger_on_foreign_table
-- as: priv_writer
-- may_refuse
-- error: 42501
CREATE TRIGGER t BEFORE INSERT ON account EXECUTE FUNCTION suppress_redundant_updates_trigger();

-- name: copy_in_from_a_file
-- as: priv_writer
-- error: 42501
COPY account FROM '/etc/passwd';

-- name: copy_in_from_a_program
-- as: priv_writer
-- error: 42501
COPY account FROM PROGRAM 'id';

-- name: copy_out_to_a_program
-- as: priv_writer
-- error: 42501
COPY account TO PROGRAM 'cat';

-- name: merge_without_grant
-- as: priv_reader
-- error: 42501
-- may_refuse
MERGE INTO account a USING (VALUES (1)) v (t) ON a.tenant = v.t WHEN MATCHED THEN DELETE;

-- name: writing_cte_without_grant
-- as: priv_reader
-- error: 42501
WITH d AS (DELETE FROM account WHERE tenant = 1 RETURNING *) SELECT count(*) FROM d;

-- name: update_from_table_without_grant
-- as: priv_alice
-- error: 42501
UPDATE account SET owner = c.v FROM closed c WHERE c.id = account.tenant;

-- name: delete_using_table_without_grant
-- as: priv_inserter
-- error: 42501
DELETE FROM account USING closed c WHERE c.id = account.tenant;

-- name: definer_function_does_not_lend_its_rights
-- as: priv_none
SELECT total();
-- error: 42501
SELECT sum(balance) FROM account;

-- name: function_cannot_keep_a_role
-- as: priv_alice
-- error: 42501
SELECT definer_dynamic('SET ROLE priv_owner');

-- name: definer_function_cannot_set_role
-- as: priv_owner
CREATE FUNCTION climb() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN SET ROLE priv_bypass; END $$;
-- error: 42501
SELECT climb();

-- name: procedure_ends_as_it_began
-- as: priv_owner
CREATE FUNCTION swap() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RESET ROLE; END $$;
-- error: 42501
DO $$ BEGIN PERFORM swap(); PERFORM set_config('role', 'priv_writer', false); END $$;
