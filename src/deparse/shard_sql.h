// Filling templates with the shard relations of one shard.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "plan/sql_template.h"

namespace herd::deparse {

// Every hole of a hash-distributed table gets the relation of the group's shard number shard_index (colocated tables share
// the index), every hole of a reference table gets its only shard's relation.
char* FillTemplateForShard(const plan::SqlTemplate& sql, int shard_index);

}  // namespace herd::deparse
