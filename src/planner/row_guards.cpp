#include "planner/row_guards.h"

#include "catalog/metadata.h"
#include "postgres/compat.h"
#include "postgres/walk.h"

extern "C" {
#include <access/transam.h>
#include <catalog/namespace.h>
#include <catalog/pg_attribute.h>
#include <catalog/pg_collation.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <parser/parse_func.h>
#include <parser/parsetree.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::planner {

static const char kRefuseRow[] = "refuse_row";

static Oid RefuseRowFunction() {
    Oid types[] = {ANYELEMENTOID, TEXTOID, TEXTOID, INT4OID};
    return LookupFuncName(list_make2(makeString(pstrdup("herd")), makeString(pstrdup(kRefuseRow))), lengthof(types),
                          types, false);
}

bool IsRefuseRow(Oid function) {
    if (function < FirstNormalObjectId || !OidIsValid(catalog::HerdAccessMethod())) return false;
    char* name = get_func_name(function);
    return name != nullptr && strcmp(name, kRefuseRow) == 0 &&
           get_func_namespace(function) == get_namespace_oid("herd", true);
}

// ---- the new row's values in a condition ----

namespace {

struct NewRow {
    int relation_index;
    Oid relid;
    List* assignments;  // TargetEntries
    bool is_insert;     // columns without assignment are null, else as they were
    bool unclear;       // set where a value can't be told
};

}  // namespace

static bool CannotBeRepeatedWalker(Node* node, void*) {
    if (node == nullptr) return false;
    switch (nodeTag(node)) {
        case T_SubLink:
        case T_SetToDefault:
        case T_FieldStore:
        case T_NextValueExpr:
            return true;
        case T_SubscriptingRef:
            if (((SubscriptingRef*)node)->refassgnexpr != nullptr) return true;
            break;
        case T_Param:
            if (((Param*)node)->paramkind == PARAM_MULTIEXPR) return true;
            break;
        default:
            break;
    }
    return postgres::WalkExpression(node, CannotBeRepeatedWalker, nullptr);
}

static bool CanBeRepeated(Node* value) {
    return !CannotBeRepeatedWalker(value, nullptr) && !contain_volatile_functions(value);
}

static bool IsGenerated(Oid relid, AttrNumber attno) {
    HeapTuple row = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relid), Int16GetDatum(attno));
    if (!HeapTupleIsValid(row)) elog(ERROR, "cache lookup failed for attribute %d of relation %u", attno, relid);
    bool generated = ((Form_pg_attribute)GETSTRUCT(row))->attgenerated != '\0';
    ReleaseSysCache(row);
    return generated;
}

static Node* NewValue(NewRow* row, Var* var) {
    if (var->varattno <= 0 || IsGenerated(row->relid, var->varattno)) {
        row->unclear = true;
        return (Node*)var;
    }
    ListCell* cell;
    foreach (cell, row->assignments) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        if (entry->resjunk || entry->resno != var->varattno) continue;
        if (!CanBeRepeated((Node*)entry->expr)) row->unclear = true;
        return (Node*)copyObject(entry->expr);
    }
    if (!row->is_insert) return (Node*)copyObject(var);
    return (Node*)makeNullConst(var->vartype, var->vartypmod, var->varcollid);
}

static Node* NewValuesMutator(Node* node, void* context) {
    NewRow* row = (NewRow*)context;
    if (node == nullptr) return nullptr;
    if (IsA(node, SubLink)) row->unclear = true;
    if (IsA(node, Var) && ((Var*)node)->varno == row->relation_index && ((Var*)node)->varlevelsup == 0)
        return NewValue(row, (Var*)node);
    return postgres::MutateExpression(node, NewValuesMutator, context);
}

// ---- placing a check ----

static Expr* MakeRefusal(const WithCheckOption* check, Expr* value) {
    Const* policy = check->polname != nullptr ? makeConst(TEXTOID, -1, DEFAULT_COLLATION_OID, -1,
                                                          CStringGetTextDatum(check->polname), false, false)
                                              : makeNullConst(TEXTOID, -1, DEFAULT_COLLATION_OID);
    Const* relation =
        makeConst(TEXTOID, -1, DEFAULT_COLLATION_OID, -1, CStringGetTextDatum(check->relname), false, false);
    Const* kind = makeConst(INT4OID, -1, InvalidOid, sizeof(int32), Int32GetDatum(check->kind), false, true);
    Oid type = exprType((Node*)value);
    List* arguments =
        list_make4(makeNullConst(type, exprTypmod((Node*)value), exprCollation((Node*)value)), relation, policy, kind);
    return (Expr*)makeFuncExpr(RefuseRowFunction(), type, arguments, exprCollation((Node*)value), InvalidOid,
                               COERCE_EXPLICIT_CALL);
}

