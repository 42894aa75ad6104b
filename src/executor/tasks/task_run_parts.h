// A task run from inside. Internal to its files:
//   lanes.cpp            divides the shards over nodes and connections
//   task_start.cpp       starts what can start
//   task_run.cpp         takes the rows
//   task_redirection.cpp goes where a shard has moved
//   task_agreement.cpp   holds rows back until the nodes' snapshots are known to fit
//   task_ends.cpp        waits for the ends of tasks, for EXPLAIN
#pragma once

#include "catalog/metadata.h"
#include "executor/tasks/local_task.h"
#include "executor/snapshots/nodes_read.h"
#include "executor/tasks/ordered_merge.h"
#include "executor/snapshots/run_agreement.h"
#include "executor/tasks/task_reports.h"
#include "executor/tasks/task_run.h"
#include "transaction/session.h"

extern "C" {
#include <portability/instr_time.h>
#include <utils/tuplestore.h>
}

namespace herd::executor {

// What one connection to a node has to do.
struct Lane {
    NodeId node;
    int group;  // which part of the node's shards
    int slot;   // which of the node's connections: the first is always among them
    transaction::Stream* stream;
    TaskReport* report;  // of the stream, if wanted
    instr_time start;    // of the stream, where times are noted
    int* shards;         // indexes
    int shard_count;
    int next;
    int sent;                   // how many of those before next the stream is about
    const catalog::Group* map;  // by which they were sent
    bool counts;  // its rows and counts are the statement's (false for further copies of a reference table)
};

struct TaskRun {
    FragmentCall call;
    OrderedMerge* merge;  // if set, it does everything
    const catalog::Group* group;
    MemoryContext context;

    int* own_shards;
    int own_count;
    int own_next;
    LocalTask* local;
    TaskReport* local_report;

    Lane* lanes;
    int lane_count;
    int current;       // lane that delivered last
    int chunk;         // shards per statement
    int redirections;  // how often a node had said that it does not hold a shard
    int refusals;      // how often, though nothing else is known here
    uint32 statement;  // number of the statement whose snapshot the tasks share; 0: one snapshot anyway

    Tuplestorestate* kept;  // rows of other nodes that were read ahead
    TupleTableSlot* kept_slot;

    RunAgreement* agreement;  // the tasks ask what snapshots see; null: they don't
    bool agreed;
    bool delivered;         // a row
    Tuplestorestate* held;  // rows of the own node that were read before that
    TupleTableSlot* held_slot;

    bool shows_rows;  // of a write: the user may read the tables as a whole
    bool packs_rows;  // nodes send many rows in one message

    TaskRunReport report;
    uint64 other_copies_affected;
    int other_copies;
};

// ---- lanes.cpp ----

// Which of the shard's copies is read: the own one if there is one.
int ReadNode(const catalog::Shard& shard);
bool MayUseSeveralConnections(const FragmentCall& call);
// Divides the call's shards over the nodes, and those of a node over `slots` connections or as many as the work is worth.
void DivideShards(TaskRun* run, int slots);
void Divide(TaskRun* run);
// The same by hand: room for lanes, then shard by shard.
void MakeLanes(TaskRun* run, int slots);
void Assign(TaskRun* run, NodeId node, int shard_index, int slots, bool counts);
// Over how many connections the node is asked.
int ConnectionsTo(const TaskRun* run, NodeId node);
// Must the tasks see one snapshot?
bool SharesSnapshot(const TaskRun* run);
NodesRead NodesOf(const TaskRun* run);

// ---- task_start.cpp ----

// Gives the statement a number if its tasks must share a snapshot, and divides the shards as that allows.
void ShareSnapshot(TaskRun* run);
void StartNext(TaskRun* run, Lane* lane);
void StartLanes(TaskRun* run);
// How many of the own node's shards one task is about.
int OwnShardsOfTask(const TaskRun* run);

// ---- task_run.cpp ----

bool NextLocalRow(TaskRun* run, TupleTableSlot* slot);
// The lane's statement is done.
void NoteEnd(TaskRun* run, Lane* lane);
// Ends whatever is under way.
void EndWork(TaskRun* run);

// ---- task_redirection.cpp ----

// After the lane's node has refused: raises if that leads nowhere.
void UseNewestMap(TaskRun* run, Lane* lane);
// The lane's statement has not been carried out, as its node does not hold a shard: what is left to do is divided by the newest metadata. May
// move run->lanes.
void Redirect(TaskRun* run, int lane_index);

// ---- task_agreement.cpp ----

// Waits until the nodes' snapshots fit, starting over if they don't. No row leaves before.
void Agree(TaskRun* run);
void StartOver(TaskRun* run);
// A row that was read before that.
bool NextHeldRow(TaskRun* run, TupleTableSlot* slot);

}  // namespace herd::executor
