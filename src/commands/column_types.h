// ALTER TABLE … ALTER COLUMN … TYPE: which changes the shards can carry out, and the statements that do it.
//
// A shard converts its own rows, so what converts them must give the same everywhere, and the row must stay in its shard.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"

extern "C" {
#include <catalog/pg_attribute.h>
#include <nodes/parsenodes.h>
}

namespace herd::commands {

// TypeChange pointers in the current memory context, NIL if the statement changes no types. Raises, before anything has changed, if the
// shards can't follow. The statement's text is for the positions of errors.
List* CheckTypeChanges(const catalog::DistributedTable* table, const AlterTableStmt* statement, const char* text);

// After the shell was changed: "ALTER COLUMN a TYPE …, ALTER COLUMN b TYPE … USING …", as the catalog has the types now.
char* TypeChangeActions(Oid relid, List* changes);

// The type of a column as a shard's definition writes it, with its collation.
char* ColumnTypeClause(Form_pg_attribute column);

}  // namespace herd::commands
