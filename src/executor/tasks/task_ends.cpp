#include "executor/tasks/task_run_parts.h"

extern "C" {
#include <executor/executor.h>
#include <miscadmin.h>
}

namespace herd::executor {

// True if something is still under way.
static bool PollForEnds(TaskRun* run, TupleTableSlot* slot) {
    constexpr int kMostRows = 10000;  // of each task
    bool pending = false;
    for (int i = 0; i < run->lane_count; i++) {
        Lane* lane = &run->lanes[i];
        transaction::Poll found = transaction::Poll::kRow;
        for (int row = 0; row < kMostRows && lane->stream != nullptr && found == transaction::Poll::kRow; row++) {
            found = transaction::PollRow(lane->stream, slot);
            if (found == transaction::Poll::kRow) lane->report->rows++;
        }
        pending = pending || (lane->stream != nullptr && found == transaction::Poll::kPending);
        if (found == transaction::Poll::kDone && !transaction::WasMisdirected(lane->stream)) NoteEnd(run, lane);
    }
    return pending;
}

void ReportEndedTasks(TaskRun* run) {
    constexpr int kMostPolls = 200;
    constexpr long kMicrosecondsBetween = 1000;
    if (run->merge != nullptr) {
        ReportEndedTasksOfMerge(run->merge);
        return;
    }
    if (run->call.reports == nullptr || (run->agreement != nullptr && !run->agreed)) return;
    TupleDesc desc = run->call.row_desc ? run->call.row_desc : CreateTemplateTupleDesc(0);
    TupleTableSlot* slot = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
    for (int i = 0; i < kMostPolls && PollForEnds(run, slot); i++) {
        pg_usleep(kMicrosecondsBetween);
        CHECK_FOR_INTERRUPTS();
    }
    ExecDropSingleTupleTableSlot(slot);
    if (run->local == nullptr || run->local_report == nullptr) return;
    EndTaskReport(run->call.reports, run->local_report, 0, LocalTaskPlan(run->local));
    run->local_report = nullptr;
}

TaskRunReport ReportOf(const TaskRun* run) { return run->merge != nullptr ? ReportOfMerge(run->merge) : run->report; }

bool IsInPieces(const TaskRun* run) { return run->redirections > 0; }

}  // namespace herd::executor
