// Where SQL text names shells.
#pragma once

#include "postgres/pg.h"

#include "plan/sql_template.h"

namespace herd::deparse {

// Says which relations are replaced by shard relations.
using IsHole = bool (*)(Oid relid, void* argument);

// Cuts the qualified names of such relations out of a statement, also where they name the relation's row type, and
// plan::kShardIndexParameter. Statements:
// queries, CREATE INDEX, CREATE STATISTICS, ALTER TABLE … ADD CONSTRAINT. Only names
// with a schema count: the text must come from between Begin- and EndCanonicalSettings.
plan::SqlTemplate MakeTemplate(const char* sql, IsHole is_hole, void* argument);

}  // namespace herd::deparse
