// A set of values of one type, told apart by their bytes.
#pragma once

#include "postgres/pg.h"

namespace herd::executor {

struct KeySet;

// Lives in a child of `parent`, until EndKeySet().
KeySet* MakeKeySet(Oid type, MemoryContext parent);
// Adds a copy. False if it is there already.
bool AddKey(KeySet* set, Datum value);
bool HasKey(const KeySet* set, Datum value);
int CountKeys(const KeySet* set);
// All of them, as an array value in the current memory context.
Datum KeysAsArray(const KeySet* set);
void EndKeySet(KeySet* set);

}  // namespace herd::executor
