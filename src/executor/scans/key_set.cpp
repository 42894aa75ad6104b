#include "executor/scans/key_set.h"

extern "C" {
#include <utils/array.h>
#include <utils/datum.h>
#include <utils/hsearch.h>
#include <utils/lsyscache.h>
#include <utils/memutils.h>
}

namespace herd::executor {

namespace {

struct Key {
    Key* next;       // of the bucket
    Key* following;  // in the order in which they were added
    Datum value;
};

struct Bucket {
    uint32 hash;  // the key of the hash table
    Key* keys;
};

}  // namespace

struct KeySet {
    MemoryContext context;
    HTAB* buckets;
    Key* first;
    Key* last;
    int count;
    Oid type;
    int16 length;
    bool by_value;
    char alignment;
};

KeySet* MakeKeySet(Oid type, MemoryContext parent) {
    MemoryContext context = AllocSetContextCreate(parent, "herd key set", ALLOCSET_SMALL_SIZES);
    KeySet* set = (KeySet*)MemoryContextAllocZero(context, sizeof(KeySet));
    set->context = context;
    set->type = type;
    get_typlenbyvalalign(type, &set->length, &set->by_value, &set->alignment);
    HASHCTL control = {};
    control.keysize = sizeof(uint32);
    control.entrysize = sizeof(Bucket);
    control.hcxt = context;
    set->buckets = hash_create("herd key set", 256, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
    return set;
}

static bool IsIn(const KeySet* set, const Bucket* bucket, Datum value) {
    for (const Key* key = bucket->keys; key != nullptr; key = key->next)
        if (datum_image_eq(key->value, value, set->by_value, set->length)) return true;
    return false;
}

bool AddKey(KeySet* set, Datum value) {
    uint32 hash = datum_image_hash(value, set->by_value, set->length);
    bool found;
    Bucket* bucket = (Bucket*)hash_search(set->buckets, &hash, HASH_ENTER, &found);
    if (!found) bucket->keys = nullptr;
    if (IsIn(set, bucket, value)) return false;
    MemoryContext caller = MemoryContextSwitchTo(set->context);
    Key* key = (Key*)palloc(sizeof(Key));
    key->value = datumCopy(value, set->by_value, set->length);
    key->next = bucket->keys;
    key->following = nullptr;
    bucket->keys = key;
    *(set->first == nullptr ? &set->first : &set->last->following) = key;
    set->last = key;
    MemoryContextSwitchTo(caller);
    set->count++;
    return true;
}

bool HasKey(const KeySet* set, Datum value) {
    uint32 hash = datum_image_hash(value, set->by_value, set->length);
    const Bucket* bucket = (const Bucket*)hash_search(set->buckets, &hash, HASH_FIND, nullptr);
    return bucket != nullptr && IsIn(set, bucket, value);
}

int CountKeys(const KeySet* set) { return set->count; }

Datum KeysAsArray(const KeySet* set) {
    Datum* values = (Datum*)palloc(Max(1, set->count) * sizeof(Datum));
    int count = 0;
    for (const Key* key = set->first; key != nullptr; key = key->following) values[count++] = key->value;
    ArrayType* array = construct_array(values, count, set->type, set->length, set->by_value, set->alignment);
    return PointerGetDatum(array);
}

void EndKeySet(KeySet* set) { MemoryContextDelete(set->context); }

}  // namespace herd::executor
