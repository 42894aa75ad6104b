// The rewriter sorts a target list by column, merges assignments to parts of one column and adds defaults. The deparser
// prints target lists as they were before that.
#include "deparse/query_fixes.h"

#include "postgres/error.h"

extern "C" {
#include <access/htup_details.h>
#include <catalog/pg_attribute.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <parser/parsetree.h>
#include <rewrite/rewriteManip.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::deparse {

namespace {

template <class T>
T* CopyNode(const T* node) {
    return static_cast<T*>(copyObjectImpl(node));
}

// The value that an assignment to a part of a column starts from; null if the node isn't such an assignment.
Expr* AssignmentInput(Expr* expr) {
    if (expr == nullptr) return nullptr;
    if (IsA(expr, FieldStore)) return castNode(FieldStore, expr)->arg;
    if (IsA(expr, SubscriptingRef) && castNode(SubscriptingRef, expr)->refassgnexpr != nullptr)
        return castNode(SubscriptingRef, expr)->refexpr;
    return nullptr;
}

bool IsPartAssignment(Expr* expr) { return AssignmentInput(expr) != nullptr; }

Expr* InnermostInput(Expr* expr) {
    while (IsPartAssignment(expr)) expr = AssignmentInput(expr);
    return expr;
}

List* SplitFieldStore(FieldStore* store) {
    List* parts = NIL;
    ListCell* value;
    ListCell* field;
    forboth(value, store->newvals, field, store->fieldnums) {
        FieldStore* part = makeNode(FieldStore);
        *part = *store;
        part->arg = InnermostInput(store->arg);
        part->newvals = list_make1(lfirst(value));
        part->fieldnums = list_make1_int(lfirst_int(field));
        parts = lappend(parts, part);
    }
    return parts;
}

// a[1] and a[2], c.x and c.y were merged into one expression, first assignment innermost.
List* SplitAssignments(Expr* expr) {
    if (IsA(expr, CoerceToDomain) && IsPartAssignment(castNode(CoerceToDomain, expr)->arg)) {
        List* parts = SplitAssignments(castNode(CoerceToDomain, expr)->arg);
        ListCell* lc;
        foreach (lc, parts) {
            CoerceToDomain* coerced = makeNode(CoerceToDomain);
            *coerced = *castNode(CoerceToDomain, expr);
            coerced->arg = static_cast<Expr*>(lfirst(lc));
            lfirst(lc) = coerced;
        }
        return parts;
    }
    Expr* input = AssignmentInput(expr);
    if (input == nullptr) return list_make1(expr);
    List* parts = IsPartAssignment(input) ? SplitAssignments(input) : NIL;
    if (IsA(expr, FieldStore)) return list_concat(parts, SplitFieldStore(castNode(FieldStore, expr)));
    castNode(SubscriptingRef, expr)->refexpr = InnermostInput(input);
    return lappend(parts, expr);
}

List* SplitTargetList(List* target_list) {
    List* split = NIL;
    ListCell* lc;
    foreach (lc, target_list) {
        auto* entry = lfirst_node(TargetEntry, lc);
        ListCell* part;
        foreach (part, SplitAssignments(entry->expr)) {
            TargetEntry* single = flatCopyTargetEntry(entry);
            single->expr = static_cast<Expr*>(lfirst(part));
            split = lappend(split, single);
        }
    }
    return split;
}

// The value that is printed for an entry: what is left below assignments to parts.
Node* AssignedValue(const TargetEntry* entry) {
    auto* node = reinterpret_cast<Node*>(entry->expr);
    for (;;) {
        if (node != nullptr && IsA(node, FieldStore)) {
            node = static_cast<Node*>(linitial(castNode(FieldStore, node)->newvals));
        } else if (node != nullptr && IsA(node, SubscriptingRef) && castNode(SubscriptingRef, node)->refassgnexpr) {
            node = reinterpret_cast<Node*>(castNode(SubscriptingRef, node)->refassgnexpr);
        } else if (node != nullptr && IsA(node, CoerceToDomain) &&
                   castNode(CoerceToDomain, node)->coercionformat == COERCE_IMPLICIT_CAST &&
                   IsPartAssignment(castNode(CoerceToDomain, node)->arg)) {
            node = reinterpret_cast<Node*>(castNode(CoerceToDomain, node)->arg);
        } else {
            return node;
        }
    }
}

// The number of a MULTIEXPR parameter, (sublink << 16) | column; 0 for any other value.
int MultiassignParameter(const TargetEntry* entry) {
    Node* value = strip_implicit_coercions(AssignedValue(entry));
    while (value != nullptr && IsA(value, CoerceToDomain))
        value = strip_implicit_coercions(reinterpret_cast<Node*>(castNode(CoerceToDomain, value)->arg));
    if (value == nullptr || !IsA(value, Param) || castNode(Param, value)->paramkind != PARAM_MULTIEXPR) return 0;
    return castNode(Param, value)->paramid;
}

int CompareMultiassign(const ListCell* left, const ListCell* right) {
    return MultiassignParameter(lfirst_node(TargetEntry, left)) - MultiassignParameter(lfirst_node(TargetEntry, right));
}

// (b, a) = (SELECT …): the columns of one sub-SELECT must stand together and in its order.
List* SortMultiassign(List* target_list) {
    List* multi = NIL;
    List* rest = NIL;
    ListCell* lc;
    foreach (lc, target_list) {
        auto* entry = lfirst_node(TargetEntry, lc);
        if (MultiassignParameter(entry) != 0)
            multi = lappend(multi, entry);
        else
            rest = lappend(rest, entry);
    }
    list_sort(multi, CompareMultiassign);
    return list_concat(multi, rest);
}

bool IsPlainColumn(HeapTuple tuple) {
    auto* attribute = reinterpret_cast<Form_pg_attribute>(GETSTRUCT(tuple));
    return !attribute->attisdropped && attribute->attgenerated == '\0' && attribute->attidentity == '\0';
}

// SET of generated columns to DEFAULT only: nothing is left to print, but the row is updated all the same.
List* SelfAssignment(Oid relid, int relation_index) {
    for (AttrNumber number = 1;; number++) {
        HeapTuple tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relid), Int16GetDatum(number));
        if (!HeapTupleIsValid(tuple))
            postgres::RaiseNotSupported("cannot update a distributed table that has generated columns only", nullptr,
                                        nullptr);
        auto* attribute = reinterpret_cast<Form_pg_attribute>(GETSTRUCT(tuple));
        bool found = IsPlainColumn(tuple);
        Var* self =
            makeVar(relation_index, number, attribute->atttypid, attribute->atttypmod, attribute->attcollation, 0);
        char* name = pstrdup(NameStr(attribute->attname));
        ReleaseSysCache(tuple);
        if (found) return list_make1(makeTargetEntry(reinterpret_cast<Expr*>(self), number, name, false));
    }
}

