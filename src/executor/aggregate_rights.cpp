#include "executor/aggregate_rights.h"

extern "C" {
#include <access/htup_details.h>
#include <catalog/pg_proc.h>
#include <miscadmin.h>
#include <utils/acl.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::executor {

static void Check(Oid function, Oid user, ObjectType kind) {
    AclResult result = pg_proc_aclcheck(function, user, ACL_EXECUTE);
    if (result != ACLCHECK_OK) aclcheck_error(result, kind, get_func_name(function));
}

static Oid OwnerOf(Oid aggregate) {
    HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(aggregate));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for function %u", aggregate);
    Oid owner = ((Form_pg_proc)GETSTRUCT(tuple))->proowner;
    ReleaseSysCache(tuple);
    return owner;
}

void CheckMayCallAggregate(Oid aggregate) { Check(aggregate, GetUserId(), OBJECT_AGGREGATE); }

void CheckOwnerMayCall(Oid aggregate, Oid function) { Check(function, OwnerOf(aggregate), OBJECT_FUNCTION); }

}  // namespace herd::executor
