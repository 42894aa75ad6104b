#include "executor/tasks/local_task.h"

#include "cluster/schema_names.h"
#include "executor/tasks/local_plans.h"
#include "executor/tasks/row_slots.h"
#include "postgres/error.h"
#include "transaction/task_scope.h"

extern "C" {
#include <executor/execdesc.h>
#include <executor/executor.h>
#include <executor/tstoreReceiver.h>
#include <miscadmin.h>
#include <utils/resowner.h>
#include <utils/snapmgr.h>
#include <utils/tuplestore.h>
}

namespace herd::executor {

struct LocalTask {
    QueryDesc* query_desc;  // null once a write is done
    CachedPlan* plan;
    ResourceOwner owner;
    Tuplestorestate* returned;
    TupleTableSlot* returned_slot;
    uint64 affected;
    bool shows_rows;
    const plan::PlanReportOptions* report;  // null: not wanted
    const char* plan_text;
};

static void RunWriteStep(void* argument) {
    LocalTask* task = (LocalTask*)argument;
    QueryDesc* query_desc = task->query_desc;
    ExecutorStart(query_desc, 0);
    if (query_desc->plannedstmt->hasReturning || query_desc->operation == CMD_SELECT) {
        task->returned = tuplestore_begin_heap(false, false, work_mem);
        SetTuplestoreDestReceiverParams(query_desc->dest, task->returned, CurrentMemoryContext, false, nullptr,
                                        nullptr);
        task->returned_slot = MakeSingleTupleTableSlot(CreateTupleDescCopy(query_desc->tupDesc), &TTSOpsMinimalTuple);
    }
    Oid user;
    int security_context;
    GetUserIdAndSecContext(&user, &security_context);
    if (task->shows_rows)
        SetUserIdAndSecContext(transaction::kReaderOfAll, security_context | SECURITY_LOCAL_USERID_CHANGE);
    ExecutorRun(query_desc, ForwardScanDirection, 0, true);
    task->affected = query_desc->estate->es_processed;
    ExecutorFinish(query_desc);
    SetUserIdAndSecContext(user, security_context);
    if (task->report != nullptr) task->plan_text = plan::PrintPlan(query_desc, *task->report);
    ExecutorEnd(query_desc);
    FreeQueryDesc(query_desc);
    task->query_desc = nullptr;
    ReleaseCachedPlan(task->plan, task->owner);
    task->plan = nullptr;
}

static void RunWrite(LocalTask* task) {
    ErrorData* error = postgres::CatchError(RunWriteStep, task);
    if (error == nullptr) return;
    cluster::UseUserSchema(error);
    ReThrowError(error);
}

LocalTask* BeginLocalTask(const char* sql, ParamListInfo parameters, bool runs_once, bool keep_plan, bool shows_rows,
                          const plan::PlanReportOptions* report) {
    LocalTask* task = (LocalTask*)palloc0(sizeof(LocalTask));
    task->shows_rows = shows_rows;
    task->report = report;
    task->owner = keep_plan ? CurrentResourceOwner : nullptr;
    task->plan = GetLocalPlan(sql, parameters, keep_plan, task->owner);
    PlannedStmt* statement = linitial_node(PlannedStmt, task->plan->stmt_list);
    DestReceiver* dest = runs_once ? CreateTuplestoreDestReceiver() : None_Receiver;
    if (runs_once && statement->commandType != CMD_SELECT && !statement->hasReturning) dest = None_Receiver;
    task->query_desc = CreateQueryDesc(statement, sql, GetActiveSnapshot(), InvalidSnapshot, dest, parameters, nullptr,
                                       report != nullptr ? report->instrument : 0);
    if (runs_once)
        RunWrite(task);
    else
        // Ends after the surrounding statement's own triggers were dealt with, so it opens no trigger level.
        ExecutorStart(task->query_desc, EXEC_FLAG_SKIP_TRIGGERS);
    return task;
}

static bool NextReturned(LocalTask* task, TupleTableSlot* slot) {
    if (task->returned == nullptr || !tuplestore_gettupleslot(task->returned, true, false, task->returned_slot)) {
        ExecClearTuple(slot);
        return false;
    }
    ShareRow(task->returned_slot, slot);
    return true;
}

bool LocalTaskNext(LocalTask* task, TupleTableSlot* slot) {
    if (task->query_desc == nullptr) return NextReturned(task, slot);
    EState* estate = task->query_desc->estate;
    MemoryContext caller = MemoryContextSwitchTo(estate->es_query_cxt);
    ResetPerTupleExprContext(estate);
    TupleTableSlot* row = ExecProcNode(task->query_desc->planstate);
    if (!TupIsNull(row) && estate->es_junkFilter != nullptr) row = ExecFilterJunk(estate->es_junkFilter, row);
    MemoryContextSwitchTo(caller);
    if (TupIsNull(row)) {
        ExecClearTuple(slot);
        return false;
    }
    ShareRow(row, slot);
    return true;
}

const char* LocalTaskPlan(LocalTask* task) {
    if (task->report != nullptr && task->query_desc != nullptr)
        task->plan_text = plan::PrintPlan(task->query_desc, *task->report);
    return task->plan_text;
}

uint64 LocalTaskAffectedRows(const LocalTask* task) { return task->affected; }

void EndLocalTask(LocalTask* task) {
    if (task->query_desc != nullptr) {
        ExecutorFinish(task->query_desc);
        ExecutorEnd(task->query_desc);
        FreeQueryDesc(task->query_desc);
        task->query_desc = nullptr;
    }
    if (task->plan != nullptr) {
        ReleaseCachedPlan(task->plan, task->owner);
        task->plan = nullptr;
    }
    if (task->returned != nullptr) {
        tuplestore_end(task->returned);
        task->returned = nullptr;
    }
    if (task->returned_slot != nullptr) {
        ExecDropSingleTupleTableSlot(task->returned_slot);
        task->returned_slot = nullptr;
    }
}

}  // namespace herd::executor
