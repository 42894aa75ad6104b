#include "planner/reference_order.h"

#include "postgres/walk.h"

extern "C" {
#include <access/stratnum.h>
#include <access/table.h>
#include <access/transam.h>
#include <catalog/pg_index.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <optimizer/optimizer.h>
#include <parser/parsetree.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/relcache.h>
#include <utils/syscache.h>
}

namespace herd::planner {

namespace {

// Sums of floating-point numbers depend on the order; arrays and texts are made in it.
bool IsOrderFreeAggregate(const Aggref* aggregate) {
    if (aggregate->aggfnoid >= FirstNormalObjectId) return false;
    static constexpr const char* kAlways[] = {"count",   "min",   "max",     "bool_and",
                                              "bool_or", "every", "bit_and", "bit_or"};
    const char* name = get_func_name(aggregate->aggfnoid);
    for (const char* always : kAlways)
        if (strcmp(name, always) == 0) return true;
    Oid type = aggregate->aggargtypes == NIL ? InvalidOid : linitial_oid(aggregate->aggargtypes);
    bool is_exact = type == INT2OID || type == INT4OID || type == INT8OID || type == NUMERICOID;
    return is_exact && (strcmp(name, "sum") == 0 || strcmp(name, "avg") == 0);
}

const char* DependentPart(const Query* query) {
    if (query->limitCount != nullptr || query->limitOffset != nullptr) return "LIMIT";
    if (query->hasDistinctOn) return "DISTINCT ON";
    return query->hasWindowFuncs ? "a window function" : nullptr;
}

extern "C" {

static bool FindDependentPart(Node* node, void* context) {
    auto** part = static_cast<const char**>(context);
    if (node == nullptr) return false;
    if (IsA(node, Query)) {
        *part = DependentPart(castNode(Query, node));
        return *part != nullptr || postgres::WalkQuery(castNode(Query, node), FindDependentPart, context, 0);
    }
    if (IsA(node, Aggref) && !IsOrderFreeAggregate(castNode(Aggref, node))) {
        *part = psprintf("aggregate %s", get_func_name(castNode(Aggref, node)->aggfnoid));
        return true;
    }
    return postgres::WalkExpression(node, FindDependentPart, context);
}
}

// Does a condition give column attno of relation rti one value for each row of the target?
bool IsPinned(const Query* query, List* conditions, int rti, AttrNumber attno, Oid family) {
    ListCell* cell;
    foreach (cell, conditions) {
        auto* condition = static_cast<OpExpr*>(lfirst(cell));
        if (!IsA(condition, OpExpr) || list_length(condition->args) != 2) continue;
        if (get_op_opfamily_strategy(condition->opno, family) != BTEqualStrategyNumber) continue;
        for (int side = 0; side < 2; side++) {
            Node* column = strip_implicit_coercions(static_cast<Node*>(list_nth(condition->args, side)));
            if (IsA(column, RelabelType))
                column = reinterpret_cast<Node*>((reinterpret_cast<RelabelType*>(column))->arg);
            auto* var = reinterpret_cast<Var*>(column);
            if (!IsA(var, Var) || static_cast<int>(var->varno) != rti || var->varattno != attno) continue;
            Bitmapset* others = pull_varnos(nullptr, static_cast<Node*>(list_nth(condition->args, 1 - side)));
            if (bms_is_subset(others, bms_make_singleton(query->resultRelation))) return true;
        }
    }
    return false;
}

bool IsPinnedByIndex(const Query* query, List* conditions, int rti, Oid index) {
    Relation relation = RelationIdGetRelation(index);
    Form_pg_index form = relation->rd_index;
    bool is_pinned = form->indisunique && form->indimmediate && form->indisvalid &&
                     RelationGetIndexPredicate(relation) == NIL && RelationGetIndexExpressions(relation) == NIL;
    for (int i = 0; is_pinned && i < form->indnkeyatts; i++)
        is_pinned = IsPinned(query, conditions, rti, form->indkey.values[i], relation->rd_opfamily[i]);
    RelationClose(relation);
    return is_pinned;
}

// Does each row of the target meet one row of the relation at most?
bool MatchesOnce(const Query* query, List* conditions, int rti) {
    RangeTblEntry* rte = rt_fetch(rti, query->rtable);
    if (rte->rtekind != RTE_RELATION) return false;
    Relation relation = table_open(rte->relid, NoLock);
    bool matches_once = false;
    ListCell* cell;
    foreach (cell, RelationGetIndexList(relation))
        matches_once = matches_once || IsPinnedByIndex(query, conditions, rti, lfirst_oid(cell));
    table_close(relation, NoLock);
    return matches_once;
}

// Which of several matching rows an UPDATE takes, only their order says.
bool TakesOneOfSeveral(const Query* query) {
    if (query->commandType != CMD_UPDATE) return false;
    List* conditions = make_ands_implicit(reinterpret_cast<Expr*>(query->jointree->quals));
    ListCell* cell;
    foreach (cell, query->jointree->fromlist) {
        auto* item = static_cast<RangeTblRef*>(lfirst(cell));
        if (!IsA(item, RangeTblRef)) return true;
        if (item->rtindex != query->resultRelation && !MatchesOnce(query, conditions, item->rtindex)) return true;
    }
    return false;
}

}  // namespace

std::optional<Reason> FindOrderDependence(Query* query) {
    const char* part = nullptr;
    FindDependentPart(reinterpret_cast<Node*>(query), &part);
    if (part == nullptr && TakesOneOfSeveral(query)) part = "FROM with possibly several rows for a row of the target";
    if (part == nullptr) return std::nullopt;
    return Reason{kFeatureNotSupported, psprintf("%s is not supported in a write of a reference table", part),
                  "The result can depend on the order of rows, which may differ between the table's copies.",
                  "Read the rows in a statement of their own, and write what it found."};
}

}  // namespace herd::planner
