#include "planner/paths/partial_aggregates.h"

#include "planner/shippable_functions.h"

extern "C" {
#include <access/htup_details.h>
#include <catalog/namespace.h>
#include <catalog/pg_aggregate.h>
#include <catalog/pg_proc.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::planner {

// It has the aggregate's name and arguments.
static Oid FindCompanion(const Aggref* aggref) {
    Oid schema = get_namespace_oid(kStateSchema, true);
    if (!OidIsValid(schema)) return InvalidOid;
    HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(aggref->aggfnoid));
    if (!HeapTupleIsValid(tuple)) return InvalidOid;
    Form_pg_proc function = (Form_pg_proc)GETSTRUCT(tuple);
    Oid companion = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum(NameStr(function->proname)),
                                    PointerGetDatum(&function->proargtypes), ObjectIdGetDatum(schema));
    ReleaseSysCache(tuple);
    return companion;
}

Aggref* StateAggregate(const Aggref* aggref) {
    if (aggref->aggkind != AGGKIND_NORMAL || aggref->aggdistinct != NIL || aggref->aggorder != NIL) return nullptr;
    HeapTuple tuple = SearchSysCache1(AGGFNOID, ObjectIdGetDatum(aggref->aggfnoid));
    if (!HeapTupleIsValid(tuple)) return nullptr;
    Form_pg_aggregate form = (Form_pg_aggregate)GETSTRUCT(tuple);
    bool internal = form->aggtranstype == INTERNALOID;
    bool divisible = OidIsValid(form->aggcombinefn) &&
                     (!internal || (OidIsValid(form->aggserialfn) && OidIsValid(form->aggdeserialfn)));
    bool is_its_state = !OidIsValid(form->aggfinalfn) && !internal;
    ReleaseSysCache(tuple);
    if (!divisible) return nullptr;
    Oid function = is_its_state ? aggref->aggfnoid : FindCompanion(aggref);
    if (!OidIsValid(function)) return nullptr;
    Aggref* state = (Aggref*)copyObject(aggref);
    state->aggfnoid = function;
    state->aggtype = internal ? BYTEAOID : aggref->aggtranstype;
    return state;
}

}  // namespace herd::planner
