// How values become text that another server reads back exactly, whatever the session's DateStyle, IntervalStyle and extra_float_digits say.
//
// Between the two calls the variables behind these settings hold Herd's values. No setting may be changed meanwhile, and an error must
// be followed by UseSessionStyle() (transactions' ends call it).
#pragma once

#include "postgres/pg.h"

namespace herd::postgres {

bool IsStyleCanonical();
void UseCanonicalStyle();
void UseSessionStyle();

}  // namespace herd::postgres
