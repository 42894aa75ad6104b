#include "planner/query_facts.h"

#include "planner/shipping.h"
#include "postgres/walk.h"

extern "C" {
#include <access/sysattr.h>
#include <catalog/pg_class.h>
#include <nodes/makefuncs.h>
#include <nodes/primnodes.h>
#include <optimizer/optimizer.h>
#include <parser/parsetree.h>
#include <utils/fmgroids.h>
}

namespace herd::planner {

using catalog::DistributedTable;

static bool HasShellWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, RangeTblEntry)) {
        RangeTblEntry* rte = (RangeTblEntry*)node;
        return rte->rtekind == RTE_RELATION && rte->relkind == RELKIND_RELATION && catalog::IsShell(rte->relid);
    }
    if (IsA(node, Query)) return postgres::WalkQuery((Query*)node, HasShellWalker, context, QTW_EXAMINE_RTES_BEFORE);
    return postgres::WalkExpression(node, HasShellWalker, context);
}

bool HasShell(Query* query) {
    if (query->commandType == CMD_UTILITY || catalog::HerdAccessMethod() == InvalidOid) return false;
    return HasShellWalker((Node*)query, nullptr);
}

namespace {

struct FactsContext {
    QueryFacts* facts;
    List* queries;  // enclosing queries, innermost first: to resolve Vars' levels
};

}  // namespace

// BERNOULLI and SYSTEM take each row with the same probability, whatever the other rows are: samples of the shards are one of the table. Methods of
// extensions may count rows.
static bool SampleTravels(const TableSampleClause* sample) {
    if (sample->tsmhandler != F_BERNOULLI && sample->tsmhandler != F_SYSTEM) return false;
    Node* arguments = (Node*)list_make2(sample->args, sample->repeatable);
    return !contain_var_clause(arguments) && !contain_volatile_functions(arguments) && IsShippableExpression(arguments);
}

static void NoteRelation(QueryFacts* facts, RangeTblEntry* rte) {
    if (rte->securityQuals != NIL) facts->has_row_security = true;
    if (rte->relkind == RELKIND_VIEW) return;  // a rule's OLD or NEW: not scanned
    if (!catalog::IsShell(rte->relid)) {
        facts->has_local_relation = true;
        return;
    }
    facts->has_sample |= rte->tablesample != nullptr;
    facts->has_odd_sample |= rte->tablesample != nullptr && !SampleTravels(rte->tablesample);
    const DistributedTable* table = catalog::GetTable(rte->relid);
    if (table->is_reference()) {
        if (!OidIsValid(facts->reference_anchor)) facts->reference_anchor = rte->relid;
    } else if (facts->group == nullptr) {
        facts->group = table->group;
        facts->anchor = rte->relid;
    } else if (facts->group->id != table->group->id) {
        facts->several_groups = true;
    }
}

static void NoteVar(FactsContext* context, Var* var) {
    if (var->varattno >= 0 || (int)var->varlevelsup >= list_length(context->queries)) return;
    Query* query = (Query*)list_nth(context->queries, var->varlevelsup);
    if (var->varno < 1 || (int)var->varno > list_length(query->rtable)) return;
    RangeTblEntry* rte = rt_fetch(var->varno, query->rtable);
    if (rte->rtekind != RTE_RELATION || !catalog::IsShell(rte->relid)) return;
    if (var->varattno == TableOidAttributeNumber)
        context->facts->has_tableoid = true;
    else
        context->facts->has_system_column = true;
}

static bool FactsWalker(Node* node, void* argument) {
    FactsContext* context = (FactsContext*)argument;
    if (node == nullptr) return false;
    if (IsA(node, RangeTblEntry)) {
        RangeTblEntry* rte = (RangeTblEntry*)node;
        if (rte->rtekind == RTE_RELATION) NoteRelation(context->facts, rte);
        return false;
    }
    if (IsA(node, Var)) {
        NoteVar(context, (Var*)node);
        return false;
    }
    if (IsA(node, Query)) {
        Query* query = (Query*)node;
        QueryFacts* facts = context->facts;
        facts->has_modifying_cte |= query->hasModifyingCTE;
        facts->has_row_marks |= query->rowMarks != NIL;
        facts->has_row_security |= query->withCheckOptions != NIL;
        context->queries = lcons(query, context->queries);
        postgres::WalkQuery(query, FactsWalker, context, QTW_EXAMINE_RTES_BEFORE);
        context->queries = list_delete_first(context->queries);
        return false;
    }
    return postgres::WalkExpression(node, FactsWalker, context);
}

static bool ShowsSystemColumn(const TargetEntry* entry) {
    const Var* var = (const Var*)entry->expr;
    if (!IsA(var, Var) || entry->ressortgroupref != 0) return false;
    return var->varattno == SelfItemPointerAttributeNumber || var->varattno == MinTransactionIdAttributeNumber ||
           var->varattno == MaxTransactionIdAttributeNumber;
}

// They tell nothing about rows of other shards, so they may only be shown, for use in a statement on one key.
static bool OnlyShowsSystemColumns(const Query* query) {
    if (query->commandType != CMD_SELECT || query->setOperations != nullptr) return false;
    Query* without = (Query*)palloc(sizeof(Query));
    *without = *query;
    without->targetList = NIL;
    ListCell* cell;
    foreach (cell, query->targetList)
        if (!ShowsSystemColumn((TargetEntry*)lfirst(cell)))
            without->targetList = lappend(without->targetList, lfirst(cell));
    QueryFacts facts;
    FactsContext context = {&facts, NIL};
    FactsWalker((Node*)without, &context);
    return !facts.has_system_column && !facts.has_row_marks;
}

QueryFacts AnalyzeQuery(Query* query) {
    QueryFacts facts;
    FactsContext context = {&facts, NIL};
    FactsWalker((Node*)query, &context);
    facts.shows_system_column = facts.has_system_column && OnlyShowsSystemColumns(query);
    if (facts.shows_system_column) facts.has_system_column = false;
    return facts;
}

static bool PermissionWalker(Node* node, void* argument) {
    List** entries = (List**)argument;
    if (node == nullptr) return false;
    if (IsA(node, RangeTblEntry)) {
        RangeTblEntry* rte = (RangeTblEntry*)node;
        if (rte->rtekind == RTE_RELATION) {
            RangeTblEntry* copy = (RangeTblEntry*)copyObject(rte);
            copy->securityQuals = NIL;
            copy->tablesample = nullptr;
            *entries = lappend(*entries, copy);
        }
        return false;
    }
    if (IsA(node, Query)) return postgres::WalkQuery((Query*)node, PermissionWalker, argument, QTW_EXAMINE_RTES_BEFORE);
    return postgres::WalkExpression(node, PermissionWalker, argument);
}

List* PermissionEntries(Query* query) {
    List* entries = NIL;
    PermissionWalker((Node*)query, &entries);
    return entries;
}

}  // namespace herd::planner
