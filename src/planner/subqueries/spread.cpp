#include "planner/subqueries/spread.h"

#include "planner/query_facts.h"
#include "planner/reference_order.h"
#include "planner/shipping.h"
#include "planner/subqueries/join_spread.h"
#include "postgres/walk.h"

extern "C" {
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

static const LevelKey* KeyAt(List* keys, AttrNumber column) {
    ListCell* cell;
    foreach (cell, keys)
        if (((LevelKey*)lfirst(cell))->attno == column) return (LevelKey*)lfirst(cell);
    return nullptr;
}

// Keys of both arms in the same place; an arm without rows of shards has none of its own to say against it.
static List* CommonKeys(const Spread& left, const Spread& right) {
    if (left.residence == Residence::kEverywhere) return right.keys;
    if (right.residence == Residence::kEverywhere) return left.keys;
    List* keys = NIL;
    ListCell* cell;
    foreach (cell, left.keys) {
        const LevelKey* key = (const LevelKey*)lfirst(cell);
        const LevelKey* other = KeyAt(right.keys, key->attno);
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

// ---- subqueries in expressions ----

namespace {

struct SubLinkContext {
    Level* level;
    const catalog::Group* group;
};

}  // namespace

// Stops at one that the shard of the level's row can't answer alone.
static bool StrangerWalker(Node* node, void* argument) {
    SubLinkContext* context = (SubLinkContext*)argument;
    if (node == nullptr) return false;
    if (IsA(node, SubLink)) {
        SubLink* link = (SubLink*)node;
        Residence residence = SpreadOfQuery((Query*)link->subselect, context->level, context->group).residence;
        bool answers = residence == Residence::kEverywhere || residence == Residence::kWithRow;
        return !answers || StrangerWalker(link->testexpr, argument);
    }
    return postgres::WalkExpression(node, StrangerWalker, argument);
}

static bool HasStrangeSubLinks(Level* level, const catalog::Group* group) {
    if (!level->query->hasSubLinks) return false;
    SubLinkContext context = {level, group};
    return postgres::WalkQuery(level->query, StrangerWalker, &context,
                               QTW_IGNORE_RT_SUBQUERIES | QTW_IGNORE_CTE_SUBQUERIES);
}

// ---- a whole query ----

Spread SpreadOfQuery(Query* query, const Level* outer, const catalog::Group* group) {
    if (query->commandType != CMD_SELECT || query->hasRecursive || query->hasModifyingCTE || query->rowMarks != NIL)
        return kNowhere;
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

Spread FindSpread(Query* query, const Level* outer) {
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

}  // namespace herd::planner
