#include "cluster/type_decoding.h"

extern "C" {
#include <access/htup_details.h>
#include <access/transam.h>
#include <catalog/pg_type.h>
#include <utils/hsearch.h>
#include <utils/inval.h>
#include <utils/lsyscache.h>
#include <utils/memutils.h>
#include <utils/syscache.h>
}

#include <optional>

namespace herd::cluster {

// Types whose binary form needs no function. Text goes this way for another reason too: the receive functions of
// text convert from the encoding of *our* client, but a node sends the database's.
Decode DirectDecode(Oid type) {
    switch (type) {
        case BOOLOID:
        case CHAROID:
            return Decode::kByte;
        case INT2OID:
            return Decode::kInt16;
        case INT4OID:
        case FLOAT4OID:
        case DATEOID:
            return Decode::kInt32;
        case OIDOID:
        case XIDOID:
        case CIDOID:
            return Decode::kUInt32;
        case INT8OID:
        case FLOAT8OID:
        case TIMEOID:
        case TIMESTAMPOID:
        case TIMESTAMPTZOID:
        case MONEYOID:
            return Decode::kInt64;
        case TEXTOID:
        case VARCHAROID:
        case BPCHAROID:
        case JSONOID:
        case BYTEAOID:
            return Decode::kVarlena;
        case UUIDOID:
            return Decode::kUuid;
        case JSONBOID:
            return Decode::kJsonb;
        case NAMEOID:
            return Decode::kInput;  // the binary form is the text
        default:
            return Decode::kReceive;
    }
}

namespace {

// Their binary form holds OIDs of the node, or there is none.
bool IsLocalAlias(Oid type) {
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
        case ACLITEMOID:
            return true;
        default:
            return false;
    }
}

bool IsPlainBuiltin(Oid type, char kind) {
    return type < FirstGenbkiObjectId && !IsLocalAlias(type) &&
           (kind == TYPTYPE_BASE || kind == TYPTYPE_RANGE || kind == TYPTYPE_MULTIRANGE);
}

bool HasReceive(Oid type) {
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
    if (!HeapTupleIsValid(tuple)) return false;
    bool has = OidIsValid(reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple))->typreceive);
    ReleaseSysCache(tuple);
    return has;
}

// How a value of this base type is decoded from binary; nothing if it must travel as text.
std::optional<Decode> BinaryDecode(Oid type) {
    Decode direct = DirectDecode(type);
    if (direct != Decode::kReceive) return direct;
    char kind = get_typtype(type);
    if (kind == TYPTYPE_ENUM) return Decode::kInput;  // the binary form is the label
    if (!IsPlainBuiltin(type, kind) || !HasReceive(type)) return std::nullopt;
    Oid element = get_element_type(type);
    if (OidIsValid(element) && !(IsPlainBuiltin(element, get_typtype(element)) && HasReceive(element)))
        return std::nullopt;
    return Decode::kReceive;
}

struct KnownType {
    Oid type;  // hash key
    TypeDecoding decoding;
};

HTAB* known_types;
uint64 changes;  // of types, as far as this session was told

extern "C" {

static void HerdTypesChanged(Datum, int, uint32) {
    changes++;
    if (known_types != nullptr) hash_destroy(known_types);
    known_types = nullptr;
}
}

void MakeKnownTypes() {
    static bool registered = false;
    if (!registered) CacheRegisterSyscacheCallback(TYPEOID, HerdTypesChanged, 0);
    registered = true;
    HASHCTL control{};
    control.keysize = sizeof(Oid);
    control.entrysize = sizeof(KnownType);
    control.hcxt = CacheMemoryContext;
    known_types = hash_create("herd types of rows", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

TypeDecoding LookUp(Oid type) {
    TypeDecoding decoding = {false, Decode::kInput, false, -1, InvalidOid, InvalidOid};
    Oid base = getBaseTypeAndTypmod(type, &decoding.domain_typmod);
    decoding.is_domain = base != type;
    std::optional<Decode> decode = BinaryDecode(base);
    if (!decode.has_value()) return decoding;
    decoding.is_binary = true;
    decoding.decode = *decode;
    if (*decode == Decode::kReceive)
        getTypeBinaryInputInfo(base, &decoding.function, &decoding.io_parameter);
    else if (*decode == Decode::kInput)
        getTypeInputInfo(base, &decoding.function, &decoding.io_parameter);
    return decoding;
}

}  // namespace

TypeDecoding FindTypeDecoding(Oid type) {
    if (known_types == nullptr) MakeKnownTypes();
    const void* found = hash_search(known_types, &type, HASH_FIND, nullptr);
    if (found != nullptr) return static_cast<const KnownType*>(found)->decoding;
    uint64 before = changes;
    TypeDecoding decoding = LookUp(type);
    // What was read before a change came in is good for this statement only.
    if (changes == before)
        static_cast<KnownType*>(hash_search(known_types, &type, HASH_ENTER, nullptr))->decoding = decoding;
    return decoding;
}

}  // namespace herd::cluster
