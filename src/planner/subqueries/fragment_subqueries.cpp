#include "planner/subqueries/fragment_subqueries.h"

#include "planner/query_facts.h"
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

static const FragmentSubqueries* current;

const FragmentSubqueries* EnterFragmentSubqueries(const FragmentSubqueries* subqueries) {
    const FragmentSubqueries* previous = current;
    current = subqueries;
    return previous;
}

void LeaveFragmentSubqueries(const FragmentSubqueries* previous) { current = previous; }

const Spread* MarkedSpread(const Query* query) {
    if (current == nullptr || query->queryId < kMark) return nullptr;
    uint64 number = query->queryId - kMark;
    if (number >= (uint64)list_length(current->spreads)) return nullptr;
    return (const Spread*)list_nth(current->spreads, (int)number);
}

// OFFSET 0 keeps conditions from being moved inside, where we would not see them.
static void SetMark(Query* query, FragmentSubqueries* found, const Spread& spread) {
    Spread* kept = (Spread*)palloc(sizeof(Spread));
    *kept = spread;
    query->queryId = kMark + (uint64)list_length(found->spreads);
    query->limitOffset = (Node*)makeConst(INT8OID, -1, InvalidOid, sizeof(int64), Int64GetDatum(0), false, true);
    found->spreads = lappend(found->spreads, kept);
    found->permissions = list_concat(found->permissions, PermissionEntries(query));
}

void RemoveMark(Query* query) {
    query->queryId = 0;
    query->limitOffset = nullptr;
}

// ---- which subqueries ----

// PostgreSQL's rule for merging a subquery into the query around it, but for UNION ALL.
static bool IsMerged(const Query* query, bool security_barrier) {
    return !security_barrier && query->setOperations == nullptr && !query->hasAggs && !query->hasWindowFuncs &&
           !query->hasTargetSRFs && query->groupClause == NIL && query->groupingSets == NIL &&
           query->havingQual == nullptr && query->distinctClause == NIL && query->cteList == NIL;
}

static bool OuterReferenceWalker(Node* node, void* context) {
    int depth = *(int*)context;
    if (node == nullptr) return false;
    if (IsA(node, Var)) return (int)((Var*)node)->varlevelsup > depth;
    if (IsA(node, Aggref) && (int)((Aggref*)node)->agglevelsup > depth) return true;
    if (IsA(node, GroupingFunc) && (int)((GroupingFunc*)node)->agglevelsup > depth) return true;
    if (IsA(node, Query)) {
        int inner = depth + 1;
        return postgres::WalkQuery((Query*)node, OuterReferenceWalker, &inner, 0);
    }
    return postgres::WalkExpression(node, OuterReferenceWalker, context);
}

static bool RefersOutside(Query* query) {
    int depth = -1;
    return OuterReferenceWalker((Node*)query, &depth);
}

// Rows of a table's own type would come as rows of a shard's type.
static bool HasRowOutput(const Query* query) {
    ListCell* cell;
    foreach (cell, query->targetList) {
        char kind = get_typtype(getBaseType(exprType((Node*)((TargetEntry*)lfirst(cell))->expr)));
        if (kind == TYPTYPE_COMPOSITE || kind == TYPTYPE_PSEUDO) return true;
    }
    return false;
}

static bool MarkIfFragment(Query* query, bool security_barrier, FragmentSubqueries* found) {
    if (query->commandType != CMD_SELECT || IsMerged(query, security_barrier)) return false;
    // Whoever sorts a subquery may count on it, and the order would be lost on the way.
    if (query->sortClause != NIL || RefersOutside(query) || HasRowOutput(query)) return false;
    Spread spread = FindSpread(query, nullptr);
    if (spread.residence != Residence::kSharded) return false;
    SetMark(query, found, spread);
    return true;
}

// Does PostgreSQL put it in the place of its only reference?
static bool IsInlined(const CommonTableExpr* cte) {
    Query* query = (Query*)cte->ctequery;
    bool once = cte->ctematerialized == CTEMaterializeNever ||
                (cte->ctematerialized == CTEMaterializeDefault && cte->cterefcount == 1);
    return once && !cte->cterecursive && query->commandType == CMD_SELECT && !contain_volatile_functions((Node*)query);
}

static bool MarkWalker(Node* node, void* context);

static void MarkInside(Query* query, FragmentSubqueries* found) {
    postgres::WalkQuery(query, MarkWalker, found, QTW_EXAMINE_RTES_BEFORE | QTW_IGNORE_RT_SUBQUERIES);
}

static bool MarkWalker(Node* node, void* context) {
    FragmentSubqueries* found = (FragmentSubqueries*)context;
    if (node == nullptr) return false;
    if (IsA(node, RangeTblEntry)) {
        RangeTblEntry* rte = (RangeTblEntry*)node;
        if (rte->rtekind == RTE_SUBQUERY && !MarkIfFragment(rte->subquery, rte->security_barrier, found))
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

FragmentSubqueries MarkFragmentSubqueries(Query* query) {
    FragmentSubqueries found = {NIL, NIL};
    MarkInside(query, &found);
    return found;
}

}  // namespace herd::planner
