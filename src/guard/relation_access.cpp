#include "guard/relation_access.h"

#include "catalog/metadata.h"
#include "guard/guard.h"
#include "postgres/entry.h"
#include "postgres/walk.h"

extern "C" {
#include <access/transam.h>
#include <catalog/namespace.h>
#include <catalog/pg_user_mapping.h>
#include <miscadmin.h>
#include <parser/parsetree.h>
#include <utils/acl.h>
#include <utils/fmgrprotos.h>
#include <utils/guc.h>
#include <utils/inval.h>
#include <utils/lsyscache.h>
#include <tcop/pquery.h>
#include <utils/syscache.h>
}

namespace herd::guard {

namespace {

constexpr AclMode kEverything = ~static_cast<AclMode>(0);
constexpr AclMode kWrites = ACL_INSERT | ACL_UPDATE | ACL_DELETE;

bool allow_shard_access;

// Relations that were found to be nobody's but the users', by OID: looking for a relation's schema costs more than the rest.
constexpr int kKnownRelations = 64;
Oid known_relations[kKnownRelations];

bool IsShard(Oid relid) {
    char* schema = get_namespace_name(get_rel_namespace(relid));
    ShardId shard;
    int schema_number;
    return schema != nullptr && catalog::ParseShardSchemaName(schema, &shard, &schema_number);
}

bool IsMetadata(Oid relid) {
    if (!OidIsValid(catalog::HerdAccessMethod())) return false;
    return get_rel_namespace(relid) == get_namespace_oid("herd", true);
}

// What of the relation is closed to ordinary roles.
AclMode ClosedRights(Oid relid) {
    if (relid == UserMappingRelationId) return kEverything;
    if (relid < FirstNormalObjectId) return 0;
    Oid* known = &known_relations[relid % kKnownRelations];
    if (*known == relid) return 0;
    if (IsShard(relid)) return kEverything;
    if (IsMetadata(relid)) return kWrites;
    *known = relid;
    return 0;
}

[[noreturn]] void RaiseClosed(Oid relid) {
    const char* name = get_rel_name(relid);
    ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("permission denied for table %s", name),
                    relid == UserMappingRelationId
                        ? errdetail("It holds the secrets with which Herd connects to the nodes.")
                        : errdetail("The table is a part of Herd, which checks access where its users can be known.")));
}

bool IsOpen(const RangeTblEntry* rte) {
    if (rte->rtekind != RTE_RELATION || rte->requiredPerms == 0) return true;
    if ((rte->requiredPerms & ClosedRights(rte->relid)) == 0) return true;
    Oid user = OidIsValid(rte->checkAsUser) ? rte->checkAsUser : GetUserId();
    return pg_class_ownercheck(rte->relid, user);
}

extern "C" {

static bool HerdFindShard(Node* node, void* context);

static void HerdRelationsChanged(Datum, int, uint32) { memset(known_relations, 0, sizeof(known_relations)); }
}

bool FindShard(Node* node) {
    if (node == nullptr) return false;
    if (IsA(node, Query))
        return postgres::WalkQuery(castNode(Query, node), HerdFindShard, nullptr, QTW_EXAMINE_RTES_BEFORE);
    if (!IsA(node, RangeTblEntry)) return postgres::WalkExpression(node, HerdFindShard, nullptr);
    auto* rte = castNode(RangeTblEntry, node);
    if (rte->rtekind != RTE_RELATION || rte->relid < FirstNormalObjectId) return false;
    if (ClosedRights(rte->relid) != kEverything) return false;
    ereport(ERROR,
            (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
             errmsg("table \"%s\" is a shard of a distributed table", get_rel_name(rte->relid)),
             errdetail("Statements on shards come from coordinators."),
             errhint("Use the distributed table on the coordinator. To repair a shard, SET herd.allow_shard_access.")));
}

extern "C" {
static bool HerdFindShard(Node* node, void*) {
    return postgres::Enter([&] { return FindShard(node); });
}
}

}  // namespace

bool CheckRelationAccess(List* range_table, bool raise) {
    ListCell* cell;
    foreach (cell, range_table) {
        auto* rte = lfirst_node(RangeTblEntry, cell);
        if (IsOpen(rte)) continue;
        if (raise) RaiseClosed(rte->relid);
        return false;
    }
    return true;
}

// Deferred constraints' triggers run at the commit, where no portal is active. Their queries are not the client's.
static bool IsInTrigger() { return DatumGetInt32(DirectFunctionCall1(pg_trigger_depth, 0)) > 0; }

void CheckClientStatement(Query* query) {
    if (ActivePortal != nullptr || MyBackendType != B_BACKEND || allow_shard_access || IsTaskSession()) return;
    if (IsInTrigger()) return;
    if (!superuser()) return;  // CheckRelationAccess() says the rest
    FindShard(reinterpret_cast<Node*>(query));
}

void RegisterRelationAccess() {
    DefineCustomBoolVariable("herd.allow_shard_access", "Lets superusers' statements touch shards directly.",
                             "For repairs: coordinators don't know of what is done there.", &allow_shard_access, false,
                             PGC_SUSET, GUC_NOT_IN_SAMPLE, nullptr, nullptr, nullptr);
    CacheRegisterSyscacheCallback(RELOID, HerdRelationsChanged, 0);
    CacheRegisterSyscacheCallback(NAMESPACEOID, HerdRelationsChanged, 0);
}

}  // namespace herd::guard
