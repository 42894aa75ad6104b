#include "executor/tasks/gather.h"

#include "catalog/metadata.h"
#include "executor/snapshots/table_age.h"
#include "executor/tasks/task_run.h"

extern "C" {
#include <access/table.h>
#include <executor/executor.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/snapmgr.h>
}

namespace herd::executor {

struct Gather {
    TaskRun* run;
    TupleTableSlot* narrow;  // a table gather: the live columns alone
    int* targets;            // their places in the whole row
};

Gather* BeginGather(Oid relid, const plan::SqlTemplate& sql, const int* shard_indexes, int shard_count,
                    TupleDesc row_desc, ParamListInfo parameters) {
    FragmentCall call = {};
    call.relid = relid;
    call.sql = sql;
    call.shard_indexes = shard_indexes;
    call.shard_count = shard_count;
    call.parameters = parameters;
    call.row_desc = row_desc;
    call.snapshot = ActiveSnapshotSet() ? GetActiveSnapshot() : InvalidSnapshot;
    CheckIsSeen(catalog::GetTable(call.relid), call.snapshot);
    Gather* gather = (Gather*)palloc0(sizeof(Gather));
    gather->run = BeginTaskRun(call);
    return gather;
}

static void SpreadRow(Gather* gather, TupleTableSlot* slot) {
    ExecClearTuple(slot);
    memset(slot->tts_isnull, true, slot->tts_tupleDescriptor->natts * sizeof(bool));
    memset(slot->tts_values, 0, slot->tts_tupleDescriptor->natts * sizeof(Datum));
    for (int i = 0; i < gather->narrow->tts_tupleDescriptor->natts; i++) {
        slot->tts_values[gather->targets[i]] = gather->narrow->tts_values[i];
        slot->tts_isnull[gather->targets[i]] = gather->narrow->tts_isnull[i];
    }
    ExecStoreVirtualTuple(slot);
}

bool GatherNext(Gather* gather, TupleTableSlot* slot) {
    if (gather->narrow == nullptr) return TaskRunNext(gather->run, slot);
    if (!TaskRunNext(gather->run, gather->narrow)) {
        ExecClearTuple(slot);
        return false;
    }
    SpreadRow(gather, slot);
    return true;
}

void EndGather(Gather* gather) {
    EndTaskRun(gather->run);
    if (gather->narrow != nullptr) ExecDropSingleTupleTableSlot(gather->narrow);
    gather->narrow = nullptr;
}

// "SELECT a, b FROM " with the hole at its end.
static plan::SqlTemplate SelectLiveColumns(Relation relation, TupleDesc live, const int* targets) {
    StringInfoData text;
    initStringInfo(&text);
    appendStringInfoString(&text, "SELECT ");
    for (int i = 0; i < live->natts; i++) {
        Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(relation), targets[i]);
        appendStringInfo(&text, "%s%s", i > 0 ? ", " : "", quote_identifier(NameStr(attribute->attname)));
    }
    appendStringInfoString(&text, live->natts > 0 ? " FROM ONLY " : "FROM ONLY ");
    plan::Hole* hole = (plan::Hole*)palloc(sizeof(plan::Hole));
    hole->offset = text.len;
    hole->relid = RelationGetRelid(relation);
    return {text.data, 1, hole};
}

Gather* BeginTableGather(Oid relid) {
    const catalog::DistributedTable* table = catalog::GetTable(relid);
    Relation relation = table_open(relid, NoLock);
    TupleDesc whole = RelationGetDescr(relation);
    int* targets = (int*)palloc((whole->natts + 1) * sizeof(int));
    int count = 0;
    for (int i = 0; i < whole->natts; i++)
        if (!TupleDescAttr(whole, i)->attisdropped) targets[count++] = i;
    TupleDesc live = CreateTemplateTupleDesc(count);
    for (int i = 0; i < count; i++) TupleDescCopyEntry(live, i + 1, whole, targets[i] + 1);
    plan::SqlTemplate sql = SelectLiveColumns(relation, live, targets);
    table_close(relation, NoLock);
    int* shards = (int*)palloc(table->group->shard_count * sizeof(int));
    for (int i = 0; i < table->group->shard_count; i++) shards[i] = i;
    Gather* gather = BeginGather(relid, sql, shards, table->group->shard_count, live, nullptr);
    gather->narrow = MakeSingleTupleTableSlot(live, &TTSOpsVirtual);
    gather->targets = targets;
    return gather;
}

}  // namespace herd::executor
