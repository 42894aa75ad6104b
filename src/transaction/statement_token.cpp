#include "transaction/statement_token.h"

#include "transaction/node_work.h"

extern "C" {
#include <access/xact.h>
#include <miscadmin.h>
#include <utils/resowner.h>
#include <utils/snapmgr.h>
}

namespace herd::transaction {

namespace {

struct Statement {
    Statement* next;
    Snapshot snapshot;
    uint32 number;
    bool several_connections;
    bool taken;  // by NameStatement()
    int level;
};

Statement* first_statement;
uint32 last_number;

uint64 SessionToken() {
    static uint64 token = 0;
    while (token == 0)
        if (!pg_strong_random(&token, sizeof(token)))
            ereport(ERROR, (errcode(ERRCODE_INTERNAL_ERROR), errmsg("could not generate a random number")));
    return token;
}

// Only our own registration is left.
bool IsFinished(const Statement* statement) {
    return statement->snapshot->regd_count == 1 && statement->snapshot->active_count == 0;
}

// Those of which `is_over` is true.
template <class IsOver>
void ReleaseStatements(IsOver is_over) {
    Statement** link = &first_statement;
    while (*link != nullptr) {
        Statement* statement = *link;
        if (!is_over(statement)) {
            link = &statement->next;
            continue;
        }
        *link = statement->next;
        UnregisterSnapshotFromOwner(statement->snapshot, TopTransactionResourceOwner);
        pfree(statement);
    }
}

void ReleaseFinished() { ReleaseStatements(IsFinished); }

Statement* FindNumber(uint32 number) {
    for (Statement* statement = first_statement; statement != nullptr; statement = statement->next)
        if (statement->number == number) return statement;
    return nullptr;
}

bool MayUseSeveralConnections() {
    if (IsolationUsesXactSnapshot()) return false;
    for (Statement* statement = first_statement; statement != nullptr; statement = statement->next)
        if (statement->several_connections) return false;
    return true;
}

Statement* FindStatement(Snapshot snapshot) {
    for (Statement* statement = first_statement; statement != nullptr; statement = statement->next)
        if (statement->snapshot == snapshot) return statement;
    return nullptr;
}

void NoteSent(NodeWork* work, uint32 number) {
    for (int i = 0; i < work->statement_count; i++)
        if (work->statements[i] == number) return;
    if (work->statement_count == work->statement_capacity) {
        work->statement_capacity = Max(8, 2 * work->statement_capacity);
        Size size = work->statement_capacity * sizeof(uint32);
        work->statements =
            static_cast<uint32*>(work->statements == nullptr ? MemoryContextAlloc(TopTransactionContext, size)
                                                             : repalloc(work->statements, size));
    }
    work->statements[work->statement_count++] = number;
}

void TakeFinished(NodeWork* work, StatementMarks* marks) {
    auto* finished = static_cast<uint32*>(palloc(plan::kMaxFinishedStatements * sizeof(uint32)));
    int kept = 0;
    for (int i = 0; i < work->statement_count; i++) {
        uint32 number = work->statements[i];
        if (FindNumber(number) != nullptr || marks->finished_count == plan::kMaxFinishedStatements)
            work->statements[kept++] = number;
        else
            finished[marks->finished_count++] = number;
    }
    work->statement_count = kept;
    marks->finished = finished;
}

Statement* AddStatement(Snapshot snapshot, uint32 number) {
    auto* statement = static_cast<Statement*>(MemoryContextAlloc(TopTransactionContext, sizeof(Statement)));
    statement->snapshot = RegisterSnapshotOnOwner(snapshot, TopTransactionResourceOwner);
    statement->number = number;
    statement->several_connections = MayUseSeveralConnections();
    statement->taken = false;
    statement->level = GetCurrentTransactionNestLevel();
    statement->next = first_statement;
    first_statement = statement;
    return statement;
}

uint8 FlagsOf(uint32 number) {
    uint8 flags = UsesSeveralConnections(number) ? plan::kTaskSharesSnapshot : 0;
    return IsTaken(number) ? flags | plan::kTaskNeedsSnapshot : flags;
}

}  // namespace

bool IsSharedSnapshot(Snapshot snapshot) {
    if (FindStatement(snapshot) != nullptr) return true;
    // A statement's own executor holds it twice, and whoever took it has it active.
    return snapshot->regd_count > 2 || snapshot->active_count > 1;
}

bool HasStatementNumber(Snapshot snapshot) { return FindStatement(snapshot) != nullptr; }

uint32 StatementNumber(Snapshot snapshot) {
    const Statement* statement = FindStatement(snapshot);
    if (statement == nullptr) statement = AddStatement(snapshot, NewStatementNumber());
    return statement->number;
}

bool UsesSeveralConnections(uint32 number) {
    const Statement* statement = FindNumber(number);
    return statement != nullptr ? statement->several_connections : number != 0 && MayUseSeveralConnections();
}

int StatementLevel(uint32 number) { return FindNumber(number)->level; }

void MoveStatementsToLevel(int level) {
    for (Statement* statement = first_statement; statement != nullptr; statement = statement->next)
        statement->level = Min(statement->level, level);
}

bool IsTaken(uint32 number) {
    const Statement* statement = FindNumber(number);
    return statement != nullptr && statement->taken;
}

bool HasTaken(NodeId node, uint32 number) {
    for (NodeWork* work = first_work; work != nullptr; work = work->next) {
        if (work->node != node || work->slot != 0 || work->begin_level == 0) continue;
        for (int i = 0; i < work->statement_count; i++)
            if (work->statements[i] == number) return true;
    }
    return false;
}

uint32 NewStatementNumber() {
    ReleaseFinished();
    if (++last_number == 0) ++last_number;
    return last_number;
}

void NameStatement(Snapshot snapshot, uint32 number) { AddStatement(snapshot, number)->taken = true; }

void DropStatementNumber(Snapshot snapshot) {
    ReleaseStatements([&](const Statement* statement) { return statement->snapshot == snapshot; });
}

StatementMarks MarkTask(NodeId node, Purpose purpose, int parallel_slot, uint32 number) {
    StatementMarks marks = {};
    if (number == 0 && first_work == nullptr) return marks;
    NodeWork* work = UseNode(node, purpose, parallel_slot);
    if (number == 0 && work->statement_count == 0) return marks;
    ReleaseFinished();
    if (work->begin_level == 0) work->statement_count = 0;
    if (work->statement_count > 0) TakeFinished(work, &marks);
    if (number != 0) NoteSent(work, number);
    marks.token = {SessionToken(), number};
    marks.flags = FlagsOf(number);
    return marks;
}

void ReleaseStatementSnapshots() {
    for (Statement* statement = first_statement; statement != nullptr; statement = statement->next)
        UnregisterSnapshotFromOwner(statement->snapshot, TopTransactionResourceOwner);
    ForgetStatements();
}

void ForgetStatements() { first_statement = nullptr; }

}  // namespace herd::transaction
