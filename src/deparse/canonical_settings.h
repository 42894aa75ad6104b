// PostgreSQL's writers of SQL depend on the session: they qualify what the search path does not find and print constants in
// the session's styles. Between Begin and End everything outside pg_catalog is qualified and constants read back exactly,
// whatever the session says. An error in between is undone by the end of the (sub)transaction.
#pragma once

#include "postgres/pg.h"

namespace herd::deparse {

struct CanonicalSettings {
    int guc_level;  // 0 if the session's settings did already
};

CanonicalSettings BeginCanonicalSettings();
void EndCanonicalSettings(CanonicalSettings settings);

// The other way round: between Begin and End what was written so reads back exactly. Every text of Herd's own that this server parses must be
// parsed so: under standard_conforming_strings = off a constant of the user's could end early, and the rest of it be SQL. An error in between
// is undone by the end of the (sub)transaction.
CanonicalSettings BeginCanonicalReading();
void EndCanonicalReading(CanonicalSettings settings);

}  // namespace herd::deparse
