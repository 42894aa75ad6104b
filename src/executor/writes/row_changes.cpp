#include "executor/writes/row_changes_parts.h"

#include "executor/writes/placed_sql.h"
#include "executor/writes/row_place.h"

extern "C" {
#include <access/table.h>
#include <access/xact.h>
#include <catalog/pg_type.h>
#include <executor/executor.h>
#include <utils/memutils.h>
#include <utils/rel.h>
}

namespace herd::executor {

static RowChanges* first_changes;

// ---- beginning and end ----

extern "C" {

static void HerdForgetChanges(void* argument) {
    RowChanges** link = &first_changes;
    while (*link != nullptr && *link != argument) link = &(*link)->next;
    if (*link != nullptr) *link = (*link)->next;
}

}  // extern "C"

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
    changes->changed = MakePlaceTable("herd changed rows", sizeof(uint64), context);
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

RowChanges* FindChanges(Oid relid) {
    RowChanges* changes = first_changes;
    while (changes != nullptr && changes->plan.relid != relid) changes = changes->next;
    return changes;
}

RowChanges* FindChangesOf(Oid relid, const ItemPointerData& place) {
    for (RowChanges* changes = first_changes; changes != nullptr; changes = changes->next)
        if (changes->plan.relid == relid && (FindLocked(changes, place) || IsChanged(changes, place))) return changes;
    return nullptr;
}

// ---- noting changes ----

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

}  // namespace herd::executor
