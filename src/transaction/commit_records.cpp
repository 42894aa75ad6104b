#include "transaction/commit_records.h"

#include "catalog/metadata_scan.h"

extern "C" {
#include <access/genam.h>
#include <access/heapam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <access/tableam.h>
#include <access/xact.h>
#include <access/xlog.h>
#include <catalog/indexing.h>
#include <catalog/namespace.h>
#include <miscadmin.h>
#include <utils/builtins.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/snapmgr.h>
#include <utils/uuid.h>
}

namespace herd::transaction {

namespace {

constexpr AttrNumber kTransactionId = 1;
constexpr AttrNumber kNodeId = 2;
constexpr AttrNumber kGid = 3;
constexpr int kColumnCount = 3;

constexpr AttrNumber kDatabaseOid = 4;  // of herd.cluster

Relation OpenTable(const char* name, LOCKMODE lock) {
    Oid relid = catalog::FindHerdRelation(name);
    if (!OidIsValid(relid))
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE), errmsg("relation \"herd.%s\" does not exist", name)));
    return table_open(relid, lock);
}

SysScanDesc BeginRecordScan(Relation relation, Gid gid, ScanKeyData (&keys)[2]) {
    Oid index = get_relname_relid("transaction_pkey", RelationGetNamespace(relation));
    ScanKeyInit(&keys[0], kTransactionId, BTEqualStrategyNumber, F_INT8EQ,
                Int64GetDatum(static_cast<int64>(gid.transaction_id)));
    ScanKeyInit(&keys[1], kNodeId, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(gid.node.value));
    return systable_beginscan(relation, index, true, nullptr, 2, keys);
}

Gid RecordGid(Relation relation, HeapTuple tuple) {
    bool isnull;
    Datum transaction_id = heap_getattr(tuple, kTransactionId, RelationGetDescr(relation), &isnull);
    Datum node = heap_getattr(tuple, kNodeId, RelationGetDescr(relation), &isnull);
    return {static_cast<uint64>(DatumGetInt64(transaction_id)), NodeId{DatumGetInt32(node)}, 0};
}

}  // namespace

Coordinator ThisCoordinator() {
    Coordinator coordinator{};
    coordinator.system_identifier = GetSystemIdentifier();
    Relation relation = OpenTable("cluster", AccessShareLock);
    SysScanDesc scan = systable_beginscan(relation, InvalidOid, false, nullptr, 0, nullptr);
    HeapTuple tuple = systable_getnext(scan);
    bool isnull = true;
    Datum id = HeapTupleIsValid(tuple) ? heap_getattr(tuple, 1, RelationGetDescr(relation), &isnull) : 0;
    bool good = !isnull && SetClusterId(&coordinator, DatumGetCString(DirectFunctionCall1(uuid_out, id)));
    Datum database = good ? heap_getattr(tuple, kDatabaseOid, RelationGetDescr(relation), &isnull) : 0;
    bool is_copy = good && !isnull && DatumGetObjectId(database) != MyDatabaseId;
    systable_endscan(scan);
    table_close(relation, AccessShareLock);
    if (is_copy)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("this database is a copy of a coordinator's"),
                        errdetail("It must not decide over transactions of the original, which have the same names."),
                        errhint("DROP EXTENSION herd CASCADE makes it an ordinary database.")));
    if (!good) elog(ERROR, "herd.cluster has no cluster id");
    return coordinator;
}

void InsertCommitRecord(Gid gid, const char* gid_text) {
    Relation relation = OpenTable("transaction", RowExclusiveLock);
    Datum values[kColumnCount] = {Int64GetDatum(static_cast<int64>(gid.transaction_id)), Int32GetDatum(gid.node.value),
                                  CStringGetTextDatum(gid_text)};
    bool isnull[kColumnCount] = {};
    HeapTuple tuple = heap_form_tuple(RelationGetDescr(relation), values, isnull);
    CatalogTupleInsert(relation, tuple);
    heap_freetuple(tuple);
    table_close(relation, RowExclusiveLock);
}

bool HasCommitRecord(Gid gid, const char* gid_text) {
    Relation relation = OpenTable("transaction", AccessShareLock);
    ScanKeyData keys[2];
    SysScanDesc scan = BeginRecordScan(relation, gid, keys);
    HeapTuple tuple = systable_getnext(scan);
    bool isnull = true;
    Datum recorded = HeapTupleIsValid(tuple) ? heap_getattr(tuple, kGid, RelationGetDescr(relation), &isnull) : 0;
    bool found = !isnull && strcmp(TextDatumGetCString(recorded), gid_text) == 0;
    systable_endscan(scan);
    table_close(relation, AccessShareLock);
    return found;
}

Gid* ReadCommitRecords(int* count) {
    Relation relation = OpenTable("transaction", AccessShareLock);
    SysScanDesc scan = systable_beginscan(relation, InvalidOid, false, nullptr, 0, nullptr);
    int capacity = 64;
    auto* gids = static_cast<Gid*>(palloc(sizeof(Gid) * capacity));
    *count = 0;
    for (HeapTuple tuple = systable_getnext(scan); HeapTupleIsValid(tuple); tuple = systable_getnext(scan)) {
        if (*count == capacity) {
            capacity *= 2;
            gids = static_cast<Gid*>(repalloc(gids, sizeof(Gid) * capacity));
        }
        gids[(*count)++] = RecordGid(relation, tuple);
    }
    systable_endscan(scan);
    table_close(relation, AccessShareLock);
    return gids;
}

void DeleteCommitRecord(Gid gid) {
    Relation relation = OpenTable("transaction", RowExclusiveLock);
    ScanKeyData keys[2];
    SysScanDesc scan = BeginRecordScan(relation, gid, keys);
    HeapTuple tuple = systable_getnext(scan);
    if (HeapTupleIsValid(tuple)) {
        TM_FailureData failure;
        // Deleted by another transaction meanwhile is as good.
        heap_delete(relation, &tuple->t_self, GetCurrentCommandId(true), InvalidSnapshot, false, &failure, false);
    }
    systable_endscan(scan);
    table_close(relation, RowExclusiveLock);
}

}  // namespace herd::transaction
