#include "planner/reference_order.h"

#include "planner/unique_match.h"
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

// Which of several matching rows an UPDATE takes, only their order says.
bool TakesOneOfSeveral(const Query* query) {
    if (query->commandType != CMD_UPDATE) return false;
    List* conditions = make_ands_implicit(reinterpret_cast<Expr*>(query->jointree->quals));
    ListCell* cell;
    foreach (cell, query->jointree->fromlist) {
        auto* item = static_cast<RangeTblRef*>(lfirst(cell));
        if (!IsA(item, RangeTblRef)) return true;
        if (item->rtindex != query->resultRelation &&
            !MatchesOnce(query, conditions, item->rtindex, query->resultRelation))
            return true;
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
