#include "planner/subqueries/sublink_spread.h"

#include "catalog/key_value.h"
#include "postgres/walk.h"

extern "C" {
#include <nodes/makefuncs.h>
}

namespace herd::planner {

namespace {

struct SubLinkContext {
    Level* level;
    const catalog::Group* group;
    List* filters;  // conditions that keep rows only where they are true
};

}  // namespace

static void CollectFilters(Node* item, List** filters) {
    if (IsA(item, JoinExpr)) {
        JoinExpr* join = (JoinExpr*)item;
        *filters = list_concat(*filters, make_ands_implicit((Expr*)join->quals));
        CollectFilters(join->larg, filters);
        CollectFilters(join->rarg, filters);
    } else if (IsA(item, FromExpr)) {
        *filters = list_concat(*filters, make_ands_implicit((Expr*)((FromExpr*)item)->quals));
        ListCell* cell;
        foreach (cell, ((FromExpr*)item)->fromlist) CollectFilters((Node*)lfirst(cell), filters);
    }
}

static const LevelKey* KeyOfParam(List* keys, const Node* side) {
    const Param* param = (const Param*)side;
    return IsA(param, Param) && param->paramkind == PARAM_SUBLINK ? FindOutputKey(keys, param->paramid) : nullptr;
}

// key IN (SELECT key …): what the row may equal is on its shard. (What it does not equal is elsewhere too, NULLs also.)
static bool IsMemberByKey(const SubLinkContext* context, SubLink* link, const Spread& members) {
    if (link->subLinkType != ANY_SUBLINK || members.residence != Residence::kSharded ||
        !list_member_ptr(context->filters, link))
        return false;
    ListCell* cell;
    foreach (cell, make_ands_implicit((Expr*)link->testexpr)) {
        const OpExpr* op = (const OpExpr*)lfirst(cell);
        if (!IsA(op, OpExpr) || !catalog::IsKeyEquality(op->opno, op->inputcollid, context->group->key_class)) continue;
        Var* column = PlainColumn(context->level, (Node*)linitial(op->args));
        if (column != nullptr && column->varlevelsup == 0 && FindPlacedColumn(context->level, column) != nullptr &&
            KeyOfParam(members.keys, (Node*)lsecond(op->args)) != nullptr)
            return true;
    }
    return false;
}

// Stops at one that the shard of the level's row can't answer alone.
static bool StrangerWalker(Node* node, void* argument) {
    SubLinkContext* context = (SubLinkContext*)argument;
    if (node == nullptr) return false;
    if (IsA(node, SubLink)) {
        SubLink* link = (SubLink*)node;
        Spread spread = SpreadOfQuery((Query*)link->subselect, context->level, context->group);
        bool answers = spread.residence == Residence::kEverywhere || spread.residence == Residence::kWithRow ||
                       IsMemberByKey(context, link, spread);
        return !answers || StrangerWalker(link->testexpr, argument);
    }
    return postgres::WalkExpression(node, StrangerWalker, argument);
}

bool HasStrangeSubLinks(Level* level, const catalog::Group* group) {
    if (!level->query->hasSubLinks) return false;
    SubLinkContext context = {level, group, NIL};
    context.filters = list_concat(NIL, make_ands_implicit((Expr*)level->query->havingQual));
    CollectFilters((Node*)level->query->jointree, &context.filters);
    return postgres::WalkQuery(level->query, StrangerWalker, &context,
                               QTW_IGNORE_RT_SUBQUERIES | QTW_IGNORE_CTE_SUBQUERIES);
}

}  // namespace herd::planner
