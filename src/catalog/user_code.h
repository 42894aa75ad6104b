// Whose code runs when a value of a type is made or a function is called.
//
// A task's text is analyzed with the rights of whoever may see shards, and a write may run with the right to read everything. So nothing in
// it may call what an ordinary role has written: what is not trusted is computed on the coordinator, as the user, or refused.
#pragma once

#include "postgres/pg.h"

namespace herd::catalog {

// Built in, or an extension's and a superuser's own.
bool IsTrustedFunction(Oid function);

// Reading a text as this type, or casting to it, calls nothing but trusted functions: a domain's constraints do, also of a domain within
// an array, a composite type or a range.
bool IsTrustedType(Oid type);

}  // namespace herd::catalog
