#include "executor/scans/replay.h"

#include "executor/tasks/row_slots.h"

extern "C" {
#include <executor/executor.h>
#include <miscadmin.h>
}

namespace herd::executor {

void PrepareReplay(DistributedScanState* state) {
    if (state->scan.command != CMD_SELECT || state->scan.writes || state->replayed != nullptr) return;
    EState* estate = state->css.ss.ps.state;
    MemoryContext caller = MemoryContextSwitchTo(estate->es_query_cxt);
    state->replayed = ExecInitExtraTupleSlot(estate, state->row_desc, &TTSOpsMinimalTuple);
    MemoryContextSwitchTo(caller);
}

// The store is read to its end before a row is kept: only then the row counts as read, and does not come a second time.
bool NextReplayed(DistributedScanState* state, TupleTableSlot* target) {
    if (state->replay == nullptr) {
        MemoryContext caller = MemoryContextSwitchTo(state->css.ss.ps.state->es_query_cxt);
        state->replay = tuplestore_begin_heap(false, false, work_mem);
        MemoryContextSwitchTo(caller);
    }
    if (tuplestore_ateof(state->replay)) return false;
    if (!tuplestore_gettupleslot(state->replay, true, false, state->replayed)) return false;
    ShareRow(state->replayed, target);
    return true;
}

void KeepForReplay(DistributedScanState* state, TupleTableSlot* row) { tuplestore_puttupleslot(state->replay, row); }

bool RestartReplay(DistributedScanState* state) {
    if (state->replay == nullptr) return false;
    tuplestore_rescan(state->replay);
    return true;
}

void ForgetReplay(DistributedScanState* state) {
    if (state->replay != nullptr) tuplestore_end(state->replay);
    state->replay = nullptr;
}

}  // namespace herd::executor
