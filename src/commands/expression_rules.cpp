#include "commands/expression_rules.h"

#include "catalog/user_code.h"
#include "postgres/error.h"
#include "postgres/walk.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <access/transam.h>
#include <catalog/indexing.h>
#include <catalog/pg_constraint.h>
#include <catalog/pg_proc.h>
#include <catalog/pg_type.h>
#include <miscadmin.h>
#include <nodes/nodeFuncs.h>
#include <utils/builtins.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/regproc.h>
#include <utils/syscache.h>
#include <utils/typcache.h>
}

namespace herd::commands {

static bool IsTimeType(Oid type) {
    switch (type) {
        case DATEOID:
        case TIMEOID:
        case TIMETZOID:
        case TIMESTAMPOID:
        case TIMESTAMPTZOID:
        case INTERVALOID:
            return true;
        default:
            return false;
    }
}

static bool IsPlainType(Oid type) {
    switch (type) {
        case TEXTOID:
        case CSTRINGOID:
        case BOOLOID:
        case INT4OID:
        case INT8OID:
        case FLOAT8OID:
        case NUMERICOID:
        case OIDOID:
            return true;
        default:
            return IsTimeType(type);
    }
}

// Conversions and arithmetic of dates and times depend on settings, which travel to the nodes.
static bool IsAboutTime(Form_pg_proc function) {
    bool time = IsTimeType(function->prorettype);
    for (int i = 0; i < function->pronargs; i++) {
        if (!IsPlainType(function->proargtypes.values[i])) return false;
        time = time || IsTimeType(function->proargtypes.values[i]);
    }
    return time;
}

static bool IsHarmlessStable(Form_pg_proc function) {
    switch (function->oid) {
        case F_TEXTANYCAT:
        case F_ANYTEXTCAT:
        case F_CONCAT:
        case F_CONCAT_WS:
            return true;
        default:
            return IsAboutTime(function);
    }
}

static bool IsAllowed(Form_pg_proc function) {
    bool built_in = function->oid < FirstNormalObjectId;
    if (!catalog::IsTrustedFunction(function->oid)) return false;
    if (function->provolatile == PROVOLATILE_IMMUTABLE) return true;
    return built_in && function->provolatile == PROVOLATILE_STABLE && IsHarmlessStable(function);
}

// Remembers the function and ends the walk if it is not allowed.
static bool IsRefused(Oid oid, void* refused) {
    HeapTuple row = SearchSysCache1(PROCOID, ObjectIdGetDatum(oid));
    if (!HeapTupleIsValid(row)) elog(ERROR, "cache lookup failed for function %u", oid);
    bool allowed = IsAllowed(reinterpret_cast<Form_pg_proc>(GETSTRUCT(row)));
    ReleaseSysCache(row);
    if (!allowed) *static_cast<Oid*>(refused) = oid;
    return !allowed;
}

// Values of these types run user code when they are made.
static Oid MadeType(Node* node) {
    switch (nodeTag(node)) {
        case T_Const:
        case T_CoerceToDomain:
        case T_CoerceViaIO:
            return exprType(node);
        default:
            return InvalidOid;
    }
}

static bool FindRefused(Node* node, void* refused) {
    if (node == nullptr) return false;
    if (OidIsValid(MadeType(node))) CheckTypeExpressions(MadeType(node));
    if (check_functions_in_node(node, IsRefused, refused)) return true;
    return postgres::WalkExpression(node, FindRefused, refused);
}

void CheckExpression(Node* expression, const char* what) {
    Oid refused = InvalidOid;
    if (!FindRefused(expression, &refused)) return;
    const char* name = format_procedure(refused);
    if (!catalog::IsTrustedFunction(refused))
        postgres::RaiseNotSupported(psprintf("%s calls user-defined function %s", what, name),
                                    "Functions are not created on the nodes, and shards are built by Herd itself.",
                                    "Use built-in functions, or functions of an extension that all nodes have.");
    postgres::RaiseNotSupported(psprintf("%s calls function %s, which is not immutable", what, name),
                                "The nodes check the expression, where the function's result may be another.",
                                "Use immutable functions.");
}

static void CheckDomainConstraints(Oid domain) {
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_constraint_contypid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(domain));
    Relation constraints = table_open(ConstraintRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(constraints, ConstraintTypidIndexId, true, nullptr, 1, &key);
    for (HeapTuple row = systable_getnext(scan); HeapTupleIsValid(row); row = systable_getnext(scan)) {
        bool isnull;
        Datum expression = heap_getattr(row, Anum_pg_constraint_conbin, RelationGetDescr(constraints), &isnull);
        if (isnull) continue;
        const char* name = NameStr(reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row))->conname);
        CheckExpression(static_cast<Node*>(stringToNode(TextDatumGetCString(expression))),
                        psprintf("constraint \"%s\" of domain %s", name, format_type_be(domain)));
    }
    systable_endscan(scan);
    table_close(constraints, AccessShareLock);
}

static Oid TypeBelowDomain(Oid domain) {
    HeapTuple row = SearchSysCache1(TYPEOID, ObjectIdGetDatum(domain));
    if (!HeapTupleIsValid(row)) elog(ERROR, "cache lookup failed for type %u", domain);
    Oid base = reinterpret_cast<Form_pg_type>(GETSTRUCT(row))->typbasetype;
    ReleaseSysCache(row);
    return base;
}

static void CheckFieldTypes(Oid row_type) {
    TupleDesc fields = lookup_rowtype_tupdesc(row_type, -1);
    for (int i = 0; i < fields->natts; i++)
        if (!TupleDescAttr(fields, i)->attisdropped) CheckTypeExpressions(TupleDescAttr(fields, i)->atttypid);
    ReleaseTupleDesc(fields);
}

void CheckTypeExpressions(Oid type) {
    if (type < FirstNormalObjectId) return;
    check_stack_depth();
    Oid element = get_element_type(type);
    switch (get_typtype(type)) {
        case TYPTYPE_DOMAIN:
            CheckDomainConstraints(type);
            CheckTypeExpressions(TypeBelowDomain(type));
            return;
        case TYPTYPE_COMPOSITE:
            CheckFieldTypes(type);
            return;
        default:
            if (OidIsValid(element)) CheckTypeExpressions(element);
    }
}

}  // namespace herd::commands
