// Where SQL text names shells.
#pragma once

#include "postgres/pg.h"

#include "plan/sql_template.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::deparse {

// Says which relations are replaced by shard relations.
using IsHole = bool (*)(Oid relid);

// Cuts the qualified names of such relations out of a statement, also where they name the relation's row type. Only names
// with a schema count: the text must come from between Begin- and EndCanonicalSettings.
plan::SqlTemplate MakeTemplate(const char* sql, IsHole is_hole);

// DeparseQuery for other kinds of shells than the catalog knows.
plan::SqlTemplate DeparseQuery(const Query* query, IsHole is_hole);

}  // namespace herd::deparse
