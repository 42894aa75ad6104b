#include "executor/writes/placed_sql.h"
#include "executor/writes/row_changes_parts.h"
#include "executor/writes/row_place.h"
#include "executor/tasks/task_run.h"

extern "C" {
#include <access/table.h>
#include <catalog/pg_type.h>
#include <executor/executor.h>
#include <utils/array.h>
#include <utils/lsyscache.h>
#include <utils/memutils.h>
}

namespace herd::executor {

HTAB* MakePlaceTable(const char* name, Size entry_size, MemoryContext context) {
    HASHCTL control = {};
    control.keysize = sizeof(uint64);
    control.entrysize = entry_size;
    control.hcxt = context;
    return hash_create(name, 256, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

LockedRow* FindLocked(const RowChanges* changes, const ItemPointerData& place) {
    if (changes->locked == nullptr) return nullptr;
    uint64 key = KeyOf(place);
    return (LockedRow*)hash_search(changes->locked, &key, HASH_FIND, nullptr);
}

bool IsChanged(const RowChanges* changes, const ItemPointerData& place) {
    uint64 key = KeyOf(place);
    return hash_search(changes->changed, &key, HASH_FIND, nullptr) != nullptr;
}

static LockedRow* NoteLocked(RowChanges* changes, const ItemPointerData& place, TupleTableSlot* whole) {
    uint64 key = KeyOf(place);
    bool found;
    LockedRow* locked = (LockedRow*)hash_search(changes->locked, &key, HASH_ENTER, &found);
    MemoryContext caller = MemoryContextSwitchTo(changes->locked_context);
    locked->row = whole == nullptr ? nullptr : ExecCopySlotMinimalTuple(whole);
    locked->is_newer = false;
    MemoryContextSwitchTo(caller);
    return locked;
}

namespace {

struct LockRun {
    int shard;
    Datum* ctids;
    int count;
    TaskRun* run;
};

}  // namespace

// The places by shard, but those already changed.
static LockRun* DividePlaces(const RowChanges* changes, const ItemPointerData* places, int count) {
    const catalog::Group* group = changes->table->group;
    LockRun* runs = (LockRun*)palloc0(group->shard_count * sizeof(LockRun));
    for (int i = 0; i < count; i++) {
        if (IsChanged(changes, places[i])) continue;
        RowPlace place = UnpackRowPlace(group, places[i]);
        LockRun* run = &runs[place.shard_index];
        run->shard = place.shard_index;
        if (run->ctids == nullptr) run->ctids = (Datum*)palloc(count * sizeof(Datum));
        ItemPointer ctid = (ItemPointer)palloc(sizeof(ItemPointerData));
        *ctid = place.ctid;
        run->ctids[run->count++] = PointerGetDatum(ctid);
    }
    return runs;
}

static ParamListInfo PlacesParameter(const LockRun* run) {
    ParamListInfo parameters = makeParamList(1);
    parameters->params[0].value = PointerGetDatum(
        construct_array(run->ctids, run->count, TIDOID, sizeof(ItemPointerData), false, TYPALIGN_SHORT));
    parameters->params[0].isnull = false;
    parameters->params[0].pflags = PARAM_FLAG_CONST;
    parameters->params[0].ptype = get_array_type(TIDOID);
    return parameters;
}

static void TakeLockedRows(RowChanges* changes, LockRun* run, TupleTableSlot* row) {
    while (TaskRunNext(run->run, row)) {
        RowPlace place = {run->shard, *(ItemPointer)DatumGetPointer(row->tts_values[0])};
        if (changes->plan.needs_rows) KeepPlacedRow(row, changes->whole);
        NoteLocked(changes, PackRowPlace(changes->table->group, place),
                   changes->plan.needs_rows ? changes->whole : nullptr);
    }
    EndTaskRun(run->run);
}

static void RunLocks(RowChanges* changes, LockRun* runs) {
    Relation shell = table_open(changes->plan.relid, NoLock);
    FragmentCall call = {};
    call.relid = changes->plan.relid;
    const char* condition = psprintf("ctid = ANY ($1)%s", LockingClause(changes->plan.lock_mode, LockWaitBlock));
    call.sql = SelectPlacedRows(shell, changes->plan.needs_rows, condition, &call.row_desc);
    call.locks_rows = true;
    call.snapshot = changes->snapshot;
    call.shard_count = 1;
    int shards = changes->table->group->shard_count;
    for (int i = 0; i < shards; i++) {
        if (runs[i].count == 0) continue;
        call.shard_indexes = &runs[i].shard;
        call.parameters = PlacesParameter(&runs[i]);
        runs[i].run = BeginTaskRun(call);
    }
    TupleTableSlot* row = MakeSingleTupleTableSlot(call.row_desc, &TTSOpsVirtual);
    for (int i = 0; i < shards; i++)
        if (runs[i].run != nullptr) TakeLockedRows(changes, &runs[i], row);
    ExecDropSingleTupleTableSlot(row);
    table_close(shell, NoLock);
}

void LockRowsToChange(RowChanges* changes, const ItemPointerData* places, int count) {
    MemoryContextReset(changes->locked_context);
    changes->locked = MakePlaceTable("herd locked rows", sizeof(LockedRow), changes->locked_context);
    MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "herd row locks", ALLOCSET_DEFAULT_SIZES);
    MemoryContext caller = MemoryContextSwitchTo(work);
    RunLocks(changes, DividePlaces(changes, places, count));
    MemoryContextSwitchTo(caller);
    MemoryContextDelete(work);
}

bool FindLockedRow(Oid relid, const ItemPointerData& place, TupleTableSlot* slot) {
    const RowChanges* changes = FindChangesOf(relid, place);
    const LockedRow* locked = changes == nullptr ? nullptr : FindLocked(changes, place);
    if (locked == nullptr || locked->row == nullptr) return false;
    ExecForceStoreMinimalTuple(locked->row, slot, false);
    return true;
}

void NoteLockedRow(Oid relid, const ItemPointerData& read_place, const ItemPointerData& place, TupleTableSlot* slot) {
    RowChanges* changes = FindChanges(relid);
    if (changes == nullptr || changes->locked == nullptr) return;
    LockedRow* locked = NoteLocked(changes, place, slot);
    locked->is_newer = KeyOf(read_place) != KeyOf(place);
    locked->read_place = read_place;
}

}  // namespace herd::executor
