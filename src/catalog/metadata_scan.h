// Reading one herd.* table: a fresh catalog snapshot sees what others have committed, and our own changes after
// CommandCounterIncrement(); no privileges of the user are asked for. Plain data, closed by EndScan() or by the transaction's abort.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <access/htup.h>
#include <access/genam.h>
#include <access/skey.h>
#include <utils/relcache.h>
}

namespace herd::catalog {

struct MetadataScan {
    Relation relation;
    SysScanDesc scan;
};

// A table or index of the extension; InvalidOid if it, or the extension, is not in this database.
Oid FindHerdRelation(const char* name);

// All rows if there is no index; else those whose first columns have the values of the keys.
MetadataScan BeginScan(Oid relid, Oid index, ScanKey keys, int key_count);
HeapTuple NextRow(const MetadataScan& scan);
void EndScan(const MetadataScan& scan);

Datum Column(const MetadataScan& scan, HeapTuple row, int column, bool* isnull);
// Raises if it is null.
Datum NotNullColumn(const MetadataScan& scan, HeapTuple row, int column);

ScanKeyData KeyEquals(AttrNumber column, RegProcedure function, Datum value);

}  // namespace herd::catalog
