#include "planner/subqueries/relation_split.h"

#include "planner/subqueries/hard_sublinks.h"
#include "planner/subqueries/lift.h"
#include "planner/subqueries/outer_query.h"
#include "postgres/walk.h"

extern "C" {
#include <catalog/pg_class.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <optimizer/optimizer.h>
#include <parser/parsetree.h>
#include <rewrite/rewriteManip.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

// Is it joined so that conditions on it may be checked first, and never extended with NULLs?
static bool IsKept(Node* item, int rtindex) {
    if (IsA(item, RangeTblRef)) return ((RangeTblRef*)item)->rtindex == rtindex;
    if (IsA(item, JoinExpr)) {
        JoinExpr* join = (JoinExpr*)item;
        bool left = join->jointype == JOIN_INNER || join->jointype == JOIN_LEFT;
        bool right = join->jointype == JOIN_INNER || join->jointype == JOIN_RIGHT;
        return (left && IsKept(join->larg, rtindex)) || (right && IsKept(join->rarg, rtindex));
    }
    ListCell* cell;
    foreach (cell, ((FromExpr*)item)->fromlist)
        if (IsKept((Node*)lfirst(cell), rtindex)) return true;
    return false;
}

namespace {

struct UsedColumns {
    int rtindex;
    int depth;
    Bitmapset* columns;
    bool others;  // whole rows, system columns
};

}  // namespace

static bool UsedWalker(Node* node, void* argument) {
    UsedColumns* used = (UsedColumns*)argument;
    if (node == nullptr) return false;
    if (IsA(node, Query)) {
        used->depth++;
        postgres::WalkQuery((Query*)node, UsedWalker, argument, 0);
        used->depth--;
        return false;
    }
    if (!IsA(node, Var)) return postgres::WalkExpression(node, UsedWalker, argument);
    const Var* var = (Var*)node;
    if (var->varno != used->rtindex || (int)var->varlevelsup != used->depth) return false;
    if (var->varattno > 0)
        used->columns = bms_add_member(used->columns, var->varattno);
    else
        used->others = true;
    return false;
}

// SELECT columns FROM relation, each in its old place; NULL for those that nobody wants.
static Query* RelationPart(const Query* query, int rtindex, const UsedColumns& used) {
    RangeTblEntry* relation = (RangeTblEntry*)copyObject(rt_fetch(rtindex, query->rtable));
    relation->inFromCl = true;
    ChangeVarNodes((Node*)relation->securityQuals, rtindex, 1, 0);
    Query* part = makeNode(Query);
    part->commandType = CMD_SELECT;
    part->canSetTag = true;
    part->hasSubLinks = true;
    part->hasRowSecurity = query->hasRowSecurity;
    part->rtable = list_make1(relation);
    RangeTblRef* ref = makeNode(RangeTblRef);
    ref->rtindex = 1;
    part->jointree = makeFromExpr(list_make1(ref), nullptr);
    int count = list_length(relation->eref->colnames);
    for (int attno = 1; attno <= count; attno++) {
        Node* column = (Node*)makeNullConst(INT4OID, -1, InvalidOid);
        if (bms_is_member(attno, used.columns)) {
            Oid type, collation;
            int32 typmod;
            get_atttypetypmodcoll(relation->relid, attno, &type, &typmod, &collation);
            column = (Node*)makeVar(1, attno, type, typmod, collation, 0);
        }
        part->targetList =
            lappend(part->targetList, makeTargetEntry((Expr*)column, attno, psprintf("c%d", attno), false));
    }
    return part;
}

// Conditions of WHERE that become the part's.
static List* TakeConditions(const Query* query, int rtindex, Query* part) {
    List* rest = NIL;
    Spread spread;
    ListCell* cell;
    foreach (cell, make_ands_implicit((Expr*)query->jointree->quals)) {
        Node* condition = (Node*)lfirst(cell);
        Node* before = part->jointree->quals;
        bool accepted = (IsHard(condition) || IsListFilter(condition)) && IsAboutRelation(rtindex, condition);
        if (accepted) {
            Node* inside = (Node*)copyObject(condition);
            ChangeVarNodes(inside, rtindex, 1, 0);
            part->jointree->quals = make_and_qual(before, inside);
            accepted = IsSharded(part, &spread);
        }
        if (accepted) continue;
        part->jointree->quals = before;
        rest = lappend(rest, condition);
    }
    return rest;
}

Query* SplitRelation(Query* query, int rtindex, Spread* spread) {
    RangeTblEntry* rte = rt_fetch(rtindex, query->rtable);
    if (rte->rtekind != RTE_RELATION || rte->relkind != RELKIND_RELATION || !catalog::IsShell(rte->relid))
        return nullptr;
    if (catalog::GetTable(rte->relid)->is_reference() || !IsKept((Node*)query->jointree, rtindex)) return nullptr;
    UsedColumns used = {rtindex, 0, nullptr, false};
    postgres::WalkQuery(query, UsedWalker, &used, 0);
    if (used.others) return nullptr;
    Query* part = RelationPart(query, rtindex, used);
    if (!IsSharded(part, spread)) return nullptr;
    List* rest = TakeConditions(query, rtindex, part);
    Lifting lifting = {part, rtindex, 0, true, true, part->jointree->quals != nullptr};
    List* targets = LiftTargets(query, &lifting);
    if (!lifting.gained || !IsSharded(part, spread)) return nullptr;
    query->targetList = targets;
    query->jointree->quals = rest == NIL ? nullptr : (Node*)make_ands_explicit(rest);
    bool is_from = rte->inFromCl;
    *rte = *MakeSubqueryEntry(part, rte->eref->aliasname);
    rte->inFromCl = is_from;
    return part;
}

}  // namespace herd::planner
