// Which of the user's schemas a shard's schema stands for.
#pragma once

#include "postgres/pg.h"

namespace herd::cluster {

// The name of the user's schema (palloc'd) if the name is that of a shard's schema known here; else null.
char* FindUserSchema(const char* shard_schema);

// The text with shard schemas replaced by the user's; the text itself if there are none. Does nothing outside a
// transaction, when catalogs can't be read.
const char* WithUserSchemas(const char* text);

// An error of a task that ran in process, in the user's terms. Only broken constraints name a schema; they are raised where catalogs can
// still be read, so this may be called before the error is raised again.
void UseUserSchema(ErrorData* error);

}  // namespace herd::cluster
