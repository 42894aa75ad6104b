#include "commands/portable_input.h"

#include <cctype>

extern "C" {
#include <access/htup_details.h>
#include <catalog/pg_type.h>
#include <miscadmin.h>
#include <utils/array.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
#include <utils/xml.h>
}

namespace herd::commands {

static InputPlace PlaceOfBaseType(Oid type, char category) {
    switch (type) {
        case DATEOID:
        case TIMEOID:
        case TIMETZOID:
        case TIMESTAMPOID:
        case TIMESTAMPTZOID:
            return DateOrder == DATEORDER_MDY ? InputPlace::kAnywhereButWords : InputPlace::kHere;
        case INTERVALOID:
            return IntervalStyle == INTSTYLE_POSTGRES ? InputPlace::kAnywhere : InputPlace::kHere;
        case XMLOID:
            return xmloption == XMLOPTION_CONTENT ? InputPlace::kAnywhere : InputPlace::kHere;
        case INT2OID:
        case INT4OID:
        case INT8OID:
        case FLOAT4OID:
        case FLOAT8OID:
        case NUMERICOID:
            return InputPlace::kAnywhere;
        default:
            // money, oid, regclass and their like
            return category == TYPCATEGORY_NUMERIC ? InputPlace::kHere : InputPlace::kAnywhere;
    }
}

static InputPlace PlaceOfPart(Oid type) {
    return WhereToReadInput(type) == InputPlace::kAnywhere ? InputPlace::kAnywhere : InputPlace::kHere;
}

static InputPlace PlaceOfType(Oid type, Form_pg_type form) {
    Oid element = get_element_type(type);
    if (OidIsValid(element)) return Array_nulls ? PlaceOfPart(element) : InputPlace::kHere;
    switch (form->typtype) {
        case TYPTYPE_BASE:
            return PlaceOfBaseType(type, form->typcategory);
        case TYPTYPE_ENUM:
            return InputPlace::kAnywhere;
        case TYPTYPE_RANGE:
            return PlaceOfPart(get_range_subtype(type));
        case TYPTYPE_MULTIRANGE:
            return PlaceOfPart(get_multirange_range(type));
        default:
            return InputPlace::kHere;
    }
}

InputPlace WhereToReadInput(Oid type) {
    type = getBaseType(type);
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for type %u", type);
    InputPlace place = PlaceOfType(type, reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple)));
    ReleaseSysCache(tuple);
    return place;
}

bool BeginsWithWord(const char* text) {
    while (isspace(static_cast<unsigned char>(*text))) text++;
    return isalpha(static_cast<unsigned char>(*text));
}

}  // namespace herd::commands
