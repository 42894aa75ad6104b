// Running a task on this node, whoever sent it (a coordinator's connection, or the own coordinator in process).
//
// Access was checked on the coordinator against the shell. So while a task's own text is analyzed, relations in shard
// schemas lose their permission bits. Statements nested in the task (functions it calls) keep theirs: they are
// recognized by the depth of planner and executor.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::transaction {

// Between Begin and End, statements analyzed at this nesting level are task text. Names are looked up with the rights of the
// database's owner of all, for users have none on shards' schemas; planning (which may run functions) happens as the user again.
// The end of the transaction ends it too.
void BeginTaskText();
void EndTaskText();

// Around planning: back to the user who gave the task, if this is task text.
struct PlanningUser {
    Oid previous_user;
    int previous_context;
    bool switched;
};
PlanningUser EnterTaskPlanning();
void LeaveTaskPlanning(const PlanningUser& planning);
// A session of the service role: everything at its top level is task text.
void SetTaskSession(bool is_task_session);

bool IsTaskText();
// Neither planner nor executor is at work in this backend.
bool IsTopLevel();

// Who carries out a write whose user may read the tables as a whole. PostgreSQL shows the key or row in a constraint's error only to
// who may read the relation, and users have no rights on shards. The role may read and nothing else; permissions of the statement were
// checked before, and no user-defined function runs in it.
extern const Oid kReaderOfAll;

// Clears the permission bits of shard relations anywhere in the query.
void ClearShardPermissions(Query* query);

// What the hooks report.
void PlannerNesting(int delta);   // +1 on entering the planner, -1 on leaving
void ExecutorNesting(int delta);  // likewise for ExecutorRun and ExecutorFinish
void AbortTaskText();             // at a subtransaction's abort: an error left the text unfinished
void ResetTaskScope();            // at the end of a transaction

}  // namespace herd::transaction
