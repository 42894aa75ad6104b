#include "planner/inlined_functions.h"

#include "catalog/binary_forms.h"
#include "deparse/canonical_settings.h"
#include "planner/shippable_functions.h"
#include "postgres/walk.h"

extern "C" {
#include <access/transam.h>
#include <catalog/pg_collation.h>
#include <catalog/pg_language.h>
#include <catalog/pg_proc.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/ruleutils.h>
#include <utils/syscache.h>
}

namespace herd::planner {

static bool IsSql(Oid function) {
    HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
    if (!HeapTupleIsValid(tuple)) return false;
    Form_pg_proc form = (Form_pg_proc)GETSTRUCT(tuple);
    bool is_sql =
        form->prolang == SQLlanguageId && form->provolatile == PROVOLATILE_IMMUTABLE && form->provariadic != ANYOID;
    ReleaseSysCache(tuple);
    return is_sql;
}

// A name of something that nodes may lack, or a value of a type that they may lack.
static bool MayLackOnNodes(Oid type) { return catalog::NamesObject(type) || type >= FirstNormalObjectId; }

// (The deparser would leave COLLATE out.)
static bool StaysHereWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, SubLink) || IsA(node, Query) || !NodeShips(node)) return true;
    if (IsA(node, RelabelType) && ChangesCollation((RelabelType*)node)) return true;
    if (IsA(node, Const) && MayLackOnNodes(((Const*)node)->consttype)) return true;
    return postgres::WalkExpression(node, StaysHereWalker, context);
}

static Node* ToParameterMutator(Node* node, void* context) {
    if (node == nullptr) return nullptr;
    if (!IsA(node, Var)) return postgres::MutateExpression(node, ToParameterMutator, context);
    const Var* var = (const Var*)node;
    Param* param = makeNode(Param);
    param->paramkind = PARAM_EXTERN;
    param->paramid = var->varattno;
    param->paramtype = var->vartype;
    param->paramtypmod = -1;
    param->paramcollid = var->varcollid;
    param->location = -1;
    return (Node*)param;
}

// Columns stand for the arguments, so that nothing is taken for a constant.
static Node* MakeCall(Oid function, const Oid* argument_types, int argument_count, Oid result_type, Oid collation) {
    List* arguments = NIL;
    for (int i = 0; i < argument_count; i++)
        arguments = lappend(
            arguments, makeVar(1, (AttrNumber)(i + 1), argument_types[i], -1, get_typcollation(argument_types[i]), 0));
    return (Node*)makeFuncExpr(function, result_type, arguments, get_typcollation(result_type), collation,
                               COERCE_EXPLICIT_CALL);
}

const char* InlinedCall(Oid function, const Oid* argument_types, int argument_count, Oid result_type, Oid collation) {
    if ((OidIsValid(collation) && collation != DEFAULT_COLLATION_OID) || !IsSql(function)) return nullptr;
    Node* expression =
        eval_const_expressions(nullptr, MakeCall(function, argument_types, argument_count, result_type, collation));
    if (exprType(expression) != result_type || contain_mutable_functions(expression) ||
        StaysHereWalker(expression, nullptr))
        return nullptr;
    deparse::CanonicalSettings settings = deparse::BeginCanonicalSettings();
    const char* text = deparse_expression(ToParameterMutator(expression, nullptr), NIL, false, false);
    // As the function's result is: the deparser leaves implicit casts out.
    text = psprintf("(%s)::%s", text, format_type_be_qualified(result_type));
    deparse::EndCanonicalSettings(settings);
    return text;
}

}  // namespace herd::planner
