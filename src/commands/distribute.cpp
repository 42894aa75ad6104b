#include "commands/distribute.h"

#include "access/shell_checks.h"
#include "catalog/key_value.h"
#include "commands/distribution_rules.h"
#include "commands/settings.h"
#include "commands/shell_storage.h"
#include "operations/local_sql.h"
#include "operations/metadata_writer.h"
#include "operations/shard_loader.h"
#include "operations/shard_relations.h"
#include "postgres/error.h"

extern "C" {
#include <access/relation.h>
#include <access/tableam.h>
#include <access/xact.h>
#include <catalog/namespace.h>
#include <catalog/pg_class.h>
#include <commands/tablecmds.h>
#include <miscadmin.h>
#include <storage/lmgr.h>
#include <tcop/utility.h>
#include <utils/acl.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/snapmgr.h>
#include <utils/syscache.h>
#include <utils/varlena.h>
}

namespace herd::commands {

// Nobody but the owner may make others wait for the lock.
static void CheckOwner(Oid relid) {
    const char* name = get_rel_name(relid);
    if (name == nullptr)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE), errmsg("relation with OID %u does not exist", relid)));
    if (!pg_class_ownercheck(relid, GetUserId()))
        aclcheck_error(ACLCHECK_NOT_OWNER, get_relkind_objtype(get_rel_relkind(relid)), name);
}

static Relation OpenOwnedTable(Oid relid, const char* caller) {
    access::CheckLibraryPreloaded();
    PreventCommandIfReadOnly(caller);
    PreventCommandIfParallelMode(caller);
    CheckOwner(relid);
    Relation relation = try_relation_open(relid, AccessExclusiveLock);
    if (relation == nullptr)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE), errmsg("relation with OID %u does not exist", relid)));
    CheckOwner(relid);
    return relation;
}

static void CheckNotDistributed(Relation relation) {
    const catalog::DistributedTable* table = catalog::FindTable(RelationGetRelid(relation));
    if (table == nullptr) return;
    ereport(ERROR, (errcode(ERRCODE_DUPLICATE_OBJECT),
                    errmsg("table \"%s\" is already distributed", RelationGetRelationName(relation)),
                    errdetail_internal(
                        "%s", table->is_reference() ? "It is a reference table." : "It is a hash-distributed table."),
                    errhint("Make it local with herd.undistribute_table() first.")));
}

// --- which group ---

static GroupId GroupOfTable(const DistributionRequest& request, operations::HashKey key) {
    List* names = textToQualifiedNameList(cstring_to_text(request.colocate_with));
    Oid other = RangeVarGetRelid(makeRangeVarFromNameList(names), AccessShareLock, false);
    CheckOwner(other);
    const catalog::DistributedTable* table = catalog::GetTable(other);
    const char* message =
        psprintf("table \"%s\" can't be colocated with \"%s\"", get_rel_name(request.relid), get_rel_name(other));
    if (table->is_reference())
        postgres::Raise({kInvalidParameterValue, message, "The other table is a reference table.",
                         "Hash-distributed tables are near every reference table anyway."});
    if (table->group->key_class != key.key_class || table->group->key_collation != key.collation)
        postgres::Raise(
            {kInvalidParameterValue, message,
             psprintf("Distribution columns must have the same class of type and collation; the other table's is %s.",
                      KeyClassName(table->group->key_class)),
             "Use the same type, or colocate_with => 'none'."});
    if (request.shard_count != 0 && request.shard_count != table->group->shard_count)
        postgres::Raise({kInvalidParameterValue, message,
                         psprintf("The other table has %d shards.", table->group->shard_count),
                         "Leave out shard_count."});
    return table->group->id;
}

// As for colocate_with: who joins a group owns a table of it. A default group is everybody's.
static void CheckMayJoin(GroupId group) {
    int64 allowed = operations::QueryLocalInteger(
        "SELECT count(*) FROM herd.colocation g LEFT JOIN herd.distributed_table t USING (group_id) "
        "LEFT JOIN pg_class c ON c.oid = t.table_oid "
        "WHERE g.group_id = $1 AND (g.is_default OR c.oid IS NULL OR pg_has_role($2, c.relowner, 'USAGE'))",
        {operations::IntArgument(group.value), operations::OidArgument(GetUserId())});
    if (allowed == 0)
        ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                        errmsg("permission denied for the colocation group of the label"),
                        errdetail("You own no table of the group.")));
}

static GroupId GroupOfLabel(const DistributionRequest& request, operations::HashKey key, int shard_count) {
    std::optional<GroupId> found = operations::FindGroupByLabel(request.group_label);
    if (!found) return operations::CreateHashGroup(key, shard_count, request.new_group_is_default, request.group_label);
    CheckMayJoin(*found);
    const catalog::Group* group = catalog::GetGroup(*found);
    if (group->method != catalog::Method::kHash || group->key_class != key.key_class ||
        group->key_collation != key.collation ||
        (request.shard_count != 0 && request.shard_count != group->shard_count))
        postgres::Raise(
            {kInvalidParameterValue,
             psprintf("table \"%s\" does not fit into group %s", get_rel_name(request.relid), request.group_label),
             "The group's key or number of shards is another one.", nullptr});
    return *found;
}

