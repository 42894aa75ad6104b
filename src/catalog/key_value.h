// From a Datum to its place on the hash ring. One function for router, COPY and DML.
#pragma once

#include "postgres/pg.h"

#include "sharding/key_class.h"

namespace herd::catalog {

// The key class of a type, looking through domains; nothing for a type that can't be a distribution key.
std::optional<KeyClass> FindKeyClass(Oid type);

// Is the equality operator one that both sides of the same key class may be pruned by? True if op is
// the btree equality of its operand types, both (through domains, varchar as text) of class `key_class`, and the
// collation is deterministic.
bool IsKeyEquality(Oid op, Oid collation, KeyClass key_class);

// Hash of a non-null value. type may be any type of the class (int2 … int8, text, varchar, domains …).
uint32 HashKeyValue(KeyClass key_class, Oid type, Datum value);

}  // namespace herd::catalog
