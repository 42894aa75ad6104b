#include "deparse/insert_source.h"

#include "deparse/assigned_parts.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <rewrite/rewriteManip.h>
}

namespace herd::deparse {

namespace {

// Is the value the next column of the source, for every entry, and does the source have no other?
bool FollowsSource(List* target_list, int source, int source_columns) {
    if (list_length(target_list) != source_columns) return false;
    int column = 0;
    ListCell* lc;
    foreach (lc, target_list) {
        Node* value = strip_implicit_coercions(AssignedValue(lfirst_node(TargetEntry, lc)));
        column++;
        if (value == nullptr || !IsA(value, Var)) return false;
        auto* var = castNode(Var, value);
        if (var->varno != source || var->varattno != column || var->varlevelsup != 0) return false;
    }
    return true;
}

List* ColumnNames(int count) {
    List* names = NIL;
    for (int i = 1; i <= count; i++) names = lappend(names, makeString(psprintf("column%d", i)));
    return names;
}

// A row of VALUES as what the source's columns stand for.
List* RowColumns(List* row) {
    List* columns = NIL;
    ListCell* lc;
    foreach (lc, row)
        columns =
            lappend(columns, makeTargetEntry(static_cast<Expr*>(lfirst(lc)),
                                             static_cast<AttrNumber>(foreach_current_index(lc) + 1), nullptr, false));
    return columns;
}

List* RowValues(Query* query, int source, RangeTblEntry* rte, List* row) {
    List* columns = RowColumns(row);
    List* values = NIL;
    ListCell* lc;
    foreach (lc, query->targetList)
        values = lappend(values, ReplaceVarsFromTargetList(AssignedValue(lfirst_node(TargetEntry, lc)), source, 0, rte,
                                                           columns, REPLACEVARS_REPORT_ERROR, 0, &query->hasSubLinks));
    return values;
}

// One expression for every target column, in its order: defaults stand outside the list of values.
void FixValues(Query* query, int source, RangeTblEntry* rte) {
    if (FollowsSource(query->targetList, source, list_length(linitial_node(List, rte->values_lists)))) return;
    ListCell* row;
    foreach (row, rte->values_lists) lfirst(row) = RowValues(query, source, rte, lfirst_node(List, row));
    rte->eref = makeAlias(rte->eref->aliasname, ColumnNames(list_length(query->targetList)));
}

int CountColumns(const Query* query) {
    int count = 0;
    ListCell* lc;
    foreach (lc, query->targetList) count += !lfirst_node(TargetEntry, lc)->resjunk;
    return count;
}

// INSERT … SELECT whose columns come in another order or with defaults: SELECT column2, default FROM (SELECT …).
void FixSelect(Query* query, int source, RangeTblEntry* rte) {
    if (FollowsSource(query->targetList, source, CountColumns(rte->subquery))) return;
    Query* outer = makeNode(Query);
    outer->commandType = CMD_SELECT;
    outer->canSetTag = true;

    auto* inner = static_cast<RangeTblEntry*>(copyObjectImpl(rte));
    inner->alias = makeAlias("source", ColumnNames(CountColumns(rte->subquery)));
    inner->eref = static_cast<Alias*>(copyObjectImpl(inner->alias));
    inner->inFromCl = true;
    IncrementVarSublevelsUp(reinterpret_cast<Node*>(inner->subquery), 1, 1);
    outer->rtable = list_make1(inner);

    RangeTblRef* reference = makeNode(RangeTblRef);
    reference->rtindex = 1;
    outer->jointree = makeFromExpr(list_make1(reference), nullptr);

    ListCell* lc;
    foreach (lc, query->targetList) {
        auto* value = static_cast<Node*>(copyObjectImpl(AssignedValue(lfirst_node(TargetEntry, lc))));
        ChangeVarNodes(value, source, 1, 0);
        int number = foreach_current_index(lc) + 1;
        outer->targetList =
            lappend(outer->targetList, makeTargetEntry(reinterpret_cast<Expr*>(value), static_cast<AttrNumber>(number),
                                                       psprintf("column%d", number), false));
        outer->hasSubLinks |= query->hasSubLinks;
    }
    rte->subquery = outer;
    rte->eref = makeAlias(rte->eref->aliasname, ColumnNames(list_length(query->targetList)));
}

}  // namespace

void FixInsertSource(Query* query) {
    ListCell* lc;
    foreach (lc, query->rtable) {
        auto* rte = lfirst_node(RangeTblEntry, lc);
        int index = foreach_current_index(lc) + 1;
        if (rte->rtekind == RTE_VALUES) FixValues(query, index, rte);
        if (rte->rtekind == RTE_SUBQUERY) FixSelect(query, index, rte);
    }
}

}  // namespace herd::deparse
