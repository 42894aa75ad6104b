#include "executor/scans/broadcast.h"

#include "plan/distributed_plan.h"
#include "postgres/fault_point.h"

extern "C" {
#include <executor/executor.h>
#include <miscadmin.h>
#include <utils/array.h>
#include <utils/lsyscache.h>
#include <utils/memutils.h>
#include <utils/tuplestore.h>
}

namespace herd::executor {

namespace {

// One child's rows, and the batch of them that travels at the moment.
struct Source {
    PlanState* child;
    List* parameters;
    Tuplestorestate* rows;  // all of the child's, null before they are read
    TupleTableSlot* slot;
    bool whole;     // as one batch
    bool has_read;  // it was read
    MemoryContext batch_context;
    Datum* arrays;  // by column
};

}  // namespace

struct Broadcasts {
    MemoryContext context;
    Source* sources;
    int count;
    bool started;
};

Broadcasts* MakeBroadcasts(List* children, List* parameters, bool whole) {
    if (children == NIL) return nullptr;
    Broadcasts* broadcasts = (Broadcasts*)palloc0(sizeof(Broadcasts));
    broadcasts->context = AllocSetContextCreate(CurrentMemoryContext, "herd broadcast", ALLOCSET_DEFAULT_SIZES);
    broadcasts->count = list_length(children);
    broadcasts->sources = (Source*)palloc0(broadcasts->count * sizeof(Source));
    for (int i = 0; i < broadcasts->count; i++) {
        Source* source = &broadcasts->sources[i];
        source->whole = whole;
        source->child = (PlanState*)list_nth(children, i);
        source->parameters = (List*)list_nth(parameters, i);
        source->slot = MakeSingleTupleTableSlot(ExecGetResultType(source->child), &TTSOpsMinimalTuple);
        source->batch_context = AllocSetContextCreate(broadcasts->context, "herd batch", ALLOCSET_DEFAULT_SIZES);
        source->arrays = (Datum*)palloc0(list_length(source->parameters) * sizeof(Datum));
    }
    return broadcasts;
}

static void ReadChild(Source* source) {
    source->rows = tuplestore_begin_heap(false, false, work_mem);
    for (;;) {
        TupleTableSlot* slot = ExecProcNode(source->child);
        if (TupIsNull(slot)) break;
        tuplestore_puttupleslot(source->rows, slot);
        postgres::FaultPoint("broadcast.row");
    }
}

static void Rewind(Source* source) {
    tuplestore_rescan(source->rows);
    source->has_read = false;
}

static bool ReadBatch(Source* source) {
    // A row read back from disk lies in the context.
    ExecClearTuple(source->slot);
    MemoryContextReset(source->batch_context);
    MemoryContext caller = MemoryContextSwitchTo(source->batch_context);
    int columns = list_length(source->parameters);
    TupleDesc desc = source->slot->tts_tupleDescriptor;
    ArrayBuildState** arrays = (ArrayBuildState**)palloc(columns * sizeof(ArrayBuildState*));
    for (int i = 0; i < columns; i++)
        arrays[i] = initArrayResult(TupleDescAttr(desc, i)->atttypid, source->batch_context, false);
    bool is_batch = source->whole && !source->has_read;
    source->has_read = true;
    int rows = 0;
    while ((source->whole || rows < plan::kBroadcastBatch) &&
           tuplestore_gettupleslot(source->rows, true, false, source->slot)) {
        slot_getsomeattrs(source->slot, columns);
        for (int i = 0; i < columns; i++)
            accumArrayResult(arrays[i], source->slot->tts_values[i], source->slot->tts_isnull[i],
                             arrays[i]->element_type, source->batch_context);
        rows++;
    }
    is_batch = is_batch || rows > 0;
    for (int i = 0; i < columns && is_batch; i++) source->arrays[i] = makeArrayResult(arrays[i], source->batch_context);
    MemoryContextSwitchTo(caller);
    return is_batch;
}

static bool ReadFirstBatches(Broadcasts* broadcasts) {
    broadcasts->started = true;
    for (int i = 0; i < broadcasts->count; i++) {
        Source* source = &broadcasts->sources[i];
        if (source->rows == nullptr) ReadChild(source);
        if (!ReadBatch(source)) return false;
    }
    return true;
}

// Like the digits of a counter, the last one runs fastest.
static bool ReadFollowingBatches(Broadcasts* broadcasts) {
    for (int i = broadcasts->count - 1; i >= 0; i--) {
        Source* source = &broadcasts->sources[i];
        if (ReadBatch(source)) return true;
        Rewind(source);
        ReadBatch(source);
    }
    return false;
}

bool NextBatch(Broadcasts* broadcasts) {
    MemoryContext caller = MemoryContextSwitchTo(broadcasts->context);
    bool found = broadcasts->started ? ReadFollowingBatches(broadcasts) : ReadFirstBatches(broadcasts);
    MemoryContextSwitchTo(caller);
    return found;
}

void PutBatch(const Broadcasts* broadcasts, ParamListInfo parameters) {
    for (int i = 0; i < broadcasts->count; i++) {
        const Source* source = &broadcasts->sources[i];
        ListCell* cell;
        foreach (cell, source->parameters) {
            if (lfirst_int(cell) == 0) continue;
            ParamExternData* parameter = &parameters->params[lfirst_int(cell) - 1];
            parameter->value = source->arrays[foreach_current_index(cell)];
            parameter->isnull = false;
        }
    }
}

void RescanBroadcasts(Broadcasts* broadcasts) {
    broadcasts->started = false;
    for (int i = 0; i < broadcasts->count; i++) {
        Source* source = &broadcasts->sources[i];
        if (source->rows == nullptr) continue;
        if (source->child->chgParam == nullptr) {
            Rewind(source);
            continue;
        }
        tuplestore_end(source->rows);
        source->rows = nullptr;
        source->has_read = false;
        ExecReScan(source->child);
    }
}

void EndBroadcasts(Broadcasts* broadcasts) {
    for (int i = 0; i < broadcasts->count; i++) {
        Source* source = &broadcasts->sources[i];
        if (source->rows != nullptr) tuplestore_end(source->rows);
        ExecDropSingleTupleTableSlot(source->slot);
        ExecEndNode(source->child);
    }
}

}  // namespace herd::executor
