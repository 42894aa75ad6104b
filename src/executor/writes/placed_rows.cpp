#include "executor/writes/placed_rows.h"

#include "catalog/metadata.h"
#include "executor/writes/placed_sql.h"
#include "executor/writes/row_changes.h"
#include "executor/writes/row_place.h"
#include "executor/tasks/task_run.h"

extern "C" {
#include <catalog/pg_type.h>
#include <executor/executor.h>
#include <utils/memutils.h>
#include <utils/rel.h>
#include <utils/snapmgr.h>
}

namespace herd::executor {

static ParamListInfo TidParameter(ItemPointer ctid) {
    ParamListInfo parameters = makeParamList(1);
    parameters->params[0].value = PointerGetDatum(ctid);
    parameters->params[0].isnull = false;
    parameters->params[0].pflags = PARAM_FLAG_CONST;
    parameters->params[0].ptype = TIDOID;
    return parameters;
}

// Sets *ctid to that of the row found.
static bool AskForRow(Relation shell, RowPlace* place, Snapshot snapshot, const char* locking_clause,
                      TupleTableSlot* slot) {
    MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "herd placed row", ALLOCSET_SMALL_SIZES);
    MemoryContext caller = MemoryContextSwitchTo(context);
    FragmentCall call = {};
    call.relid = RelationGetRelid(shell);
    const char* condition = psprintf("herd.is_at(ctid, $1)%s", locking_clause);
    call.sql = SelectPlacedRows(shell, true, condition, &call.row_desc);
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
        KeepPlacedRow(row, slot);
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
    NoteLockedRow(table->relid, *packed, slot->tts_tid, slot);
    *packed = slot->tts_tid;
    return TM_Ok;
}

bool FetchPlacedRow(Relation shell, ItemPointer packed, TupleTableSlot* slot) {
    const catalog::DistributedTable* table = catalog::GetTable(RelationGetRelid(shell));
    RowPlace place = UnpackRowPlace(table->group, *packed);
    if (FindLockedRow(table->relid, *packed, slot)) {
        NotePlace(table, place, slot);
        return true;
    }
    if (!AskForRow(shell, &place, GetActiveSnapshot(), "", slot)) return false;
    NotePlace(table, place, slot);
    return true;
}

}  // namespace herd::executor
