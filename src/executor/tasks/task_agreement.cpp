#include "executor/tasks/task_run_parts.h"

#include "executor/tasks/row_slots.h"
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

// Nothing of it is used. True if a node had refused its task, and the shards must be divided anew.
static bool DropWork(TaskRun* run) {
    const catalog::Group* group = run->group;
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
    return run->group != group;
}

static void AskBefore(TaskRun* run) {
    Divide(run);
    run->statement = AgreeAnew(run->agreement, NodesOf(run));
    if (!transaction::UsesSeveralConnections(run->statement)) DivideShards(run, 1);
    StartLanes(run);
}

void StartOver(TaskRun* run) {
    DropWork(run);
    AskBefore(run);
}

static void AwaitReports(TaskRun* run) {
    while (!HaveReported(run->agreement))
        if (!HoldLocalRows(run)) WaitForReport(run->agreement);
}

// No row leaves before.
void Agree(TaskRun* run) {
    AwaitReports(run);
    while (!DoSnapshotsFit(run->agreement)) {
        bool moved = DropWork(run);
        if (moved || !MayAskOnceMore(run->agreement)) {
            run->agreed = true;
            AskBefore(run);
            return;
        }
        ShareSnapshot(run);
        for (int i = 0; i < run->lane_count; i++) run->lanes[i].next = 0;
        StartLanes(run);
        TakeOwnPart(run->agreement);
        AwaitReports(run);
    }
    run->agreed = true;
}

}  // namespace herd::executor
