// [pure]
// A node speaks of the schemas that its shards lie in; the user knows only the table's own schema. Finds the names of shard
// schemas in a message, so that the caller can put the user's in their place.
#pragma once

#include <cstddef>

namespace herd::cluster {

struct SchemaMention {
    size_t offset;
    size_t length;
};

// The next name of the form herd_<digits>_<digits> at or after `from` that stands alone (not inside a longer identifier).
// False if there is none.
bool FindShardSchema(const char* text, size_t from, SchemaMention* mention);

}  // namespace herd::cluster
