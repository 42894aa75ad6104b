// The custom scan HerdReadAhead: reads the next rows of what is below it and offers the values that lookups will be asked for because of
// them (key_feed.h), before it hands the rows on in their order.
#pragma once

#include "postgres/pg.h"

namespace herd::executor {

// Registers its methods; once per backend, in _PG_init.
void RegisterReadAhead();

}  // namespace herd::executor