static GroupId HashGroup(const DistributionRequest& request, operations::HashKey key) {
    int shard_count = request.shard_count != 0 ? request.shard_count : shard_count_setting;
    if (request.group_label != nullptr) return GroupOfLabel(request, key, shard_count);
    if (strcmp(request.colocate_with, "none") == 0)
        return operations::CreateHashGroup(key, shard_count, false, nullptr);
    if (strcmp(request.colocate_with, "default") != 0) return GroupOfTable(request, key);
    std::optional<GroupId> group = operations::FindDefaultGroup(key, shard_count);
    return group ? *group : operations::CreateHashGroup(key, shard_count, true, nullptr);
}

static GroupId ReferenceGroup(const DistributionRequest& request) {
    std::optional<GroupId> group = operations::FindReferenceGroup();
    return group ? *group : operations::CreateReferenceGroup(request.group_label);
}

// --- rows ---

static List* StoredColumns(TupleDesc row) {
    List* attnos = NIL;
    for (int i = 0; i < row->natts; i++) {
        Form_pg_attribute column = TupleDescAttr(row, i);
        if (!column->attisdropped && !column->attgenerated) attnos = lappend_int(attnos, column->attnum);
    }
    return attnos;
}

static double MoveRows(Relation relation, const catalog::DistributedTable* table) {
    Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
    TableScanDesc scan = table_beginscan(relation, snapshot, 0, nullptr);
    TupleTableSlot* slot = table_slot_create(relation, nullptr);
    operations::ShardLoad* load = nullptr;
    while (table_scan_getnextslot(scan, ForwardScanDirection, slot)) {
        CHECK_FOR_INTERRUPTS();
        if (load == nullptr) {
            ereport(NOTICE,
                    (errmsg("moving the rows of table \"%s\" into its shards", RelationGetRelationName(relation))));
            load = operations::BeginShardLoad(table, StoredColumns(RelationGetDescr(relation)));
        }
        slot_getallattrs(slot);
        operations::AddRow(load, slot->tts_values, slot->tts_isnull);
    }
    double rows = load == nullptr ? 0 : static_cast<double>(operations::FinishShardLoad(load));
    ExecDropSingleTupleTableSlot(slot);
    table_endscan(scan);
    UnregisterSnapshot(snapshot);
    return rows;
}

void DistributeTable(const DistributionRequest& request) {
    Relation relation = OpenOwnedTable(request.relid, request.caller);
    CheckTableNotInUse(relation, "distribute");
    CheckRelationKind(relation);
    CheckNotDistributed(relation);

    Distribution distribution{};
    distribution.relid = request.relid;
    distribution.method = request.method;
    operations::LockGroups();
    if (request.method == catalog::Method::kHash) {
        distribution.key_attno = CheckKeyColumn(relation, request.column);
        Form_pg_attribute key = TupleDescAttr(RelationGetDescr(relation), distribution.key_attno - 1);
        distribution.key_class = *catalog::FindKeyClass(key->atttypid);
        distribution.group = HashGroup(request, {distribution.key_class, key->attcollation});
    } else {
        distribution.group = ReferenceGroup(request);
    }
    CheckReferencingTablesAreEmpty(relation, "distributed");
    CheckDefinition(distribution, relation);

    operations::InsertTable(request.relid, distribution.group, distribution.key_attno);
    const catalog::DistributedTable* table = catalog::GetTable(request.relid);
    operations::CreateShardTables(table);
    double rows = -1;
    if (!catalog::IsShell(request.relid)) rows = MoveRows(relation, table);
    operations::CreateShardIndexes(catalog::GetTable(request.relid));
    operations::CreateShardForeignKeys(catalog::GetTable(request.relid));
    relation_close(relation, NoLock);

    TurnIntoShell(request.relid, rows);
    WriteLabel(request.relid, LabelOfTable(catalog::GetTable(request.relid)));
    catalog::InvalidateTable(request.relid);
}

static bool HasShardsOnOtherNodes(const catalog::DistributedTable* table) {
    if (table->is_reference()) return false;
    for (int i = 0; i < table->group->shard_count; i++)
        if (table->group->shards[i].nodes[0] != kOwnNode) return true;
    return false;
}

// Nodes answer from the transaction's snapshot; what others committed since would be dropped with the shards.
static void CheckSeesLatestRows(const catalog::DistributedTable* table) {
    if (!IsolationUsesXactSnapshot() || !HasShardsOnOtherNodes(table)) return;
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("herd.undistribute_table() can't run in a transaction with isolation level %s",
                           IsolationIsSerializable() ? "SERIALIZABLE" : "REPEATABLE READ"),
                    errdetail("Its snapshot may be older than rows of the table on other nodes."),
                    errhint("Use isolation level READ COMMITTED.")));
}

void UndistributeTable(Oid relid) {
    Relation relation = OpenOwnedTable(relid, "herd.undistribute_table()");
    CheckTableNotInUse(relation, "undistribute");
    CheckSeesLatestRows(catalog::GetTable(relid));
    operations::ShardedTable* shards = operations::DescribeShards(catalog::GetTable(relid));
    CheckHasNoForeignKeys(relation);
    relation_close(relation, NoLock);

    TurnIntoHeap(relid);
    WriteLabel(relid, nullptr);
    operations::DropShards(list_make1(shards));
}

}  // namespace herd::commands
