// The rewriter sorts a target list by column, merges assignments to parts of one column and adds defaults. The deparser
// prints target lists as they were before that.
#include "deparse/query_fixes.h"

#include "deparse/assigned_parts.h"
#include "deparse/insert_source.h"
#include "postgres/error.h"

extern "C" {
#include <access/htup_details.h>
#include <catalog/pg_attribute.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <parser/parsetree.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::deparse {

namespace {

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

void FixInsert(Query* query, Oid relid) {
    query->targetList = SplitTargetList(query->targetList);
    bool override = query->override != OVERRIDING_NOT_SET || AssignsIdentity(relid, query->targetList);
    query->override = override && query->targetList != NIL ? OVERRIDING_SYSTEM_VALUE : OVERRIDING_NOT_SET;
    if (query->onConflict != nullptr && query->onConflict->action == ONCONFLICT_UPDATE)
        query->onConflict->onConflictSet =
            FixUpdateTargets(query->onConflict->onConflictSet, relid, query->resultRelation);
    FixInsertSource(query);
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
