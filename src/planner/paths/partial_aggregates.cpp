#include "planner/paths/partial_aggregates.h"

#include "planner/shippable_functions.h"
#include "planner/user_aggregates.h"

extern "C" {
#include <access/htup_details.h>
#include <access/transam.h>
#include <catalog/namespace.h>
#include <catalog/pg_aggregate.h>
#include <catalog/pg_namespace.h>
#include <catalog/pg_proc.h>
#include <catalog/pg_type.h>
#include <lib/stringinfo.h>
#include <nodes/makefuncs.h>
#include <utils/catcache.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::planner {

static const char kFinalSchema[] = "herd_final";

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

static char* TypeName(Oid type) {
    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for type %u", type);
    char* name = pstrdup(NameStr(((Form_pg_type)GETSTRUCT(tuple))->typname));
    ReleaseSysCache(tuple);
    return name;
}

Aggref* StateAggregate(const Aggref* aggref) {
    if (aggref->aggfnoid >= FirstNormalObjectId) return DescribedAggregate(aggref, AggregateYields::kState);
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

// Herd's name for it: the aggregate's own and those of its arguments' types.
static char* NameOfFinal(const Aggref* aggref) {
    HeapTuple tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(aggref->aggfnoid));
    if (!HeapTupleIsValid(tuple)) return nullptr;
    Form_pg_proc function = (Form_pg_proc)GETSTRUCT(tuple);
    StringInfoData name;
    initStringInfo(&name);
    appendStringInfoString(&name, NameStr(function->proname));
    for (int i = 0; i < function->proargtypes.dim1; i++)
        appendStringInfo(&name, "_%s", TypeName(function->proargtypes.values[i]));
    bool is_builtin = function->pronamespace == PG_CATALOG_NAMESPACE;
    ReleaseSysCache(tuple);
    return is_builtin ? name.data : nullptr;
}

static Oid FindFinal(const Aggref* aggref) {
    Oid schema = get_namespace_oid(kFinalSchema, true);
    char* name = NameOfFinal(aggref);
    if (!OidIsValid(schema) || name == nullptr) return InvalidOid;
    CatCList* functions = SearchSysCacheList1(PROCNAMEARGSNSP, CStringGetDatum(name));
    Oid found = InvalidOid;
    for (int i = 0; i < functions->n_members; i++) {
        Form_pg_proc function = (Form_pg_proc)GETSTRUCT(&functions->members[i]->tuple);
        if (function->pronamespace == schema) found = function->oid;
    }
    ReleaseSysCacheList(functions);
    return found;
}

Aggref* FinalAggregate(const Aggref* aggref, Aggref* partial) {
    if (aggref->aggfnoid >= FirstNormalObjectId) return CombiningAggregate(aggref, partial);
    Oid function = FindFinal(aggref);
    if (!OidIsValid(function)) return nullptr;
    Aggref* final = (Aggref*)copyObject(aggref);
    final->aggfnoid = function;
    final->aggtransno = final->aggno;
    final->aggargtypes = list_make1_oid(partial->aggtype);
    final->args = list_make1(makeTargetEntry((Expr*)partial, 1, nullptr, false));
    final->aggdistinct = final->aggorder = NIL;
    final->aggfilter = nullptr;
    final->aggstar = false;
    return final;
}

}  // namespace herd::planner
