#include "executor/row_changes.h"

#include "catalog/metadata.h"
#include "executor/insert_batch.h"
#include "executor/placed_sql.h"
#include "executor/row_place.h"
#include "executor/task_run.h"
#include "executor/write_counts.h"

extern "C" {
#include <access/table.h>
#include <access/xact.h>
#include <catalog/pg_type.h>
#include <executor/executor.h>
#include <utils/array.h>
#include <utils/hsearch.h>
#include <utils/lsyscache.h>
#include <utils/memutils.h>
#include <utils/rel.h>
}

namespace herd::executor {

namespace {

enum Change : int { kDelete, kUpdate, kInsert, kChangeKinds };

struct LockedRow {
    uint64 place;                // key
    MinimalTuple row;            // null if whole rows are not needed
    bool is_newer;               // than what the statement's snapshot sees
    ItemPointerData read_place;  // of that, if so
};

}  // namespace

struct RowChanges {
    RowChanges* next;  // statements at work, innermost first
    RowChangesPlan plan;
    const catalog::DistributedTable* table;
    Snapshot snapshot;
    List* insert_columns;
    BatchLayout* layouts[kChangeKinds];
    plan::SqlTemplate newer_sql[kChangeKinds];  // of a row that is newer than the statement's snapshot
    InsertBatch** waiting[kChangeKinds];        // per shard; null: none
    MemoryContext waiting_context;
    MemoryContext locked_context;
    HTAB* locked;   // LockedRow
    HTAB* changed;  // places that were changed already
    TupleTableSlot* whole;
    MemoryContextCallback at_end;
};

static RowChanges* first_changes;

static uint64 KeyOf(const ItemPointerData& place) {
    return ((uint64)ItemPointerGetBlockNumberNoCheck(&place) << 16) | ItemPointerGetOffsetNumberNoCheck(&place);
}

// ---- beginning and end ----

extern "C" {

static void HerdForgetChanges(void* argument) {
    RowChanges** link = &first_changes;
    while (*link != nullptr && *link != argument) link = &(*link)->next;
    if (*link != nullptr) *link = (*link)->next;
}

}  // extern "C"

static HTAB* MakeTable(const char* name, Size entry_size, MemoryContext context) {
    HASHCTL control = {};
    control.keysize = sizeof(uint64);
    control.entrysize = entry_size;
    control.hcxt = context;
    return hash_create(name, 256, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

// Generated columns are computed by the shard.
static List* ColumnsToInsert(TupleDesc desc) {
    List* columns = NIL;
    for (int i = 0; i < desc->natts; i++) {
        Form_pg_attribute attribute = TupleDescAttr(desc, i);
        if (!attribute->attisdropped && attribute->attgenerated == '\0') columns = lappend_int(columns, i + 1);
    }
    return columns;
}

// The rows' ctid, if they have one, and columns of the table.
static BatchLayout* LayoutOf(TupleDesc whole, bool has_place, List* columns) {
    int place = has_place ? 1 : 0;
    TupleDesc desc = CreateTemplateTupleDesc(place + list_length(columns));
    if (has_place) TupleDescInitEntry(desc, 1, "ctid", TIDOID, -1, 0);
    ListCell* cell;
    foreach (cell, columns)
        TupleDescCopyEntry(desc, (AttrNumber)(place + foreach_current_index(cell) + 1), whole, lfirst_int(cell));
    return MakeRowLayout(desc);
}

static void MakeLayouts(RowChanges* changes, Relation shell) {
    TupleDesc desc = RelationGetDescr(shell);
    changes->insert_columns = ColumnsToInsert(desc);
    changes->layouts[kDelete] = LayoutOf(desc, true, NIL);
    changes->layouts[kUpdate] = LayoutOf(desc, true, changes->plan.set_columns);
    changes->layouts[kInsert] = LayoutOf(desc, false, changes->insert_columns);
    changes->layouts[kDelete]->sql = DeletePlacedRows(shell, changes->layouts[kDelete], false);
    changes->newer_sql[kDelete] = DeletePlacedRows(shell, changes->layouts[kDelete], true);
    List* set_columns = changes->plan.set_columns;
    changes->layouts[kUpdate]->sql = UpdatePlacedRows(shell, set_columns, changes->layouts[kUpdate], false);
    changes->newer_sql[kUpdate] = UpdatePlacedRows(shell, set_columns, changes->layouts[kUpdate], true);
    changes->layouts[kInsert]->sql = InsertRows(shell, changes->insert_columns, changes->layouts[kInsert]);
}

RowChanges* BeginRowChanges(const RowChangesPlan& plan, Snapshot snapshot, MemoryContext context) {
    MemoryContext caller = MemoryContextSwitchTo(context);
    RowChanges* changes = (RowChanges*)palloc0(sizeof(RowChanges));
    changes->plan = plan;
    changes->table = catalog::GetTable(plan.relid);
    changes->snapshot = snapshot;
    changes->waiting_context = AllocSetContextCreate(context, "herd row changes", ALLOCSET_DEFAULT_SIZES);
    changes->locked_context = AllocSetContextCreate(context, "herd locked rows", ALLOCSET_DEFAULT_SIZES);
    changes->changed = MakeTable("herd changed rows", sizeof(uint64), context);
    Relation shell = table_open(plan.relid, NoLock);
    MakeLayouts(changes, shell);
    changes->whole = MakeSingleTupleTableSlot(CreateTupleDescCopy(RelationGetDescr(shell)), &TTSOpsVirtual);
    table_close(shell, NoLock);
    int shards = changes->table->group->shard_count;
    for (int kind = 0; kind < kChangeKinds; kind++)
        changes->waiting[kind] = (InsertBatch**)palloc0(shards * sizeof(InsertBatch*));
    changes->next = first_changes;
    first_changes = changes;
    changes->at_end.func = HerdForgetChanges;
    changes->at_end.arg = changes;
    MemoryContextRegisterResetCallback(context, &changes->at_end);
    MemoryContextSwitchTo(caller);
    return changes;
}

// ---- locking ahead ----

static LockedRow* FindLocked(const RowChanges* changes, const ItemPointerData& place) {
    if (changes->locked == nullptr) return nullptr;
    uint64 key = KeyOf(place);
    return (LockedRow*)hash_search(changes->locked, &key, HASH_FIND, nullptr);
}

static bool IsChanged(const RowChanges* changes, const ItemPointerData& place) {
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
    changes->locked = MakeTable("herd locked rows", sizeof(LockedRow), changes->locked_context);
    MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "herd row locks", ALLOCSET_DEFAULT_SIZES);
    MemoryContext caller = MemoryContextSwitchTo(work);
    RunLocks(changes, DividePlaces(changes, places, count));
    MemoryContextSwitchTo(caller);
    MemoryContextDelete(work);
}

// ---- carrying out ----

static TaskRun* BeginChange(const RowChanges* changes, const plan::SqlTemplate& sql, Change kind, const int* shard,
                            const InsertBatch* batch) {
    FragmentCall call = {};
    call.relid = changes->plan.relid;
    call.sql = sql;
    call.shard_indexes = shard;
    call.shard_count = 1;
    call.parameters = BatchParameters(batch, changes->layouts[kind], nullptr);
    call.writes = true;
    call.snapshot = changes->snapshot;
    return BeginTaskRun(call);
}

static void FinishChange(const RowChanges* changes, Change kind, TaskRun* run, const InsertBatch* batch) {
    static constexpr CmdType kCommands[] = {CMD_DELETE, CMD_UPDATE, CMD_INSERT};
    FinishTaskRun(run);
    uint64 affected = ReportOf(run).affected_rows;
    EndTaskRun(run);
    CountWrites(changes->plan.relid, kCommands[kind], affected);
    if (affected != (uint64)batch->row_count)
        elog(ERROR, "a shard changed %llu rows instead of %d", (unsigned long long)affected, batch->row_count);
}

// ---- noting changes ----

// One row in a statement of its own, for the node to find what it has become.
static void ChangeNewer(RowChanges* changes, Change kind, int shard, const Datum* values, const bool* nulls) {
    InsertBatch* batch = MakeBatch(changes->layouts[kind]);
    AddToBatch(batch, changes->layouts[kind], values, nulls);
    TaskRun* run = BeginChange(changes, changes->newer_sql[kind], kind, &shard, batch);
    FinishChange(changes, kind, run, batch);
}

static void AddChange(RowChanges* changes, Change kind, int shard, const Datum* values, const bool* nulls) {
    BatchLayout* layout = changes->layouts[kind];
    InsertBatch** batch = &changes->waiting[kind][shard];
    if (*batch == nullptr) *batch = MakeBatch(layout);
    AddToBatch(*batch, layout, values, nulls);
}

static void AddValues(List* columns, const TupleTableSlot* slot, Datum* values, bool* nulls) {
    ListCell* cell;
    foreach (cell, columns) {
        int number = foreach_current_index(cell);
        values[number] = slot->tts_values[lfirst_int(cell) - 1];
        nulls[number] = slot->tts_isnull[lfirst_int(cell) - 1];
    }
}

static void AddNewRow(RowChanges* changes, int shard, const TupleTableSlot* slot) {
    MemoryContext caller = MemoryContextSwitchTo(changes->waiting_context);
    int count = list_length(changes->insert_columns);
    Datum* values = (Datum*)palloc(count * sizeof(Datum));
    bool* nulls = (bool*)palloc(count * sizeof(bool));
    AddValues(changes->insert_columns, slot, values, nulls);
    AddChange(changes, kInsert, shard, values, nulls);
    MemoryContextSwitchTo(caller);
}

// slot: with the columns' values, if there are columns.
static void ChangeRow(RowChanges* changes, Change kind, const ItemPointerData& packed, List* columns,
                      const TupleTableSlot* slot) {
    MemoryContext caller = MemoryContextSwitchTo(changes->waiting_context);
    const LockedRow* locked = FindLocked(changes, packed);
    bool is_newer = locked != nullptr && locked->is_newer;
    RowPlace place = UnpackRowPlace(changes->table->group, is_newer ? locked->read_place : packed);
    int count = list_length(columns) + 1;
    Datum* values = (Datum*)palloc(count * sizeof(Datum));
    bool* nulls = (bool*)palloc(count * sizeof(bool));
    values[0] = PointerGetDatum(&place.ctid);
    nulls[0] = false;
    AddValues(columns, slot, values + 1, nulls + 1);
    if (is_newer)
        ChangeNewer(changes, kind, place.shard_index, values, nulls);
    else
        AddChange(changes, kind, place.shard_index, values, nulls);
    MemoryContextSwitchTo(caller);
}

static int ShardOf(const RowChanges* changes, const TupleTableSlot* slot) {
    const catalog::DistributedTable* table = changes->table;
    int key = table->key_attno - 1;
    return catalog::ShardIndexOfValue(table, table->key_type, slot->tts_values[key], slot->tts_isnull[key]);
}

static RowChanges* FindChanges(Oid relid) {
    RowChanges* changes = first_changes;
    while (changes != nullptr && changes->plan.relid != relid) changes = changes->next;
    return changes;
}

// Which of the statements on the table has read this row?
static RowChanges* FindChangesOf(Oid relid, const ItemPointerData& place) {
    for (RowChanges* changes = first_changes; changes != nullptr; changes = changes->next)
        if (changes->plan.relid == relid && (FindLocked(changes, place) || IsChanged(changes, place))) return changes;
    return nullptr;
}

// May the row be changed now? Then it counts as changed.
static TM_Result Claim(RowChanges* changes, ItemPointer place, CommandId command, TM_FailureData* failure) {
    memset(failure, 0, sizeof(*failure));
    failure->ctid = *place;
    if (changes == nullptr) return TM_Updated;
    if (IsChanged(changes, *place)) {
        failure->cmax = command;
        failure->xmax = GetCurrentTransactionId();
        return TM_SelfModified;
    }
    uint64 key = KeyOf(*place);
    bool found;
    hash_search(changes->changed, &key, HASH_ENTER, &found);
    return TM_Ok;
}

TM_Result UpdatePlacedRow(Relation shell, ItemPointer packed, TupleTableSlot* slot, CommandId command,
                          TM_FailureData* failure, LockTupleMode* lock_mode) {
    RowChanges* changes = FindChangesOf(RelationGetRelid(shell), *packed);
    *lock_mode = changes != nullptr ? changes->plan.lock_mode : LockTupleExclusive;
    TM_Result result = Claim(changes, packed, command, failure);
    if (result != TM_Ok) return result;
    slot_getallattrs(slot);
    int shard = ShardOf(changes, slot);
    if (shard == UnpackRowPlace(changes->table->group, *packed).shard_index) {
        ChangeRow(changes, kUpdate, *packed, changes->plan.set_columns, slot);
        return TM_Ok;
    }
    ChangeRow(changes, kDelete, *packed, NIL, nullptr);
    AddNewRow(changes, shard, slot);
    return TM_Ok;
}

TM_Result DeletePlacedRow(Relation shell, ItemPointer packed, CommandId command, TM_FailureData* failure) {
    RowChanges* changes = FindChangesOf(RelationGetRelid(shell), *packed);
    TM_Result result = Claim(changes, packed, command, failure);
    if (result != TM_Ok) return result;
    ChangeRow(changes, kDelete, *packed, NIL, nullptr);
    return TM_Ok;
}

bool InsertPlacedRow(Relation shell, TupleTableSlot* slot) {
    RowChanges* changes = FindChanges(RelationGetRelid(shell));
    if (changes == nullptr) return false;
    slot_getallattrs(slot);
    AddNewRow(changes, ShardOf(changes, slot), slot);
    return true;
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

// ---- sending ----

static void SendKind(RowChanges* changes, Change kind) {
    int shards = changes->table->group->shard_count;
    TaskRun** runs = (TaskRun**)palloc0(shards * sizeof(TaskRun*));
    int* indexes = (int*)palloc(shards * sizeof(int));
    for (int i = 0; i < shards; i++) {
        indexes[i] = i;
        const InsertBatch* batch = changes->waiting[kind][i];
        if (batch != nullptr) runs[i] = BeginChange(changes, changes->layouts[kind]->sql, kind, &indexes[i], batch);
    }
    for (int i = 0; i < shards; i++) {
        if (runs[i] == nullptr) continue;
        FinishChange(changes, kind, runs[i], changes->waiting[kind][i]);
        changes->waiting[kind][i] = nullptr;
    }
}

void SendChanges(RowChanges* changes) {
    MemoryContext caller = MemoryContextSwitchTo(changes->waiting_context);
    // A row that goes to another shard leaves before others arrive.
    for (int kind = 0; kind < kChangeKinds; kind++) SendKind(changes, (Change)kind);
    MemoryContextSwitchTo(caller);
    MemoryContextReset(changes->waiting_context);
}

}  // namespace herd::executor
