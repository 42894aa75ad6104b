#include "executor/task_run_parts.h"

#include "executor/row_slots.h"
#include "transaction/recent_commits.h"
#include "transaction/statement_token.h"

extern "C" {
#include <executor/executor.h>
#include <miscadmin.h>
}

namespace herd::executor {

static const transaction::Microseconds kHoldMicroseconds = 1000;

// What the own node has to say in a millisecond. False if that is nothing more.
static bool HoldLocalRows(TaskRun* run) {
    if (run->local == nullptr && run->own_next == run->own_count) return false;
    if (run->held == nullptr) {
        run->held = tuplestore_begin_heap(false, false, work_mem);
        run->held_slot = MakeSingleTupleTableSlot(run->call.row_desc, &TTSOpsMinimalTuple);
    }
    TupleTableSlot* row = MakeSingleTupleTableSlot(run->call.row_desc, &TTSOpsVirtual);
    transaction::Microseconds end = transaction::MonotonicNow() + kHoldMicroseconds;
    bool found = NextLocalRow(run, row);
    while (found) {
        tuplestore_puttupleslot(run->held, row);
        if (transaction::MonotonicNow() >= end) break;
        found = NextLocalRow(run, row);
    }
    ExecDropSingleTupleTableSlot(row);
    return found;
}

bool NextHeldRow(TaskRun* run, TupleTableSlot* slot) {
    if (run->held == nullptr || !tuplestore_gettupleslot(run->held, true, false, run->held_slot)) return false;
    ShareRow(run->held_slot, slot);
    return true;
}

// Nothing of it is used. A node may also have refused its task.
static void DropWork(TaskRun* run) {
    for (int i = 0; i < run->lane_count; i++) {
        Lane* lane = &run->lanes[i];
        if (lane->stream == nullptr || !transaction::WasMisdirected(lane->stream)) continue;
        UseNewestMap(run, lane);
        transaction::Withdraw(lane->stream);
        lane->stream = nullptr;
    }
    EndWork(run);
    run->own_next = run->current = 0;
    run->report = {};
    if (run->call.reports != nullptr) ForgetTasks(run->call.reports);
}

void StartOver(TaskRun* run) {
    DropWork(run);
    Divide(run);
    run->statement = AgreeAnew(run->agreement, NodesOf(run));
    if (!transaction::UsesSeveralConnections(run->statement)) DivideShards(run, 1);
    StartLanes(run);
}

// No row leaves before.
void Agree(TaskRun* run) {
    while (!HaveReported(run->agreement))
        if (!HoldLocalRows(run)) WaitForReport(run->agreement);
    run->agreed = true;
    if (!DoSnapshotsFit(run->agreement)) StartOver(run);
}

}  // namespace herd::executor
