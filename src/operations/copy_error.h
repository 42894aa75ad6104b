// Errors of a COPY to a shard, told in the user's terms: the line numbers in their context become those of the user's own input.
#pragma once

#include "postgres/pg.h"

namespace herd::operations {

// Which line of the user's input each line of one COPY came from. Rows that came from no input have line 0: then
// the context line is left out.
struct LineMap {
    const char* schema_name;    // of the user's table
    const char* relation_name;  // unqualified, as it stands in the context
    int count;
    const uint64* lines;
};

// Rewrites error->context ("COPY orders, line 3, column total: …"). Works for any language of the node's messages.
void MapCopyErrorLines(ErrorData* error, const LineMap* map);

// For errors of this server's own shards: the error's schema becomes the user's.
void MapCopyErrorSchema(ErrorData* error, const LineMap* map);

}  // namespace herd::operations
