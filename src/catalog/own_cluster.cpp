#include "catalog/own_cluster.h"

#include "catalog/metadata_scan.h"

extern "C" {
#include <utils/fmgrprotos.h>
}

namespace herd::catalog {

namespace {

// Of herd.cluster and herd.coordinator.
constexpr AttrNumber kClusterId = 1;
constexpr AttrNumber kServiceRole = 2;
constexpr AttrNumber kIncarnation = 1;

Oid service_role;

// Calls visit with the value of a column in every row until it returns false.
template <class Visit>
void EachValue(Oid relid, AttrNumber column, Visit visit) {
    if (!OidIsValid(relid)) return;
    MetadataScan scan = BeginScan(relid, InvalidOid, nullptr, 0);
    bool more = true;
    for (HeapTuple row = NextRow(scan); more && HeapTupleIsValid(row); row = NextRow(scan))
        more = visit(NotNullColumn(scan, row, column));
    EndScan(scan);
}

}  // namespace

Oid ServiceRole() {
    if (OidIsValid(service_role)) return service_role;
    EachValue(FindHerdRelation("cluster"), kServiceRole, [](Datum value) {
        service_role = DatumGetObjectId(value);
        return false;
    });
    return service_role;
}

char* OwnClusterId() {
    char* id = pstrdup("");
    EachValue(FindHerdRelation("cluster"), kClusterId, [&](Datum value) {
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

Oid CoordinatorRelation() { return FindHerdRelation("coordinator"); }

}  // namespace herd::catalog
