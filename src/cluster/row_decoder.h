// From a row in wire form to Datums of the types that the caller expects.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <access/tupdesc.h>
#include <libpq-fe.h>
}

namespace herd::cluster {

struct RowDecoder;

// Allocated in the current memory context; row_desc must live as long. Decides whether rows should travel in binary:
// only where every column's type has the same binary form on all nodes.
RowDecoder* MakeRowDecoder(TupleDesc row_desc);
bool WantsBinary(const RowDecoder* decoder);
bool TravelsBinary(TupleDesc row_desc);

// One value in wire form, as libpq gives it (a zero byte follows the data).
struct WireValue {
    const char* data;  // null for NULL
    int length;
};

// Raises unless the node's rows have as many columns as expected. A row may leave out the dropped columns.
void CheckColumns(RowDecoder* decoder, int column_count);
int WireColumnCount(const RowDecoder* decoder);

// Fills values[] and isnull[] of the whole row; memory comes from the current context. Returns the bytes of the row.
uint64 DecodeRow(RowDecoder* decoder, const WireValue* wire, Datum* values, bool* isnull);

}  // namespace herd::cluster
