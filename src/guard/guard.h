// The node's door for tasks. A coordinator connects with the service role and herd.task_session on; each of its statements carries a
// task header as one more bytea parameter (plan/task_header.h). The guard checks the header against the plan and runs the statement as
// the user that it names, without a way back to the service role.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <executor/execdesc.h>
#include <nodes/params.h>
#include <nodes/plannodes.h>
}

namespace herd::guard {

void RegisterGuardSettings();

// Is this a connection of a coordinator? Settles once per session who it is.
bool IsTaskSession();

// What a task runs as while it is at work. Restore() after the step; an error's abort restores too.
struct UserSwitch {
    Oid previous_user;
    int previous_context;
    bool switched;
    bool pushed_snapshot;
};

// Before ExecutorStart of a top-level statement: decodes and checks the header, remembers the statement's user and gives it its
// statement's snapshot. After it: FinishStart().
UserSwitch EnterStart(QueryDesc* query_desc);
void FinishStart(QueryDesc* query_desc);
// Before ExecutorRun and ExecutorFinish of the same statement. See transaction::kReaderOfAll.
UserSwitch EnterStep(QueryDesc* query_desc);
// Around planning. Without a header at hand (a generic plan) the last task's user plans.
struct PlannerEntry {
    UserSwitch user;
    bool plans_task;
    bool planned_task;   // outside this planning
    int settings_level;  // see task_planning.h
};
PlannerEntry EnterPlanner(ParamListInfo params);
void LeavePlanner(const PlannerEntry& entry, PlannedStmt* plan);
// Is the statement that is being planned a task, and not one nested in it?
bool IsPlanningTask();
// Is this the task that was started last?
bool IsCurrentTask(const QueryDesc* query_desc);
// Does the coordinator want its rows packed?
bool PacksRows(const QueryDesc* query_desc);
void Leave(const UserSwitch& user_switch);
// Before a utility statement. Of a coordinator's, COPY into a shard needs the shard to be here.
void CheckCommand(const Node* command);
void ForgetStatement();  // at the end of a transaction

}  // namespace herd::guard
