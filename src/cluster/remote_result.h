// The rows of one statement, as far as they have arrived: first those that were put aside in a tuplestore because another
// statement needed the connection, then those of libpq.
#pragma once

#include "cluster/connection.h"
#include "cluster/packed_rows.h"
#include "cluster/remote_statement.h"
#include "cluster/row_decoder.h"

extern "C" {
#include <utils/resowner.h>
#include <utils/tuplestore.h>
}

namespace herd::cluster {

struct RemoteResult {
    MemoryContext context;      // of everything here
    MemoryContext row_context;  // of the current row, reset with the next
    RowDecoder* decoder;        // null: no rows are wanted
    ErrorPlace place;
    ResourceOwner owner;  // of the tuplestore's files
    bool whole;           // small: let libpq collect all rows
    bool wants_text;      // the first value of the first row is kept in `text`
    bool done;            // nothing more comes from the node
    bool discard;         // rows and errors are thrown away
    bool lost;            // the connection broke before the end
    PGresult* rows;       // belongs to malloc: FreeRemoteResult()
    int next_row;
    WireValue* wire;
    bool packs_rows;     // a row of libpq's holds many
    PackedRows packed;   // what is left of it
    char* packed_bytes;  // a copy of that, where it had to be made
    Tuplestorestate* spilled;
    TupleTableSlot* spilled_slot;
    ErrorData* error;  // not yet raised
    bool misdirected;  // which says that the node does not hold what the statement names
    char* text;
    char* plan_report;    // what the node said of its plan; may be null
    uint64 prepared_key;  // 0: not prepared
    uint64 affected_rows;
    uint64 bytes;
    char* report;       // what the node said of its snapshot, as it came; null: nothing
    int64 reported_at;  // monotonic µs
};

// Makes one in the given context, which it takes over. row_desc may be null and must live as long.
void InitRemoteResult(RemoteResult* result, MemoryContext context, TupleDesc row_desc);
// Frees what isn't palloc'd; the owner deletes the context. The first also closes the tuplestore; while a transaction
// aborts that is left to its resource owner.
void EndRemoteResult(RemoteResult* result);
void ReleaseRemoteResult(RemoteResult* result);

// The next row that is here already into the slot; false if there is none. The row's values live until the next call.
bool TakeRow(RemoteResult* result, TupleTableSlot* slot);
// May say true though TakeRow() finds nothing, never the opposite.
bool HasRow(const RemoteResult* result);

// Takes a PGresult with rows (and owns it). Unless `direct`, rows of single-row mode are put aside.
void AddRows(RemoteResult* result, PGresult* rows, bool direct);

}  // namespace herd::cluster
