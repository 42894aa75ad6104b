// One statement for a node, and the rows that come back.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"

extern "C" {
#include <executor/tuptable.h>
}

namespace herd::cluster {

// Values in wire form. All arrays have `count` entries; format 1 is binary. A null value is a null pointer.
struct WireParameters {
    int count = 0;
    const Oid* types = nullptr;  // built-in types only; user-defined ones travel as text with a cast in the SQL
    const char* const* values = nullptr;
    const int* lengths = nullptr;
    const int* formats = nullptr;
};

// What an error of the statement says of where it happened: a text, or a table's shard. It costs nothing before there is an error.
struct ErrorPlace {
    const char* text = nullptr;  // lives as long as the statement
    Oid relid = InvalidOid;
    int64 shard = 0;
    bool more_shards = false;
};

struct RemoteStatement {
    const char* sql;
    // Prepare under a name on that connection and reuse it next time the same text and types come (router queries).
    // Otherwise it travels unnamed.
    bool prepare;
    WireParameters parameters;  // includes the task header as the last one
    ErrorPlace place = {};
    bool has_few_rows = false;  // surely: they are handed over together, which is cheaper than one by one
    bool packs_rows = false;    // the header asks for packed rows (kTaskPacksRows); only if TravelsBinary()
};

}  // namespace herd::cluster
