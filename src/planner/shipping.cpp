#include "planner/shipping.h"

#include "catalog/metadata.h"
#include "planner/shippable_functions.h"
#include "planner/text_search.h"
#include "planner/user_aggregates.h"
#include "postgres/walk.h"

extern "C" {
#include <access/transam.h>
#include <catalog/pg_collation.h>
#include <catalog/pg_proc.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <utils/fmgroids.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::planner {

// ---- computable here ----

static bool NotComputableWalker(Node* node, void* context) {
    bool inside_case = *(bool*)context;
    if (node == nullptr) return false;
    switch (nodeTag(node)) {
        case T_Var:
        case T_Aggref:
        case T_WindowFunc:
        case T_GroupingFunc:
        case T_SubLink:
        case T_SubPlan:
        case T_AlternativeSubPlan:
        case T_Query:
        case T_SetToDefault:
        case T_CurrentOfExpr:
        case T_CoerceToDomainValue:
        case T_PlaceHolderVar:
            return true;
        case T_CaseTestExpr:
            return !inside_case;
        case T_Param:
            return ((Param*)node)->paramkind != PARAM_EXTERN && ((Param*)node)->paramkind != PARAM_EXEC;
        case T_FuncExpr:
            if (((FuncExpr*)node)->funcretset) return true;
            break;
        case T_OpExpr:
            if (((OpExpr*)node)->opretset) return true;
            break;
        case T_CaseExpr:
        case T_ArrayCoerceExpr: {
            bool inside = true;
            return postgres::WalkExpression(node, NotComputableWalker, &inside);
        }
        default:
            break;
    }
    return postgres::WalkExpression(node, NotComputableWalker, context);
}

static bool HasNoColumns(Node* expression) {
    bool inside_case = false;
    return !NotComputableWalker(expression, &inside_case);
}

bool IsComputedOnce(Node* expression) { return HasNoColumns(expression); }

bool IsComputable(Node* expression) { return HasNoColumns(expression) && !contain_volatile_functions(expression); }

// A text search configuration and the like that nodes may lack.
static bool NamesOwnObject(const Const* constant) {
    return (constant->consttype == REGCONFIGOID || constant->consttype == REGDICTIONARYOID) && !constant->constisnull &&
           DatumGetObjectId(constant->constvalue) >= FirstNormalObjectId;
}

// As which type a value computed here travels; none if a node can't make it again. A domain's value was checked here.
static Oid TravellingType(Node* expression) {
    Oid type = exprType(expression);
    if (IsA(expression, Const) && NamesOwnObject((Const*)expression)) return InvalidOid;
    if (TypeShips(type)) return type;
    Oid base = getBaseType(type);
    return TypeShips(base) ? base : InvalidOid;
}

// (They would take arrays apart to the last element.)
bool TravelsInArray(Oid type, Oid collation) {
    if (type >= FirstNormalObjectId || get_typtype(type) != TYPTYPE_BASE) return false;
    if (OidIsValid(get_element_type(type)) || !OidIsValid(get_array_type(type))) return false;
    return !OidIsValid(collation) || collation == DEFAULT_COLLATION_OID;
}

static bool UnshippableWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, SubLink) || IsA(node, SubPlan) || IsA(node, AlternativeSubPlan) || IsA(node, Query)) return true;
    if (IsA(node, PlaceHolderVar)) return true;
    if (IsA(node, Param)) return !HasNoColumns(node) || !OidIsValid(TravellingType(node));
    if (IsA(node, Var)) return ((Var*)node)->varattno < 0;
    if (IsA(node, FuncExpr) && WithTextSearchConfiguration((FuncExpr*)node) != nullptr)
        return postgres::WalkExpression(node, UnshippableWalker, context);
    if (IsA(node, Const) && NamesOwnObject((Const*)node)) return true;
    if (!NodeShips(node)) return !IsComputable(node) || !OidIsValid(TravellingType(node));
    return postgres::WalkExpression(node, UnshippableWalker, context);
}

