#include "executor/tasks/task_run_parts.h"

#include "executor/tasks/row_slots.h"
#include "executor/settings.h"
#include "executor/tasks/task_shards.h"
#include "executor/tasks/task_times.h"

extern "C" {
#include <access/xact.h>
#include <miscadmin.h>
#include <utils/lsyscache.h>
#include <utils/snapmgr.h>
}

namespace herd::executor {

// ---- the own node ----

static bool RunLocalTasks(TaskRun* run, TupleTableSlot* slot) {
    while (run->local != nullptr || run->own_next < run->own_count) {
        if (run->local == nullptr) {
            const int* shards = run->own_shards + run->own_next;
            int count = OwnShardsOfTask(run);
            run->own_next += count;
            for (int i = 0; i < count; i++)
                CheckOwnShards(run->call.sql, run->group->shards[shards[i]], run->call.writes || run->call.locks_rows);
            char* sql = TaskText(run->call.sql, shards, count);
            TaskReports* reports = run->call.reports;
            if (reports != nullptr) run->local_report = BeginTaskReport(reports, kOwnNode, shards[0], count);
            run->local = BeginLocalTask(sql, run->call.parameters, run->call.writes, run->call.keep_statement,
                                        run->shows_rows, reports != nullptr ? PlanWanted(reports) : nullptr);
            run->report.task_count++;
        }
        if (LocalTaskNext(run->local, slot)) {
            if (run->local_report != nullptr) run->local_report->rows++;
            return true;
        }
        run->report.affected_rows += LocalTaskAffectedRows(run->local);
        if (run->local_report != nullptr)
            EndTaskReport(run->call.reports, run->local_report, LocalTaskAffectedRows(run->local),
                          LocalTaskPlan(run->local));
        EndLocalTask(run->local);
        run->local = nullptr;
    }
    return false;
}

bool NextLocalRow(TaskRun* run, TupleTableSlot* slot) {
    bool pushed = run->agreement != nullptr && PushOwnSnapshot(run->agreement);
    bool found = RunLocalTasks(run, slot);
    if (pushed) PopActiveSnapshot();
    return found;
}

// ---- the other nodes ----

void NoteEnd(TaskRun* run, Lane* lane) {
    uint64 affected = transaction::StreamAffectedRows(lane->stream);
    run->report.bytes += transaction::StreamBytes(lane->stream);
    if (MayUseSeveralConnections(run->call)) {
        instr_time time;
        INSTR_TIME_SET_CURRENT(time);
        INSTR_TIME_SUBTRACT(time, lane->start);
        NoteShardTime(run->call.sql, INSTR_TIME_GET_MILLISEC(time) / lane->sent);
    }
    if (lane->report != nullptr)
        EndTaskReport(run->call.reports, lane->report, run->call.writes ? affected : 0,
                      transaction::StreamPlanReport(lane->stream));
    if (lane->counts)
        run->report.affected_rows += affected;
    else {
        run->other_copies++;
        run->other_copies_affected += affected;
    }
    transaction::EndStream(lane->stream);
    lane->stream = nullptr;
}

// One row from this lane if it has one now; sets *pending if it must be waited for. Returns at once if it redirects.
static bool PollLane(TaskRun* run, int lane_index, TupleTableSlot* slot, bool* pending) {
    Lane* lane = &run->lanes[lane_index];
    for (;;) {
        if (lane->stream == nullptr) {
            if (lane->next >= lane->shard_count) return false;
            StartNext(run, lane);
        }
        switch (transaction::PollRow(lane->stream, slot)) {
            case transaction::Poll::kRow:
                if (lane->report != nullptr) lane->report->rows++;
                if (lane->counts) return true;
                continue;
            case transaction::Poll::kPending:
                *pending = true;
                return false;
            case transaction::Poll::kDone:
                if (unlikely(transaction::WasMisdirected(lane->stream))) {
                    Redirect(run, lane_index);
                    return false;
                }
                NoteEnd(run, lane);
                continue;
        }
    }
}

static void WaitForLanes(TaskRun* run) {
    transaction::Stream** streams = (transaction::Stream**)palloc(run->lane_count * sizeof(transaction::Stream*));
    int count = 0;
    for (int i = 0; i < run->lane_count; i++)
        if (run->lanes[i].stream != nullptr) streams[count++] = run->lanes[i].stream;
    transaction::WaitForAny(streams, count);
    pfree(streams);
}

static bool NextRemoteRow(TaskRun* run, TupleTableSlot* slot) {
    if (run->lane_count == 1 && run->lanes[0].stream != nullptr && run->lanes[0].next >= run->lanes[0].shard_count &&
        run->lanes[0].counts) {
        if (transaction::NextRow(run->lanes[0].stream, slot)) {
            if (run->lanes[0].report != nullptr) run->lanes[0].report->rows++;
            return true;
        }
        if (likely(!transaction::WasMisdirected(run->lanes[0].stream))) {
            NoteEnd(run, &run->lanes[0]);
            return false;
        }
        Redirect(run, 0);
    }
    for (;;) {
        bool pending = false;
        int redirections = run->redirections;
        for (int i = 0; i < run->lane_count && run->redirections == redirections; i++) {
            int index = (run->current + i) % run->lane_count;
            if (PollLane(run, index, slot, &pending)) {
                run->current = index;
                return true;
            }
        }
        if (run->redirections != redirections) continue;
        if (!pending) return false;
        WaitForLanes(run);
    }
}

uint64 ReceivedBytes(const TaskRun* run) {
    if (run->merge != nullptr) return ReceivedBytesOfMerge(run->merge);
    uint64 bytes = run->report.bytes;
    for (int i = 0; i < run->lane_count; i++)
        if (run->lanes[i].stream != nullptr) bytes += transaction::StreamBytes(run->lanes[i].stream);
    return bytes;
}

void CheckGatheredBytes(Oid relid, uint64 bytes, uint64 limit) {
    if (bytes <= limit) return;
    const char* name = get_rel_name(relid);
    ereport(ERROR,
            (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
             errmsg("the rows of table \"%s\" that the nodes send exceed herd.max_gathered_bytes (%llu kB)",
                    name ? name : "?", (unsigned long long)(limit / 1024)),
             errdetail("EXPLAIN shows what each of the statement's scans brings from the nodes."),
             errhint("Filter, aggregate or join on the distribution column so that less leaves the nodes, or raise "
                     "herd.max_gathered_bytes.")));
}

static bool TakeRemoteRow(TaskRun* run, TupleTableSlot* slot) {
    if (!NextRemoteRow(run, slot)) return false;
    uint64 limit = MaxGatheredBytes();
    if (unlikely(limit > 0)) CheckGatheredBytes(run->call.relid, run->call.gathered_before + ReceivedBytes(run), limit);
    return true;
}

void KeepRemoteRows(TaskRun* run) {
    if (run->lane_count == 0) return;
    MemoryContext caller = MemoryContextSwitchTo(run->context);
    Tuplestorestate* kept = tuplestore_begin_heap(false, false, work_mem);
    TupleTableSlot* row = MakeSingleTupleTableSlot(run->call.row_desc, &TTSOpsVirtual);
    while (TakeRemoteRow(run, row)) tuplestore_puttupleslot(kept, row);
    ExecDropSingleTupleTableSlot(row);
    run->kept = kept;
    run->kept_slot = MakeSingleTupleTableSlot(run->call.row_desc, &TTSOpsMinimalTuple);
    MemoryContextSwitchTo(caller);
}

static bool NextKeptRow(TaskRun* run, TupleTableSlot* slot) {
    if (!tuplestore_gettupleslot(run->kept, true, false, run->kept_slot)) return false;
    ShareRow(run->kept_slot, slot);
    return true;
}

static bool NextRowOfOthers(TaskRun* run, TupleTableSlot* slot) {
    if (run->kept != nullptr) return NextKeptRow(run, slot);
    return run->lane_count > 0 && TakeRemoteRow(run, slot);
}

void EndWork(TaskRun* run) {
    if (run->local != nullptr) EndLocalTask(run->local);
    run->local = nullptr;
    if (run->held != nullptr) {
        tuplestore_end(run->held);
        ExecDropSingleTupleTableSlot(run->held_slot);
        run->held = nullptr;
    }
    for (int i = 0; i < run->lane_count; i++) {
        if (run->lanes[i].stream == nullptr) continue;
        transaction::EndStream(run->lanes[i].stream);
        run->lanes[i].stream = nullptr;
    }
}

static void CheckCopies(TaskRun* run) {
    if (run->other_copies == 0 || run->group->method != catalog::Method::kReference) return;
    if (run->other_copies_affected == run->report.affected_rows * (uint64)run->other_copies) return;
    // The nodes' snapshots were not taken at one moment: a row that one of them sees is too new for another.
    if (IsolationUsesXactSnapshot())
        ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
                        errmsg("could not serialize access due to concurrent update")));
    ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
                    errmsg("the copies of reference table \"%s\" differ", get_rel_name(run->call.relid)),
                    errdetail("The statement changed different numbers of rows on different nodes."),
                    errhint("Undistribute the table and make it a reference table again.")));
}

