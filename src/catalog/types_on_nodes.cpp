#include "catalog/types_on_nodes.h"

#include "catalog/metadata.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <access/transam.h>
#include <catalog/dependency.h>
#include <catalog/indexing.h>
#include <catalog/pg_class.h>
#include <catalog/pg_depend.h>
#include <catalog/pg_type.h>
#include <miscadmin.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
}

namespace herd::catalog {

namespace {

bool IsDistributed(Oid relid) { return IsShell(relid) && FindTable(relid) != nullptr; }

bool IsBrought(Oid type);

// Does what depends on a type bring it to the nodes: a column, or a type made of it?
bool BringsType(const FormData_pg_depend& dependent) {
    if (dependent.classid == TypeRelationId) return IsBrought(dependent.objid);
    if (dependent.classid != RelationRelationId || dependent.objsubid == 0) return false;
    if (get_rel_relkind(dependent.objid) == RELKIND_COMPOSITE_TYPE) return IsBrought(get_rel_type_id(dependent.objid));
    return IsDistributed(dependent.objid);
}

bool IsBrought(Oid type) {
    check_stack_depth();
    ScanKeyData keys[2];
    ScanKeyInit(&keys[0], Anum_pg_depend_refclassid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(TypeRelationId));
    ScanKeyInit(&keys[1], Anum_pg_depend_refobjid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(type));
    Relation depend = table_open(DependRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(depend, DependReferenceIndexId, true, nullptr, 2, keys);
    bool found = false;
    HeapTuple row;
    while (!found && HeapTupleIsValid(row = systable_getnext(scan)))
        found = BringsType(*reinterpret_cast<Form_pg_depend>(GETSTRUCT(row)));
    systable_endscan(scan);
    table_close(depend, AccessShareLock);
    return found;
}

}  // namespace

bool NodesHaveType(Oid type) {
    Oid element = get_element_type(type);
    if (OidIsValid(element)) type = element;
    if (type < FirstNormalObjectId) return true;
    // A row of a distributed table: a shard's row there.
    if (get_typtype(type) == TYPTYPE_COMPOSITE && IsDistributed(get_typ_typrelid(type))) return true;
    return IsBrought(type);
}

}  // namespace herd::catalog
