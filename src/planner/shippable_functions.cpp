#include "planner/shippable_functions.h"

#include "catalog/types_on_nodes.h"
#include "catalog/user_code.h"
#include "planner/row_guards.h"
#include "planner/user_aggregates.h"

extern "C" {
#include <access/transam.h>
#include <catalog/namespace.h>
#include <catalog/pg_proc.h>
#include <catalog/pg_type.h>
#include <nodes/nodeFuncs.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

// Stable built-ins over timestamptz that depend on TimeZone alone.
static const char* const kTimeZoneFunctions[] = {
    "date_trunc",
    "date",
    "timestamp",
    "time",
    "timetz",
    "date_part",
    "extract",
    "timestamptz",
    "timestamptz_pl_interval",
    "timestamptz_mi_interval",
    "interval_pl_timestamptz",
    "overlaps",
    "make_timestamptz",
    "date_eq_timestamptz",
    "date_ne_timestamptz",
    "date_lt_timestamptz",
    "date_le_timestamptz",
    "date_gt_timestamptz",
    "date_ge_timestamptz",
    "timestamptz_eq_date",
    "timestamptz_ne_date",
    "timestamptz_lt_date",
    "timestamptz_le_date",
    "timestamptz_gt_date",
    "timestamptz_ge_date",
    "timestamp_eq_timestamptz",
    "timestamp_lt_timestamptz",
    "timestamp_le_timestamptz",
    "timestamp_gt_timestamptz",
    "timestamp_ge_timestamptz",
    "timestamptz_eq_timestamp",
    "timestamptz_lt_timestamp",
    "timestamptz_le_timestamp",
    "timestamptz_gt_timestamp",
    "timestamptz_ge_timestamp",
};

// Stable only because the text of some types is.
static const char* const kTextFunctions[] = {
    "textanycat",
    "anytextcat",
    "concat",
    "concat_ws",
    "format",
    "to_json",
    "to_jsonb",
    "json_build_array",
    "json_build_object",
    "jsonb_build_array",
    "jsonb_build_object",
    "array_to_string",
    "string_agg",
    "json_agg",
    "jsonb_agg",
    "json_object_agg",
    "jsonb_object_agg",
    "array_to_json",
    "quote_literal",
    "quote_nullable",
};

template <size_t count>
static bool IsNamed(Oid function, const char* const (&names)[count]) {
    char* name = get_func_name(function);
    for (const char* candidate : names)
        if (strcmp(name, candidate) == 0) return true;
    return false;
}

// Does a value's text depend on nothing but the value and settings that travel (cluster/user_settings)? Money depends on a locale.
static bool PrintsAlike(Oid type) {
    type = getBaseType(type);
    Oid element = get_element_type(type);
    if (OidIsValid(element)) return PrintsAlike(element);
    if (get_typtype(type) == TYPTYPE_ENUM) return true;
    switch (type) {
        case FLOAT4OID:
        case FLOAT8OID:
        case DATEOID:
        case TIMEOID:
        case TIMETZOID:
        case TIMESTAMPOID:
        case TIMESTAMPTZOID:
        case INTERVALOID:
        case BYTEAOID:
        case BOOLOID:
        case INT2OID:
        case INT4OID:
        case INT8OID:
        case NUMERICOID:
        case TEXTOID:
        case VARCHAROID:
        case BPCHAROID:
        case NAMEOID:
        case UUIDOID:
        case JSONOID:
        case JSONBOID:
        case BITOID:
        case VARBITOID:
        case INETOID:
        case CIDROID:
            return true;
        default:
            return false;
    }
}

static bool ArgumentsPrintAlike(List* arguments) {
    ListCell* cell;
    foreach (cell, arguments) {
        Node* argument = (Node*)lfirst(cell);
        if (IsA(argument, TargetEntry)) argument = (Node*)((TargetEntry*)argument)->expr;
        if (!PrintsAlike(exprType(argument))) return false;
    }
    return true;
}

// ---- templates of to_char() and its like ----

static bool ContainsPattern(const char* text, const char* pattern) {
    size_t length = strlen(pattern);
    for (; *text != '\0'; text++)
        if (pg_strncasecmp(text, pattern, length) == 0) return true;
    return false;
}

// A number's or sum's digits, separators and signs as the locale writes them.
static bool NamesLocaleOfNumbers(const char* text) { return strpbrk(text, "DdGgLlSs") != nullptr; }

static bool IsAboutTime(Oid type) { return type == TIMESTAMPOID || type == TIMESTAMPTZOID || type == INTERVALOID; }

// The result depends on lc_time or lc_numeric, which don't travel, only where the template says so.
static bool TemplateShips(Oid function, List* arguments) {
    if (list_length(arguments) != 2) return false;
    Node* node = (Node*)lsecond(arguments);
    if (!IsA(node, Const) || ((Const*)node)->constisnull || ((Const*)node)->consttype != TEXTOID) return false;
    const char* pattern = TextDatumGetCString(((Const*)node)->constvalue);
    char* name = get_func_name(function);
    if (strcmp(name, "to_char") == 0)
        return IsAboutTime(exprType((Node*)linitial(arguments))) ? !ContainsPattern(pattern, "TM")
                                                                 : !NamesLocaleOfNumbers(pattern);
    return (strcmp(name, "to_date") == 0 || strcmp(name, "to_timestamp") == 0) && !ContainsPattern(pattern, "TM");
}

static bool FunctionShips(Oid function, List* arguments) {
    if (function >= FirstNormalObjectId) return IsRefuseRow(function);
    char volatility = func_volatile(function);
    if (volatility == PROVOLATILE_IMMUTABLE) return true;
    if (volatility != PROVOLATILE_STABLE) return false;
    if (IsNamed(function, kTimeZoneFunctions) || TemplateShips(function, arguments)) return true;
    return arguments != NIL && IsNamed(function, kTextFunctions) && ArgumentsPrintAlike(arguments);
}

// A cast by way of text. Enums' functions are stable for they read a catalog, whose labels are the same everywhere.
static bool CastThroughTextShips(const CoerceViaIO* cast) {
    Oid output, input, parameter;
    bool is_varlena;
    Oid source = exprType((Node*)cast->arg);
    getTypeOutputInfo(source, &output, &is_varlena);
    getTypeInputInfo(cast->resulttype, &input, &parameter);
    bool output_ships =
        (output < FirstNormalObjectId && func_volatile(output) == PROVOLATILE_IMMUTABLE) || PrintsAlike(source);
    bool input_ships = (input < FirstNormalObjectId && func_volatile(input) == PROVOLATILE_IMMUTABLE) ||
                       get_typtype(cast->resulttype) == TYPTYPE_ENUM || cast->resulttype == INTERVALOID;
    return output_ships && input_ships && TypeShips(cast->resulttype);
}

static bool IsUnshippableFunction(Oid function, void*) { return !FunctionShips(function, NIL); }

bool IsStateAggregate(Oid function) {
    if (function < FirstNormalObjectId) return false;
    Oid schema = get_namespace_oid(kStateSchema, true);
    return OidIsValid(schema) && get_func_namespace(function) == schema;
}

bool ChangesCollation(const RelabelType* relabel) {
    return OidIsValid(relabel->resultcollid) && relabel->resultcollid != exprCollation((Node*)relabel->arg);
}

bool TypeShips(Oid type) { return catalog::NodesHaveType(type) && catalog::IsTrustedType(type); }

bool NodeShips(Node* node) {
    switch (nodeTag(node)) {
        case T_SQLValueFunction:
        case T_NextValueExpr:
        case T_CurrentOfExpr:
        case T_XmlExpr:
        case T_SetToDefault:
            return false;
        case T_CollateExpr:
            return ((CollateExpr*)node)->collOid < FirstNormalObjectId;
        case T_RelabelType:
            return TypeShips(((RelabelType*)node)->resulttype) &&
                   (!ChangesCollation((RelabelType*)node) || ((RelabelType*)node)->resultcollid < FirstNormalObjectId);
        case T_FuncExpr:
            return FunctionShips(((FuncExpr*)node)->funcid, ((FuncExpr*)node)->args);
        case T_Aggref:
            if (((Aggref*)node)->aggfnoid >= FirstNormalObjectId)
                return IsStateAggregate(((Aggref*)node)->aggfnoid) ||
                       DescribedAggregate((Aggref*)node, AggregateYields::kResult) != nullptr;
            return FunctionShips(((Aggref*)node)->aggfnoid, ((Aggref*)node)->args);
        case T_OpExpr:
            set_opfuncid((OpExpr*)node);
            return FunctionShips(((OpExpr*)node)->opfuncid, ((OpExpr*)node)->args);
        case T_Const:
            return TypeShips(((Const*)node)->consttype);
        case T_CoerceToDomain:
            return TypeShips(((CoerceToDomain*)node)->resulttype);
        case T_RowExpr:
            return TypeShips(((RowExpr*)node)->row_typeid);
        case T_ArrayExpr:
            return TypeShips(((ArrayExpr*)node)->element_typeid);
        case T_ArrayCoerceExpr:
            return TypeShips(((ArrayCoerceExpr*)node)->resulttype);
        case T_CoerceViaIO:
            return CastThroughTextShips((CoerceViaIO*)node);
        default:
            return !check_functions_in_node(node, IsUnshippableFunction, nullptr);
    }
}

}  // namespace herd::planner
