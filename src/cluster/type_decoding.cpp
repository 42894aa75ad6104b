#include "cluster/type_decoding.h"

#include "catalog/portable_types.h"

extern "C" {
#include <catalog/pg_type.h>
#include <utils/hsearch.h>
#include <utils/inval.h>
#include <utils/lsyscache.h>
#include <utils/memutils.h>
#include <utils/syscache.h>
}

namespace herd::cluster {

using catalog::BinaryForm;

namespace {

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
    TypeDecoding decoding = {false, BinaryForm::kText, false, -1, InvalidOid, InvalidOid};
    Oid base = getBaseTypeAndTypmod(type, &decoding.domain_typmod);
    decoding.is_domain = base != type;
    decoding.is_binary = catalog::HasPortableBinary(base);
    if (!decoding.is_binary) return decoding;
    // An enum's binary form is its label.
    decoding.form = get_typtype(base) == TYPTYPE_ENUM ? BinaryForm::kText : catalog::BinaryFormOf(base);
    if (decoding.form == BinaryForm::kOther)
        getTypeBinaryInputInfo(base, &decoding.function, &decoding.io_parameter);
    else if (decoding.form == BinaryForm::kText)
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
