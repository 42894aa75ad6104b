#include "planner/subqueries/hoisted_sublinks.h"

#include "planner/query_facts.h"
#include "planner/shipping.h"
#include "planner/subqueries/hoisted_values_query.h"
#include "planner/subqueries/outer_references.h"
#include "postgres/walk.h"

extern "C" {
#include <nodes/nodeFuncs.h>
}

namespace herd::planner {

// An identifier of a subquery that nobody else looks at, see fragment_subqueries.cpp.
static constexpr uint64 kHoisted = UINT64_C(0x4865726452000000);

// ---- which ones ----

static bool IsKnownKind(const SubLink* link) {
    return YieldsList(link) || link->subLinkType == EXPR_SUBLINK || link->subLinkType == ROWCOMPARE_SUBLINK ||
           link->subLinkType == EXISTS_SUBLINK || link->subLinkType == ARRAY_SUBLINK;
}

static bool ListTravels(const Query* query) {
    ListCell* cell;
    foreach (cell, query->targetList) {
        const TargetEntry* entry = (const TargetEntry*)lfirst(cell);
        Node* column = (Node*)entry->expr;
        if (!entry->resjunk && !TravelsInArray(exprType(column), exprCollation(column))) return false;
    }
    return true;
}

static bool MayFindSeveralRows(const SubLink* link) {
    const Query* query = (const Query*)link->subselect;
    bool is_one_row = query->hasAggs && query->groupClause == NIL && query->groupingSets == NIL;
    return (link->subLinkType == EXPR_SUBLINK || link->subLinkType == ROWCOMPARE_SUBLINK) && !is_one_row;
}

namespace {

struct Outside {
    int level;     // of the query that is looked at, below the subquery
    int distance;  // levels from the subquery to outside of the query that it is hoisted from
    bool with;     // reads WITH from there
};

}  // namespace

// Stops at what comes from between.
static bool BetweenWalker(Node* node, void* argument) {
    Outside* outside = (Outside*)argument;
    if (node == nullptr) return false;
    if (IsA(node, Var)) return (int)((Var*)node)->varlevelsup > outside->level;
    if (IsA(node, Aggref) && (int)((Aggref*)node)->agglevelsup > outside->level) return true;
    if (IsA(node, GroupingFunc) && (int)((GroupingFunc*)node)->agglevelsup > outside->level) return true;
    if (IsA(node, RangeTblEntry)) {
        const RangeTblEntry* rte = (const RangeTblEntry*)node;
        if (rte->rtekind != RTE_CTE || (int)rte->ctelevelsup <= outside->level) return false;
        outside->with = true;
        return (int)rte->ctelevelsup < outside->level + outside->distance;
    }
    if (IsA(node, Query)) {
        outside->level++;
        bool found = postgres::WalkQuery((Query*)node, BetweenWalker, argument, QTW_EXAMINE_RTES_BEFORE);
        outside->level--;
        return found;
    }
    return postgres::WalkExpression(node, BetweenWalker, argument);
}

// depth: of the subquery's level below the query; conditional: not computed for every row.
static bool IsHoisted(const SubLink* link, Hoisting hoisting, int depth, bool conditional) {
    Query* query = (Query*)link->subselect;
    if (!IsKnownKind(link) || hoisting == Hoisting::kNone || query->commandType != CMD_SELECT) return false;
    if (conditional && MayFindSeveralRows(link)) return false;
    Outside outside = {-1, depth + 2, false};
    if (BetweenWalker((Node*)query, &outside)) return false;
    QueryFacts facts = AnalyzeQuery(query);
    if (facts.has_row_marks || facts.has_modifying_cte) return false;
    if (!YieldsList(link)) return true;
    bool is_elsewhere = facts.group != nullptr || facts.has_local_relation || outside.with;
    return hoisting == Hoisting::kAll && is_elsewhere && ListTravels(query);
}

// ---- visiting them ----

namespace {

struct HoistContext {
    Hoisting hoisting;  // kNone: those that are marked
    HoistedValues values;
    void* argument;
    int depth;
    bool conditional;
    bool found;
};

}  // namespace

static bool IsMarked(const SubLink* link) { return ((Query*)link->subselect)->queryId == kHoisted; }

static bool Chosen(const HoistContext* context, const SubLink* link) {
    if (context->hoisting == Hoisting::kNone) return IsMarked(link);
    return IsHoisted(link, context->hoisting, context->depth, context->conditional);
}

static Node* HoistMutator(Node* node, void* argument) {
    HoistContext* context = (HoistContext*)argument;
    if (node == nullptr) return nullptr;
    if (IsA(node, Query)) {
        HoistContext inner = *context;
        inner.depth++;
        inner.conditional = false;
        Node* result = (Node*)postgres::MutateQuery((Query*)node, HoistMutator, &inner, 0);
        context->found |= inner.found;
        return result;
    }
    if (IsA(node, SubLink) && Chosen(context, (SubLink*)node)) {
        SubLink* link = (SubLink*)node;
        context->found = true;
        SubLink rest = *link;
        rest.testexpr = HoistMutator(link->testexpr, context);
        return StandIn(&rest, context->values(SelectValues(link, context->depth), context->argument));
    }
    if (IsA(node, CaseExpr) || IsA(node, CoalesceExpr)) {
        HoistContext inside = *context;
        inside.conditional = true;
        Node* result = postgres::MutateExpression(node, HoistMutator, &inside);
        context->found |= inside.found;
        return result;
    }
    return postgres::MutateExpression(node, HoistMutator, argument);
}

static Query* Replace(Query* query, HoistContext* context) {
    return postgres::MutateQuery(query, HoistMutator, context, 0);
}

static bool SubLinkWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, SubLink)) return true;
    if (IsA(node, Query)) return postgres::WalkQuery((Query*)node, SubLinkWalker, context, 0);
    return postgres::WalkExpression(node, SubLinkWalker, context);
}

