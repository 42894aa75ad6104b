#include "catalog/portable_types.h"

#include "catalog/binary_forms.h"

extern "C" {
#include <access/htup_details.h>
#include <access/transam.h>
#include <catalog/pg_type.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::catalog {

namespace {

bool IsPortable(Oid type, Form_pg_type form) {
    if (!OidIsValid(form->typsend) || !OidIsValid(form->typreceive)) return false;
    if (form->typtype == TYPTYPE_ENUM) return true;
    if (type >= FirstGenbkiObjectId || NamesObject(type)) return false;
    return form->typtype == TYPTYPE_BASE || form->typtype == TYPTYPE_RANGE || form->typtype == TYPTYPE_MULTIRANGE;
}

bool IsPortable(Oid type) {
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for type %u", type);
    bool portable = IsPortable(type, reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple)));
    ReleaseSysCache(tuple);
    return portable;
}

}  // namespace

bool HasPortableBinary(Oid type) {
    if (!IsPortable(type)) return false;
    Oid element = get_element_type(type);
    return !OidIsValid(element) || IsPortable(element);
}

}  // namespace herd::catalog
