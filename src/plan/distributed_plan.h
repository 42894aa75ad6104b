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
    kByKey,        // key = expression
    kByKeyArray,   // key = ANY(array expression)
    kNullKey,      // key IS NULL
    kByParameter,  // an INSERT's key that is parameter number key_parameter of the SQL
    kByCursor,  // WHERE CURRENT OF: the shard of a cursor's row, whose ctid is parameter number key_parameter of the SQL
};

// A condition on new rows whose value comes back behind the RETURNING columns.
struct RowCheck {
    bool is_view = false;            // a view's check option, else a policy
    const char* relation = nullptr;  // table or view
    const char* policy = nullptr;    // may be null
    Oid target = InvalidOid;         // a view's: the table written, whose new row a violation shows
    int row_width = 0;               // a view's: the table's columns, which come behind all checks; else 0
};

List* WriteRowCheck(const RowCheck& check);
RowCheck ReadRowCheck(List* node);
// How many columns of the rows are for the checks alone.
int HiddenColumns(List* checks);

// What requests of a scan that is asked again and again are expected to cost, in the planner's units.
struct LookupCosts {
    double single = 0;  // of one value
    double all = 0;     // of all values at once
    double batch = 0;   // of a batch of values,
    double key = 0;     // and for each of them
};

// A third form of such a scan: it fetches the rows of some values, which travel as an array.
struct LookupKeys {
    SqlTemplate sql = {nullptr, 0, nullptr};  // no text: there is no such form
    int parameter_count = 0;
    int array_parameter = 0;
    bool prunes = false;  // the values tell the shards
    int feed = -1;        // the executor's parameter that leads to the values to come (ReadAhead); -1: none
};

// A second form of a base relation's scan, for when it is asked again and again with another value for one column: it fetches the rows of
// all values.
struct LookupPlan {
    SqlTemplate sql = {nullptr, 0,
                       nullptr};  // without the conditions that depend on the value; no text: there is no such form
    int parameter_count = 0;
    LookupKeys keys = {};
    LookupCosts costs = {};
    int column = 0;  // index among the fetched columns
    Oid operator_id = InvalidOid;
    bool column_is_left = false;
    Oid collation = InvalidOid;
};

// A column by which rows are sorted.
struct OrderColumn {
    int column;  // index among the columns of the SQL
    Oid sort_operator;
    Oid collation;
    bool nulls_first;
};

List* WriteOrderColumn(const OrderColumn& column);
OrderColumn ReadOrderColumn(List* node);

// Of a base relation that is read until there are enough rows: order and limit are in the SQL, the limit as a parameter. An expression behind the key
// says how many rows are wanted at least.
struct FirstRows {
    int limit_parameter = 0;  // 0: all rows are read
    List* order = NIL;        // of WriteOrderColumn(); NIL: any
};

// Has a scan with this pruning an expression for it?
inline bool HasKey(Pruning pruning) {
    return pruning == Pruning::kByKey || pruning == Pruning::kByKeyArray || pruning == Pruning::kByCursor;
}

// One fragment, to run on the shards that pruning leaves. Lives in CustomScan.custom_private (WriteScan). Its
// expressions are in custom_exprs: first the parameters $1…$n of the SQL, then the pruning key if there is one, then the parameters of
// the lookup's SQL, of that of its keys, and the value to look up, if there is one.
struct DistributedScan {
    CmdType command = CMD_SELECT;  // a write may bring RETURNING rows
    Oid relid = InvalidOid;        // the shell whose group the shards belong to
    SqlTemplate sql = {};
    Pruning pruning = Pruning::kAllShards;
    int key_parameter = 0;
    int parameter_count = 0;
    bool single_shard = false;  // router: exactly one task, worth preparing on the node
    bool has_one_row = false;   // at most: a unique key is given
    bool writes = false;        // takes part in the commit protocol (also a SELECT with a writing CTE)
    bool locks_rows = false;    // SELECT … FOR UPDATE and the like
    bool can_set_tag = false;   // rows affected count for the command tag
    bool has_returning = false;
    List* checks = NIL;  // of WriteRowCheck(): as many boolean columns end the rows
    List* fetched_columns =
        NIL;  // IntList: for a scan of a base relation, the attribute number of each column of the SQL
    bool fetches_place =
        false;  // of a base relation: two more columns follow, the row's ctid in its shard and the shard's index
    bool rechecks = false;  // of a base relation: the last of custom_exprs are the conditions that the SQL applies
    LookupPlan lookup = {};
    FirstRows first_rows = {};
    // Per subplan in custom_plans, whose rows travel as arrays: an IntList with the parameter number for each of its columns.
    List* broadcasts = NIL;
    bool broadcast_whole = false;  // in one batch, an empty one too
    // Of WriteOrderColumn(): every task delivers its rows in this order, in which they are merged. NIL: in any.
    List* order = NIL;
};

// Rows of one batch.
inline constexpr int kBroadcastBatch = 20000;

// How many of custom_exprs, at their end, are about lookups.
inline int LookupExpressions(const LookupPlan& lookup) {
    return lookup.parameter_count + lookup.keys.parameter_count + 1;
}

List* WriteScan(const DistributedScan& scan);
DistributedScan ReadScan(List* custom_private);
// DistributedScan::single_shard alone.
bool IsSingleShard(List* custom_private);

// INSERT whose rows come from a subplan (custom_plans): each row goes to its shard, in batches. custom_exprs: the parameters of
// head and tail.
struct DistributedInsert {
    Oid relid = InvalidOid;
    List* columns = NIL;  // IntList: attribute numbers that the subplan yields, in its order
    int key_column = -1;  // index in columns of the distribution column; -1: not among them (NULL) or a reference table
    SqlTemplate head = {};  // INSERT INTO <hole> AS alias (columns)
    SqlTemplate tail = {};  // ON CONFLICT … RETURNING …, or empty
    int parameter_count = 0;
    bool can_set_tag = false;
    bool has_returning = false;
    List* checks = NIL;  // as in DistributedScan
};

// Below a ModifyTable node (custom_plans: its source).
struct TargetRows {
    Index relation = 0;  // number of the target in the plan's range table
    Oid relid = InvalidOid;
    int place_column = 0;     // of the source: where each row is (executor/writes/row_place.h); 0: all rows are new
    int lock_mode = 0;        // LockTupleMode
    bool needs_rows = false;  // whole rows, not just their places
    List* set_columns = NIL;  // IntList: attribute numbers that an UPDATE assigns
};

// Above the rows that ask a lookup for values (its source is the left tree): for each of custom_exprs, an expression over its columns, the
// LookupKeys::feed by which its values for the rows to come are found.
struct ReadAhead {
    List* feeds = NIL;  // IntList
};

inline List* WriteReadAhead(const ReadAhead& ahead) { return list_make1(ahead.feeds); }
inline ReadAhead ReadReadAhead(List* custom_private) { return {(List*)linitial(custom_private)}; }

List* WriteTargetRows(const TargetRows& rows);
TargetRows ReadTargetRows(List* custom_private);

List* WriteInsert(const DistributedInsert& insert);
DistributedInsert ReadInsert(List* custom_private);

}  // namespace herd::plan
