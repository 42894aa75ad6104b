// Gathering the rows of one fragment over many shards, own node in process and the others over streams.
#pragma once

#include "postgres/pg.h"

#include "plan/sql_template.h"

extern "C" {
#include <executor/tuptable.h>
#include <nodes/params.h>
}

namespace herd::executor {

struct Gather;

// Starts tasks for the given shards (indexes into the group of `relid`) of the fragment. row_desc describes the fragment's rows.
// parameters: values for $1…$n of the fragment (may be null). Everything is allocated in the current memory context.
Gather* BeginGather(Oid relid, const plan::SqlTemplate& sql, const int* shard_indexes, int shard_count,
                    TupleDesc row_desc, ParamListInfo parameters);
// The next row of any task (order undefined) into a virtual slot with row_desc's columns; false at the end.
bool GatherNext(Gather* gather, TupleTableSlot* slot);
void EndGather(Gather* gather);

// A gather of whole rows of a distributed table in its physical row type (dropped columns null), all shards; for code outside
// the planner (the shells' access method, undistribute).
Gather* BeginTableGather(Oid relid);

}  // namespace herd::executor
