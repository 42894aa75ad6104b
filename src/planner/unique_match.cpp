#include "planner/unique_match.h"

extern "C" {
#include <access/table.h>
#include <access/stratnum.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/clauses.h>
#include <optimizer/optimizer.h>
#include <parser/parsetree.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/relcache.h>
}

namespace herd::planner {

namespace {

// A value of `given` or of no relation at all, the same for each row that is compared with it.
bool IsGiven(Node* value, int given) {
    Bitmapset* relations = pull_varnos(nullptr, value);
    bool is_given = given > 0 ? bms_is_subset(relations, bms_make_singleton(given)) : bms_is_empty(relations);
    return is_given && !contain_volatile_functions(value) && !contain_subplans(value);
}

bool IsColumn(Node* side, int rti, AttrNumber attno) {
    side = strip_implicit_coercions(side);
    if (IsA(side, RelabelType)) side = reinterpret_cast<Node*>((reinterpret_cast<RelabelType*>(side))->arg);
    auto* var = reinterpret_cast<Var*>(side);
    return IsA(var, Var) && static_cast<int>(var->varno) == rti && var->varattno == attno && var->varlevelsup == 0;
}

// Does a condition give column attno one value?
bool IsPinned(List* conditions, int rti, AttrNumber attno, Oid family, Oid collation, int given) {
    ListCell* cell;
    foreach (cell, conditions) {
        auto* condition = static_cast<OpExpr*>(lfirst(cell));
        if (!IsA(condition, OpExpr) || list_length(condition->args) != 2) continue;
        if (get_op_opfamily_strategy(condition->opno, family) != BTEqualStrategyNumber) continue;
        if (OidIsValid(collation) && condition->inputcollid != collation) continue;
        for (int side = 0; side < 2; side++)
            if (IsColumn(static_cast<Node*>(list_nth(condition->args, side)), rti, attno) &&
                IsGiven(static_cast<Node*>(list_nth(condition->args, 1 - side)), given))
                return true;
    }
    return false;
}

bool IsPinnedByIndex(List* conditions, int rti, Oid index, int given) {
    Relation relation = RelationIdGetRelation(index);
    Form_pg_index form = relation->rd_index;
    bool is_pinned = form->indisunique && form->indimmediate && form->indisvalid &&
                     RelationGetIndexPredicate(relation) == NIL && RelationGetIndexExpressions(relation) == NIL;
    for (int i = 0; is_pinned && i < form->indnkeyatts; i++)
        is_pinned = IsPinned(conditions, rti, form->indkey.values[i], relation->rd_opfamily[i],
                             relation->rd_indcollation[i], given);
    RelationClose(relation);
    return is_pinned;
}

}  // namespace

bool MatchesOnce(const Query* query, List* conditions, int rti, int given) {
    RangeTblEntry* rte = rt_fetch(rti, query->rtable);
    if (rte->rtekind != RTE_RELATION) return false;
    Relation relation = table_open(rte->relid, NoLock);
    bool matches_once = false;
    ListCell* cell;
    foreach (cell, RelationGetIndexList(relation))
        matches_once = matches_once || IsPinnedByIndex(conditions, rti, lfirst_oid(cell), given);
    table_close(relation, NoLock);
    return matches_once;
}

bool HasOneRow(const Query* query) {
    if (query->commandType != CMD_SELECT || query->setOperations != nullptr || query->hasTargetSRFs) return false;
    if (list_length(query->jointree->fromlist) != 1 || query->hasModifyingCTE) return false;
    auto* item = static_cast<RangeTblRef*>(linitial(query->jointree->fromlist));
    if (!IsA(item, RangeTblRef) || query->groupingSets != NIL) return false;
    Node* quals = query->jointree->quals;
    List* conditions = quals != nullptr && IsA(quals, List) ? reinterpret_cast<List*>(quals)
                                                            : make_ands_implicit(reinterpret_cast<Expr*>(quals));
    return MatchesOnce(query, conditions, item->rtindex, 0);
}

}  // namespace herd::planner
