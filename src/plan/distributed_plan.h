// The distributed plan as data: what the planner writes into custom scans and the executor and EXPLAIN read.
#pragma once

#include "postgres/pg.h"

#include "plan/sql_template.h"

extern "C" {
#include <nodes/parsenodes.h>
#include <nodes/plannodes.h>
}

namespace herd::plan {

// How the shards of a scan are found when it starts.
enum class Pruning : int {
    kAllShards,
    kByKey,       // key = expression: the expression is keys[0]
    kByKeyArray,  // key = ANY(array): the array expression is keys[0]
    kNullKey,     // key IS NULL
};

// One fragment, to run on the shards that pruning leaves. Lives in CustomScan.custom_private (WriteScan), its
// expressions in custom_exprs: first the parameters $1…$n of the SQL, then the pruning key if there is one.
struct DistributedScan {
    CmdType command;        // CMD_SELECT: rows come back; else a write, RETURNING may bring rows
    Oid relid;              // the shell whose group the shards belong to
    SqlTemplate sql;
    Pruning pruning;
    Oid key_type;           // type of the pruning key's value (element type for an array)
    int parameter_count;
    bool single_shard;      // router: exactly one task, its statement is worth preparing
    bool locks_rows;        // SELECT … FOR UPDATE and the like
    bool can_set_tag;       // rows affected count for the command tag
    bool all_placements;    // a write of a reference table
};

List* WriteScan(const DistributedScan& scan);
DistributedScan ReadScan(List* custom_private);

// INSERT whose rows come from a subplan: each row goes to its shard, batched.
struct DistributedInsert {
    Oid relid;
    List* columns;        // IntList: attribute numbers of the rows the subplan yields, in its order
    int key_column;       // index in columns of the distribution column, -1 if it is not among them (NULL) or for reference tables
    SqlTemplate head;     // INSERT INTO <hole> AS alias (columns)
    const char* tail;     // " ON CONFLICT … RETURNING …" or ""; its $n come behind the column arrays
    SqlTemplate tail_sql; // the tail with its own holes (rare: subqueries on colocated tables are refused, so mostly none)
    int parameter_count;  // of the tail
    bool has_returning;
    bool can_set_tag;
};

}  // namespace herd::plan
