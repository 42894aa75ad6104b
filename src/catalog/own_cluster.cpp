#include "catalog/own_cluster.h"

#include "catalog/metadata.h"

extern "C" {
#include <access/heapam.h>
#include <access/table.h>
#include <access/tableam.h>
#include <catalog/namespace.h>
#include <utils/lsyscache.h>
#include <utils/snapmgr.h>
}

namespace herd::catalog {

static const AttrNumber kServiceRoleAttno = 2;

static Oid service_role;

static Oid ReadServiceRole(Oid relid) {
    Relation relation = table_open(relid, AccessShareLock);
    TableScanDesc scan = table_beginscan_catalog(relation, 0, nullptr);
    Oid role = InvalidOid;
    HeapTuple tuple = heap_getnext(scan, ForwardScanDirection);
    if (HeapTupleIsValid(tuple)) {
        bool is_null;
        Datum value = heap_getattr(tuple, kServiceRoleAttno, RelationGetDescr(relation), &is_null);
        if (!is_null) role = DatumGetObjectId(value);
    }
    table_endscan(scan);
    table_close(relation, AccessShareLock);
    return role;
}

Oid ServiceRole() {
    if (OidIsValid(service_role)) return service_role;
    // The access method, which only a superuser can create, proves that schema herd is the extension's.
    if (!OidIsValid(HerdAccessMethod())) return InvalidOid;
    Oid schema = get_namespace_oid("herd", true);
    Oid relid = OidIsValid(schema) ? get_relname_relid("cluster", schema) : InvalidOid;
    if (OidIsValid(relid)) service_role = ReadServiceRole(relid);
    return service_role;
}

}  // namespace herd::catalog
