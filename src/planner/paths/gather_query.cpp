#include "planner/paths/gather_query.h"

#include "planner/paths/combined_query.h"
#include "planner/paths/fragment_query.h"
#include "planner/shipping.h"

extern "C" {
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <optimizer/tlist.h>
#include <parser/parse_oper.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

// Its number in the target list is the reference; what is not there becomes a hidden entry.
static Index ReferenceTo(Query* query, Node* expression) {
    ListCell* cell;
    foreach (cell, query->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        if (equal(entry->expr, expression)) return entry->ressortgroupref = entry->resno;
    }
    int number = list_length(query->targetList) + 1;
    TargetEntry* entry = makeTargetEntry((Expr*)expression, number, nullptr, true);
    query->targetList = lappend(query->targetList, entry);
    return entry->ressortgroupref = number;
}

static SortGroupClause* GroupClause(Query* query, Node* expression) {
    SortGroupClause* clause = makeNode(SortGroupClause);
    clause->tleSortGroupRef = ReferenceTo(query, expression);
    get_sort_group_operators(exprType(expression), false, true, false, &clause->sortop, &clause->eqop, nullptr,
                             &clause->hashable);
    return clause;
}

static Node* InGatherQuery(PlannerInfo* root, const GatherPath* gather, Node* expression) {
    if (gather->output.combined) return InCombiningQuery(gather->columns, expression);
    return InFragmentQuery(root, gather->fragment, expression);
}

static void AddGroupingSets(PlannerInfo* root, const GatherPath* gather, Query* query) {
    GroupingSet* all = makeGroupingSet(GROUPING_SET_SETS, NIL, -1);
    ListCell *cell, *expression;
    foreach (cell, gather->output.grouping_sets) {
        List* references = NIL;
        foreach (expression, (List*)lfirst(cell))
            references = lappend_int(references,
                                     (int)ReferenceTo(query, InGatherQuery(root, gather, (Node*)lfirst(expression))));
        GroupingSetKind kind = references == NIL ? GROUPING_SET_EMPTY : GROUPING_SET_SIMPLE;
        all->content = lappend(all->content, makeGroupingSet(kind, references, -1));
    }
    if (all->content != NIL) query->groupingSets = list_make1(all);
}

static void AddGrouping(PlannerInfo* root, const GatherPath* gather, Query* query) {
    const FragmentOutput& output = gather->output;
    query->hasAggs = output.grouped && root->parse->hasAggs;
    ListCell* cell;
    foreach (cell, output.groups) {
        Node* expression = InGatherQuery(root, gather, (Node*)lfirst(cell));
        query->groupClause = lappend(query->groupClause, GroupClause(query, expression));
    }
    AddGroupingSets(root, gather, query);
    List* having = (List*)InGatherQuery(root, gather, (Node*)output.having);
    if (having != NIL) query->havingQual = (Node*)make_ands_explicit(having);
}

static List* SortClauses(PlannerInfo* root, const GatherPath* gather, Query* query, List* clauses) {
    List* result = NIL;
    ListCell* cell;
    foreach (cell, clauses) {
        SortGroupClause* clause = (SortGroupClause*)copyObject(lfirst(cell));
        Node* target = (Node*)get_sortgroupclause_tle(clause, gather->output.sort_targets)->expr;
        clause->tleSortGroupRef = ReferenceTo(query, InGatherQuery(root, gather, target));
        result = lappend(result, clause);
    }
    return result;
}

static void AddOrder(PlannerInfo* root, const GatherPath* gather, Query* query) {
    query->sortClause = SortClauses(root, gather, query, gather->output.sort);
    query->limitCount = (Node*)copyObject(gather->output.limit);
    if (gather->output.with_ties) query->limitOption = LIMIT_OPTION_WITH_TIES;
}

static void AddDistinct(Query* query) {
    ListCell* cell;
    List* targets = list_copy(query->targetList);
    foreach (cell, targets)
        query->distinctClause =
            lappend(query->distinctClause, GroupClause(query, (Node*)((TargetEntry*)lfirst(cell))->expr));
}

// The number of the planner's relation in the fragment's query.
static Index PlaceInQuery(PlannerInfo* root, const Fragment* fragment, Index relid) {
    Var* any = makeVar(relid, SelfItemPointerAttributeNumber, TIDOID, -1, InvalidOid, 0);
    return ((Var*)InFragmentQuery(root, fragment, (Node*)any))->varno;
}

static void AddLocks(PlannerInfo* root, const GatherPath* gather, Query* query) {
    ListCell* cell;
    foreach (cell, gather->output.locks) {
        const PlanRowMark* mark = (const PlanRowMark*)lfirst(cell);
        if (!RowMarkRequiresRowShareLock(mark->markType)) continue;
        RowMarkClause* clause = makeNode(RowMarkClause);
        clause->rti = PlaceInQuery(root, gather->fragment, mark->rti);
        clause->strength = mark->strength;
        clause->waitPolicy = mark->waitPolicy;
        query->rowMarks = lappend(query->rowMarks, clause);
        query->hasForUpdate = true;
    }
}

// The columns that the combining part of a task needs of its shards' rows.
static List* CombinedColumns(const FragmentOutput& output) {
    List* expressions = list_concat_copy(output.sent, output.groups);
    expressions = list_concat(expressions, get_sortgrouplist_exprs(output.sort, output.sort_targets));
    return FragmentColumns(list_concat(expressions, output.having));
}

Query* GatherQuery(PlannerInfo* root, GatherPath* gather) {
    Query* query;
    if (gather->output.combined) {
        gather->columns = CombinedColumns(gather->output);
        query = CombiningQuery(root, gather->fragment, gather->columns, gather->output.sent);
    } else {
        query = FragmentToQuery(root, gather->fragment, gather->output.sent);
    }
    AddGrouping(root, gather, query);
    if (gather->output.distinct) AddDistinct(query);
    query->distinctClause =
        list_concat(query->distinctClause, SortClauses(root, gather, query, gather->output.distinct_on));
    query->hasDistinctOn = gather->output.distinct_on != NIL;
    AddOrder(root, gather, query);
    AddLocks(root, gather, query);
    return query;
}

}  // namespace herd::planner
