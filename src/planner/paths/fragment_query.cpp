#include "planner/paths/fragment_query.h"

#include "planner/local_copies.h"
#include "planner/paths/subquery_gather.h"
#include "postgres/walk.h"

extern "C" {
#include <access/table.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <parser/parsetree.h>
#include <rewrite/rewriteManip.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
}

namespace herd::planner {

namespace {

struct Numbering {
    const Fragment* fragment;
    int* places;  // by the planner's range table index; 0: not in the fragment
    List* rtable;
    int depth;
};

// The columns of an item of FROM, as the range table entry of a join lists them.
struct ItemColumns {
    int rtindex;
    List* names;    // String
    List* vars;     // Var
    List* numbers;  // IntList
};

}  // namespace

static void CollectRelations(Node* item, List** relids) {
    if (IsA(item, RangeTblRef)) {
        *relids = lappend_int(*relids, ((RangeTblRef*)item)->rtindex);
        return;
    }
    CollectRelations(((JoinExpr*)item)->larg, relids);
    CollectRelations(((JoinExpr*)item)->rarg, relids);
}

// A broadcast's columns are numbered as they travel.
static void RenumberVar(const Numbering* numbering, Var* var) {
    const Broadcast* broadcast = BroadcastOf(numbering->fragment, var->varno);
    if (broadcast != nullptr) {
        ListCell* cell;
        foreach (cell, broadcast->vars) {
            const Var* column = (const Var*)lfirst(cell);
            if (column->varno != var->varno || column->varattno != var->varattno) continue;
            var->varattno = foreach_current_index(cell) + 1;
            var->varno = numbering->places[PlaceOf(broadcast)];
            return;
        }
        elog(ERROR, "column %d of relation %d is not broadcast", var->varattno, var->varno);
    }
    var->varno = numbering->places[var->varno];
}

static Node* RenumberMutator(Node* node, void* context) {
    Numbering* numbering = (Numbering*)context;
    if (node == nullptr) return nullptr;
    if (IsA(node, Query)) {
        numbering->depth++;
        Node* result = (Node*)postgres::MutateQuery((Query*)node, RenumberMutator, context, 0);
        numbering->depth--;
        return result;
    }
    if (IsA(node, Var)) {
        Var* var = (Var*)copyObject(node);
        if ((int)var->varlevelsup != numbering->depth) return (Node*)var;
        RenumberVar(numbering, var);
        var->varnosyn = 0;
        var->varattnosyn = 0;
        Assert(var->varno > 0);
        return (Node*)var;
    }
    return postgres::MutateExpression(node, RenumberMutator, context);
}

static Numbering NumberRelations(PlannerInfo* root, const Fragment* fragment) {
    Numbering numbering = {fragment, (int*)palloc0(root->simple_rel_array_size * sizeof(int)), NIL, 0};
    List* relids = NIL;
    ListCell* cell;
    foreach (cell, fragment->from) CollectRelations((Node*)lfirst(cell), &relids);
    int place = 0;
    foreach (cell, relids) numbering.places[lfirst_int(cell)] = ++place;
    return numbering;
}

// All current columns under their own names; what was dropped has an empty one.
static List* ColumnNames(Oid relid) {
    Relation relation = table_open(relid, NoLock);
    TupleDesc desc = RelationGetDescr(relation);
    List* names = NIL;
    for (int i = 0; i < desc->natts; i++) {
        Form_pg_attribute attribute = TupleDescAttr(desc, i);
        names =
            lappend(names, makeString(attribute->attisdropped ? pstrdup("") : pstrdup(NameStr(attribute->attname))));
    }
    table_close(relation, NoLock);
    return names;
}

static RangeTblEntry* RelationEntry(PlannerInfo* root, int rtindex) {
    if (root->simple_rte_array[rtindex]->rtekind == RTE_SUBQUERY) return SubqueryEntry(root->simple_rte_array[rtindex]);
    RangeTblEntry* rte = (RangeTblEntry*)copyObject(root->simple_rte_array[rtindex]);
    rte->relid = ShellOf(rte->relid);
    rte->inh = true;
    rte->securityQuals = NIL;
    rte->requiredPerms = 0;
    rte->alias = makeAlias(rte->eref->aliasname, NIL);
    rte->eref = makeAlias(rte->eref->aliasname, ColumnNames(rte->relid));
    return rte;
}

// unnest(array, …) AS broadcast(b1, …). A constant stands for each array until the statement's parameters are numbered.
static RangeTblEntry* BroadcastEntry(const Broadcast* broadcast, int* placeholder) {
    RangeTblEntry* rte = makeNode(RangeTblEntry);
    rte->rtekind = RTE_FUNCTION;
    List* names = NIL;
    ListCell* cell;
    foreach (cell, broadcast->vars) {
        const Var* var = (const Var*)lfirst(cell);
        Node* array = (Node*)makeNullConst(get_array_type(var->vartype), ++*placeholder, var->varcollid);
        RangeTblFunction* function = makeNode(RangeTblFunction);
        function->funcexpr = (Node*)makeFuncExpr(F_UNNEST_ANYARRAY, var->vartype, list_make1(array), var->varcollid,
                                                 var->varcollid, COERCE_EXPLICIT_CALL);
        ((FuncExpr*)function->funcexpr)->funcretset = true;
        function->funccolcount = 1;
        rte->functions = lappend(rte->functions, function);
        names = lappend(names, makeString(psprintf("b%d", list_length(names) + 1)));
    }
    rte->alias = makeAlias("broadcast", names);
    rte->eref = makeAlias("broadcast", (List*)copyObject(names));
    rte->inFromCl = true;
    return rte;
}

// Null for the functions that the query itself reads.
static Node* PlaceholderIn(const RangeTblEntry* rte, const RangeTblFunction* function) {
    if (!IsA(function->funcexpr, FuncExpr) || rte->alias == nullptr || strcmp(rte->alias->aliasname, "broadcast") != 0)
        return nullptr;
    const FuncExpr* call = (const FuncExpr*)function->funcexpr;
    if (call->funcid != F_UNNEST_ANYARRAY || !IsA(linitial(call->args), Const)) return nullptr;
    Const* value = (Const*)linitial(call->args);
    return value->constisnull && value->consttypmod > 0 ? (Node*)value : nullptr;
}

static bool PlaceholderWalker(Node* node, void* context) {
    List** placeholders = (List**)context;
    if (node == nullptr) return false;
    if (IsA(node, Query)) return postgres::WalkQuery((Query*)node, PlaceholderWalker, context, QTW_EXAMINE_RTES_BEFORE);
    if (IsA(node, RangeTblEntry)) {
        const RangeTblEntry* rte = (const RangeTblEntry*)node;
        ListCell* cell;
        foreach (cell, rte->functions) {
            Node* placeholder = PlaceholderIn(rte, (const RangeTblFunction*)lfirst(cell));
            if (placeholder != nullptr) *placeholders = lappend(*placeholders, placeholder);
        }
        return false;
    }
    return postgres::WalkExpression(node, PlaceholderWalker, context);
}

List* BroadcastPlaceholders(const Query* query) {
    List* placeholders = NIL;
    PlaceholderWalker((Node*)query, &placeholders);
    return placeholders;
}

static ItemColumns FunctionColumns(int rtindex, const RangeTblEntry* rte) {
    ItemColumns columns = {rtindex, rte->eref->colnames, NIL, NIL};
    ListCell* cell;
    foreach (cell, rte->functions) {
        Node* function = ((RangeTblFunction*)lfirst(cell))->funcexpr;
        int number = foreach_current_index(cell) + 1;
        columns.vars =
            lappend(columns.vars, makeVar(rtindex, number, exprType(function), -1, exprCollation(function), 0));
        columns.numbers = lappend_int(columns.numbers, number);
    }
    return columns;
}

static ItemColumns SubqueryColumns(int rtindex, const RangeTblEntry* rte) {
    ItemColumns columns = {rtindex, NIL, NIL, NIL};
    ListCell* cell;
    foreach (cell, rte->subquery->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        if (entry->resjunk) continue;
        Node* expression = (Node*)entry->expr;
        Var* var =
            makeVar(rtindex, entry->resno, exprType(expression), exprTypmod(expression), exprCollation(expression), 0);
        columns.names = lappend(columns.names, list_nth(rte->eref->colnames, entry->resno - 1));
        columns.vars = lappend(columns.vars, var);
        columns.numbers = lappend_int(columns.numbers, entry->resno);
    }
    return columns;
}

static ItemColumns RelationColumns(const Numbering* numbering, int rtindex) {
    RangeTblEntry* rte = rt_fetch(rtindex, numbering->rtable);
    if (rte->rtekind == RTE_FUNCTION) return FunctionColumns(rtindex, rte);
    if (rte->rtekind == RTE_SUBQUERY) return SubqueryColumns(rtindex, rte);
    ItemColumns columns = {rtindex, NIL, NIL, NIL};
    Relation relation = table_open(rte->relid, NoLock);
    TupleDesc desc = RelationGetDescr(relation);
    for (int i = 0; i < desc->natts; i++) {
        Form_pg_attribute attribute = TupleDescAttr(desc, i);
        if (attribute->attisdropped) continue;
        Var* var = makeVar(rtindex, i + 1, attribute->atttypid, attribute->atttypmod, attribute->attcollation, 0);
        columns.names = lappend(columns.names, makeString(pstrdup(NameStr(attribute->attname))));
        columns.vars = lappend(columns.vars, var);
        columns.numbers = lappend_int(columns.numbers, i + 1);
    }
    table_close(relation, NoLock);
    return columns;
}

// The deparser wants every column of both sides in the join's range table entry.
static ItemColumns AddJoinEntry(Numbering* numbering, JoinExpr* join, const ItemColumns& left,
                                const ItemColumns& right) {
    RangeTblEntry* rte = makeNode(RangeTblEntry);
    rte->rtekind = RTE_JOIN;
    rte->jointype = join->jointype;
    rte->joinaliasvars = list_concat_copy(left.vars, right.vars);
    rte->joinleftcols = left.numbers;
    rte->joinrightcols = right.numbers;
    rte->eref = makeAlias("unnamed_join", list_concat_copy(left.names, right.names));
    rte->inFromCl = true;
    numbering->rtable = lappend(numbering->rtable, rte);
    join->rtindex = list_length(numbering->rtable);
    ItemColumns columns = {join->rtindex, rte->eref->colnames, NIL, NIL};
    ListCell* cell;
    int number = 0;
    foreach (cell, rte->joinaliasvars) {
        Var* var = (Var*)copyObject(lfirst(cell));
        var->varno = join->rtindex;
        var->varattno = ++number;
        columns.vars = lappend(columns.vars, var);
        columns.numbers = lappend_int(columns.numbers, number);
    }
    return columns;
}

static ItemColumns NumberItem(Numbering* numbering, Node** item) {
    if (IsA(*item, RangeTblRef)) {
        RangeTblRef* ref = (RangeTblRef*)copyObject(*item);
        ref->rtindex = numbering->places[ref->rtindex];
        *item = (Node*)ref;
        return RelationColumns(numbering, ref->rtindex);
    }
    JoinExpr* join = makeNode(JoinExpr);
    *join = *(JoinExpr*)*item;
    ItemColumns left = NumberItem(numbering, &join->larg);
    ItemColumns right = NumberItem(numbering, &join->rarg);
    join->quals = RenumberMutator(join->quals, numbering);
    *item = (Node*)join;
    return AddJoinEntry(numbering, join, left, right);
}

Query* FragmentToQuery(PlannerInfo* root, const Fragment* fragment, List* targets) {
    Numbering numbering = NumberRelations(root, fragment);
    List* relids = NIL;
    ListCell* cell;
    foreach (cell, fragment->from) CollectRelations((Node*)lfirst(cell), &relids);
    int placeholder = 0;
    foreach (cell, relids) {
        const Broadcast* broadcast = BroadcastOf(fragment, lfirst_int(cell));
        RangeTblEntry* entry =
            broadcast != nullptr ? BroadcastEntry(broadcast, &placeholder) : RelationEntry(root, lfirst_int(cell));
        if (entry->lateral) entry->subquery = (Query*)RenumberMutator((Node*)entry->subquery, &numbering);
        numbering.rtable = lappend(numbering.rtable, entry);
    }
    List* from = NIL;
    foreach (cell, fragment->from) {
        Node* item = (Node*)lfirst(cell);
        NumberItem(&numbering, &item);
        from = lappend(from, item);
    }
    Query* query = makeNode(Query);
    query->commandType = CMD_SELECT;
    query->canSetTag = true;
    List* quals = (List*)RenumberMutator((Node*)fragment->quals, &numbering);
    query->jointree = makeFromExpr(from, quals == NIL ? nullptr : (Node*)make_ands_explicit(quals));
    query->hasSubLinks = checkExprHasSubLink((Node*)query->jointree);
    foreach (cell, targets) {
        Node* expression = RenumberMutator((Node*)lfirst(cell), &numbering);
        int number = list_length(query->targetList) + 1;
        query->targetList =
            lappend(query->targetList, makeTargetEntry((Expr*)expression, number, psprintf("c%d", number), false));
    }
    query->rtable = numbering.rtable;
    return query;
}

Node* InFragmentQuery(PlannerInfo* root, const Fragment* fragment, Node* expression) {
    Numbering numbering = NumberRelations(root, fragment);
    return RenumberMutator(expression, &numbering);
}

}  // namespace herd::planner
