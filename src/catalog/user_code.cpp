#include "catalog/user_code.h"

#include "postgres/walk.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <access/transam.h>
#include <catalog/dependency.h>
#include <catalog/indexing.h>
#include <catalog/pg_constraint.h>
#include <catalog/pg_proc.h>
#include <catalog/pg_range.h>
#include <catalog/pg_type.h>
#include <miscadmin.h>
#include <nodes/nodeFuncs.h>
#include <utils/builtins.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/syscache.h>
#include <utils/typcache.h>
}

namespace herd::catalog {

namespace {

Oid OwnerOf(Oid function) {
    HeapTuple row = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
    if (!HeapTupleIsValid(row)) return InvalidOid;
    Oid owner = reinterpret_cast<Form_pg_proc>(GETSTRUCT(row))->proowner;
    ReleaseSysCache(row);
    return owner;
}

extern "C" {
static bool HerdIsUntrusted(Oid function, void*) { return !IsTrustedFunction(function); }
}

bool CallsUserCode(Node* node, void*) {
    if (node == nullptr) return false;
    if (check_functions_in_node(node, HerdIsUntrusted, nullptr)) return true;
    if (IsA(node, CoerceToDomain) && !IsTrustedType(castNode(CoerceToDomain, node)->resulttype)) return true;
    if (IsA(node, CoerceViaIO) && !IsTrustedType(castNode(CoerceViaIO, node)->resulttype)) return true;
    return postgres::WalkExpression(node, CallsUserCode, nullptr);
}

bool AreConstraintsTrusted(Oid domain) {
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_constraint_contypid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(domain));
    Relation constraints = table_open(ConstraintRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(constraints, ConstraintTypidIndexId, true, nullptr, 1, &key);
    bool trusted = true;
    for (HeapTuple row = systable_getnext(scan); HeapTupleIsValid(row); row = systable_getnext(scan)) {
        bool isnull;
        Datum value = heap_getattr(row, Anum_pg_constraint_conbin, RelationGetDescr(constraints), &isnull);
        if (isnull) continue;
        auto* expression = static_cast<Node*>(stringToNode(TextDatumGetCString(value)));
        trusted = trusted && !CallsUserCode(expression, nullptr);
    }
    systable_endscan(scan);
    table_close(constraints, AccessShareLock);
    return trusted;
}

Oid TypeBelowDomain(Oid domain) {
    HeapTuple row = SearchSysCache1(TYPEOID, ObjectIdGetDatum(domain));
    if (!HeapTupleIsValid(row)) elog(ERROR, "cache lookup failed for type %u", domain);
    Oid base = reinterpret_cast<Form_pg_type>(GETSTRUCT(row))->typbasetype;
    ReleaseSysCache(row);
    return base;
}

bool AreFieldsTrusted(Oid row_type) {
    TupleDesc fields = lookup_rowtype_tupdesc(row_type, -1);
    bool trusted = true;
    for (int i = 0; i < fields->natts; i++)
        if (!TupleDescAttr(fields, i)->attisdropped && !IsTrustedType(TupleDescAttr(fields, i)->atttypid))
            trusted = false;
    ReleaseTupleDesc(fields);
    return trusted;
}

bool IsRangeTrusted(Oid range) {
    HeapTuple row = SearchSysCache1(RANGETYPE, ObjectIdGetDatum(range));
    if (!HeapTupleIsValid(row)) return false;
    FormData_pg_range form = *reinterpret_cast<Form_pg_range>(GETSTRUCT(row));
    ReleaseSysCache(row);
    return (!OidIsValid(form.rngcanonical) || IsTrustedFunction(form.rngcanonical)) && IsTrustedType(form.rngsubtype);
}

}  // namespace

bool IsTrustedFunction(Oid function) {
    if (function < FirstNormalObjectId) return true;
    return OidIsValid(getExtensionOfObject(ProcedureRelationId, function)) && superuser_arg(OwnerOf(function));
}

bool IsTrustedType(Oid type) {
    if (type < FirstNormalObjectId) return true;
    check_stack_depth();
    Oid element = get_element_type(type);
    if (OidIsValid(element)) return IsTrustedType(element);
    switch (get_typtype(type)) {
        case TYPTYPE_DOMAIN:
            return AreConstraintsTrusted(type) && IsTrustedType(TypeBelowDomain(type));
        case TYPTYPE_COMPOSITE:
            return AreFieldsTrusted(type);
        case TYPTYPE_RANGE:
            return IsRangeTrusted(type);
        case TYPTYPE_MULTIRANGE:
            return IsRangeTrusted(get_multirange_range(type));
        default:
            return true;  // only superusers make base types
    }
}

}  // namespace herd::catalog
