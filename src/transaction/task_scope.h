// Running a task on this node, whoever sent it (a coordinator's connection, or the own coordinator in process).
//
// Access was checked on the coordinator against the shell. So while a task's own text is analyzed, relations in shard schemas
// lose their permission bits; nested statements (functions called by the task) keep theirs.
#pragma once

#include "postgres/pg.h"

namespace herd::transaction {

// Between Begin and End, statements parsed at this nesting level are task text. Errors end it (transaction callback).
void BeginTaskText();
void EndTaskText();
bool InTaskText();

// Hook bodies, called by the hooks that `extension` installs.
void PlannerNesting(int delta);   // +1 on entering the planner, -1 on leaving
void ExecutorNesting(int delta);  // likewise for ExecutorRun and ExecutorFinish
void ResetTaskScope();            // at the end of a transaction

}  // namespace herd::transaction
