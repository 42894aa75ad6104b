#include "planner/user_aggregates.h"

#include "catalog/user_code.h"
#include "planner/inlined_functions.h"
#include "planner/node_extensions.h"
#include "planner/shippable_functions.h"
#include "postgres/walk.h"

extern "C" {
#include <access/htup_details.h>
#include <access/transam.h>
#include <catalog/namespace.h>
#include <catalog/pg_aggregate.h>
#include <catalog/pg_collation.h>
#include <catalog/pg_proc.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <parser/parse_agg.h>
#include <parser/parse_oper.h>
#include <utils/acl.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::planner {

namespace {

constexpr char kFinalSchema[] = "herd_final";

// The functions of herd_state.run_aggregate() have three more.
constexpr int kMostArguments = FUNC_MAX_ARGS - 3;

// What a node is told.
struct Description {
    Oid state_type;
    Oid result_type;
    const char* transition;  // expressions that stand for functions in SQL; null: the functions
    const char* output;
};

}  // namespace

// ---- may it run on a node? ----

static bool IsPlainFunction(Oid function, Oid* schema) {
    HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
    if (!HeapTupleIsValid(tuple)) return false;
    Form_pg_proc form = (Form_pg_proc)GETSTRUCT(tuple);
    bool is_plain = form->prokind == PROKIND_FUNCTION && form->provolatile == PROVOLATILE_IMMUTABLE &&
                    !form->proretset && form->provariadic != ANYOID;
    *schema = form->pronamespace;
    ReleaseSysCache(tuple);
    return is_plain;
}

static bool IsOnAllNodes(Oid function) {
    if (function < FirstNormalObjectId) return true;
    if (!catalog::IsTrustedFunction(function)) return false;
    const catalog::Extension* extension = catalog::ExtensionOf(ProcedureRelationId, function);
    return extension != nullptr && NodesHaveExtension(*extension);
}

// A node checks that the user may call it, where PostgreSQL asks for the aggregate's owner: so only what everybody may call.
static bool FunctionTravels(Oid function) {
    Oid schema;
    return IsPlainFunction(function, &schema) &&
           pg_proc_aclcheck(function, ACL_ID_PUBLIC, ACL_EXECUTE) == ACLCHECK_OK &&
           pg_namespace_aclcheck(schema, ACL_ID_PUBLIC, ACL_USAGE) == ACLCHECK_OK && IsOnAllNodes(function);
}

// A function of the state and as many of the aggregate's arguments; or the expression that it is.
static bool StepTravels(const Aggref* aggref, Oid function, Oid state_type, int argument_count, Oid result_type,
                        const char** expression) {
    *expression = nullptr;
    if (FunctionTravels(function)) return true;
    if (function < FirstNormalObjectId) return false;
    Oid types[FUNC_MAX_ARGS];
    types[0] = state_type;
    for (int i = 0; i < argument_count; i++) types[i + 1] = list_nth_oid(aggref->aggargtypes, i);
    *expression = InlinedCall(function, types, argument_count + 1, result_type, aggref->inputcollid);
    return *expression != nullptr;
}

// (A collation of the type's own would have a say in what the functions do.)
static bool TypeTravels(Oid type) {
    if (get_typtype(type) == TYPTYPE_PSEUDO || !TypeShips(type)) return false;
    Oid collation = get_typcollation(type);
    return !OidIsValid(collation) || collation == DEFAULT_COLLATION_OID;
}

// Arguments of contradicting collations have none together, which one more argument would change.
static bool CollationIsClear(const Aggref* aggref) {
    if (OidIsValid(aggref->inputcollid)) return true;
    ListCell* cell;
    foreach (cell, aggref->aggargtypes)
        if (OidIsValid(get_typcollation(lfirst_oid(cell)))) return false;
    return true;
}

// DISTINCT compares all arguments on the node.
static bool MayBeDistinct(Oid type) {
    Oid less, equality;
    get_sort_group_operators(type, false, false, false, &less, &equality, nullptr, nullptr);
    return OidIsValid(less) && OidIsValid(equality);
}

static Oid StateType(const Aggref* aggref, Oid declared) {
    Oid types[FUNC_MAX_ARGS];
    int count = get_aggregate_argtypes(const_cast<Aggref*>(aggref), types);
    return resolve_aggregate_transtype(aggref->aggfnoid, declared, types, count);
}

// PostgreSQL combines states of aggregates only that are said to be safe for it: the initial values of others may count each time.
static bool StateTravels(const Aggref* aggref, const FormData_pg_aggregate& form, Description* description) {
    if (aggref->aggdistinct != NIL || aggref->aggorder != NIL || !OidIsValid(form.aggcombinefn)) return false;
    if (func_parallel(aggref->aggfnoid) != PROPARALLEL_SAFE) return false;
    description->result_type = description->state_type;
    if (form.aggtranstype != INTERNALOID) return true;
    description->result_type = BYTEAOID;
    return OidIsValid(form.aggserialfn) && OidIsValid(form.aggdeserialfn) && FunctionTravels(form.aggserialfn);
}

static bool ResultTravels(const Aggref* aggref, const FormData_pg_aggregate& form, Description* description) {
    description->result_type = aggref->aggtype;
    if (aggref->aggdistinct != NIL && !MayBeDistinct(aggref->aggtype)) return false;
    if (!OidIsValid(form.aggfinalfn)) return form.aggtranstype != INTERNALOID;
    if (!TypeTravels(aggref->aggtype)) return false;
    return form.aggfinalextra ? FunctionTravels(form.aggfinalfn)
                              : StepTravels(aggref, form.aggfinalfn, description->state_type, 0, aggref->aggtype,
                                            &description->output);
}

static bool Describe(const Aggref* aggref, const FormData_pg_aggregate& form, AggregateYields yields,
                     Description* description) {
    if (form.aggkind != AGGKIND_NORMAL || aggref->aggsplit != AGGSPLIT_SIMPLE || !CollationIsClear(aggref))
        return false;
    if (list_length(aggref->aggargtypes) > kMostArguments) return false;
    description->state_type = StateType(aggref, form.aggtranstype);
    if (form.aggtranstype != INTERNALOID && !TypeTravels(description->state_type)) return false;
    if (!StepTravels(aggref, form.aggtransfn, description->state_type, list_length(aggref->aggargtypes),
                     description->state_type, &description->transition))
        return false;
    return yields == AggregateYields::kState ? StateTravels(aggref, form, description)
                                             : ResultTravels(aggref, form, description);
}

// ---- the call ----

// Whatever the user may look at.
static Oid FindHelper(const char* schema_name, const char* name, const Oid* types, int count) {
    Oid schema = get_namespace_oid(schema_name, true);
    if (!OidIsValid(schema)) return InvalidOid;
    return GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum(name),
                           PointerGetDatum(buildoidvector(types, count)), ObjectIdGetDatum(schema));
}

