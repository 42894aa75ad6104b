// Send and receive functions convert text to and from the encoding of the client. Between servers it is in the database's.
#pragma once

#include "postgres/pg.h"

namespace herd::postgres {

// Runs step(argument) as if the client had the database's encoding. The callee is a plain function over plain data; what it raises goes on.
void RunInServerEncoding(void (*step)(void*), void* argument);

}  // namespace herd::postgres
