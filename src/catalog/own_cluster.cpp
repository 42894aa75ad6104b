#include "catalog/own_cluster.h"

#include "catalog/metadata.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <catalog/namespace.h>
#include <utils/fmgrprotos.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
}

namespace herd::catalog {

namespace {

// Of herd.cluster and herd.coordinator.
constexpr AttrNumber kClusterId = 1;
constexpr AttrNumber kServiceRole = 2;
constexpr AttrNumber kIncarnation = 1;

Oid service_role;

// The access method, which only a superuser can create, proves that schema herd is the extension's.
Oid FindRelation(const char* name) {
    if (!OidIsValid(HerdAccessMethod())) return InvalidOid;
    Oid schema = get_namespace_oid("herd", true);
    return OidIsValid(schema) ? get_relname_relid(name, schema) : InvalidOid;
}

// Calls visit with the value of a column in every row until it returns false.
template <class Visit>
void EachValue(Oid relid, AttrNumber column, Visit visit) {
    if (!OidIsValid(relid)) return;
    Relation relation = table_open(relid, AccessShareLock);
    SysScanDesc scan = systable_beginscan(relation, InvalidOid, false, nullptr, 0, nullptr);
    bool more = true;
    for (HeapTuple tuple = systable_getnext(scan); more && HeapTupleIsValid(tuple); tuple = systable_getnext(scan)) {
        bool isnull;
        Datum value = heap_getattr(tuple, column, RelationGetDescr(relation), &isnull);
        if (!isnull) more = visit(value);
    }
    systable_endscan(scan);
    table_close(relation, AccessShareLock);
}

}  // namespace

Oid ServiceRole() {
    if (OidIsValid(service_role)) return service_role;
    EachValue(FindRelation("cluster"), kServiceRole, [](Datum value) {
        service_role = DatumGetObjectId(value);
        return false;
    });
    return service_role;
}

char* OwnClusterId() {
    char* id = pstrdup("");
    EachValue(FindRelation("cluster"), kClusterId, [&](Datum value) {
        id = DatumGetCString(DirectFunctionCall1(uuid_out, value));
        return false;
    });
    return id;
}

bool IsRegisteredCoordinator(int64 incarnation) {
    bool found = false;
    EachValue(CoordinatorRelation(), kIncarnation, [&](Datum value) {
        found = DatumGetInt64(value) == incarnation;
        return !found;
    });
    return found;
}

Oid CoordinatorRelation() { return FindRelation("coordinator"); }

}  // namespace herd::catalog