static Expr* TextOrNull(const char* text) {
    if (text == nullptr) return (Expr*)makeNullConst(TEXTOID, -1, DEFAULT_COLLATION_OID);
    return (Expr*)makeConst(TEXTOID, -1, DEFAULT_COLLATION_OID, -1, CStringGetTextDatum(text), false, false);
}

static Expr* OidConst(Oid value) {
    return (Expr*)makeConst(OIDOID, -1, InvalidOid, sizeof(Oid), ObjectIdGetDatum(value), false, true);
}

static Node* DefinitionOf(const Aggref* aggref, const Description& description, AggregateYields yields) {
    Oid types[] = {OIDOID, OIDOID, BOOLOID, TEXTOID, TEXTOID};
    Oid function = FindHelper(kStateSchema, "definition_of", types, lengthof(types));
    if (!OidIsValid(function)) return nullptr;
    List* arguments = list_make5(OidConst(aggref->aggfnoid), OidConst(description.state_type),
                                 makeBoolConst(yields == AggregateYields::kState, false),
                                 TextOrNull(description.transition), TextOrNull(description.output));
    return (Node*)makeFuncExpr(function, TEXTARRAYOID, arguments, DEFAULT_COLLATION_OID, InvalidOid,
                               COERCE_EXPLICIT_CALL);
}

