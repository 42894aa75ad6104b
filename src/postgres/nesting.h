// Counting how deep a hook is nested, right even when the body raises.
#pragma once

#include "postgres/pg.h"

namespace herd::postgres {

// change(+1), body(), change(-1) also after an error. The body's frame holds plain data only.
template <class Body>
void WithNesting(void (*change)(int), Body&& body) {
    change(1);
    PG_TRY();
    { body(); }
    PG_FINALLY();
    { change(-1); }
    PG_END_TRY();
}

}  // namespace herd::postgres
