#include "planner/subqueries/fragment_subqueries.h"

#include "planner/query_facts.h"
#include "planner/subqueries/hard_sublinks.h"
#include "planner/subqueries/join_spread.h"
#include "planner/subqueries/kept_with.h"
#include "planner/subqueries/level_split.h"
#include "planner/subqueries/outer_references.h"
#include "planner/subqueries/relation_split.h"
#include "postgres/walk.h"

extern "C" {
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

// A mark is an identifier that PostgreSQL copies along and looks at only in whole statements. This part of it is ours.
static constexpr uint64 kMark = UINT64_C(0x4865726451000000);

static FragmentSubqueries* current;

FragmentSubqueries* EnterFragmentSubqueries(FragmentSubqueries* subqueries) {
    FragmentSubqueries* previous = current;
    current = subqueries;
    return previous;
}

void LeaveFragmentSubqueries(FragmentSubqueries* previous) { current = previous; }

FragmentSubqueries* CurrentSubqueries() { return current; }

static bool IsMarked(const Query* query) { return (query->queryId & ~UINT64_C(0xffffff)) == kMark; }

const Spread* MarkedSpread(const Query* query) {
    if (current == nullptr || !IsMarked(query)) return nullptr;
    uint64 number = query->queryId - kMark;
    if (number >= (uint64)list_length(current->spreads)) return nullptr;
    return (const Spread*)list_nth(current->spreads, (int)number);
}

static void MarkInside(Query* query, FragmentSubqueries* found);

// OFFSET 0 keeps conditions from being moved inside, where we would not see them.
static void SetMark(Query* query, FragmentSubqueries* found, const Spread& spread) {
    Spread* kept = (Spread*)palloc(sizeof(Spread));
    *kept = spread;
    query->queryId = kMark + (uint64)list_length(found->spreads);
    if (query->limitCount == nullptr && query->limitOffset == nullptr)
        query->limitOffset = (Node*)makeConst(INT8OID, -1, InvalidOid, sizeof(int64), Int64GetDatum(0), false, true);
    found->spreads = lappend(found->spreads, kept);
    found->permissions = list_concat(found->permissions, PermissionEntries(query));
    ListCell* cell;
    List* hoisted = MarkHoisted(query, spread.hoisting);
    foreach (cell, hoisted) MarkInside((Query*)lfirst(cell), found);
}

void RemoveMark(Query* query) {
    // An OFFSET 0 that was written does nothing else.
    if (!HasLimit(query)) query->limitOffset = nullptr;
    query->queryId = 0;
}

// ---- which subqueries ----

// PostgreSQL's rule for merging a subquery into the query around it, but for UNION ALL.
static bool IsMerged(const Query* query, bool security_barrier) {
    return !security_barrier && query->setOperations == nullptr && !query->hasAggs && !query->hasWindowFuncs &&
           !query->hasTargetSRFs && query->groupClause == NIL && query->groupingSets == NIL &&
           query->havingQual == nullptr && query->distinctClause == NIL && query->cteList == NIL &&
           query->sortClause == NIL && query->limitCount == nullptr && query->limitOffset == nullptr;
}

static bool IsLeft(Query* query, bool security_barrier) {
    return IsMerged(query, security_barrier) && !HasHardSubLink(query);
}

bool HasRowOutput(const Query* query) {
    ListCell* cell;
    foreach (cell, query->targetList) {
        char kind = get_typtype(getBaseType(exprType((Node*)((TargetEntry*)lfirst(cell))->expr)));
        if (kind == TYPTYPE_COMPOSITE || kind == TYPTYPE_PSEUDO) return true;
    }
    return false;
}

static bool MarkIfFragment(Query* query, bool security_barrier, FragmentSubqueries* found) {
    if (query->commandType != CMD_SELECT || IsLeft(query, security_barrier)) return false;
    // Whoever sorts a subquery may count on it, and the order would be lost on the way.
    if (query->sortClause != NIL && query != found->unordered) return false;
    if (DependsOutside(query) || HasRowOutput(query)) return false;
    Spread spread = FindSpread(query, nullptr);
    if (spread.residence != Residence::kSharded || HasPinnedArm(query, spread.group)) return false;
    SetMark(query, found, spread);
    return true;
}

// Of one row of this level: all of it is on that row's shard.
static bool MarkIfWithRow(Query* around, RangeTblEntry* rte, FragmentSubqueries* found) {
    Query* query = rte->subquery;
    if (!rte->lateral || IsLeft(query, rte->security_barrier) || RefersOutside(query, 2) || HasRowOutput(query))
        return false;
    Query* rest = WithoutHoisted(query, Hoisting::kAll);
    const catalog::Group* group = AnalyzeQuery(rest != nullptr ? rest : query).group;
    if (group == nullptr) return false;
    Level level = {nullptr, around, RelationKeys(around, group), true};
    Spread spread = FindSpread(query, &level);
    if (spread.residence != Residence::kWithRow) return false;
    SetMark(query, found, spread);
    return true;
}

namespace {

struct MarkContext {
    FragmentSubqueries* found;
    Query* around;
};

}  // namespace

static bool MarkWalker(Node* node, void* context);

static void SplitRelations(Query* query, FragmentSubqueries* found) {
    Spread spread;
    for (int rtindex = 1; rtindex <= list_length(query->rtable); rtindex++) {
        if (!HasHardSubLink(query) && !HasListFilter(query)) return;
        Query* part = SplitRelation(query, rtindex, &spread);
        if (part != nullptr) SetMark(part, found, spread);
    }
}

static void MarkInside(Query* query, FragmentSubqueries* found) {
    Spread spread;
    Query* part = SplitLevel(query, &spread);
    if (part != nullptr)
        SetMark(part, found, spread);
    else if (query->commandType == CMD_SELECT && query->rowMarks == NIL)
        SplitRelations(query, found);
    MarkContext context = {found, query};
    postgres::WalkQuery(query, MarkWalker, &context, QTW_EXAMINE_RTES_BEFORE | QTW_IGNORE_RT_SUBQUERIES);
}

static bool MarkWalker(Node* node, void* argument) {
    MarkContext* context = (MarkContext*)argument;
    FragmentSubqueries* found = context->found;
    if (node == nullptr) return false;
    if (IsA(node, RangeTblEntry)) {
        RangeTblEntry* rte = (RangeTblEntry*)node;
        if (rte->rtekind != RTE_SUBQUERY || IsMarked(rte->subquery)) return false;
        // An arm of a set operation is a query for itself.
        bool is_relation = context->around->setOperations == nullptr;
        if (!is_relation || (!MarkIfFragment(rte->subquery, rte->security_barrier, found) &&
                             !MarkIfWithRow(context->around, rte, found)))
            MarkInside(rte->subquery, found);
        return false;
    }
    if (IsA(node, CommonTableExpr)) {
        CommonTableExpr* cte = (CommonTableExpr*)node;
        Query* query = (Query*)cte->ctequery;
        if (!IsInlined(cte) || !MarkIfFragment(query, false, found)) MarkInside(query, found);
        return false;
    }
    if (IsA(node, SubLink) && ((SubLink*)node)->subLinkType == ANY_SUBLINK &&
        MarkIfFragment((Query*)((SubLink*)node)->subselect, false, found))
        return MarkWalker(((SubLink*)node)->testexpr, context);
    if (IsA(node, Query)) {
        MarkInside((Query*)node, found);
        return false;
    }
    return postgres::WalkExpression(node, MarkWalker, context);
}

FragmentSubqueries MarkFragmentSubqueries(Query* query, const Query* unordered) {
    FragmentSubqueries found = {unordered, NIL, NIL, NIL};
    MarkInside(query, &found);
    return found;
}

}  // namespace herd::planner
