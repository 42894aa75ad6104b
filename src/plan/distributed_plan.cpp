#include "plan/distributed_plan.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/value.h>
}

namespace herd::plan {

// custom_private is a list of lists, so that copyObject and nodeToString take it: integers, templates, columns.
enum ScanPart {
    kScanNumbers,
    kScanSql,
    kScanColumns,
    kScanChecks,
    kScanLookup,
    kScanBroadcasts,
    kScanOrder,
    kScanFirstRows
};
enum ScanNumber {
    kCommand,
    kRelid,
    kPruning,
    kKeyParameter,
    kParameterCount,
    kSingleShard,
    kWrites,
    kLocksRows,
    kCanSetTag,
    kHasReturning,
    kHasOneRow,
    kFetchesPlace,
    kRechecks,
    kBroadcastWhole,
};
enum LookupPart { kLookupNumbers, kLookupSql, kLookupKeysSql, kLookupCosts };
enum InsertPart { kInsertNumbers, kInsertHead, kInsertTail, kInsertColumns, kInsertChecks };

List* WriteRowCheck(const RowCheck& check) {
    return list_make5(makeInteger(check.is_view), makeString(pstrdup(check.relation)),
                      makeString(check.policy ? pstrdup(check.policy) : pstrdup("")), makeInteger((int)check.target),
                      makeInteger(check.row_width));
}

RowCheck ReadRowCheck(List* node) {
    RowCheck check;
    check.is_view = intVal(linitial(node)) != 0;
    check.relation = strVal(lsecond(node));
    check.policy = strVal(lthird(node));
    if (check.policy[0] == '\0') check.policy = nullptr;
    check.target = (Oid)intVal(lfourth(node));
    check.row_width = intVal(list_nth(node, 4));
    return check;
}

int HiddenColumns(List* checks) {
    int width = 0;
    ListCell* cell;
    foreach (cell, checks) width = Max(width, ReadRowCheck((List*)lfirst(cell)).row_width);
    return list_length(checks) + width;
}

static List* WriteCosts(const LookupCosts& costs) {
    List* numbers = NIL;
    for (double value : {costs.single, costs.all, costs.batch, costs.key})
        numbers = lappend(numbers, makeFloat(psprintf("%.17g", value)));
    return numbers;
}

static LookupCosts ReadCosts(List* node) {
    return {floatVal(linitial(node)), floatVal(lsecond(node)), floatVal(lthird(node)), floatVal(lfourth(node))};
}

static List* WriteLookup(const LookupPlan& lookup) {
    if (lookup.sql.text == nullptr) return NIL;
    List* numbers = NIL;
    for (int value : {lookup.parameter_count, lookup.column, (int)lookup.operator_id, (int)lookup.column_is_left,
                      (int)lookup.collation, lookup.keys.parameter_count, lookup.keys.array_parameter,
                      (int)lookup.keys.prunes, lookup.keys.feed})
        numbers = lappend_int(numbers, value);
    List* keys = lookup.keys.sql.text == nullptr ? NIL : WriteSqlTemplate(lookup.keys.sql);
    return list_make4(numbers, WriteSqlTemplate(lookup.sql), keys, WriteCosts(lookup.costs));
}

static LookupPlan ReadLookup(List* node) {
    LookupPlan lookup;
    if (node == NIL) return lookup;
    List* numbers = (List*)list_nth(node, kLookupNumbers);
    lookup.parameter_count = list_nth_int(numbers, 0);
    lookup.column = list_nth_int(numbers, 1);
    lookup.operator_id = (Oid)list_nth_int(numbers, 2);
    lookup.column_is_left = list_nth_int(numbers, 3) != 0;
    lookup.collation = (Oid)list_nth_int(numbers, 4);
    lookup.keys.parameter_count = list_nth_int(numbers, 5);
    lookup.keys.array_parameter = list_nth_int(numbers, 6);
    lookup.keys.prunes = list_nth_int(numbers, 7) != 0;
    lookup.keys.feed = list_nth_int(numbers, 8);
    lookup.sql = ReadSqlTemplate((List*)list_nth(node, kLookupSql));
    List* keys = (List*)list_nth(node, kLookupKeysSql);
    if (keys != NIL) lookup.keys.sql = ReadSqlTemplate(keys);
    lookup.costs = ReadCosts((List*)list_nth(node, kLookupCosts));
    return lookup;
}

List* WriteOrderColumn(const OrderColumn& column) {
    return lappend_int(list_make3_int(column.column, (int)column.sort_operator, (int)column.collation),
                       (int)column.nulls_first);
}

OrderColumn ReadOrderColumn(List* node) {
    return {list_nth_int(node, 0), (Oid)list_nth_int(node, 1), (Oid)list_nth_int(node, 2), list_nth_int(node, 3) != 0};
}

static List* WriteFirstRows(const FirstRows& rows) {
    return list_make2(list_make1_int(rows.limit_parameter), rows.order);
}

static FirstRows ReadFirstRows(List* node) {
    FirstRows rows;
    rows.limit_parameter = linitial_int((List*)linitial(node));
    rows.order = (List*)lsecond(node);
    return rows;
}

List* WriteScan(const DistributedScan& scan) {
    List* numbers = NIL;
    for (int value : {(int)scan.command, (int)scan.relid, (int)scan.pruning, scan.key_parameter, scan.parameter_count,
                      (int)scan.single_shard, (int)scan.writes, (int)scan.locks_rows, (int)scan.can_set_tag,
                      (int)scan.has_returning, (int)scan.has_one_row, (int)scan.fetches_place, (int)scan.rechecks,
                      (int)scan.broadcast_whole})
        numbers = lappend_int(numbers, value);
    List* parts =
        list_make5(numbers, WriteSqlTemplate(scan.sql), scan.fetched_columns, scan.checks, WriteLookup(scan.lookup));
    parts = lappend(lappend(parts, scan.broadcasts), scan.order);
    return lappend(parts, WriteFirstRows(scan.first_rows));
}

DistributedScan ReadScan(List* custom_private) {
    List* numbers = (List*)list_nth(custom_private, kScanNumbers);
    DistributedScan scan;
    scan.command = (CmdType)list_nth_int(numbers, kCommand);
    scan.relid = (Oid)list_nth_int(numbers, kRelid);
    scan.pruning = (Pruning)list_nth_int(numbers, kPruning);
    scan.key_parameter = list_nth_int(numbers, kKeyParameter);
    scan.parameter_count = list_nth_int(numbers, kParameterCount);
    scan.single_shard = list_nth_int(numbers, kSingleShard) != 0;
    scan.writes = list_nth_int(numbers, kWrites) != 0;
    scan.locks_rows = list_nth_int(numbers, kLocksRows) != 0;
    scan.can_set_tag = list_nth_int(numbers, kCanSetTag) != 0;
    scan.has_returning = list_nth_int(numbers, kHasReturning) != 0;
    scan.has_one_row = list_nth_int(numbers, kHasOneRow) != 0;
    scan.fetches_place = list_nth_int(numbers, kFetchesPlace) != 0;
    scan.rechecks = list_nth_int(numbers, kRechecks) != 0;
    scan.broadcast_whole = list_nth_int(numbers, kBroadcastWhole) != 0;
    scan.sql = ReadSqlTemplate((List*)list_nth(custom_private, kScanSql));
    scan.fetched_columns = (List*)list_nth(custom_private, kScanColumns);
    scan.checks = (List*)list_nth(custom_private, kScanChecks);
    scan.lookup = ReadLookup((List*)list_nth(custom_private, kScanLookup));
    scan.broadcasts = (List*)list_nth(custom_private, kScanBroadcasts);
    scan.order = (List*)list_nth(custom_private, kScanOrder);
    scan.first_rows = ReadFirstRows((List*)list_nth(custom_private, kScanFirstRows));
    return scan;
}

bool IsSingleShard(List* custom_private) {
    return list_nth_int((List*)list_nth(custom_private, kScanNumbers), kSingleShard) != 0;
}

List* WriteTargetRows(const TargetRows& rows) {
    List* numbers = NIL;
    for (int value : {(int)rows.relation, (int)rows.relid, rows.place_column, rows.lock_mode, (int)rows.needs_rows})
        numbers = lappend_int(numbers, value);
    return list_make2(numbers, rows.set_columns);
}

TargetRows ReadTargetRows(List* custom_private) {
    List* numbers = (List*)linitial(custom_private);
    TargetRows rows;
    rows.relation = (Index)list_nth_int(numbers, 0);
    rows.relid = (Oid)list_nth_int(numbers, 1);
    rows.place_column = list_nth_int(numbers, 2);
    rows.lock_mode = list_nth_int(numbers, 3);
    rows.needs_rows = list_nth_int(numbers, 4) != 0;
    rows.set_columns = (List*)lsecond(custom_private);
    return rows;
}

List* WriteInsert(const DistributedInsert& insert) {
    List* numbers = NIL;
    for (int value : {(int)insert.relid, insert.key_column, insert.parameter_count, (int)insert.can_set_tag,
                      (int)insert.has_returning})
        numbers = lappend_int(numbers, value);
    return list_make5(numbers, WriteSqlTemplate(insert.head), WriteSqlTemplate(insert.tail), insert.columns,
                      insert.checks);
}

DistributedInsert ReadInsert(List* custom_private) {
    List* numbers = (List*)list_nth(custom_private, kInsertNumbers);
    int next = 0;
    DistributedInsert insert;
    insert.relid = (Oid)list_nth_int(numbers, next++);
    insert.key_column = list_nth_int(numbers, next++);
    insert.parameter_count = list_nth_int(numbers, next++);
    insert.can_set_tag = list_nth_int(numbers, next++);
    insert.has_returning = list_nth_int(numbers, next++);
    insert.head = ReadSqlTemplate((List*)list_nth(custom_private, kInsertHead));
    insert.tail = ReadSqlTemplate((List*)list_nth(custom_private, kInsertTail));
    insert.columns = (List*)list_nth(custom_private, kInsertColumns);
    insert.checks = (List*)list_nth(custom_private, kInsertChecks);
    return insert;
}

}  // namespace herd::plan
