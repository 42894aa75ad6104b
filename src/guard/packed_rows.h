// Many rows of a task in one message to the coordinator: libpq's work is by message.
//
// In a message, which has as many fields as the rows have columns, the first field holds rows one after another and the others are null.
// A row is for each column: i32 length (big-endian; -1: null) | the value in binary, as its type's send function gives it | a zero byte.
// cluster/packed_rows.h reads it.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <executor/execdesc.h>
}

namespace herd::guard {

// Before ExecutorRun of a task whose coordinator wants it (kTaskPacksRows): replaces the receiver.
void PackRows(QueryDesc* query_desc);

}  // namespace herd::guard
