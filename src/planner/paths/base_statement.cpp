#include "planner/paths/base_statement.h"

#include "catalog/metadata.h"
#include "deparse/query_sql.h"
#include "planner/paths/fragment.h"
#include "planner/shipping.h"
#include "postgres/walk.h"

extern "C" {
#include <access/sysattr.h>
#include <access/table.h>
#include <catalog/pg_class.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <parser/parse_func.h>
#include <parser/parse_oper.h>
#include <parser/parsetree.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
}

namespace herd::planner {

using plan::DistributedScan;
using plan::Pruning;

List* FetchedColumns(RelOptInfo* rel, Oid relid, List* local_quals) {
    Bitmapset* used = nullptr;
    pull_varattnos((Node*)rel->reltarget->exprs, rel->relid, &used);
    pull_varattnos((Node*)local_quals, rel->relid, &used);
    bool whole_row = bms_is_member(0 - FirstLowInvalidHeapAttributeNumber, used);
    Relation relation = table_open(relid, NoLock);
    TupleDesc desc = RelationGetDescr(relation);
    List* columns = NIL;
    for (int attno = 1; attno <= desc->natts; attno++) {
        if (TupleDescAttr(desc, attno - 1)->attisdropped) continue;
        if (whole_row || bms_is_member(attno - FirstLowInvalidHeapAttributeNumber, used))
            columns = lappend_int(columns, attno);
    }
    table_close(relation, NoLock);
    return columns;
}

static Node* RenumberMutator(Node* node, void* context) {
    if (node == nullptr) return nullptr;
    if (IsA(node, Var)) {
        Var* var = (Var*)copyObject(node);
        var->varno = 1;
        var->varnosyn = 0;
        var->varattnosyn = 0;
        return (Node*)var;
    }
    return postgres::MutateExpression(node, RenumberMutator, context);
}

bool FetchesPlace(PlannerInfo* root, const RelOptInfo* rel) {
    if (root->rowMarks == NIL && root->parse->resultRelation != (int)rel->relid) return false;
    ListCell* cell;
    foreach (cell, rel->reltarget->exprs) {
        const Var* var = (const Var*)lfirst(cell);
        if (IsA(var, Var) && var->varno == (int)rel->relid && var->varattno == SelfItemPointerAttributeNumber)
            return true;
    }
    return false;
}

bool ShowsSystemColumns(PlannerInfo* root, const RelOptInfo* rel) {
    if (FetchesPlace(root, rel)) return false;
    ListCell* cell;
    foreach (cell, rel->reltarget->exprs) {
        const Var* var = (const Var*)lfirst(cell);
        if (IsA(var, Var) && var->varattno < 0 && var->varattno != TableOidAttributeNumber) return true;
    }
    return false;
}

static void AddPlaceColumns(Query* fragment) {
    Var* ctid = makeVar(1, SelfItemPointerAttributeNumber, TIDOID, -1, InvalidOid, 0);
    Param* shard = makeNode(Param);
    shard->paramkind = PARAM_EXTERN;
    shard->paramid = plan::kShardIndexParameter;
    shard->paramtype = INT4OID;
    shard->paramtypmod = shard->location = -1;
    int number = list_length(fragment->targetList);
    fragment->targetList =
        lappend(fragment->targetList, makeTargetEntry((Expr*)ctid, number + 1, pstrdup("ctid"), false));
    fragment->targetList =
        lappend(fragment->targetList, makeTargetEntry((Expr*)shard, number + 2, pstrdup("shard"), false));
}

Query* FragmentQuery(const RangeTblEntry* rte, List* columns, List* remote_quals, Node* limit) {
    RangeTblEntry* relation = (RangeTblEntry*)copyObject(rte);
    relation->inh = true;
    relation->securityQuals = NIL;
    relation->requiredPerms = 0;
    Query* query = makeNode(Query);
    query->commandType = CMD_SELECT;
    query->canSetTag = true;
    query->rtable = list_make1(relation);
    RangeTblRef* ref = makeNode(RangeTblRef);
    ref->rtindex = 1;
    List* quals = (List*)RenumberMutator((Node*)remote_quals, nullptr);
    query->jointree = makeFromExpr(list_make1(ref), quals == NIL ? nullptr : (Node*)make_ands_explicit(quals));
    query->limitCount = limit;
    ListCell* cell;
    foreach (cell, columns) {
        AttrNumber attno = lfirst_int(cell);
        Oid type, collation;
        int32 typmod;
        get_atttypetypmodcoll(rte->relid, attno, &type, &typmod, &collation);
        Var* var = makeVar(1, attno, type, typmod, collation, 0);
        query->targetList = lappend(query->targetList, makeTargetEntry((Expr*)var, list_length(query->targetList) + 1,
                                                                       get_attname(rte->relid, attno, false), false));
    }
    return query;
}

plan::SqlTemplate WriteFragment(Query* fragment, bool with_place, List* constants, List** expressions,
                                int* parameter_count) {
    Result<ShippedQuery> shipped = ShipQuery(fragment, false, false, constants);
    if (!shipped.ok()) elog(ERROR, "a condition chosen to travel doesn't: %s", shipped.reason().message);
    *parameter_count = list_length(shipped.value().parameters);
    *expressions = list_concat(*expressions, shipped.value().parameters);
    if (with_place) AddPlaceColumns(shipped.value().query);
    return deparse::DeparseQuery(shipped.value().query);
}

CurrentOfExpr* FindCursor(List* clauses) {
    ListCell* cell;
    foreach (cell, clauses) {
        RestrictInfo* condition = (RestrictInfo*)lfirst(cell);
        if (IsA(condition->clause, CurrentOfExpr)) return (CurrentOfExpr*)condition->clause;
    }
    return nullptr;
}

// The row at the place that is parameter number `parameter`.
static void SelectPlace(Query* fragment, int parameter) {
    Oid types[] = {TIDOID, TIDOID};
    Oid function =
        LookupFuncName(list_make2(makeString(pstrdup("herd")), makeString(pstrdup("is_at"))), 2, types, false);
    Var* ctid = makeVar(1, SelfItemPointerAttributeNumber, TIDOID, -1, InvalidOid, 0);
    Param* place = makeNode(Param);
    place->paramkind = PARAM_EXTERN;
    place->paramid = parameter;
    place->paramtype = TIDOID;
    place->paramtypmod = place->location = -1;
    fragment->jointree->quals =
        (Node*)makeFuncExpr(function, BOOLOID, list_make2(ctid, place), InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
}

void WriteCursorFragment(Query* fragment, CurrentOfExpr* cursor, DistributedScan* scan, List** expressions) {
    scan->pruning = Pruning::kByCursor;
    scan->key_parameter = scan->parameter_count = 1;
    SelectPlace(fragment, 1);
    AddPlaceColumns(fragment);
    scan->sql = deparse::DeparseQuery(fragment);
    *expressions = list_make2(makeNullConst(TIDOID, -1, InvalidOid), copyObject(cursor));
}

}  // namespace herd::planner
