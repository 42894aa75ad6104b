// Carrying out one fragment on a set of shards: tasks from the current placements, the own node's in process,
// the others' over streams, several nodes at once.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "executor/tasks/task_reports.h"
#include "plan/sql_template.h"

extern "C" {
#include <executor/tuptable.h>
#include <nodes/params.h>
#include <utils/snapshot.h>
}

namespace herd::executor {

struct FragmentCall {
    Oid relid;  // the shell whose group the shards belong to
    plan::SqlTemplate sql;
    const int* shard_indexes;
    int shard_count;
    ParamListInfo parameters;  // may be null
    TupleDesc row_desc;        // null: no rows come back
    bool writes;               // carried out on every placement; rows and count come from the first
    bool locks_rows;
    bool whole_transaction;  // see whole_transaction.h; only for writes
    bool keep_statement;     // router: prepared on the node, plan kept on the own node
    bool has_one_row;        // at most
    Snapshot snapshot;       // of the executor at work; tasks that run with the same one see the same on each node
    bool is_whole;           // its statement has no other tasks
    bool agrees;             // if several nodes take part, their snapshots must fit together; only for a whole read
    List* order;   // OrderColumn nodes: each task's rows come in this order, and are merged in it. NIL: in any
    bool is_part;  // what one task of such a call does; its node is asked over the connection of this number
    int connection;
    int connections;         // and how many it is asked over in all
    TaskReports* reports;    // null: nobody asks what the tasks do
    uint64 gathered_before;  // bytes that count for herd.max_gathered_bytes, too
};

struct TaskRunReport {
    int task_count;  // statements sent or run
    int remote_tasks;
    uint64 affected_rows;  // command tags, each row once
    uint64 bytes;          // received from other nodes
};

struct TaskRun;

// Starts what can start. Everything is allocated in the current memory context and ends with EndTaskRun() or the transaction.
TaskRun* BeginTaskRun(const FragmentCall& call);
// The next row of any task as a virtual tuple, valid until the next call. False when every task is done.
bool TaskRunNext(TaskRun* run, TupleTableSlot* slot);
// Reads the rows of other nodes now and keeps them (on disk beyond work_mem) until they are asked for.
void KeepRemoteRows(TaskRun* run);
// Carries out the rest, dropping rows.
void FinishTaskRun(TaskRun* run);
TaskRunReport ReportOf(const TaskRun* run);
void EndTaskRun(TaskRun* run);
// Of a run that is not read on, for EXPLAIN ANALYZE: reports the tasks that have ended, and waits a moment for others.
void ReportEndedTasks(TaskRun* run);

// Have shards been found to be elsewhere, so that a call that was one task is no longer?
bool IsInPieces(const TaskRun* run);
uint64 ReceivedBytes(const TaskRun* run);
// Raises if it is more than herd.max_gathered_bytes.
void CheckGatheredBytes(Oid relid, uint64 bytes, uint64 limit);

// The tasks of such a call (PlannedTask), as they would be sent if it began now; a write's on the other copies are left out.
struct PlannedTask {
    NodeId node;
    const int* shards;  // indexes
    int shard_count;
    int connections;  // over which its node is asked
};
List* DivideIntoTasks(const FragmentCall& call);
// The text of a task on these shards.
char* TaskText(const plan::SqlTemplate& sql, const int* shards, int shard_count);
// Which of its nodes a shard is read on.
NodeId ReadingNode(const catalog::Shard& shard);

}  // namespace herd::executor
