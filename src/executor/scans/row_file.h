// Rows on disk that are found by a hash: for lookups among more rows than fit into memory. The file is a temporary one, within
// temp_file_limit. In memory there is only every so many rows' hash and place.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <executor/tuptable.h>
}

namespace herd::executor {

struct RowFile;

// First add all rows, then finish, then find. Everything is allocated in `context`, which the owner deletes after EndRowFile().
RowFile* BeginRowFile(TupleDesc desc, MemoryContext context);
void AddToRowFile(RowFile* file, uint32 hash, TupleTableSlot* row);
void FinishRowFile(RowFile* file);

void FindInRowFile(RowFile* file, uint32 hash);
// The next row with the hash, as a virtual tuple that lives until the next call.
bool NextFromRowFile(RowFile* file, TupleTableSlot* slot);

void EndRowFile(RowFile* file);

}  // namespace herd::executor
