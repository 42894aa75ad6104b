#include "deparse/query_fixes.h"

#include "postgres/entry.h"
#include "postgres/error.h"
#include "postgres/walk.h"

extern "C" {
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <parser/parsetree.h>
#include <rewrite/rewriteManip.h>
#include <utils/builtins.h>
}

namespace herd::deparse {

namespace {

constexpr const char* kExcluded = "excluded";

struct FixContext {
    Leakiness leakiness;
    bool top_is_excluded;  // the top level has a relation named excluded
    bool is_top;
    int multiassign_targets;  // entries of target lists that take a column of a sub-SELECT
    int multiassign_values;   // such values seen anywhere
};

[[noreturn]] void RaiseUnprintable(const char* what, const char* why, const char* hint) {
    postgres::RaiseNotSupported(what, why, hint);
}

// The names under which the deparser prints a query's columns: those of the leftmost arm of a set operation.
List* PrintedColumns(Query* query) {
    Node* arm = query->setOperations;
    while (arm != nullptr && IsA(arm, SetOperationStmt)) arm = castNode(SetOperationStmt, arm)->larg;
    if (arm == nullptr) return query->targetList;
    RangeTblEntry* rte = rt_fetch(castNode(RangeTblRef, arm)->rtindex, query->rtable);
    return rte->subquery ? PrintedColumns(rte->subquery) : query->targetList;
}

// A view's columns may have been renamed since its rule was stored.
bool ColumnNamesDiffer(const RangeTblEntry* rte) {
    ListCell* name = list_head(rte->eref->colnames);
    ListCell* lc;
    foreach (lc, PrintedColumns(rte->subquery)) {
        auto* entry = lfirst_node(TargetEntry, lc);
        if (entry->resjunk) continue;
        if (name == nullptr) return true;
        if (entry->resname == nullptr || strcmp(strVal(lfirst(name)), entry->resname) != 0) return true;
        name = lnext(rte->eref->colnames, name);
    }
    return false;
}

// Without an alias the relation's own name is the one that columns are qualified with, and that name changes in a shard.
void ForceAlias(RangeTblEntry* rte) {
    if (rte->rtekind != RTE_RELATION && rte->rtekind != RTE_SUBQUERY) return;
    if (rte->alias == nullptr) rte->alias = makeAlias(rte->eref->aliasname, NIL);
    if (rte->rtekind == RTE_SUBQUERY && rte->alias->colnames == NIL && ColumnNamesDiffer(rte))
        rte->alias->colnames = static_cast<List*>(copyObjectImpl(rte->eref->colnames));
}

// Columns are printed without their table if there is only one, and then ORDER BY may meet an output column of
// that name. An entry that nothing refers to makes it two.
void ForceQualifiedColumns(Query* query) {
    if (list_length(query->rtable) != 1 || linitial_node(RangeTblEntry, query->rtable)->rtekind == RTE_VALUES) return;
    RangeTblEntry* unused = makeNode(RangeTblEntry);
    unused->rtekind = RTE_RESULT;
    unused->alias = makeAlias("unused", NIL);
    unused->eref = makeAlias("unused", NIL);
    query->rtable = lappend(query->rtable, unused);
}

bool UsesExcluded(const Query* query) {
    return query->onConflict != nullptr && query->onConflict->action == ONCONFLICT_UPDATE;
}

bool HasRelationNamedExcluded(const Query* query) {
    ListCell* lc;
    foreach (lc, query->rtable)
        if (strcmp(lfirst_node(RangeTblEntry, lc)->eref->aliasname, kExcluded) == 0) return true;
    return false;
}

// Through a view there are two: the view's own, which nothing uses any more, would take the name.
void FreeNameExcluded(Query* query) {
    if (!UsesExcluded(query)) return;
    ListCell* lc;
    foreach (lc, query->rtable) {
        auto* rte = lfirst_node(RangeTblEntry, lc);
        bool is_excluded = foreach_current_index(lc) + 1 == query->onConflict->exclRelIndex;
        if (!is_excluded && strcmp(rte->eref->aliasname, kExcluded) == 0) rte->alias = makeAlias("unused", NIL);
    }
}

void CheckPrintable(const Query* query, const FixContext* context) {
    if (query->commandType == CMD_UTILITY || query->commandType == CMD_UNKNOWN)
        elog(ERROR, "cannot deparse command type %d", static_cast<int>(query->commandType));
    if (query->withCheckOptions != NIL)
        RaiseUnprintable(
            "cannot write to a distributed table under row-level security or through a view that checks rows",
            "New and conflicting rows would have to be checked where they are, and SQL has no words for that.",
            "Write to the table itself, as a role that bypasses row-level security.");
    if (!context->is_top && context->top_is_excluded && UsesExcluded(query))
        RaiseUnprintable("cannot use ON CONFLICT DO UPDATE at two levels of one statement over distributed tables",
                         "Both levels would name their rows \"excluded\".", "Use two statements.");
    ListCell* lc;
    foreach (lc, query->rtable)
        if (lfirst_node(RangeTblEntry, lc)->rtekind == RTE_NAMEDTUPLESTORE)
            RaiseUnprintable("cannot use a trigger's transition table in a statement over distributed tables",
                             "A transition table exists only on the coordinator.",
                             "Copy the rows into a temporary table first.");
}

// The arm that the rewriter put into a subquery of its own.
Query* InnerArm(const Query* query, Node* arm) {
    RangeTblEntry* rte = rt_fetch(castNode(RangeTblRef, arm)->rtindex, query->rtable);
    return linitial_node(RangeTblEntry, rte->subquery->rtable)->subquery;
}

void ReplaceArm(Query* query, Node* arm, Query* inner) {
    rt_fetch(castNode(RangeTblRef, arm)->rtindex, query->rtable)->subquery = inner;
}

// The grammar allows no cast after a CYCLE clause's values. An untyped literal there becomes text again.
Node* PlainConstant(Node* node) {
    if (!IsA(node, Const) || castNode(Const, node)->constisnull) return node;
    auto* value = castNode(Const, node);
    if (value->consttype == BOOLOID || value->consttype == INT4OID || value->consttype == NUMERICOID) return node;
    if (value->consttype != TEXTOID)
        RaiseUnprintable("CYCLE with values of this type is not supported for distributed tables", nullptr,
                         "Use boolean, integer or text values.");
    return reinterpret_cast<Node*>(makeConst(UNKNOWNOID, -1, InvalidOid, -2,
                                             CStringGetDatum(TextDatumGetCString(value->constvalue)), false, false));
}

// SEARCH and CYCLE are printed as clauses, but the rewriter has expanded them too: their columns would come twice.
void UndoSearchAndCycle(CommonTableExpr* cte) {
    if (cte->search_clause == nullptr && cte->cycle_clause == nullptr) return;
    if (cte->cycle_clause != nullptr) {
        cte->cycle_clause->cycle_mark_value = PlainConstant(cte->cycle_clause->cycle_mark_value);
        cte->cycle_clause->cycle_mark_default = PlainConstant(cte->cycle_clause->cycle_mark_default);
    }
    auto* query = castNode(Query, cte->ctequery);
    auto* recursion = castNode(SetOperationStmt, query->setOperations);
    Query* left = InnerArm(query, recursion->larg);
    Query* right = InnerArm(query, recursion->rarg);
    int columns = list_length(left->targetList);
    right->targetList = list_truncate(right->targetList, columns);
    IncrementVarSublevelsUp(reinterpret_cast<Node*>(left), -1, 1);
    IncrementVarSublevelsUp(reinterpret_cast<Node*>(right), -1, 1);
    ReplaceArm(query, recursion->larg, left);
    ReplaceArm(query, recursion->rarg, right);
    query->targetList = list_truncate(query->targetList, columns);
}

void MarkFromItem(Node* item, const Query* query) {
    if (IsA(item, RangeTblRef)) {
        rt_fetch(castNode(RangeTblRef, item)->rtindex, query->rtable)->inFromCl = true;
        return;
    }
    if (!IsA(item, JoinExpr)) return;
    MarkFromItem(castNode(JoinExpr, item)->larg, query);
    MarkFromItem(castNode(JoinExpr, item)->rarg, query);
}

// What is printed in FROM: all that is joined (a rule's OLD doesn't say so) but the target (which comes from the FROM clause
// of a view).
void MarkFromClause(const Query* query) {
    ListCell* lc;
    foreach (lc, query->jointree->fromlist) MarkFromItem(static_cast<Node*>(lfirst(lc)), query);
    if (query->resultRelation != 0) rt_fetch(query->resultRelation, query->rtable)->inFromCl = false;
}

void FixQuery(Query* query, FixContext* context) {
    CheckPrintable(query, context);
    context->is_top = false;
    WrapSecurityQuals(query, &context->leakiness);
    FixAssignments(query);
    context->multiassign_targets += CountMultiassign(query);

    ListCell* lc;
    foreach (lc, query->cteList) UndoSearchAndCycle(lfirst_node(CommonTableExpr, lc));
    FreeNameExcluded(query);
    foreach (lc, query->rtable) ForceAlias(lfirst_node(RangeTblEntry, lc));
    MarkFromClause(query);
    ForceQualifiedColumns(query);
}

extern "C" {
static bool FixAnyNode(Node* node, void* context);
}

bool FixNode(Node* node, FixContext* context) {
    if (node == nullptr) return false;
    switch (nodeTag(node)) {
        case T_Query:
            FixQuery(castNode(Query, node), context);
            return postgres::WalkQuery(castNode(Query, node), FixAnyNode, context, 0);
        case T_CurrentOfExpr:
            RaiseUnprintable("WHERE CURRENT OF is not supported for distributed tables",
                             "The cursor's position is not known where the rows are.",
                             "Use the table's primary key to name the row.");
        case T_Param:
            if (castNode(Param, node)->paramkind == PARAM_EXEC) elog(ERROR, "cannot deparse an executor parameter");
            context->multiassign_values += castNode(Param, node)->paramkind == PARAM_MULTIEXPR;
            return false;
        default:
            return postgres::WalkExpression(node, FixAnyNode, context);
    }
}

extern "C" {
static bool FixAnyNode(Node* node, void* context) {
    return postgres::Enter([&] { return FixNode(node, static_cast<FixContext*>(context)); });
}
}

}  // namespace

void MakeDeparsable(Query* query) {
    FixContext context = {{query, std::nullopt}, HasRelationNamedExcluded(query), true, 0, 0};
    FixNode(reinterpret_cast<Node*>(query), &context);
    if (context.multiassign_values != context.multiassign_targets)
        RaiseUnprintable("cannot assign several columns from one sub-SELECT through a rule", nullptr,
                         "Assign the columns one by one, each from a sub-SELECT of its own.");
}

}  // namespace herd::deparse
