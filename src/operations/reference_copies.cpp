#include "operations/reference_copies.h"

#include "catalog/metadata.h"
#include "operations/held_shards.h"
#include "operations/local_sql.h"
#include "operations/metadata_writer.h"
#include "operations/node_commands.h"
#include "operations/shard_relations.h"
#include "postgres/error.h"
#include "transaction/session.h"

extern "C" {
#include <access/table.h>
#include <access/xact.h>
#include <utils/resowner.h>
#include <access/tableam.h>
#include <executor/spi.h>
#include <miscadmin.h>
#include <storage/lmgr.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/snapmgr.h>
}

namespace herd::operations {

// A COPY is sent whenever this much has come together.
static constexpr int kCopyBytes = 256 * 1024;

static List* ReferenceTables(GroupId group) {
    List* tables = NIL;
    char* oids = QueryLocalText(
        "SELECT string_agg(table_oid::text, ',' ORDER BY table_oid) FROM herd.distributed_table WHERE group_id = $1",
        {IntArgument(group.value)});
    char* position = nullptr;
    for (char* oid = oids ? strtok_r(oids, ",", &position) : nullptr; oid; oid = strtok_r(nullptr, ",", &position))
        tables = lappend_oid(tables, static_cast<Oid>(strtoul(oid, nullptr, 10)));
    return tables;
}

static void AppendCopyText(StringInfo line, const char* text) {
    for (; *text; text++) {
        switch (*text) {
            case '\n':
                appendStringInfoString(line, "\\n");
                break;
            case '\r':
                appendStringInfoString(line, "\\r");
                break;
            case '\t':
                appendStringInfoString(line, "\\t");
                break;
            case '\\':
                appendStringInfoString(line, "\\\\");
                break;
            default:
                appendStringInfoCharMacro(line, *text);
        }
    }
}

// The columns of a COPY, and how their values are written.
struct CopyColumns {
    int count;
    AttrNumber* attnos;
    FmgrInfo* output;
    char* list;  // "a, b"
};

static CopyColumns ColumnsToCopy(TupleDesc row) {
    CopyColumns columns{};
    columns.attnos = static_cast<AttrNumber*>(palloc(sizeof(AttrNumber) * row->natts));
    columns.output = static_cast<FmgrInfo*>(palloc(sizeof(FmgrInfo) * row->natts));
    StringInfoData list;
    initStringInfo(&list);
    for (int i = 0; i < row->natts; i++) {
        Form_pg_attribute column = TupleDescAttr(row, i);
        if (column->attisdropped || column->attgenerated) continue;
        Oid function;
        bool is_varlena;
        getTypeOutputInfo(column->atttypid, &function, &is_varlena);
        fmgr_info(function, &columns.output[columns.count]);
        columns.attnos[columns.count] = column->attnum;
        appendStringInfo(&list, "%s%s", columns.count > 0 ? ", " : "", quote_identifier(NameStr(column->attname)));
        columns.count++;
    }
    columns.list = list.data;
    return columns;
}

static void AppendCopyLine(StringInfo data, const CopyColumns& columns, TupleTableSlot* slot) {
    slot_getallattrs(slot);
    for (int i = 0; i < columns.count; i++) {
        int index = columns.attnos[i] - 1;
        if (i > 0) appendStringInfoChar(data, '\t');
        if (slot->tts_isnull[index])
            appendStringInfoString(data, "\\N");
        else
            AppendCopyText(data, OutputFunctionCall(&columns.output[i], slot->tts_values[index]));
    }
    appendStringInfoChar(data, '\n');
}

static void CopyRows(const catalog::DistributedTable* table, NodeId node) {
    SuperuserScope scope = BeginSuperuser();
    ShardId shard = table->group->shards[0].id;
    Relation source = table_open(catalog::LocalShardRelation(table, shard), ShareLock);
    CopyColumns columns = ColumnsToCopy(RelationGetDescr(source));
    char* copy = psprintf("COPY %s (%s) FROM STDIN", catalog::ShardRelationName(table, shard), columns.list);
    if (columns.count == 0) copy = psprintf("COPY %s FROM STDIN", catalog::ShardRelationName(table, shard));

    MemoryContext rows = AllocSetContextCreate(CurrentMemoryContext, "herd reference copy", ALLOCSET_DEFAULT_SIZES);
    StringInfoData data;
    initStringInfo(&data);
    Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
    TableScanDesc scan = table_beginscan(source, snapshot, 0, nullptr);
    TupleTableSlot* slot = table_slot_create(source, nullptr);
    while (table_scan_getnextslot(scan, ForwardScanDirection, slot)) {
        CHECK_FOR_INTERRUPTS();
        MemoryContext caller = MemoryContextSwitchTo(rows);
        AppendCopyLine(&data, columns, slot);
        MemoryContextSwitchTo(caller);
        MemoryContextReset(rows);
        if (data.len < kCopyBytes) continue;
        transaction::SendCopy(node, copy, data.data, data.len, nullptr, nullptr);
        resetStringInfo(&data);
    }
    if (data.len > 0) transaction::SendCopy(node, copy, data.data, data.len, nullptr, nullptr);
    transaction::FinishCopies();
    ExecDropSingleTupleTableSlot(slot);
    table_endscan(scan);
    UnregisterSnapshot(snapshot);
    table_close(source, NoLock);
    MemoryContextDelete(rows);
    EndSuperuser(scope);
}

void CopyReferenceTables(NodeId node) {
    std::optional<GroupId> group = FindReferenceGroup();
    if (!group) return;
    AddReferencePlacement(*group, node);
    List* tables = ReferenceTables(*group);
    ListCell* cell;
    foreach (cell, tables) {
        LockRelationOid(lfirst_oid(cell), ShareLock);
        const catalog::DistributedTable* table = catalog::GetTable(lfirst_oid(cell));
        CreateShardTables(table, node);
        CopyRows(table, node);
        CreateShardIndexes(table, node);
    }
    foreach (cell, tables) CreateShardForeignKeys(catalog::GetTable(lfirst_oid(cell)), node);
}

static void RunCommandsStep(void* commands) { RunNodeCommands(static_cast<NodeCommands*>(commands)); }

static void RunIfReachable(NodeCommands* commands) {
    ErrorData* error = postgres::TryInSubtransaction(RunCommandsStep, commands);
    if (error == nullptr) return;
    if (ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_CONNECTION_EXCEPTION) ReThrowError(error);
    ereport(WARNING, (errcode(error->sqlerrcode), errmsg_internal("%s", error->message),
                      errdetail("Its copies of reference tables stay there."),
                      errhint("Drop the schemas named herd_<shard>_<number> there if the server comes back.")));
}

void DropReferenceCopies(NodeId node) {
    std::optional<GroupId> group = FindReferenceGroup();
    if (!group) return;
    NodeCommands* commands = MakeNodeCommands();
    ListCell* cell;
    foreach (cell, ReferenceTables(*group)) {
        const catalog::DistributedTable* table = catalog::GetTable(lfirst_oid(cell));
        AddNodeCommand(
            commands, node,
            psprintf("DROP SCHEMA IF EXISTS %s CASCADE", catalog::ShardSchemaName(table, table->group->shards[0].id)));
    }
    AddReleases(commands, catalog::GetGroup(*group), node);
    RunIfReachable(commands);
    RemoveReferencePlacements(node);
}

}  // namespace herd::operations
