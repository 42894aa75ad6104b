// [pure]
#include "catalog/binary_forms.h"

#include <catalog/pg_type_d.h>

namespace herd::catalog {

BinaryForm BinaryFormOf(uint32_t type) {
    switch (type) {
        case BOOLOID:
        case CHAROID:
            return BinaryForm::kByte;
        case INT2OID:
            return BinaryForm::kInt16;
        case INT4OID:
        case FLOAT4OID:
        case DATEOID:
            return BinaryForm::kInt32;
        case OIDOID:
        case XIDOID:
        case CIDOID:
            return BinaryForm::kUInt32;
        case INT8OID:
        case FLOAT8OID:
        case TIMEOID:
        case TIMESTAMPOID:
        case TIMESTAMPTZOID:
        case MONEYOID:
            return BinaryForm::kInt64;
        case TEXTOID:
        case VARCHAROID:
        case BPCHAROID:
        case JSONOID:
        case BYTEAOID:
            return BinaryForm::kContents;
        case UUIDOID:
            return BinaryForm::kUuid;
        case JSONBOID:
            return BinaryForm::kJsonb;
        case NAMEOID:
            return BinaryForm::kText;
        default:
            return BinaryForm::kOther;
    }
}

bool IsBinaryFreeOfText(uint32_t type) {
    switch (BinaryFormOf(type)) {
        case BinaryForm::kByte:
        case BinaryForm::kInt16:
        case BinaryForm::kInt32:
        case BinaryForm::kUInt32:
        case BinaryForm::kInt64:
        case BinaryForm::kUuid:
            return true;
        default:
            break;
    }
    switch (type) {
        case BYTEAOID:
        case NUMERICOID:
        case INTERVALOID:
        case TIMETZOID:
        case POINTOID:
        case LSEGOID:
        case PATHOID:
        case BOXOID:
        case POLYGONOID:
        case LINEOID:
        case CIRCLEOID:
        case INETOID:
        case CIDROID:
        case MACADDROID:
        case MACADDR8OID:
        case BITOID:
        case VARBITOID:
            return true;
        default:
            return false;
    }
}

bool NamesObject(uint32_t type) {
    switch (type) {
        case REGPROCOID:
        case REGPROCEDUREOID:
        case REGOPEROID:
        case REGOPERATOROID:
        case REGCLASSOID:
        case REGTYPEOID:
        case REGROLEOID:
        case REGNAMESPACEOID:
        case REGCONFIGOID:
        case REGDICTIONARYOID:
        case REGCOLLATIONOID:
            return true;
        default:
            return false;
    }
}

}  // namespace herd::catalog
