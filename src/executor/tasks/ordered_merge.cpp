#include "executor/tasks/ordered_merge.h"

#include "executor/tasks/row_slots.h"
#include "executor/settings.h"
#include "plan/distributed_plan.h"
#include "postgres/entry.h"

extern "C" {
#include <executor/tuptable.h>
#include <lib/binaryheap.h>
#include <miscadmin.h>
#include <utils/sortsupport.h>
#include <utils/tuplesort.h>
}

namespace herd::executor {

namespace {

// One task's rows.
struct Source {
    TaskRun* run;
    TupleTableSlot* head;
    Tuplesortstate* sorted;  // if they came out of order after all
};

}  // namespace

struct OrderedMerge {
    FragmentCall call;
    Source* sources;
    int source_count;
    TupleTableSlot* arriving;
    binaryheap* heap;  // of indexes; null before the first row
    int delivered;     // the source whose row was delivered last; -1: none
    int key_count;
    SortSupport keys;
};

static SortSupport MakeKeys(List* order) {
    SortSupport keys = (SortSupport)palloc0(list_length(order) * sizeof(SortSupportData));
    ListCell* cell;
    foreach (cell, order) {
        plan::OrderColumn column = plan::ReadOrderColumn((List*)lfirst(cell));
        SortSupport key = &keys[foreach_current_index(cell)];
        key->ssup_cxt = CurrentMemoryContext;
        key->ssup_collation = column.collation;
        key->ssup_nulls_first = column.nulls_first;
        key->ssup_attno = (AttrNumber)(column.column + 1);
        PrepareSortSupportFromOrderingOp(column.sort_operator, key);
    }
    return keys;
}

static int CompareHeads(const OrderedMerge* merge, int left, int right) {
    TupleTableSlot* one = merge->sources[left].head;
    TupleTableSlot* other = merge->sources[right].head;
    for (int i = 0; i < merge->key_count; i++) {
        SortSupport key = &merge->keys[i];
        int column = key->ssup_attno - 1;
        int order = ApplySortComparator(one->tts_values[column], one->tts_isnull[column], other->tts_values[column],
                                        other->tts_isnull[column], key);
        if (order != 0) return order;
    }
    return 0;
}

extern "C" {

// The heap has its largest element on top.
static int HerdCompareHeads(Datum left, Datum right, void* merge) {
    return postgres::Enter(
        [&]() { return CompareHeads((OrderedMerge*)merge, DatumGetInt32(right), DatumGetInt32(left)); });
}

}  // extern "C"

// ---- sources ----

static TaskRun* BeginPart(const FragmentCall& call, const PlannedTask& task, int slot) {
    FragmentCall part = call;
    part.shard_indexes = task.shards;
    part.shard_count = task.shard_count;
    part.is_part = true;
    part.is_whole = false;
    part.connection = slot;
    part.connections = task.connections;
    return BeginTaskRun(part);
}

OrderedMerge* BeginOrderedMerge(const FragmentCall& call) {
    OrderedMerge* merge = (OrderedMerge*)palloc0(sizeof(OrderedMerge));
    merge->call = call;
    merge->delivered = -1;
    merge->key_count = list_length(call.order);
    merge->keys = MakeKeys(call.order);
    List* tasks = DivideIntoTasks(call);
    merge->sources = (Source*)palloc0(Max(1, list_length(tasks)) * sizeof(Source));
    merge->arriving = MakeSingleTupleTableSlot(call.row_desc, &TTSOpsVirtual);
    ListCell* cell;
    foreach (cell, tasks) {
        const PlannedTask* task = (const PlannedTask*)lfirst(cell);
        int slot = 0;
        for (int i = 0; i < foreach_current_index(cell); i++)
            slot += ((const PlannedTask*)list_nth(tasks, i))->node == task->node ? 1 : 0;
        Source* source = &merge->sources[merge->source_count++];
        source->run = BeginPart(call, *task, slot);
        source->head = MakeSingleTupleTableSlot(call.row_desc, &TTSOpsMinimalTuple);
    }
    return merge;
}

// A task that met a shard which had moved was carried out in pieces.
static void SortRows(OrderedMerge* merge, Source* source) {
    int count = merge->key_count;
    AttrNumber* columns = (AttrNumber*)palloc(count * sizeof(AttrNumber));
    Oid* operators = (Oid*)palloc(count * sizeof(Oid));
    Oid* collations = (Oid*)palloc(count * sizeof(Oid));
    bool* nulls_first = (bool*)palloc(count * sizeof(bool));
    for (int i = 0; i < count; i++) {
        plan::OrderColumn column = plan::ReadOrderColumn((List*)list_nth(merge->call.order, i));
        columns[i] = (AttrNumber)(column.column + 1);
        operators[i] = column.sort_operator;
        collations[i] = column.collation;
        nulls_first[i] = column.nulls_first;
    }
    Tuplesortstate* sorted = tuplesort_begin_heap(merge->call.row_desc, count, columns, operators, collations,
                                                  nulls_first, work_mem, nullptr, TUPLESORT_NONE);
    do tuplesort_puttupleslot(sorted, merge->arriving);
    while (TaskRunNext(source->run, merge->arriving));
    tuplesort_performsort(sorted);
    source->sorted = sorted;
}

static bool Advance(OrderedMerge* merge, Source* source, bool is_first) {
    if (source->sorted == nullptr) {
        bool found = TaskRunNext(source->run, merge->arriving);
        if (is_first && found && IsInPieces(source->run))
            SortRows(merge, source);
        else if (!found)
            return false;
        else
            ExecCopySlot(source->head, merge->arriving);
    }
    if (source->sorted != nullptr && !tuplesort_gettupleslot(source->sorted, true, true, source->head, nullptr))
        return false;
    slot_getallattrs(source->head);
    return true;
}

static void FillHeap(OrderedMerge* merge) {
    merge->heap = binaryheap_allocate(Max(1, merge->source_count), HerdCompareHeads, merge);
    for (int i = 0; i < merge->source_count; i++)
        if (Advance(merge, &merge->sources[i], true)) binaryheap_add_unordered(merge->heap, Int32GetDatum(i));
    binaryheap_build(merge->heap);
}

static void AdvanceDelivered(OrderedMerge* merge) {
    if (Advance(merge, &merge->sources[merge->delivered], false))
        binaryheap_replace_first(merge->heap, Int32GetDatum(merge->delivered));
    else
        (void)binaryheap_remove_first(merge->heap);
}

uint64 ReceivedBytesOfMerge(const OrderedMerge* merge) {
    uint64 bytes = 0;
    for (int i = 0; i < merge->source_count; i++) bytes += ReceivedBytes(merge->sources[i].run);
    return bytes;
}

// What all tasks have brought together counts.
static void CheckGathered(const OrderedMerge* merge) {
    uint64 limit = MaxGatheredBytes();
    if (limit == 0) return;
    CheckGatheredBytes(merge->call.relid, merge->call.gathered_before + ReceivedBytesOfMerge(merge), limit);
}

bool OrderedMergeNext(OrderedMerge* merge, TupleTableSlot* slot) {
    CHECK_FOR_INTERRUPTS();
    if (merge->heap == nullptr)
        FillHeap(merge);
    else if (merge->delivered >= 0)
        AdvanceDelivered(merge);
    CheckGathered(merge);
    if (binaryheap_empty(merge->heap)) {
        merge->delivered = -1;
        ExecClearTuple(slot);
        return false;
    }
    merge->delivered = DatumGetInt32(binaryheap_first(merge->heap));
    ShareRow(merge->sources[merge->delivered].head, slot);
    return true;
}

TaskRunReport ReportOfMerge(const OrderedMerge* merge) {
    TaskRunReport sum = {};
    for (int i = 0; i < merge->source_count; i++) {
        TaskRunReport part = ReportOf(merge->sources[i].run);
        sum.task_count += part.task_count;
        sum.remote_tasks += part.remote_tasks;
        sum.bytes += part.bytes;
    }
    return sum;
}

void ReportEndedTasksOfMerge(OrderedMerge* merge) {
    for (int i = 0; i < merge->source_count; i++) ReportEndedTasks(merge->sources[i].run);
}

void EndOrderedMerge(OrderedMerge* merge) {
    for (int i = 0; i < merge->source_count; i++) {
        Source* source = &merge->sources[i];
        EndTaskRun(source->run);
        ExecDropSingleTupleTableSlot(source->head);
        if (source->sorted != nullptr) tuplesort_end(source->sorted);
    }
    ExecDropSingleTupleTableSlot(merge->arriving);
}

}  // namespace herd::executor
