#include "planner/subqueries/spread.h"

#include "planner/query_facts.h"
#include "planner/reference_order.h"
#include "planner/shipping.h"
#include "planner/subqueries/join_spread.h"
#include "planner/subqueries/sublink_spread.h"
#include "postgres/walk.h"

extern "C" {
#include <catalog/pg_type.h>
#include <nodes/nodeFuncs.h>
#include <parser/parsetree.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

static const Spread kNowhere = {Residence::kElsewhere, nullptr, InvalidOid, NIL};

static bool IsZero(Node* bound) {
    return IsA(bound, Const) && !((Const*)bound)->constisnull && DatumGetInt64(((Const*)bound)->constvalue) == 0;
}

bool HasLimit(const Query* query) {
    return query->limitCount != nullptr || (query->limitOffset != nullptr && !IsZero(query->limitOffset));
}

static LevelKey* MakeOutputKey(AttrNumber column, bool may_be_null) {
    LevelKey* key = (LevelKey*)palloc0(sizeof(LevelKey));
    *key = {0, column, may_be_null};
    return key;
}

// ---- set operations ----

// Keys of both arms in the same place; an arm without rows of shards has none of its own to say against it.
static List* CommonKeys(const Spread& left, const Spread& right) {
    if (left.residence == Residence::kEverywhere) return right.keys;
    if (right.residence == Residence::kEverywhere) return left.keys;
    List* keys = NIL;
    ListCell* cell;
    foreach (cell, left.keys) {
        const LevelKey* key = (const LevelKey*)lfirst(cell);
        const LevelKey* other = FindOutputKey(right.keys, key->attno);
        if (other != nullptr) keys = lappend(keys, MakeOutputKey(key->attno, key->may_be_null || other->may_be_null));
    }
    return keys;
}

static bool HasSureKey(List* keys) {
    ListCell* cell;
    foreach (cell, keys)
        if (!((LevelKey*)lfirst(cell))->may_be_null) return true;
    return false;
}

static bool IsSharded(const Spread& spread) { return spread.residence == Residence::kSharded; }

static Spread CombineArms(const SetOperationStmt* operation, const Spread& left, const Spread& right) {
    if (left.residence == Residence::kElsewhere || right.residence == Residence::kElsewhere) return kNowhere;
    Spread combined = IsSharded(right) ? right : left;
    if (!IsSharded(left) && !IsSharded(right)) {
        bool with_row = left.residence == Residence::kWithRow || right.residence == Residence::kWithRow;
        combined.residence = with_row ? Residence::kWithRow : Residence::kEverywhere;
        combined.keys = NIL;
        return combined;
    }
    combined.keys = CommonKeys(left, right);
    bool is_union = operation->op == SETOP_UNION;
    // What is everywhere would come from every shard.
    if (is_union && !(IsSharded(left) && IsSharded(right))) return kNowhere;
    if (operation->op == SETOP_EXCEPT && !IsSharded(left)) return kNowhere;
    if (left.residence == Residence::kWithRow || right.residence == Residence::kWithRow) return kNowhere;
    // Equal rows must meet.
    if (!(is_union && operation->all) && !HasSureKey(combined.keys)) return kNowhere;
    return combined;
}

static Spread SpreadOfArm(Level* level, const catalog::Group* group, Node* arm) {
    if (IsA(arm, RangeTblRef)) {
        const RangeTblEntry* rte = rt_fetch(((RangeTblRef*)arm)->rtindex, level->query->rtable);
        return SpreadOfQuery(rte->subquery, level, group);
    }
    SetOperationStmt* operation = castNode(SetOperationStmt, arm);
    ListCell* cell;
    foreach (cell, operation->colCollations)
        if (OidIsValid(lfirst_oid(cell)) && !get_collation_isdeterministic(lfirst_oid(cell))) return kNowhere;
    return CombineArms(operation, SpreadOfArm(level, group, operation->larg),
                       SpreadOfArm(level, group, operation->rarg));
}

// ---- WITH RECURSIVE ----

static bool SameKeys(List* one, List* other) {
    if (list_length(one) != list_length(other)) return false;
    ListCell* cell;
    foreach (cell, one) {
        const LevelKey* key = (const LevelKey*)lfirst(cell);
        const LevelKey* same = FindOutputKey(other, key->attno);
        if (same == nullptr || same->may_be_null != key->may_be_null) return false;
    }
    return true;
}

// CYCLE can be written again with values of few types.
static bool IsPrintable(const CommonTableExpr* cte) {
    if (cte->cycle_clause == nullptr) return true;
    Oid type = cte->cycle_clause->cycle_mark_type;
    return type == BOOLOID || type == INT4OID || type == NUMERICOID || type == TEXTOID;
}

// What is found from rows of one shard must be on that shard again. Keys that this doesn't hold for are none.
Spread SpreadOfRecursion(const CommonTableExpr* cte, const Level* around, const catalog::Group* group) {
    Query* query = (Query*)cte->ctequery;
    if (query->setOperations == nullptr || query->rowMarks != NIL || query->hasModifyingCTE || !IsPrintable(cte))
        return kNowhere;
    Level level = {around, query, NIL, false};
    const SetOperationStmt* operation = castNode(SetOperationStmt, query->setOperations);
    Spread rows = SpreadOfArm(&level, group, operation->larg);
    Spread before;
    do {
        if (rows.residence == Residence::kElsewhere) return kNowhere;
        before = rows;
        FoundRows found = {cte->ctename, &before};
        Level with_found = *around;
        with_found.found = &found;
        level.outer = &with_found;
        rows = SpreadOfArm(&level, group, query->setOperations);
        if (rows.residence != before.residence) return kNowhere;
    } while (!SameKeys(rows.keys, before.keys));
    return rows;
}

// ---- grouping and what follows ----

static bool IsSureKey(const Level* level, Node* expression) {
    Var* column = PlainColumn(level, expression);
    if (column == nullptr || column->varlevelsup > 0) return false;
    const LevelKey* key = FindPlacedColumn(level, column);
    return key != nullptr && !key->may_be_null;
}

static bool IsSureKeyReference(const Level* level, Index reference) {
    ListCell* cell;
    foreach (cell, level->query->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        if (entry->ressortgroupref == reference) return IsSureKey(level, (Node*)entry->expr);
    }
    return false;
}

static bool HasSureKeyClause(const Level* level, List* clauses) {
    ListCell* cell;
    foreach (cell, clauses)
        if (IsSureKeyReference(level, ((SortGroupClause*)lfirst(cell))->tleSortGroupRef)) return true;
    return false;
}

static bool IsSetByKey(const Level* level, const GroupingSet* set) {
    ListCell* cell;
    if (set->kind == GROUPING_SET_SIMPLE) {
        foreach (cell, set->content)
            if (IsSureKeyReference(level, lfirst_int(cell))) return true;
        return false;
    }
    if (set->kind != GROUPING_SET_SETS) return false;
    foreach (cell, set->content)
        if (!IsSetByKey(level, (GroupingSet*)lfirst(cell))) return false;
    return true;
}

static bool GroupsByKey(const Level* level) {
    Query* query = level->query;
    if (query->groupingSets == NIL) return HasSureKeyClause(level, query->groupClause);
    ListCell* cell;
    // Each combines with the others.
    foreach (cell, query->groupingSets)
        if (IsSetByKey(level, (GroupingSet*)lfirst(cell))) return true;
    return false;
}

// Do rows of different shards never meet after the joins?
static bool StaysApart(const Level* level) {
    Query* query = level->query;
    if (HasLimit(query)) return false;
    bool groups =
        query->hasAggs || query->groupClause != NIL || query->groupingSets != NIL || query->havingQual != nullptr;
    if (groups && !GroupsByKey(level)) return false;
    if (query->distinctClause != NIL && !HasSureKeyClause(level, query->distinctClause)) return false;
    ListCell* cell;
    if (query->hasWindowFuncs)
        foreach (cell, query->windowClause)
            if (!HasSureKeyClause(level, ((WindowClause*)lfirst(cell))->partitionClause)) return false;
    return true;
}

// A column of an outer row equals the key of this level's rows only if they are on its shard.
static List* OutputKeys(const Level* level, bool with_row) {
    List* keys = NIL;
    ListCell* cell;
    foreach (cell, level->query->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        Var* column = entry->resjunk ? nullptr : PlainColumn(level, (Node*)entry->expr);
        if (column == nullptr || (column->varlevelsup > 0 && !with_row)) continue;
        const LevelKey* key = FindPlacedColumn(level, column);
        if (key != nullptr) keys = lappend(keys, MakeOutputKey(entry->resno, key->may_be_null));
    }
    return keys;
}

// ---- a whole query ----

Spread SpreadOfQuery(Query* query, const Level* outer, const catalog::Group* group) {
    if (query->commandType != CMD_SELECT || query->hasModifyingCTE || query->rowMarks != NIL) return kNowhere;
    Level level = {outer, query, NIL, false};
    if (query->setOperations != nullptr) {
        Spread spread = SpreadOfArm(&level, group, query->setOperations);
        if (IsSharded(spread) && HasLimit(query)) return kNowhere;
        if (spread.residence == Residence::kEverywhere && FindOrderDependence(query).has_value()) return kNowhere;
        return spread;
    }
    Spread spread = {SpreadOfJoinTree(&level, group), group, InvalidOid, NIL};
    if (spread.residence == Residence::kElsewhere || HasStrangeSubLinks(&level, group)) return kNowhere;
    // Copies may have their rows in different order.
    if (spread.residence == Residence::kEverywhere && FindOrderDependence(query).has_value()) return kNowhere;
    if (spread.residence == Residence::kSharded && !StaysApart(&level)) return kNowhere;
    if (spread.residence != Residence::kEverywhere)
        spread.keys = OutputKeys(&level, spread.residence == Residence::kWithRow);
    return spread;
}

// ---- what can travel at all ----

static bool SystemColumnWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, Var)) return ((Var*)node)->varattno < 0;
    if (IsA(node, Query)) return postgres::WalkQuery((Query*)node, SystemColumnWalker, context, 0);
    return postgres::WalkExpression(node, SystemColumnWalker, context);
}

static Spread SpreadAsItIs(Query* query, const Level* outer) {
    QueryFacts facts = AnalyzeQuery(query);
    if (facts.group == nullptr || facts.several_groups || facts.has_local_relation || facts.has_sample ||
        facts.has_row_marks || facts.has_modifying_cte || SystemColumnWalker((Node*)query, nullptr))
        return kNowhere;
    Spread spread = SpreadOfQuery(query, outer, facts.group);
    if (spread.residence == Residence::kElsewhere || !ShipQuery(query, false, false, NIL).ok()) return kNowhere;
    spread.group = facts.group;
    spread.anchor = facts.anchor;
    return spread;
}

Spread FindSpread(Query* query, const Level* outer) {
    Spread spread = SpreadAsItIs(query, outer);
    for (Hoisting hoisting : {Hoisting::kValues, Hoisting::kAll}) {
        if (spread.residence != Residence::kElsewhere) break;
        Query* rest = WithoutHoisted(query, hoisting);
        if (rest == nullptr) continue;
        spread = SpreadAsItIs(rest, outer);
        spread.hoisting = hoisting;
    }
    return spread;
}

}  // namespace herd::planner
