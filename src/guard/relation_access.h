// Which relations only Herd itself touches: shards, its metadata, and the secret with which coordinators connect.
//
// Rights that PostgreSQL gives to whole databases (pg_read_all_data, pg_write_all_data) don't reach them, so that row-level security of a
// distributed table can't be avoided by reading its shards, nor the cluster be taken over by writing its metadata. Tasks pass: their
// permission bits are cleared (transaction/task_scope).
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
}

namespace herd::guard {

void RegisterRelationAccess();

// For every statement's range table, and COPY's, after PostgreSQL's own check: false, or an error, if an ordinary role touches what is
// Herd's.
bool CheckRelationAccess(List* range_table, bool raise);

// A client's own statement on a shard of this server is refused for superusers too, unless herd.allow_shard_access is on: it would see
// and change rows behind the back of the coordinators. COPY … TO, VACUUM and ANALYZE are free.
void CheckClientStatement(Query* query);

}  // namespace herd::guard
