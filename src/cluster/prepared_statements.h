// Which statements a connection's node session has prepared, by text, parameter types and row type; bounded, the least
// recently used goes first.
#pragma once

#include "postgres/pg.h"

#include "cluster/remote_statement.h"

extern "C" {
#include <access/tupdesc.h>
#include <lib/ilist.h>
#include <utils/hsearch.h>
}

namespace herd::cluster {

inline constexpr int kPreparedNameSize = 16;

struct PreparedStatement {
    uint64 key;  // dynahash's key: a hash of all below
    dlist_node link;
    char* sql;
    char name[kPreparedNameSize];
    bool confirmed;  // its PREPARE was answered
};

struct PreparedStatementCache {
    MemoryContext context;
    HTAB* entries;
    dlist_head by_use;  // most recent first
    uint32 last_number;
};

// The row type is part of the key: after ALTER TABLE … TYPE another statement is prepared, instead of the node
// refusing the old one ("cached plan must not change result type").
// Sets *found. Null if the statement can't be cached (another one has its hash).
PreparedStatement* EnterPrepared(PreparedStatementCache* cache, const RemoteStatement& statement, TupleDesc row_desc,
                                 bool* found);
void ForgetPrepared(PreparedStatementCache* cache, PreparedStatement* prepared);
void ForgetPreparedByKey(PreparedStatementCache* cache, uint64 key);
// The least recently used one if there are more than the setting allows and the node has it; else null.
PreparedStatement* FindSurplusPrepared(PreparedStatementCache* cache);

}  // namespace herd::cluster
