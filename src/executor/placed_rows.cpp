#include "executor/placed_rows.h"

#include "catalog/metadata.h"
#include "executor/row_place.h"
#include "executor/task_run.h"

extern "C" {
#include <access/sysattr.h>
#include <catalog/pg_type.h>
#include <executor/executor.h>
#include <utils/builtins.h>
#include <utils/memutils.h>
#include <utils/rel.h>
#include <utils/snapmgr.h>
}

namespace herd::executor {

static const char* LockingClause(LockTupleMode mode, LockWaitPolicy wait_policy) {
    static const char* const kStrengths[] = {" FOR KEY SHARE", " FOR SHARE", " FOR NO KEY UPDATE", " FOR UPDATE"};
    static const char* const kPolicies[] = {"", " SKIP LOCKED", " NOWAIT"};
    return psprintf("%s%s", kStrengths[mode], kPolicies[wait_policy]);
}

// SELECT ctid, a, b FROM ONLY <hole> WHERE herd.is_at(ctid, $1), and what describes its rows.
static plan::SqlTemplate SelectRow(Relation shell, const char* locking_clause, TupleDesc* columns) {
    TupleDesc whole = RelationGetDescr(shell);
    TupleDesc desc = CreateTemplateTupleDesc(whole->natts + 1);
    TupleDescInitEntry(desc, 1, "ctid", TIDOID, -1, 0);
    StringInfoData text;
    initStringInfo(&text);
    appendStringInfoString(&text, "SELECT ctid");
    int count = 1;
    for (int i = 0; i < whole->natts; i++) {
        if (TupleDescAttr(whole, i)->attisdropped) continue;
        appendStringInfo(&text, ", %s", quote_identifier(NameStr(TupleDescAttr(whole, i)->attname)));
        TupleDescCopyEntry(desc, ++count, whole, i + 1);
    }
    desc->natts = count;
    *columns = desc;
    appendStringInfoString(&text, " FROM ONLY ");
    plan::Hole* hole = (plan::Hole*)palloc(sizeof(plan::Hole));
    *hole = {text.len, RelationGetRelid(shell)};
    appendStringInfo(&text, " WHERE herd.is_at(ctid, $1)%s", locking_clause);
    return {text.data, 1, hole};
}

static ParamListInfo TidParameter(ItemPointer ctid) {
    ParamListInfo parameters = makeParamList(1);
    parameters->params[0].value = PointerGetDatum(ctid);
    parameters->params[0].isnull = false;
    parameters->params[0].pflags = PARAM_FLAG_CONST;
    parameters->params[0].ptype = TIDOID;
    return parameters;
}

// The row of the task into the slot, which keeps it; dropped columns are null.
static void KeepRow(TupleTableSlot* row, TupleTableSlot* slot) {
    TupleDesc whole = slot->tts_tupleDescriptor;
    ExecClearTuple(slot);
    int column = 1;
    for (int i = 0; i < whole->natts; i++) {
        bool dropped = TupleDescAttr(whole, i)->attisdropped;
        slot->tts_isnull[i] = dropped || row->tts_isnull[column];
        slot->tts_values[i] = slot->tts_isnull[i] ? (Datum)0 : row->tts_values[column];
        if (!dropped) column++;
    }
    ExecStoreVirtualTuple(slot);
    ExecMaterializeSlot(slot);
}

// Sets *ctid to that of the row found.
static bool AskForRow(Relation shell, RowPlace* place, Snapshot snapshot, const char* locking_clause,
                      TupleTableSlot* slot) {
    MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "herd placed row", ALLOCSET_SMALL_SIZES);
    MemoryContext caller = MemoryContextSwitchTo(context);
    FragmentCall call = {};
    call.relid = RelationGetRelid(shell);
    call.sql = SelectRow(shell, locking_clause, &call.row_desc);
    call.shard_indexes = &place->shard_index;
    call.shard_count = 1;
    call.parameters = TidParameter(&place->ctid);
    call.locks_rows = locking_clause[0] != '\0';
    call.keep_statement = true;
    call.snapshot = snapshot;
    TaskRun* run = BeginTaskRun(call);
    TupleTableSlot* row = MakeSingleTupleTableSlot(call.row_desc, &TTSOpsVirtual);
    bool found = TaskRunNext(run, row);
    if (found) {
        place->ctid = *(ItemPointer)DatumGetPointer(row->tts_values[0]);
        KeepRow(row, slot);
    } else {
        ExecClearTuple(slot);
    }
    FinishTaskRun(run);
    EndTaskRun(run);
    ExecDropSingleTupleTableSlot(row);
    MemoryContextSwitchTo(caller);
    MemoryContextDelete(context);
    return found;
}

static void NotePlace(const catalog::DistributedTable* table, const RowPlace& place, TupleTableSlot* slot) {
    slot->tts_tid = PackRowPlace(table->group, place);
    slot->tts_tableOid = table->relid;
}

TM_Result LockPlacedRow(Relation shell, ItemPointer packed, Snapshot snapshot, TupleTableSlot* slot, LockTupleMode mode,
                        LockWaitPolicy wait_policy, TM_FailureData* failure) {
    const catalog::DistributedTable* table = catalog::GetTable(RelationGetRelid(shell));
    RowPlace place = UnpackRowPlace(table->group, *packed);
    memset(failure, 0, sizeof(*failure));
    failure->ctid = *packed;
    if (!AskForRow(shell, &place, snapshot, LockingClause(mode, wait_policy), slot))
        return wait_policy == LockWaitSkip ? TM_WouldBlock : TM_Deleted;
    NotePlace(table, place, slot);
    failure->traversed = !ItemPointerEquals(&slot->tts_tid, packed);
    *packed = slot->tts_tid;
    return TM_Ok;
}

bool FetchPlacedRow(Relation shell, ItemPointer packed, TupleTableSlot* slot) {
    const catalog::DistributedTable* table = catalog::GetTable(RelationGetRelid(shell));
    RowPlace place = UnpackRowPlace(table->group, *packed);
    if (!AskForRow(shell, &place, GetActiveSnapshot(), "", slot)) return false;
    NotePlace(table, place, slot);
    return true;
}

}  // namespace herd::executor
