// COPY of a buffer to a shard relation of this very server, in process and inside the running transaction.
#pragma once

#include "postgres/pg.h"

#include "operations/copy_error.h"

namespace herd::operations {

// columns and options as BeginCopyFrom() takes them. Permissions are not checked: the caller has checked them on the shell.
// Errors are raised with their lines mapped.
void CopyToLocalShard(Oid shard_relation, List* columns, List* options, const char* data, size_t length,
                      const LineMap* map);

}  // namespace herd::operations
