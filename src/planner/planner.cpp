#include "planner/planner.h"

#include "catalog/metadata.h"
#include "planner/local_copies.h"
#include "planner/modify/insert.h"
#include "planner/modify/placed_writes.h"
#include "planner/paths/renaming.h"
#include "planner/query_facts.h"
#include "planner/read_ahead.h"
#include "planner/reference_writes.h"
#include "planner/router/router.h"
#include "planner/subqueries/divided_statement.h"
#include "planner/subqueries/fragment_subqueries.h"
#include "postgres/error.h"
#include "transaction/deadlock_victims.h"

extern "C" {
#include <executor/executor.h>
#include <nodes/parsenodes.h>
#include <parser/parsetree.h>
}

namespace herd::planner {

// PostgreSQL plans the statement above gathers; reference tables are read from this server's copy.
static PlannedStmt* PlanAboveGathers(Query* query, const PlannerCall& call) {
    DividedStatement divided = DivideStatement(query);
    query = divided.whole;
    FragmentSubqueries subqueries = MarkFragmentSubqueries(query, divided.inner);
    SwappedTables swapped = ReadLocalCopies(query);
    const SwappedTables* previous = EnterLocalCopies(&swapped);
    FragmentSubqueries* previous_subqueries = EnterFragmentSubqueries(&subqueries);
    PlannedStmt* volatile statement = nullptr;
    PG_TRY();
    { statement = call.next(query, call.query_string, call.cursor_options, call.params); }
    PG_FINALLY();
    {
        LeaveFragmentSubqueries(previous_subqueries);
        LeaveLocalCopies(previous);
    }
    PG_END_TRY();
    RemoveRenaming(statement);
    KeepPermissions(statement, swapped.entries);
    KeepPermissions(statement, subqueries.permissions);
    PlacePlannedWrites(statement);
    AddReadAhead(statement, call.cursor_options);
    return statement;
}

static PlannedStmt* PlanInsertSource(Query* source, void* argument) {
    return PlanAboveGathers(source, *(const PlannerCall*)argument);
}

static bool TargetIsShell(Query* query) {
    return query->resultRelation > 0 && catalog::IsShell(rt_fetch(query->resultRelation, query->rtable)->relid);
}

// Of a statement that can't be carried out and may not be either, PostgreSQL would tell the latter.
[[noreturn]] static void Refuse(Query* query, const Reason& reason) {
    ExecCheckRTPerms(PermissionEntries(query), true);
    postgres::Raise(reason);
}

// What PostgreSQL's planner and executor above gathers would get wrong.
static void CheckGatherable(Query* query, const QueryFacts& facts) {
    std::optional<Reason> obstacle = PlacedWriteObstacle(query, TargetIsShell(query));
    if (obstacle.has_value()) Refuse(query, *obstacle);
    if (facts.has_odd_sample)
        postgres::RaiseNotSupported("this TABLESAMPLE is not supported for distributed tables",
                                    "Samples of the shards would not be one of the table.", "Use BERNOULLI or SYSTEM.");
    if (facts.has_system_column)
        postgres::RaiseNotSupported(
            "system columns of distributed tables are not supported in this statement",
            "They mean something on one shard only. A SELECT may show ctid, xmin and xmax, but not compute with them.",
            "Compare the distribution column with a constant, or use the primary key.");
}

static PlannedStmt* PlanInsert(Query* query, const QueryFacts& facts, const catalog::DistributedTable* target,
                               const PlannerCall& call) {
    // Rows that are read are read once: each copy might have others, or in another order.
    bool is_one_row = query->jointree->fromlist == NIL && !query->hasSubLinks;
    if (target->is_reference() && is_one_row) {
        Result<PlannedStmt*> everywhere = PlanFragmentWrite(query, facts, call.cursor_options);
        if (everywhere.ok()) return everywhere.value();
    }
    std::optional<Reason> obstacle = PlacedWriteObstacle(query, false);
    if (obstacle.has_value()) Refuse(query, *obstacle);
    PlannerCall source_call = call;
    Result<PlannedStmt*> insert = PlanDistributedInsert(query, call.cursor_options, PlanInsertSource, &source_call);
    if (insert.ok()) return insert.value();
    if (target->is_reference() || query->onConflict != nullptr) Refuse(query, insert.reason());
    return PlanAboveGathers(query, call);
}

static PlannedStmt* PlanWrite(Query* query, const QueryFacts& facts, const PlannerCall& call) {
    const catalog::DistributedTable* target = catalog::GetTable(rt_fetch(query->resultRelation, query->rtable)->relid);
    if (query->commandType == CMD_INSERT) return PlanInsert(query, facts, target, call);
    if (query->commandType == CMD_MERGE && target->is_reference())
        postgres::RaiseNotSupported("MERGE into reference tables is not supported yet",
                                    "Each copy could meet other rows.", "Use INSERT … ON CONFLICT, UPDATE and DELETE.");
    if (query->commandType != CMD_MERGE) {
        Result<PlannedStmt*> fragments = PlanFragmentWrite(query, facts, call.cursor_options);
        if (fragments.ok()) return fragments.value();
        if (target->is_reference()) Refuse(query, fragments.reason());
    }
    CheckGatherable(query, facts);
    return PlanAboveGathers(query, call);
}

static List* LockedCopies(Query* query, List* (*lock)(Query*)) {
    List* copies = NIL;
    transaction::WithDeadlockErrors([&]() { copies = lock(query); });
    return copies;
}

// No shell is seen: but PostgreSQL may replace a function by its query, which reads some.
static PlannedStmt* PlanElsewhere(Query* query, const PlannerCall& call) {
    PlannedStmt* statement = call.next(query, call.query_string, call.cursor_options, call.params);
    RemoveRenaming(statement);
    return statement;
}

PlannedStmt* PlanStatement(Query* query, const PlannerCall& call) {
    if (!HasShell(query)) return PlanElsewhere(query, call);
    QueryFacts facts = AnalyzeQuery(query);
    // A cursor that locks its rows must know where they are, for WHERE CURRENT OF.
    bool needs_places = (call.cursor_options & CURSOR_OPT_FAST_PLAN) != 0 && facts.has_row_marks;
    Result<PlannedStmt*> router = Reason{kFeatureNotSupported, "a cursor"};
    if (!needs_places || facts.has_system_column || facts.shows_system_column)
        router = PlanRouter(query, facts, call.cursor_options);
    if (router.ok()) {
        if (facts.has_row_marks) KeepLocks(router.value(), LockedCopies(query, LockCopiesToLockRows));
        return router.value();
    }
    if (TargetIsShell(query)) {
        List* locked_copies = LockedCopies(query, LockCopiesToWrite);
        PlannedStmt* write = PlanWrite(query, facts, call);
        KeepLocks(write, locked_copies);
        return write;
    }
    CheckGatherable(query, facts);
    return PlanAboveGathers(query, call);
}

}  // namespace herd::planner
