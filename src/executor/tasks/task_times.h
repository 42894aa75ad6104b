// How long a fragment takes on a node, as far as it is known: how many connections are worth having is decided by it.
//
// Measured times of this session come first, per SQL text; else the number of rows that the fragment reads says something.
#pragma once

#include "postgres/pg.h"

#include "plan/sql_template.h"

namespace herd::executor {

// Of one shard, in milliseconds; negative if nothing is known.
double ExpectedShardTime(const plan::SqlTemplate& sql);
void NoteShardTime(const plan::SqlTemplate& sql, double milliseconds);

}  // namespace herd::executor
