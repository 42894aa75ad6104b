// Which statements a connection's node session has prepared, by text, parameter types and row type; bounded, the least
// recently used goes first. A statement has the same name whoever prepares it: so they stay when the connection goes to another session.
#pragma once

#include "postgres/pg.h"

#include "cluster/remote_statement.h"

extern "C" {
#include <access/tupdesc.h>
#include <lib/ilist.h>
#include <utils/hsearch.h>
}

namespace herd::cluster {

inline constexpr int kPreparedNameSize = 56;

// Of a statement's text and types: no two statements have the same.
struct PreparedId {
    uint64 high;
    uint64 low;
};

struct PreparedStatement {
    uint64 key;  // dynahash's key: a hash of all below
    dlist_node link;
    PreparedId id;
    char* sql;
    char name[kPreparedNameSize];
    bool confirmed;  // its PREPARE was answered
};

struct PreparedStatementCache {
    MemoryContext context;
    HTAB* entries;
    dlist_head by_use;  // most recent first
    uint32 series;      // part of the names
    bool has_strays;    // the node may have statements of earlier series that are not known here any more
    PreparedId*
        inherited;  // of this series, prepared by the session that had the connection before; not used yet by this one
    int inherited_count;
};

// The row type is part of the key: after ALTER TABLE … TYPE another statement is prepared, instead of the node
// refusing the old one ("cached plan must not change result type").
// Sets *found. Null if the statement can't be cached (another one has its hash).
PreparedStatement* EnterPrepared(PreparedStatementCache* cache, const RemoteStatement& statement, TupleDesc row_desc,
                                 bool* found);
// It was never prepared.
void ForgetPrepared(PreparedStatementCache* cache, PreparedStatement* prepared);
// The node refuses to run it: a new one is prepared next time.
void ForgetPreparedByKey(PreparedStatementCache* cache, uint64 key);
// The name of one that is to go, and is forgotten, if there are more than the setting allows; else false.
bool TakeSurplusPrepared(PreparedStatementCache* cache, char (&name)[kPreparedNameSize]);

// For the session of this server that takes the connection over: what is prepared. -1 if there is more than that, or too much. Allocates
// nothing.
int StorePrepared(const PreparedStatementCache* cache, PreparedId* ids, int room);
void InheritPrepared(PreparedStatementCache* cache, const PreparedId* ids, int count, uint32 series);

}  // namespace herd::cluster
