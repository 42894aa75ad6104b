// Which of the user's schemas a shard's schema stands for.
#pragma once

#include "postgres/pg.h"

namespace herd::cluster {

// The name of the user's schema (palloc'd) if the name is that of a shard's schema known here; else null.
char* FindUserSchema(const char* shard_schema);

// The text with shard schemas replaced by the user's; the text itself if there are none. Does nothing outside a
// transaction, when catalogs can't be read.
const char* WithUserSchemas(const char* text);

}  // namespace herd::cluster