static Expr* MakeGuarded(const WithCheckOption* check, Node* condition, Expr* value) {
    CaseWhen* when = makeNode(CaseWhen);
    when->expr = (Expr*)condition;
    when->result = value;
    when->location = -1;
    CaseExpr* guarded = makeNode(CaseExpr);
    guarded->casetype = exprType((Node*)value);
    guarded->casecollid = exprCollation((Node*)value);
    guarded->args = list_make1(when);
    guarded->defresult = MakeRefusal(check, value);
    guarded->location = -1;
    return (Expr*)guarded;
}

// The assignment that carries the checks: not the distribution column's, whose value decides the shard.
static TargetEntry* FindCarrier(List* assignments, const catalog::DistributedTable* table) {
    ListCell* cell;
    foreach (cell, assignments) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        bool is_key = !table->is_reference() && entry->resno == table->key_attno;
        if (!entry->resjunk && !is_key && !CannotBeRepeatedWalker((Node*)entry->expr, nullptr)) return entry;
    }
    return nullptr;
}

static Node* ConditionOf(const WithCheckOption* check, NewRow* row) {
    Node* condition = (Node*)check->qual;
    if (condition == nullptr) return (Node*)makeBoolConst(true, false);
    if (IsA(condition, List)) condition = (Node*)make_ands_explicit((List*)condition);
    return NewValuesMutator(condition, row);
}

static bool IsAboutConflictingRow(const WithCheckOption* check) {
    return check->kind == WCO_RLS_CONFLICT_CHECK || check->kind == postgres::kViewConflictCheck;
}

// ON CONFLICT's condition meets the row that is there, and so does this check, ahead of it.
static bool PlaceInCondition(Query* query, const WithCheckOption* check) {
    Node* condition = (Node*)check->qual;
    if (condition != nullptr && IsA(condition, List)) condition = (Node*)make_ands_explicit((List*)condition);
    if (query->onConflict == nullptr || condition == nullptr || CannotBeRepeatedWalker(condition, nullptr))
        return false;
    Expr* old = (Expr*)query->onConflict->onConflictWhere;
    if (old == nullptr) old = (Expr*)makeBoolConst(true, false);
    query->onConflict->onConflictWhere = (Node*)MakeGuarded(check, (Node*)copyObject(condition), old);
    return true;
}

// Which of the statement's assignments make the row that the check concerns.
static List* AssignmentsFor(Query* query, const WithCheckOption* check) {
    bool of_conflict = query->commandType == CMD_INSERT && check->kind != WCO_RLS_INSERT_CHECK;
    if (!of_conflict) return query->targetList;
    return query->onConflict != nullptr ? query->onConflict->onConflictSet : NIL;
}

// `original`: the statement whose values no check has changed yet.
static bool Place(Query* query, Query* original, const WithCheckOption* check, const catalog::DistributedTable* table) {
    if (IsAboutConflictingRow(check)) return PlaceInCondition(query, check);
    TargetEntry* carrier = FindCarrier(AssignmentsFor(query, check), table);
    if (carrier == nullptr) return false;
    bool is_insert = query->commandType == CMD_INSERT && check->kind == WCO_RLS_INSERT_CHECK;
    NewRow row = {query->resultRelation, table->relid, AssignmentsFor(original, check), is_insert, false};
    Node* condition = ConditionOf(check, &row);
    if (row.unclear) return false;
    carrier->expr = MakeGuarded(check, condition, carrier->expr);
    return true;
}

Query* GuardNewRows(Query* query) {
    if (query->withCheckOptions == NIL || query->commandType == CMD_MERGE) return query;
    const catalog::DistributedTable* table = catalog::GetTable(rt_fetch(query->resultRelation, query->rtable)->relid);
    Query* guarded = (Query*)copyObject(query);
    guarded->withCheckOptions = NIL;
    // What is checked last is placed first, innermost.
    for (int i = list_length(query->withCheckOptions) - 1; i >= 0; i--) {
        WithCheckOption* check = (WithCheckOption*)list_nth(query->withCheckOptions, i);
        // A view's check comes after the constraints.
        if (check->kind == WCO_VIEW_CHECK || !Place(guarded, query, check, table))
            guarded->withCheckOptions = lcons(check, guarded->withCheckOptions);
    }
    return guarded;
}

}  // namespace herd::planner