// A parameter of its own for every value, like those that the planner will make.
static List* Placeholders(Query* subquery, void* argument) {
    int* number = (int*)argument;
    List* values = NIL;
    ListCell* cell;
    foreach (cell, subquery->targetList) {
        const TargetEntry* entry = (const TargetEntry*)lfirst(cell);
        if (entry->resjunk) continue;
        Param* param = makeNode(Param);
        param->paramkind = PARAM_EXEC;
        param->paramid = --*number;
        param->paramtype = exprType((Node*)entry->expr);
        param->paramtypmod = exprTypmod((Node*)entry->expr);
        param->paramcollid = exprCollation((Node*)entry->expr);
        param->location = -1;
        values = lappend(values, param);
    }
    return values;
}

Query* WithoutHoisted(Query* query, Hoisting hoisting) {
    if (!SubLinkWalker((Node*)query, nullptr)) return nullptr;
    int number = 0;
    HoistContext context = {hoisting, Placeholders, &number, 0, false, false};
    Query* rest = Replace(query, &context);
    return context.found ? rest : nullptr;
}

bool DependsOutside(Query* query) {
    if (!RefersOutside(query, 1)) return false;
    Query* rest = WithoutHoisted(query, Hoisting::kAll);
    return rest == nullptr || RefersOutside(rest, 1);
}

Query* ReplaceHoisted(Query* query, HoistedValues values, void* argument) {
    HoistContext context = {Hoisting::kNone, values, argument, 0, false, false};
    return Replace(query, &context);
}

// ---- marks ----

namespace {

struct MarkingContext {
    Hoisting hoisting;
    List* subqueries;
    int depth;
    bool conditional;
};

}  // namespace

static bool MarkingWalker(Node* node, void* argument) {
    MarkingContext* context = (MarkingContext*)argument;
    if (node == nullptr) return false;
    bool conditional = context->conditional;
    if (IsA(node, Query)) {
        context->depth++;
        context->conditional = false;
        postgres::WalkQuery((Query*)node, MarkingWalker, argument, 0);
        context->depth--;
    } else if (IsA(node, SubLink) && IsHoisted((SubLink*)node, context->hoisting, context->depth, conditional)) {
        Query* subquery = (Query*)((SubLink*)node)->subselect;
        subquery->queryId = kHoisted;
        context->subqueries = lappend(context->subqueries, subquery);
        MarkingWalker(((SubLink*)node)->testexpr, argument);
    } else {
        context->conditional = conditional || IsA(node, CaseExpr) || IsA(node, CoalesceExpr);
        postgres::WalkExpression(node, MarkingWalker, argument);
    }
    context->conditional = conditional;
    return false;
}

List* MarkHoisted(Query* query, Hoisting hoisting) {
    MarkingContext context = {hoisting, NIL, 0, false};
    if (hoisting != Hoisting::kNone) postgres::WalkQuery(query, MarkingWalker, &context, 0);
    return context.subqueries;
}

static bool MarkedWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, SubLink) && IsMarked((SubLink*)node)) return true;
    if (IsA(node, Query)) return postgres::WalkQuery((Query*)node, MarkedWalker, context, 0);
    return postgres::WalkExpression(node, MarkedWalker, context);
}

bool HasHoisted(Query* query) { return MarkedWalker((Node*)query, nullptr); }

}  // namespace herd::planner