bool IsShippableExpression(Node* expression) { return !UnshippableWalker(expression, nullptr); }

// ---- lifting ----

static bool IsPlainBuiltinType(Oid type) {
    if (type >= FirstNormalObjectId || get_typtype(type) != TYPTYPE_BASE) return false;
    return true;
}

Node* LiftParameter(Node* expression, List** parameters) {
    Oid type = TravellingType(expression);
    Assert(OidIsValid(type));
    bool as_text = !IsPlainBuiltinType(type);
    Node* travelling = expression;
    if (type != exprType(expression))
        travelling =
            (Node*)makeRelabelType((Expr*)expression, type, -1, exprCollation(expression), COERCE_IMPLICIT_CAST);
    if (as_text) {
        CoerceViaIO* to_text = makeNode(CoerceViaIO);
        to_text->arg = (Expr*)travelling;
        to_text->resulttype = TEXTOID;
        to_text->resultcollid = DEFAULT_COLLATION_OID;
        to_text->coerceformat = COERCE_EXPLICIT_CAST;
        to_text->location = -1;
        travelling = (Node*)to_text;
    }
    int index = 0;
    ListCell* cell;
    foreach (cell, *parameters) {
        index++;
        if (equal(lfirst(cell), travelling) && !contain_volatile_functions(travelling)) goto found;
    }
    *parameters = lappend(*parameters, travelling);
    index = list_length(*parameters);
found:
    Param* param = makeNode(Param);
    param->paramkind = PARAM_EXTERN;
    param->paramid = index;
    param->paramtype = exprType(travelling);
    param->paramtypmod = -1;
    param->paramcollid = exprCollation(travelling);
    param->location = -1;
    if (!as_text) return (Node*)param;

    CoerceViaIO* from_text = makeNode(CoerceViaIO);
    from_text->arg = (Expr*)param;
    from_text->resulttype = type;
    from_text->resultcollid = exprCollation(expression);
    from_text->coerceformat = COERCE_EXPLICIT_CAST;
    from_text->location = -1;
    return (Node*)from_text;
}

namespace {

struct ShipContext {
    List* parameters;
    bool lift_volatile;  // at the outermost level only: a subquery's rows are computed one by one
    int depth;
    List* key_constants;
    const char* obstacle;  // null while everything ships
};

}  // namespace

static const char* DescribeObstacle(Node* node) {
    switch (nodeTag(node)) {
        case T_FuncExpr:
            return psprintf("function %s", get_func_name(((FuncExpr*)node)->funcid));
        case T_Aggref:
            return psprintf("aggregate %s", get_func_name(((Aggref*)node)->aggfnoid));
        case T_WindowFunc:
            return psprintf("window function %s", get_func_name(((WindowFunc*)node)->winfnoid));
        case T_OpExpr:
        case T_DistinctExpr:
        case T_NullIfExpr:
            return psprintf("operator %s", get_opname(((OpExpr*)node)->opno));
        case T_ScalarArrayOpExpr:
            return psprintf("operator %s", get_opname(((ScalarArrayOpExpr*)node)->opno));
        case T_CurrentOfExpr:
            return "WHERE CURRENT OF";
        case T_CoerceViaIO:
        case T_CoerceToDomain:
            return psprintf("the cast to %s", format_type_be(exprType(node)));
        case T_RelabelType:
        case T_CollateExpr:
            return "COLLATE with a collation of one's own";
        case T_Const:
        case T_Param:
            return psprintf("a value of type %s", format_type_be(exprType(node)));
        default:
            return "an expression";
    }
}

static bool MayLift(Node* node, const ShipContext* context) {
    if (!HasNoColumns(node) || !OidIsValid(TravellingType(node))) return false;
    return (context->lift_volatile && context->depth == 1) || !contain_volatile_functions(node);
}

