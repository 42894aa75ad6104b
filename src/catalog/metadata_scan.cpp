#include "catalog/metadata_scan.h"

#include "catalog/metadata.h"

extern "C" {
#include <access/htup_details.h>
#include <access/stratnum.h>
#include <access/table.h>
#include <catalog/namespace.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
}

namespace herd::catalog {

// The access method, which only a superuser can create, proves that schema herd is the extension's.
Oid FindHerdRelation(const char* name) {
    if (!OidIsValid(HerdAccessMethod())) return InvalidOid;
    Oid schema = get_namespace_oid("herd", true);
    return OidIsValid(schema) ? get_relname_relid(name, schema) : InvalidOid;
}

MetadataScan BeginScan(Oid relid, Oid index, ScanKey keys, int key_count) {
    MetadataScan scan;
    scan.relation = table_open(relid, AccessShareLock);
    scan.scan = systable_beginscan(scan.relation, index, OidIsValid(index), nullptr, key_count, keys);
    return scan;
}

HeapTuple NextRow(const MetadataScan& scan) { return systable_getnext(scan.scan); }

void EndScan(const MetadataScan& scan) {
    systable_endscan(scan.scan);
    table_close(scan.relation, AccessShareLock);
}

Datum Column(const MetadataScan& scan, HeapTuple row, int column, bool* isnull) {
    return heap_getattr(row, column, RelationGetDescr(scan.relation), isnull);
}

Datum NotNullColumn(const MetadataScan& scan, HeapTuple row, int column) {
    bool isnull;
    Datum value = Column(scan, row, column, &isnull);
    if (isnull) elog(ERROR, "unexpected null in column %d of \"%s\"", column, RelationGetRelationName(scan.relation));
    return value;
}

ScanKeyData KeyEquals(AttrNumber column, RegProcedure function, Datum value) {
    ScanKeyData key;
    ScanKeyInit(&key, column, BTEqualStrategyNumber, function, value);
    return key;
}

}  // namespace herd::catalog
