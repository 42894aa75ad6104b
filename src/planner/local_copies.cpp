#include "planner/local_copies.h"

#include "catalog/metadata.h"
#include "planner/reference_writes.h"
#include "postgres/walk.h"

extern "C" {
#include <catalog/pg_class.h>
#include <parser/parsetree.h>
#include <storage/lmgr.h>
}

namespace herd::planner {

static bool SwapWalker(Node* node, void* argument) {
    SwappedTables* swapped = (SwappedTables*)argument;
    if (node == nullptr) return false;
    if (IsA(node, Query)) {
        postgres::WalkQuery((Query*)node, SwapWalker, argument, QTW_EXAMINE_RTES_BEFORE);
        LockCopiesOfLockedRows((Query*)node, swapped->copies);
        return false;
    }
    if (!IsA(node, RangeTblEntry)) return postgres::WalkExpression(node, SwapWalker, argument);

    RangeTblEntry* rte = (RangeTblEntry*)node;
    if (rte->rtekind != RTE_RELATION || rte->relkind != RELKIND_RELATION || !catalog::IsShell(rte->relid)) return false;
    const catalog::DistributedTable* table = catalog::GetTable(rte->relid);
    if (!table->is_reference()) return false;
    RangeTblEntry* shell = (RangeTblEntry*)copyObject(rte);
    shell->securityQuals = NIL;
    swapped->entries = lappend(swapped->entries, shell);
    rte->relid = catalog::LocalShardRelation(table, table->group->shards[0].id);
    rte->requiredPerms = 0;
    swapped->copies = lappend_oid(swapped->copies, rte->relid);
    LockRelationOid(rte->relid, rte->rellockmode);
    return false;
}

SwappedTables ReadLocalCopies(Query* query) {
    SwappedTables swapped = {NIL, NIL};
    SwapWalker((Node*)query, &swapped);
    return swapped;
}

static const SwappedTables* current;

const SwappedTables* EnterLocalCopies(const SwappedTables* swapped) {
    const SwappedTables* previous = current;
    current = swapped;
    return previous;
}

void LeaveLocalCopies(const SwappedTables* previous) { current = previous; }

Oid ShellOf(Oid relid) {
    if (current == nullptr) return relid;
    ListCell *entry, *copy;
    forboth(entry, current->entries, copy, current->copies) {
        if (lfirst_oid(copy) == relid) return ((RangeTblEntry*)lfirst(entry))->relid;
    }
    return relid;
}

void KeepPermissions(PlannedStmt* statement, List* entries) {
    ListCell* cell;
    foreach (cell, entries) {
        RangeTblEntry* shell = (RangeTblEntry*)lfirst(cell);
        statement->rtable = lappend(statement->rtable, shell);
        statement->relationOids = list_append_unique_oid(statement->relationOids, shell->relid);
    }
}

}  // namespace herd::planner