static Aggref* MakeCall(const Aggref* aggref, Oid result_type, Node* definition) {
    Oid types[] = {ANYELEMENTOID, TEXTARRAYOID, ANYOID};
    Oid function = FindHelper(kStateSchema, "run_aggregate", types, aggref->args == NIL ? 2 : 3);
    if (!OidIsValid(function)) return nullptr;
    Aggref* call = (Aggref*)copyObject(aggref);
    call->aggfnoid = function;
    call->aggtype = result_type;
    call->aggcollid = get_typcollation(result_type);
    call->aggtranstype = INTERNALOID;
    call->aggstar = false;
    call->aggvariadic = false;
    call->aggargtypes = list_concat(list_make2_oid(result_type, TEXTARRAYOID), call->aggargtypes);
    Const* type = makeNullConst(result_type, -1, get_typcollation(result_type));
    List* args = list_make2(makeTargetEntry((Expr*)type, 1, nullptr, false),
                            makeTargetEntry((Expr*)definition, 2, nullptr, false));
    ListCell* cell;
    foreach (cell, call->args) lfirst_node(TargetEntry, cell)->resno += list_length(args);
    call->args = list_concat(args, call->args);
    return call;
}

Aggref* DescribedAggregate(const Aggref* aggref, AggregateYields yields) {
    if (aggref->aggfnoid < FirstNormalObjectId || IsStateAggregate(aggref->aggfnoid)) return nullptr;
    HeapTuple tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggref->aggfnoid));
    if (!HeapTupleIsValid(tuple)) return nullptr;
    FormData_pg_aggregate form = *(Form_pg_aggregate)GETSTRUCT(tuple);
    ReleaseSysCache(tuple);
    Description description = {};
    if (!Describe(aggref, form, yields, &description)) return nullptr;
    Node* definition = DefinitionOf(aggref, description, yields);
    return definition == nullptr ? nullptr : MakeCall(aggref, description.result_type, definition);
}

Aggref* CombiningAggregate(const Aggref* aggref, Aggref* partial) {
    HeapTuple tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggref->aggfnoid));
    if (!HeapTupleIsValid(tuple)) return nullptr;
    bool takes_arguments = ((Form_pg_aggregate)GETSTRUCT(tuple))->aggfinalextra;
    ReleaseSysCache(tuple);
    if (takes_arguments || aggref->aggdistinct != NIL || get_typtype(aggref->aggtype) == TYPTYPE_PSEUDO) return nullptr;
    Oid types[] = {ANYELEMENTOID, OIDOID, ANYOID};
    Oid function = FindHelper(kFinalSchema, "combine", types, lengthof(types));
    if (!OidIsValid(function)) return nullptr;
    Aggref* call = (Aggref*)copyObject(aggref);
    call->aggfnoid = function;
    call->aggtransno = call->aggno;
    call->aggtranstype = INTERNALOID;
    call->aggargtypes = list_make3_oid(aggref->aggtype, OIDOID, partial->aggtype);
    Const* type = makeNullConst(aggref->aggtype, -1, get_typcollation(aggref->aggtype));
    call->args = list_make3(makeTargetEntry((Expr*)type, 1, nullptr, false),
                            makeTargetEntry(OidConst(aggref->aggfnoid), 2, nullptr, false),
                            makeTargetEntry((Expr*)partial, 3, nullptr, false));
    call->aggorder = NIL;
    call->aggfilter = nullptr;
    call->aggstar = call->aggvariadic = false;
    return call;
}

// ---- dependencies ----

static void AddItem(Oid function, List** items) {
    if (function < FirstNormalObjectId) return;
    PlanInvalItem* item = makeNode(PlanInvalItem);
    item->cacheId = PROCOID;
    item->hashValue = GetSysCacheHashValue1(PROCOID, ObjectIdGetDatum(function));
    *items = lappend(*items, item);
}

static bool DependencyWalker(Node* node, void* items) {
    if (node == nullptr) return false;
    if (IsA(node, Query)) return postgres::WalkQuery((Query*)node, DependencyWalker, items, 0);
    if (IsA(node, Aggref) && ((Aggref*)node)->aggfnoid >= FirstNormalObjectId) {
        HeapTuple tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(((Aggref*)node)->aggfnoid));
        if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for aggregate %u", ((Aggref*)node)->aggfnoid);
        Form_pg_aggregate form = (Form_pg_aggregate)GETSTRUCT(tuple);
        for (Oid function : {form->aggfnoid, form->aggtransfn, form->aggfinalfn}) AddItem(function, (List**)items);
        ReleaseSysCache(tuple);
    }
    return postgres::WalkExpression(node, DependencyWalker, items);
}

List* UserAggregateItems(Node* expression) {
    List* items = NIL;
    DependencyWalker(expression, &items);
    return items;
}

}  // namespace herd::planner
