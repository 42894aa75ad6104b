#include "planner/paths/combined_query.h"

#include "deparse/query_sql.h"
#include "planner/paths/fragment_query.h"
#include "postgres/walk.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
}

namespace herd::planner {

List* FragmentColumns(List* expressions) {
    List* vars = pull_var_clause((Node*)expressions,
                                 PVC_RECURSE_AGGREGATES | PVC_RECURSE_WINDOWFUNCS | PVC_RECURSE_PLACEHOLDERS);
    List* columns = NIL;
    ListCell* cell;
    foreach (cell, vars) columns = list_append_unique(columns, lfirst(cell));
    return columns;
}

// ---- the query ----

static RangeTblEntry* ShardRowsEntry(List* columns) {
    RangeTblEntry* rte = makeNode(RangeTblEntry);
    rte->rtekind = RTE_CTE;
    rte->ctename = pstrdup(plan::kShardRows);
    List* names = NIL;
    ListCell* cell;
    foreach (cell, columns) {
        Node* column = (Node*)lfirst(cell);
        names = lappend(names, makeString(psprintf("c%d", list_length(names) + 1)));
        rte->coltypes = lappend_oid(rte->coltypes, exprType(column));
        rte->coltypmods = lappend_int(rte->coltypmods, exprTypmod(column));
        rte->colcollations = lappend_oid(rte->colcollations, exprCollation(column));
    }
    rte->eref = makeAlias(plan::kShardRows, names);
    rte->inFromCl = true;
    return rte;
}

static CommonTableExpr* ShardRowsCte(PlannerInfo* root, const Fragment* fragment, List* columns) {
    CommonTableExpr* cte = makeNode(CommonTableExpr);
    cte->ctename = pstrdup(plan::kShardRows);
    cte->ctequery = (Node*)FragmentToQuery(root, fragment, columns);
    cte->location = -1;
    return cte;
}

Query* CombiningQuery(PlannerInfo* root, const Fragment* fragment, List* columns, List* targets) {
    Query* query = makeNode(Query);
    query->commandType = CMD_SELECT;
    query->canSetTag = true;
    query->cteList = list_make1(ShardRowsCte(root, fragment, columns));
    query->rtable = list_make1(ShardRowsEntry(columns));
    RangeTblRef* ref = makeNode(RangeTblRef);
    ref->rtindex = 1;
    query->jointree = makeFromExpr(list_make1(ref), nullptr);
    ListCell* cell;
    foreach (cell, targets) {
        Node* expression = InCombiningQuery(columns, (Node*)lfirst(cell));
        int number = list_length(query->targetList) + 1;
        query->targetList =
            lappend(query->targetList, makeTargetEntry((Expr*)expression, number, psprintf("c%d", number), false));
    }
    return query;
}

static Node* ColumnMutator(Node* node, void* context) {
    if (node == nullptr) return nullptr;
    if (IsA(node, Var)) {
        Var* var = (Var*)node;
        ListCell* cell;
        foreach (cell, (List*)context)
            if (equal(lfirst(cell), var))
                return (Node*)makeVar(1, foreach_current_index(cell) + 1, var->vartype, var->vartypmod, var->varcollid,
                                      0);
        elog(ERROR, "column %d of relation %d is not among a task's rows", var->varattno, var->varno);
    }
    return postgres::MutateExpression(node, ColumnMutator, context);
}

Node* InCombiningQuery(List* columns, Node* expression) { return ColumnMutator(expression, columns); }

// ---- its text ----

Query* QueryOfShard(Query* query) {
    if (query->cteList == NIL) return query;
    return (Query*)((CommonTableExpr*)linitial(query->cteList))->ctequery;
}

plan::SqlTemplate DeparseForShards(const Query* query) {
    if (query->cteList == NIL) return deparse::DeparseQuery(query);
    plan::SqlTemplate sql = deparse::DeparseQuery(QueryOfShard(const_cast<Query*>(query)));
    Query combining = *query;
    combining.cteList = NIL;
    sql.combining = deparse::DeparseQuery(&combining).text;
    return sql;
}

}  // namespace herd::planner
