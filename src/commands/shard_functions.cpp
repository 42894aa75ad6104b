// SQL functions that say where a value lives.
#include "postgres/pg.h"

#include "commands/arguments.h"
#include "catalog/key_value.h"
#include "catalog/metadata.h"
#include "postgres/entry.h"
#include "sharding/hash.h"

extern "C" {
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/pg_locale.h>
}

namespace herd::commands {

namespace {

// Once per call site: the declared type of the value and its class.
struct ValueType {
    Oid type;
    bool has_class;
    KeyClass key_class;
};

const ValueType* ValueTypeOfArgument(FunctionCallInfo fcinfo, int argument) {
    if (fcinfo->flinfo->fn_extra != nullptr) return static_cast<ValueType*>(fcinfo->flinfo->fn_extra);
    auto* cached = static_cast<ValueType*>(MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(ValueType)));
    cached->type = get_fn_expr_argtype(fcinfo->flinfo, argument);
    if (!OidIsValid(cached->type)) elog(ERROR, "could not determine the type of the value");
    auto key_class = catalog::FindKeyClass(cached->type);
    cached->has_class = key_class.has_value();
    if (key_class) cached->key_class = *key_class;
    fcinfo->flinfo->fn_extra = cached;
    return cached;
}

[[noreturn]] void RaiseNoKeyClass(Oid type) {
    ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
                    errmsg("type %s cannot be a distribution key", format_type_be(type)),
                    errdetail("Its equal values need not have equal bytes on every node."),
                    errhint("Use an integer, float, numeric, text, varchar, char(n), uuid, boolean, date, timestamp, "
                            "bytea or enum type, or a domain over one of them.")));
    pg_unreachable();
}

[[noreturn]] void RaiseNondeterministic(Oid collation) {
    ereport(ERROR,
            (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
             errmsg("collation \"%s\" cannot be the collation of a distribution key", get_collation_name(collation)),
             errdetail("It is nondeterministic: texts with different bytes may be equal under it."),
             errhint("Use a deterministic collation.")));
    pg_unreachable();
}

[[noreturn]] void RaiseOtherClass(const catalog::DistributedTable* table, Oid type) {
    ereport(ERROR,
            (errcode(ERRCODE_DATATYPE_MISMATCH),
             errmsg("a value of type %s is no key of table \"%s\"", format_type_be(type), get_rel_name(table->relid)),
             errdetail("Its distribution column \"%s\" has type %s, which is hashed differently.",
                       get_attname(table->relid, table->key_attno, false), format_type_be(table->key_type)),
             errhint("Cast the value to %s.", format_type_be(table->key_type))));
    pg_unreachable();
}

}  // namespace

static int64 HashOfArgument(FunctionCallInfo fcinfo) {
    const ValueType* value = ValueTypeOfArgument(fcinfo, 0);
    if (!value->has_class) RaiseNoKeyClass(value->type);
    Oid collation = PG_GET_COLLATION();
    if (OidIsValid(collation) && !get_collation_isdeterministic(collation)) RaiseNondeterministic(collation);
    if (PG_ARGISNULL(0)) return sharding::kHashOfNull;
    return catalog::HashKeyValue(value->key_class, value->type, PG_GETARG_DATUM(0));
}

static int64 ShardOfArgument(FunctionCallInfo fcinfo) {
    const catalog::DistributedTable* table = catalog::GetTable(PG_GETARG_OID(0));
    if (table->is_reference()) return table->group->shards[0].id.value;
    const ValueType* value = ValueTypeOfArgument(fcinfo, 1);
    if (!value->has_class || value->key_class != table->group->key_class) RaiseOtherClass(table, value->type);
    int index = catalog::ShardIndexOfValue(table, value->type, PG_GETARG_DATUM(1), PG_ARGISNULL(1));
    return table->group->shards[index].id.value;
}

}  // namespace herd::commands

HERD_FUNCTION(herd_hash) { PG_RETURN_INT64(herd::commands::HashOfArgument(fcinfo)); }

HERD_FUNCTION(herd_get_shard_id) {
    herd::commands::RequireArgument(fcinfo, 0, "table_name");
    PG_RETURN_INT64(herd::commands::ShardOfArgument(fcinfo));
}
