#include "operations/shard_grants.h"

namespace herd::operations {

// Without default privileges there is nothing to look for. The user's search path must not decide what the names mean.
static constexpr const char* kRevoke = R"(DO LANGUAGE plpgsql $herd$
DECLARE
    path pg_catalog.text := pg_catalog.current_setting('search_path');
    statement pg_catalog.text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_default_acl) THEN
        RETURN;
    END IF;
    PERFORM pg_catalog.set_config('search_path', 'pg_catalog', true);
    FOR statement IN
        WITH shard AS (
            SELECT n.oid, nspname, nspacl, nspowner FROM pg_namespace n JOIN pg_roles r ON r.oid = nspowner
            WHERE nspname ~ '^herd_[0-9]+_[0-9]+$' AND rolname = current_user
        ), granted AS (
            SELECT format('SCHEMA %I', nspname) AS object, grantee
            FROM shard, aclexplode(nspacl) WHERE grantee <> nspowner
            UNION
            SELECT format('TABLE %I.%I', nspname, relname), grantee
            FROM shard JOIN pg_class ON relnamespace = shard.oid, aclexplode(relacl) WHERE grantee <> relowner
        )
        SELECT format('REVOKE ALL ON %s FROM %s', object,
                      CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
        FROM granted
    LOOP
        EXECUTE statement;
    END LOOP;
    PERFORM set_config('search_path', path, true);
END
$herd$)";

const char* RevokeShardGrantsStatement() { return kRevoke; }

}  // namespace herd::operations
