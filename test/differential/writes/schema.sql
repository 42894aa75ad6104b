-- name: make_and_drop
CREATE TABLE IF NOT EXISTS sparse (id int);
SELECT count(*) FROM sparse;
-- name: comments_and_statistics
COMMENT ON TABLE users IS 'people';
ANALYZE users;
SELECT obj_description('users'::regclass);
-- name: vacuum
VACUUM users;
VACUUM ANALYZE sparse;
