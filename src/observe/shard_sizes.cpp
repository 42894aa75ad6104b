// herd.shard_sizes(): asks every node once for the rows and bytes of its shards of a table.
#include "catalog/metadata.h"
#include "operations/local_sql.h"
#include "postgres/entry.h"
#include "transaction/session.h"

extern "C" {
#include <catalog/objectaddress.h>
#include <funcapi.h>
#include <miscadmin.h>
#include <storage/lmgr.h>
#include <utils/acl.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/rls.h>
}

namespace herd::observe {

static void CheckMayRead(Oid relid) {
    AclResult result = pg_class_aclcheck(relid, GetUserId(), ACL_SELECT);
    if (result != ACLCHECK_OK) aclcheck_error(result, OBJECT_TABLE, get_rel_name(relid));
    if (check_enable_rls(relid, InvalidOid, true) != RLS_ENABLED) return;
    ereport(ERROR,
            (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("permission denied for table %s", get_rel_name(relid)),
             errdetail("Row-level security hides rows of it, and the sizes count them.")));
}

static bool IsOn(const catalog::Shard* shard, NodeId node) {
    for (int i = 0; i < shard->node_count; i++)
        if (shard->nodes[i] == node) return true;
    return false;
}

// A query for "shard rows bytes" of all the table's shards on the node, one line each; null if it has none.
static char* SizeQuery(const catalog::DistributedTable* table, NodeId node) {
    StringInfoData sql;
    initStringInfo(&sql);
    for (int i = 0; i < table->group->shard_count; i++) {
        const catalog::Shard* shard = &table->group->shards[i];
        if (!IsOn(shard, node)) continue;
        char* relation = catalog::ShardRelationName(table, shard->id);
        appendStringInfo(&sql, "%s SELECT %lld, (SELECT count(*) FROM %s), pg_catalog.pg_total_relation_size(%s)",
                         sql.len > 0 ? " UNION ALL" : "", static_cast<long long>(shard->id.value), relation,
                         quote_literal_cstr(relation));
    }
    if (sql.len == 0) return nullptr;
    return psprintf(
        "SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', shard, rows, bytes), E'\\n' ORDER BY shard) "
        "FROM (%s) AS sizes (shard, rows, bytes)",
        sql.data);
}

static void AddRows(ReturnSetInfo* result, const char* node_name, char* lines) {
    char* position = nullptr;
    for (char* line = strtok_r(lines, "\n", &position); line; line = strtok_r(nullptr, "\n", &position)) {
        long long shard;
        long long rows;
        long long bytes;
        if (sscanf(line, "%lld %lld %lld", &shard, &rows, &bytes) != 3) elog(ERROR, "unexpected sizes: %s", line);
        Datum values[] = {Int64GetDatum(shard), CStringGetTextDatum(node_name), Int64GetDatum(rows),
                          Int64GetDatum(bytes)};
        bool nulls[] = {false, false, false, false};
        tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
    }
}

}  // namespace herd::observe

using namespace herd;

HERD_FUNCTION(herd_shard_sizes) {
    if (PG_ARGISNULL(0))
        ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("argument \"table_name\" must not be null")));
    Oid relid = PG_GETARG_OID(0);
    LockRelationOid(relid, AccessShareLock);
    const catalog::DistributedTable* table = catalog::GetTable(relid);
    observe::CheckMayRead(relid);
    InitMaterializedSRF(fcinfo, 0);
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    for (int i = 0; i < count; i++) {
        char* sql = observe::SizeQuery(table, nodes[i]->id);
        if (sql == nullptr) continue;
        char* lines = nodes[i]->id == kOwnNode ? operations::QueryLocalText(sql, {})
                                               : transaction::QueryValueOnNode(nodes[i]->id, sql);
        observe::AddRows(reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo), nodes[i]->name, lines);
    }
    return static_cast<Datum>(0);
}