List* FixUpdateTargets(List* target_list, Oid relid, int relation_index) {
    List* fixed = SortMultiassign(SplitTargetList(target_list));
    return fixed != NIL ? fixed : SelfAssignment(relid, relation_index);
}

bool AssignsIdentity(Oid relid, List* target_list) {
    ListCell* lc;
    foreach (lc, target_list) {
        AttrNumber number = lfirst_node(TargetEntry, lc)->resno;
        HeapTuple tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relid), Int16GetDatum(number));
        if (!HeapTupleIsValid(tuple)) continue;
        char identity = reinterpret_cast<Form_pg_attribute>(GETSTRUCT(tuple))->attidentity;
        ReleaseSysCache(tuple);
        if (identity != '\0') return true;
    }
    return false;
}

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

    RangeTblEntry* inner = CopyNode(rte);
    inner->alias = makeAlias("source", ColumnNames(CountColumns(rte->subquery)));
    inner->eref = CopyNode(inner->alias);
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

void FixInsert(Query* query, Oid relid) {
    query->targetList = SplitTargetList(query->targetList);
    bool override = query->override != OVERRIDING_NOT_SET || AssignsIdentity(relid, query->targetList);
    query->override = override && query->targetList != NIL ? OVERRIDING_SYSTEM_VALUE : OVERRIDING_NOT_SET;
    if (query->onConflict != nullptr && query->onConflict->action == ONCONFLICT_UPDATE)
        query->onConflict->onConflictSet =
            FixUpdateTargets(query->onConflict->onConflictSet, relid, query->resultRelation);

    ListCell* lc;
    foreach (lc, query->rtable) {
        auto* rte = lfirst_node(RangeTblEntry, lc);
        int index = foreach_current_index(lc) + 1;
        if (rte->rtekind == RTE_VALUES) FixValues(query, index, rte);
        if (rte->rtekind == RTE_SUBQUERY) FixSelect(query, index, rte);
    }
}

void FixMerge(Query* query, Oid relid) {
    ListCell* lc;
    foreach (lc, query->mergeActionList) {
        auto* action = lfirst_node(MergeAction, lc);
        action->targetList = SplitTargetList(action->targetList);
        if (action->commandType == CMD_UPDATE)
            action->targetList = FixUpdateTargets(action->targetList, relid, query->resultRelation);
        if (action->commandType == CMD_INSERT && AssignsIdentity(relid, action->targetList))
            action->override = OVERRIDING_SYSTEM_VALUE;
    }
}

int CountMultiassignIn(List* target_list) {
    int count = 0;
    ListCell* lc;
    foreach (lc, target_list) count += MultiassignParameter(lfirst_node(TargetEntry, lc)) != 0;
    return count;
}

}  // namespace

int CountMultiassign(const Query* query) {
    if (!query->hasSubLinks) return 0;
    if (query->commandType == CMD_UPDATE) return CountMultiassignIn(query->targetList);
    if (query->onConflict != nullptr) return CountMultiassignIn(query->onConflict->onConflictSet);
    return 0;
}

void FixAssignments(Query* query) {
    if (query->resultRelation == 0) return;
    Oid relid = rt_fetch(query->resultRelation, query->rtable)->relid;
    if (query->commandType == CMD_INSERT) FixInsert(query, relid);
    if (query->commandType == CMD_UPDATE)
        query->targetList = FixUpdateTargets(query->targetList, relid, query->resultRelation);
    if (query->commandType == CMD_MERGE) FixMerge(query, relid);
}

}  // namespace herd::deparse
