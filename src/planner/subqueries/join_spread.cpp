#include "planner/subqueries/join_spread.h"

#include "planner/local_copies.h"

extern "C" {
#include <catalog/pg_class.h>
#include <nodes/makefuncs.h>
#include <optimizer/optimizer.h>
#include <parser/parsetree.h>
}

namespace herd::planner {

namespace {

// An item of FROM.
struct Part {
    Residence residence;
    List* keys;  // LevelKey*
};

}  // namespace

static const Part kNowhere = {Residence::kElsewhere, NIL};

static Part ItemPart(Level* level, const catalog::Group* group, Node* item, List* conditions);

static LevelKey* MakeKey(int rtindex, AttrNumber attno, bool may_be_null) {
    LevelKey* key = (LevelKey*)palloc0(sizeof(LevelKey));
    *key = {rtindex, attno, may_be_null};
    return key;
}

static List* Nullable(List* keys) {
    List* result = NIL;
    ListCell* cell;
    foreach (cell, keys) {
        const LevelKey* key = (const LevelKey*)lfirst(cell);
        result = lappend(result, MakeKey(key->rtindex, key->attno, true));
    }
    return result;
}

// ---- one relation ----

static Part RelationPart(const RangeTblEntry* rte, int rtindex) {
    Oid shell = ShellOf(rte->relid);
    if (rte->relkind != RELKIND_RELATION || !catalog::IsShell(shell)) return kNowhere;
    const catalog::DistributedTable* table = catalog::GetTable(shell);
    if (table->is_reference()) return {Residence::kEverywhere, NIL};
    return {Residence::kSharded, list_make1(MakeKey(rtindex, table->key_attno, false))};
}

static Part SubqueryPart(const Spread& spread, int rtindex) {
    List* keys = NIL;
    ListCell* cell;
    foreach (cell, spread.keys) {
        const LevelKey* key = (const LevelKey*)lfirst(cell);
        keys = lappend(keys, MakeKey(rtindex, key->attno, key->may_be_null));
    }
    return {spread.residence, keys};
}

// Members of WITH outside of what is looked at can't be sent along.
static Part CtePart(Level* level, const RangeTblEntry* rte, int rtindex, const catalog::Group* group) {
    Level* owner = level;
    for (Index up = 0; up < rte->ctelevelsup && owner != nullptr; up++) owner = (Level*)owner->outer;
    if (owner == nullptr) return kNowhere;
    if (owner->found != nullptr && strcmp(owner->found->name, rte->ctename) == 0)
        return SubqueryPart(*owner->found->spread, rtindex);
    ListCell* cell;
    foreach (cell, owner->query->cteList) {
        CommonTableExpr* cte = (CommonTableExpr*)lfirst(cell);
        if (strcmp(cte->ctename, rte->ctename) != 0) continue;
        if (owner->is_outside || !IsA(cte->ctequery, Query)) return kNowhere;
        Level around = {owner->outer, owner->query, NIL, owner->is_outside};
        Spread spread = cte->cterecursive ? SpreadOfRecursion(cte, &around, group)
                                          : SpreadOfQuery((Query*)cte->ctequery, &around, group);
        return SubqueryPart(spread, rtindex);
    }
    return kNowhere;
}

static Part EntryPart(Level* level, const catalog::Group* group, int rtindex) {
    const RangeTblEntry* rte = rt_fetch(rtindex, level->query->rtable);
    switch (rte->rtekind) {
        case RTE_RELATION:
            return RelationPart(rte, rtindex);
        case RTE_SUBQUERY:
            return SubqueryPart(SpreadOfQuery(rte->subquery, level, group), rtindex);
        case RTE_CTE:
            return CtePart(level, rte, rtindex, group);
        case RTE_FUNCTION:
        case RTE_VALUES:
        case RTE_RESULT:
            return {Residence::kEverywhere, NIL};
        default:
            return kNowhere;
    }
}

// ---- connections by equal keys ----

static bool HoldsKey(const Level* level, List* members, List* keys, bool outer_keys) {
    ListCell* cell;
    foreach (cell, members) {
        const Var* column = (const Var*)lfirst(cell);
        if (!IsA(column, Var)) continue;
        if (column->varlevelsup == 0 && FindLevelKey(keys, column) != nullptr) return true;
        if (outer_keys && column->varlevelsup > 0 && FindPlacedColumn(level, column) != nullptr) return true;
    }
    return false;
}

// Does a key of the one equal a key of the other, or (outer_keys) of an outer level's row?
static bool AreConnected(const Level* level, List* classes, List* keys, List* home, bool outer_keys) {
    ListCell* cell;
    foreach (cell, classes) {
        List* members = (List*)lfirst(cell);
        if (HoldsKey(level, members, keys, false) && HoldsKey(level, members, home, outer_keys)) return true;
    }
    return false;
}

// Starting from one part (if null: from keys of outer rows), all sharded parts are reached by equal keys.
static bool ReachesAll(const Level* level, List* classes, List* parts, const Part* start) {
    List* home = NIL;
    bool progress = true;
    List* missing = list_copy(parts);
    while (progress) {
        progress = false;
        ListCell* cell;
        foreach (cell, missing) {
            const Part* part = (const Part*)lfirst(cell);
            bool is_home = part->residence != Residence::kSharded || part == start;
            if (!is_home && !AreConnected(level, classes, part->keys, home, start == nullptr)) continue;
            home = list_concat_copy(home, part->keys);
            missing = foreach_delete_current(missing, cell);
            progress = true;
        }
    }
    return missing == NIL;
}

// Equal columns of a class are keys if one is, and none of them is NULL.
static List* WithEqualColumns(const Level* level, List* classes, List* keys, bool outer_keys) {
    List* result = NIL;
    ListCell *cell, *member;
    foreach (cell, classes) {
        List* members = (List*)lfirst(cell);
        if (!HoldsKey(level, members, keys, outer_keys)) continue;
        foreach (member, members) {
            const Var* column = (const Var*)lfirst(member);
            if (IsA(column, Var) && column->varlevelsup == 0)
                result = lappend(result, MakeKey(column->varno, column->varattno, false));
        }
    }
    return list_concat(result, list_copy(keys));
}

// ---- inner joins ----

static void Flatten(const Level* level, List* items, List** atoms, List** conditions) {
    ListCell* cell;
    foreach (cell, items) {
        Node* item = (Node*)lfirst(cell);
        if (IsA(item, JoinExpr) && ((JoinExpr*)item)->jointype == JOIN_INNER) {
            JoinExpr* join = (JoinExpr*)item;
            *conditions = list_concat(*conditions, make_ands_implicit((Expr*)join->quals));
            Flatten(level, list_make2(join->larg, join->rarg), atoms, conditions);
            continue;
        }
        *atoms = lappend(*atoms, item);
        if (!IsA(item, RangeTblRef)) continue;
        RangeTblEntry* rte = rt_fetch(((RangeTblRef*)item)->rtindex, level->query->rtable);
        *conditions = list_concat(*conditions, list_copy(rte->securityQuals));
    }
}

static Part InnerPart(Level* level, const catalog::Group* group, List* items, List* conditions) {
    List* atoms = NIL;
    conditions = list_copy(conditions);
    Flatten(level, items, &atoms, &conditions);
    List* classes = FindKeyClasses(level, group, conditions);
    List* parts = NIL;
    List* keys = NIL;
    const Part* first_sharded = nullptr;
    bool has_row_part = false;
    ListCell* cell;
    foreach (cell, atoms) {
        Part* part = (Part*)palloc0(sizeof(Part));
        *part = ItemPart(level, group, (Node*)lfirst(cell), conditions);
        if (part->residence == Residence::kElsewhere) return kNowhere;
        if (part->residence == Residence::kSharded && first_sharded == nullptr) first_sharded = part;
        has_row_part |= part->residence == Residence::kWithRow;
        keys = list_concat(keys, list_copy(part->keys));
        parts = lappend(parts, part);
    }
    if (ReachesAll(level, classes, parts, nullptr)) {
        bool has_rows = first_sharded != nullptr || has_row_part;
        return {has_rows ? Residence::kWithRow : Residence::kEverywhere, WithEqualColumns(level, classes, keys, true)};
    }
    if (!ReachesAll(level, classes, parts, first_sharded)) return kNowhere;
    return {Residence::kSharded, WithEqualColumns(level, classes, keys, false)};
}

// ---- outer joins ----

static Residence OuterResidence(const Part& left, const Part& right, bool connected, bool with_row, bool full) {
    if (left.residence != Residence::kSharded && right.residence != Residence::kSharded) {
        bool has_row_part = left.residence == Residence::kWithRow || right.residence == Residence::kWithRow;
        return has_row_part ? Residence::kWithRow : Residence::kEverywhere;
    }
    if (right.residence != Residence::kSharded) return full ? Residence::kElsewhere : Residence::kSharded;
    if (left.residence == Residence::kSharded) return connected ? Residence::kSharded : Residence::kElsewhere;
    // Its rows that can find a partner are all there, where the outer row is.
    if (!full && (with_row || (left.residence == Residence::kWithRow && connected))) return Residence::kWithRow;
    return Residence::kElsewhere;
}

static Part OuterPart(Level* level, const catalog::Group* group, JoinExpr* join, List* conditions) {
    Node* kept = join->jointype == JOIN_RIGHT ? join->rarg : join->larg;
    Node* nullable = join->jointype == JOIN_RIGHT ? join->larg : join->rarg;
    bool full = join->jointype == JOIN_FULL;
    if (!full && join->jointype != JOIN_LEFT && join->jointype != JOIN_RIGHT) return kNowhere;
    Part left = ItemPart(level, group, kept, full ? NIL : conditions);
    Part right = ItemPart(level, group, nullable, NIL);
    if (left.residence == Residence::kElsewhere || right.residence == Residence::kElsewhere) return kNowhere;
    List* classes = FindKeyClasses(level, group, make_ands_implicit((Expr*)join->quals));
    bool connected = AreConnected(level, classes, right.keys, left.keys, false);
    bool with_row = AreConnected(level, classes, right.keys, NIL, true);
    Part part;
    part.residence = OuterResidence(left, right, connected, with_row, full);
    if (part.residence == Residence::kElsewhere) return kNowhere;
    part.keys = list_concat(full ? Nullable(left.keys) : list_copy(left.keys), Nullable(right.keys));
    return part;
}

// conditions: what holds for all rows of the item that matter.
static Part ItemPart(Level* level, const catalog::Group* group, Node* item, List* conditions) {
    if (IsA(item, RangeTblRef)) {
        Part part = EntryPart(level, group, ((RangeTblRef*)item)->rtindex);
        // LATERAL subqueries to the right may refer to it.
        level->keys = list_concat(level->keys, list_copy(part.keys));
        return part;
    }
    if (IsA(item, FromExpr))
        return InnerPart(level, group, ((FromExpr*)item)->fromlist,
                         list_concat_copy(make_ands_implicit((Expr*)((FromExpr*)item)->quals), conditions));
    JoinExpr* join = (JoinExpr*)item;
    if (join->jointype == JOIN_INNER) return InnerPart(level, group, list_make1(join), conditions);
    return OuterPart(level, group, join, conditions);
}

List* RelationKeys(Query* query, const catalog::Group* group) {
    Level level = {nullptr, query, NIL, true};
    List* keys = NIL;
    for (int rtindex = 1; rtindex <= list_length(query->rtable); rtindex++) {
        const RangeTblEntry* rte = rt_fetch(rtindex, query->rtable);
        bool is_table = rte->rtekind == RTE_RELATION && rte->relkind == RELKIND_RELATION &&
                        catalog::IsShell(rte->relid) && catalog::GetTable(rte->relid)->group == group;
        if (is_table || rte->rtekind == RTE_SUBQUERY) keys = list_concat(keys, EntryPart(&level, group, rtindex).keys);
    }
    return keys;
}

Residence SpreadOfJoinTree(Level* level, const catalog::Group* group) {
    Part part = ItemPart(level, group, (Node*)level->query->jointree, NIL);
    level->keys = part.keys;
    return part.residence;
}

}  // namespace herd::planner
