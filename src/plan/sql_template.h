// A statement as SQL text with holes for the names of shard relations. Plans hold templates; the executor fills
// them in for the shards of the moment.
#pragma once

#include "postgres/pg.h"

namespace herd::plan {

struct Hole {
    int offset;  // where in text the name is inserted (the text itself has nothing there)
    Oid relid;  // the shell whose shard relation's name goes in; InvalidOid: the index of the shard in its group goes in, as an integer
};

// A Query has this parameter where the shard's index is wanted. No statement has as many.
inline constexpr int kShardIndexParameter = 1000000;

struct SqlTemplate {
    const char* text;
    int hole_count;
    const Hole* holes;  // in order of offset
    // SQL over the rows of this statement on one or more shards, which it calls kShardRows; null if they are wanted as they are.
    const char* combining = nullptr;
};

inline constexpr const char* kShardRows = "shard_rows";

// Copyable node form for custom_private, and back (arrays palloc'd in the current context, text shared).
List* WriteSqlTemplate(const SqlTemplate& sql);
SqlTemplate ReadSqlTemplate(List* node);

}  // namespace herd::plan
