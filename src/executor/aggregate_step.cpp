#include "executor/aggregate_step.h"

#include "catalog/extensions.h"
#include "catalog/user_code.h"
#include "deparse/canonical_settings.h"

extern "C" {
#include <access/htup_details.h>
#include <access/transam.h>
#include <catalog/namespace.h>
#include <catalog/pg_proc.h>
#include <executor/executor.h>
#include <miscadmin.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <parser/parse_agg.h>
#include <parser/parse_coerce.h>
#include <parser/parse_collate.h>
#include <parser/parse_expr.h>
#include <parser/parse_param.h>
#include <parser/parser.h>
#include <utils/acl.h>
#include <utils/builtins.h>
#include <utils/expandeddatum.h>
#include <utils/lsyscache.h>
#include <utils/regproc.h>
#include <utils/syscache.h>
}

namespace herd::executor {

void RaiseUnfit(const char* text) {
    ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH), errmsg("%s does not fit into the described aggregate", text)));
}

// ---- functions ----

// The type of the result that a plain call with arguments of these types would have. Raises if there is no such call.
static Oid ResultOfCall(Oid function, const char* name, const StepTypes& types) {
    HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for function %u", function);
    Form_pg_proc form = (Form_pg_proc)GETSTRUCT(tuple);
    bool fits = form->prokind == PROKIND_FUNCTION && !form->proretset && form->pronargs == types.argument_count &&
                form->provariadic != ANYOID;
    Oid declared[FUNC_MAX_ARGS];
    if (fits) memcpy(declared, form->proargtypes.values, types.argument_count * sizeof(Oid));
    Oid result = form->prorettype;
    ReleaseSysCache(tuple);
    if (!fits) RaiseUnfit(name);
    result = enforce_generic_type_consistency(types.arguments, declared, types.argument_count, result, false);
    for (int i = 0; i < types.argument_count; i++)
        if (!IsBinaryCoercible(types.arguments[i], declared[i])) RaiseUnfit(name);
    return result;
}

// What an ordinary role has written under the function's name is not what the coordinator means.
static void CheckOrigin(Oid function, const char* name, const char* extension) {
    if (function < FirstNormalObjectId) return;
    const catalog::Extension* own =
        catalog::IsTrustedFunction(function) ? catalog::ExtensionOf(ProcedureRelationId, function) : nullptr;
    const char* found = own != nullptr ? catalog::NameWithVersion(*own) : "no extension of a superuser";
    if (extension != nullptr && strcmp(extension, found) == 0) return;
    ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                    errmsg("function %s of this node is not the one that the aggregate needs", name),
                    errdetail("It belongs to %s, not to %s.", found, extension != nullptr ? extension : "PostgreSQL"),
                    errhint("Install the same version of the extension on all nodes.")));
}

static void SetUpFunction(RunningStep* step, const plan::AggregateStep& definition, const StepTypes& types) {
    const char* name = definition.text;
    Oid function = DatumGetObjectId(DirectFunctionCall1(regprocedurein, CStringGetDatum(name)));
    CheckOrigin(function, name, definition.extension);
    AclResult result = pg_proc_aclcheck(function, GetUserId(), ACL_EXECUTE);
    if (result != ACLCHECK_OK) aclcheck_error(result, OBJECT_FUNCTION, name);
    SetUpFunctionStep(step, function, types);
}

void SetUpFunctionStep(RunningStep* step, Oid function, const StepTypes& types) {
    const char* name = format_procedure_qualified(function);
    if (ResultOfCall(function, name, types) != types.result) RaiseUnfit(name);
    step->exists = true;
    step->argument_count = types.argument_count;
    step->state_length = get_typlen(types.arguments[0]);
    fmgr_info(function, &step->function);
    step->is_strict = step->function.fn_strict;
    Expr* expression;
    build_aggregate_finalfn_expr(const_cast<Oid*>(types.arguments), types.argument_count, types.arguments[0],
                                 types.result, types.collation, function, &expression);
    fmgr_info_set_expr((Node*)expression, &step->function);
}

// ---- expressions ----

static Node* ParseExpression(const char* text) {
    List* statements = raw_parser(psprintf("SELECT %s", text), RAW_PARSE_DEFAULT);
    if (list_length(statements) != 1) RaiseUnfit(text);
    const SelectStmt* select = (const SelectStmt*)linitial_node(RawStmt, statements)->stmt;
    if (!IsA(select, SelectStmt) || list_length(select->targetList) != 1) RaiseUnfit(text);
    return linitial_node(ResTarget, select->targetList)->val;
}

// No subqueries, sets or aggregates: like what may be in an index.
static Node* AnalyzeExpression(const char* text, const StepTypes& types) {
    deparse::CanonicalSettings reading = deparse::BeginCanonicalReading();
    OverrideSearchPath path = {};
    path.addCatalog = true;
    PushOverrideSearchPath(&path);
    ParseState* state = make_parsestate(nullptr);
    setup_parse_fixed_parameters(state, types.arguments, types.argument_count);
    Node* expression = transformExpr(state, ParseExpression(text), EXPR_KIND_INDEX_EXPRESSION);
    assign_expr_collations(state, expression);
    free_parsestate(state);
    PopOverrideSearchPath();
    deparse::EndCanonicalReading(reading);
    return expression;
}

static void SetUpExpression(RunningStep* step, const plan::AggregateStep& definition, const StepTypes& types) {
    Node* expression = AnalyzeExpression(definition.text, types);
    if (exprType(expression) != types.result) RaiseUnfit(definition.text);
    step->exists = true;
    step->argument_count = types.argument_count;
    step->state_length = get_typlen(types.arguments[0]);
    step->is_strict = definition.is_strict;
    step->parameters = makeParamList(types.argument_count);
    for (int i = 0; i < types.argument_count; i++) step->parameters->params[i].ptype = types.arguments[i];
    step->evaluation = CreateStandaloneExprContext();
    step->evaluation->ecxt_param_list_info = step->parameters;
    step->expression = ExecInitExpr(expression_planner((Expr*)expression), nullptr);
}

void SetUpStep(RunningStep* step, const plan::AggregateStep& definition, const StepTypes& types) {
    if (definition.text == nullptr) return;
    if (definition.is_expression)
        SetUpExpression(step, definition, types);
    else
        SetUpFunction(step, definition, types);
}

// ---- running ----

// It may look at the state more than once, so it must not change it in place.
static NullableDatum RunExpression(RunningStep* step, const NullableDatum* arguments) {
    for (int i = 0; i < step->argument_count; i++) {
        step->parameters->params[i].value = arguments[i].value;
        step->parameters->params[i].isnull = arguments[i].isnull;
    }
    ParamExternData* state = &step->parameters->params[0];
    state->value = MakeExpandedObjectReadOnly(state->value, state->isnull, step->state_length);
    NullableDatum result;
    result.value = ExecEvalExpr(step->expression, step->evaluation, &result.isnull);
    return result;
}

NullableDatum RunStep(RunningStep* step, FunctionCallInfo outer, const NullableDatum* arguments) {
    if (step->expression != nullptr) return RunExpression(step, arguments);
    LOCAL_FCINFO(call, FUNC_MAX_ARGS);
    InitFunctionCallInfoData(*call, &step->function, (short)step->argument_count, outer->fncollation, outer->context,
                             nullptr);
    for (int i = 0; i < step->argument_count; i++) call->args[i] = arguments[i];
    NullableDatum result = {FunctionCallInvoke(call), false};
    result.isnull = call->isnull;
    return result;
}

}  // namespace herd::executor
