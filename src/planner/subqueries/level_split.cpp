#include "planner/subqueries/level_split.h"

#include "planner/router/pins.h"
#include "planner/shipping.h"
#include "planner/subqueries/hard_sublinks.h"
#include "planner/subqueries/kept_with.h"
#include "planner/subqueries/lift.h"
#include "planner/subqueries/outer_query.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/clauses.h>
#include <optimizer/optimizer.h>
#include <parser/parsetree.h>
#include <rewrite/rewriteManip.h>
}

namespace herd::planner {

bool HasPinnedArm(Query* query, const catalog::Group* group) {
    if (query->setOperations == nullptr || FindPins(query, group, false).result == PinResult::kOne) return false;
    ListCell* cell;
    foreach (cell, query->rtable) {
        const RangeTblEntry* rte = (RangeTblEntry*)lfirst(cell);
        if (rte->rtekind == RTE_SUBQUERY && FindPins(rte->subquery, group, false).result == PinResult::kOne)
            return true;
    }
    return false;
}

static constexpr char kPartName[] = "part";

static bool LimitReadsWith(const Query* query) {
    return ReadsOwnWith(query->limitCount) || ReadsOwnWith(query->limitOffset);
}

// ---- all of it ----

// Nothing of the subquery is junk: the rows are still to be sorted by it.
static Query* WithoutOrder(const Query* query) {
    Query* part = (Query*)copyObject(query);
    part->queryId = 0;
    part->sortClause = NIL;
    part->limitCount = part->limitOffset = nullptr;
    part->limitOption = LIMIT_OPTION_COUNT;
    ListCell* cell;
    foreach (cell, part->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        if (entry->resjunk) entry->resname = psprintf("c%d", entry->resno);
        entry->resjunk = false;
    }
    return part;
}

static Query* SplitOrder(Query* query, Spread* spread) {
    // Which row of several it takes depends on the order.
    if (query->hasDistinctOn || LimitReadsWith(query)) return nullptr;
    Query* part = WithoutOrder(query);
    if (!IsSharded(part, spread) || HasPinnedArm(part, spread->group)) return nullptr;
    Query* outer = MakeOuterQuery(query);
    ListCell* cell;
    foreach (cell, query->targetList) {
        const TargetEntry* inner = (TargetEntry*)lfirst(cell);
        // What only groups and windows need stays inside.
        if (inner->resjunk && get_sortgroupref_clause_noerr(inner->ressortgroupref, query->sortClause) == nullptr)
            continue;
        TargetEntry* entry = MakeOuterColumn(inner);
        entry->resno = list_length(outer->targetList) + 1;
        outer->targetList = lappend(outer->targetList, entry);
    }
    ReadFrom(outer, part, kPartName, NIL);
    *query = *outer;
    return part;
}

// ---- its joins ----

static bool Accepts(Query* part, Spread* spread, List* conditions) {
    part->jointree->quals = conditions == NIL ? nullptr : (Node*)make_ands_explicit(conditions);
    return IsSharded(part, spread);
}

// A list that a join would read better is not hoisted.
static bool TakesCondition(Query* part, Spread* spread, List** sent, Node* condition) {
    Hoisting before = spread->hoisting;
    List* more = lappend(list_copy(*sent), condition);
    bool taken = Accepts(part, spread, more);
    bool hoists = spread->hoisting == Hoisting::kAll && before != Hoisting::kAll;
    if (!taken || (hoists && !IsHard(condition) && !IsListFilter(condition))) {
        spread->hoisting = before;
        return false;
    }
    *sent = more;
    return true;
}

// Conditions that only shards can check well go to the part, if they can; others stay above.
static bool DivideConditions(Query* part, Spread* spread, List** kept, bool* gained) {
    List* conditions = make_ands_implicit((Expr*)part->jointree->quals);
    List* sent = NIL;
    List* uncertain = NIL;
    List* filters = NIL;
    ListCell* cell;
    foreach (cell, conditions) {
        Node* condition = (Node*)lfirst(cell);
        List** place = IsListFilter(condition)            ? &filters
                       : checkExprHasSubLink(condition)   ? &uncertain
                       : IsShippableExpression(condition) ? &sent
                                                          : kept;
        *place = lappend(*place, condition);
    }
    if (!Accepts(part, spread, sent)) return false;
    uncertain = list_concat(uncertain, filters);
    foreach (cell, uncertain) {
        Node* condition = (Node*)lfirst(cell);
        if (TakesCondition(part, spread, &sent, condition))
            *gained |= IsHard(condition);
        else
            *kept = lappend(*kept, condition);
    }
    if (!Accepts(part, spread, sent)) return false;
    *gained |= HasListFilter(part);
    return true;
}

static Query* JoinsOf(const Query* query) {
    Query* part = makeNode(Query);
    part->commandType = CMD_SELECT;
    part->canSetTag = true;
    part->rtable = (List*)copyObject(query->rtable);
    part->jointree = (FromExpr*)copyObject(query->jointree);
    part->cteList = (List*)copyObject(query->cteList);
    part->hasRecursive = query->hasRecursive;
    part->hasSubLinks = true;
    part->hasRowSecurity = query->hasRowSecurity;
    return part;
}

static Query* SplitJoins(Query* query, Spread* spread) {
    if (query->rowMarks != NIL || query->jointree->fromlist == NIL || LimitReadsWith(query)) return nullptr;
    Query* part = JoinsOf(query);
    bool gained = KeepsShardRows(query);
    List* conditions = NIL;
    if (!DivideConditions(part, spread, &conditions, &gained)) return nullptr;
    bool grouped = IsGrouped(query);
    Lifting lifting = {part, 0, 0, !grouped, conditions != NIL, gained};
    List* targets = LiftTargets(query, &lifting);
    Node* having = Lift(query->havingQual, &lifting);
    lifting.may_lift = false;
    conditions = (List*)Lift((Node*)conditions, &lifting);
    if (!lifting.gained || !IsSharded(part, spread)) return nullptr;
    if (ReadsOwnWith((Node*)targets) || ReadsOwnWith(having) || ReadsOwnWith((Node*)conditions)) return nullptr;
    query->targetList = targets;
    query->havingQual = having;
    ReadFrom(query, part, kPartName, conditions);
    query->hasSubLinks = checkExprHasSubLink((Node*)targets) || checkExprHasSubLink(having) ||
                         checkExprHasSubLink((Node*)conditions) || checkExprHasSubLink(query->limitCount) ||
                         checkExprHasSubLink(query->limitOffset);
    return part;
}

Query* SplitLevel(Query* query, Spread* spread) {
    if (query->commandType != CMD_SELECT || query->rowMarks != NIL) return nullptr;
    // A limit may be what ends the recursion.
    if (query->hasRecursive && HasLimit(query)) return nullptr;
    bool has_inner_work = HasHardSubLink(query) || HasListFilter(query) || KeepsShardRows(query);
    bool has_upper_work = query->setOperations != nullptr || query->hasWindowFuncs || query->groupingSets != NIL;
    if (!has_inner_work && !has_upper_work) return nullptr;
    Query* part = SplitOrder(query, spread);
    if (part == nullptr && has_inner_work && query->setOperations == nullptr) part = SplitJoins(query, spread);
    return part;
}

}  // namespace herd::planner