// The deparser would leave it out: it takes it for a cast.
static Node* WithCollateClause(RelabelType* relabel) {
    CollateExpr* collate = makeNode(CollateExpr);
    collate->collOid = relabel->resultcollid;
    collate->location = -1;
    relabel->resultcollid = exprCollation((Node*)relabel->arg);
    collate->arg = exprType((Node*)relabel->arg) == relabel->resulttype ? relabel->arg : (Expr*)relabel;
    return (Node*)collate;
}

static Node* ShipMutator(Node* node, void* argument) {
    ShipContext* context = (ShipContext*)argument;
    if (node == nullptr) return nullptr;
    if (IsA(node, Query)) {
        context->depth++;
        Node* result = (Node*)postgres::MutateQuery((Query*)node, ShipMutator, context, 0);
        context->depth--;
        return result;
    }
    // A volatile value is computed here as a whole, so that the key is computed once.
    if (IsA(node, TargetEntry) && contain_volatile_functions((Node*)((TargetEntry*)node)->expr) &&
        MayLift((Node*)((TargetEntry*)node)->expr, context)) {
        TargetEntry* entry = (TargetEntry*)flatCopyTargetEntry((TargetEntry*)node);
        entry->expr = (Expr*)LiftParameter((Node*)entry->expr, &context->parameters);
        return (Node*)entry;
    }
    if (IsA(node, Param)) {
        if (!HasNoColumns(node)) return (Node*)copyObject(node);
        if (OidIsValid(TravellingType(node))) return LiftParameter(node, &context->parameters);
        context->obstacle = DescribeObstacle(node);
        return (Node*)copyObject(node);
    }
    if (IsA(node, Const) && list_member_ptr(context->key_constants, node))
        return LiftParameter(node, &context->parameters);
    if (IsA(node, FuncExpr) && !MayLift(node, context)) {
        FuncExpr* search = WithTextSearchConfiguration((FuncExpr*)node);
        if (search != nullptr) return postgres::MutateExpression((Node*)search, ShipMutator, context);
    }
    if (!NodeShips(node) || (IsA(node, Const) && NamesOwnObject((Const*)node))) {
        if (MayLift(node, context)) return LiftParameter(node, &context->parameters);
        if (context->obstacle == nullptr) context->obstacle = DescribeObstacle(node);
        return (Node*)copyObject(node);
    }
    if (IsA(node, Aggref)) {
        Aggref* described = DescribedAggregate((Aggref*)node, AggregateYields::kResult);
        if (described != nullptr) return postgres::MutateExpression((Node*)described, ShipMutator, context);
    }
    Node* shipped = postgres::MutateExpression(node, ShipMutator, context);
    if (IsA(node, RelabelType) && ChangesCollation((RelabelType*)node)) return WithCollateClause((RelabelType*)shipped);
    return shipped;
}

// Plain constants of an INSERT's only row.
static void LiftInsertConstants(Query* query, ShipContext* context) {
    ListCell* cell;
    foreach (cell, query->targetList) {
        TargetEntry* entry = (TargetEntry*)lfirst(cell);
        if (!IsA(entry->expr, Const)) continue;
        Const* constant = (Const*)entry->expr;
        if (constant->constisnull || !IsPlainBuiltinType(constant->consttype)) continue;
        entry->expr = (Expr*)LiftParameter((Node*)constant, &context->parameters);
    }
}

Result<ShippedQuery> ShipQuery(Query* query, bool lift_volatile, bool lift_insert_values, List* key_constants) {
    ShipContext context = {NIL, lift_volatile, 0, key_constants, nullptr};
    Query* shipped = (Query*)ShipMutator((Node*)query, &context);
    if (context.obstacle != nullptr)
        return Reason{kFeatureNotSupported, psprintf("%s can't be evaluated on the nodes", context.obstacle),
                      "Only immutable built-in functions and operators run where the rows are.",
                      "Compute the value in a separate statement and use the result."};
    if (lift_insert_values && shipped->commandType == CMD_INSERT) LiftInsertConstants(shipped, &context);
    return ShippedQuery{shipped, context.parameters};
}

}  // namespace herd::planner