bool TaskRunNext(TaskRun* run, TupleTableSlot* slot) {
    MemoryContext caller = MemoryContextSwitchTo(run->context);
    if (run->agreement != nullptr && !run->agreed) Agree(run);
    bool found;
    if (run->merge != nullptr) {
        found = OrderedMergeNext(run->merge, slot);
        MemoryContextSwitchTo(caller);
        return found;
    }
    do found = NextHeldRow(run, slot) || NextLocalRow(run, slot) || NextRowOfOthers(run, slot);
    while (!found && run->own_next < run->own_count);
    MemoryContextSwitchTo(caller);
    run->delivered |= found;
    if (!found) {
        ExecClearTuple(slot);
        CheckCopies(run);
    }
    return found;
}

void FinishTaskRun(TaskRun* run) {
    TupleDesc desc = run->call.row_desc ? run->call.row_desc : CreateTemplateTupleDesc(0);
    TupleTableSlot* slot = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
    while (TaskRunNext(run, slot)) CHECK_FOR_INTERRUPTS();
    ExecDropSingleTupleTableSlot(slot);
}

void EndTaskRun(TaskRun* run) {
    if (run->merge != nullptr) {
        EndOrderedMerge(run->merge);
        return;
    }
    EndWork(run);
    if (run->agreement != nullptr) EndRunAgreement(run->agreement);
    if (run->kept != nullptr) {
        tuplestore_end(run->kept);
        ExecDropSingleTupleTableSlot(run->kept_slot);
        run->kept = nullptr;
    }
}

}  // namespace herd::executor
