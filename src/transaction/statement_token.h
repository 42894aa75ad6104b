// One statement, one snapshot per node: the number under which the tasks of a statement find its snapshot on a node
// (guard/statement_snapshots.h).
//
// A statement is what runs with one snapshot here: queries in STABLE functions belong to the statement that calls them, those in VOLATILE
// ones are statements of their own. A snapshot that got a number stays registered, so that it can't be another one at the same address,
// until nobody else holds it. Everything ends with the transaction.
#pragma once

#include "postgres/pg.h"

#include "plan/task_header.h"
#include "transaction/session.h"

extern "C" {
#include <utils/snapshot.h>
}

namespace herd::transaction {

// May other statements that run with this snapshot have had tasks, or have some later? `snapshot` is that of the executor at work.
bool IsSharedSnapshot(Snapshot snapshot);

bool HasStatementNumber(Snapshot snapshot);

// The number of the statement that runs with this snapshot, a new one if it has none.
uint32 StatementNumber(Snapshot snapshot);

// Nest level of the transaction at which the statement began. A cursor may be read at deeper ones, which are undone without it.
int StatementLevel(uint32 number);
// When a subtransaction has committed.
void MoveStatementsToLevel(int level);

// Did NameStatement() say which nodes have the statement's snapshot?
bool IsTaken(uint32 number);
// Has the node the statement's snapshot?
bool HasTaken(NodeId node, uint32 number);

// May the statement's tasks go to a node over several connections? One statement at a time may.
bool UsesSeveralConnections(uint32 number);

// To take the snapshots of a statement on its nodes before its tasks run: send each node a task with a new number, and if these snapshots will
// do, name the statement so. Then tasks on other nodes than those fail. Other numbers that were tried are forgotten.
uint32 NewStatementNumber();
void NameStatement(Snapshot snapshot, uint32 number);
// What its tasks have read is not used, and nodes are to forget it: it can be named anew.
void DropStatementNumber(Snapshot snapshot);

// What the header of a task must say about statements: `number` (0: none), and which others the node may forget. Opens the connection
// on which StartStream() with the same arguments will send it, and must be followed by that.
struct StatementMarks {
    plan::StatementToken token;
    uint8 flags;
    const uint32* finished;  // in the current memory context
    int finished_count;
};
StatementMarks MarkTask(NodeId node, Purpose purpose, int parallel_slot, uint32 number);

// At the ends of a transaction. The first lets go of the snapshots, the second may be called when they are gone.
void ReleaseStatementSnapshots();
void ForgetStatements();

}  // namespace herd::transaction
