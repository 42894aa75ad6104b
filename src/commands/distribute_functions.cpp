// herd.create_distributed_table() and its kin: check the arguments, then call down.
#include "commands/arguments.h"
#include "commands/distribute.h"
#include "commands/settings.h"
#include "postgres/entry.h"

using namespace herd;
using namespace herd::commands;

HERD_FUNCTION(herd_create_distributed_table) {
    DistributionRequest request{};
    request.caller = "herd.create_distributed_table()";
    request.method = catalog::Method::kHash;
    RequireArgument(fcinfo, 0, "table_name");
    request.relid = PG_GETARG_OID(0);
    request.column = RequireTextArgument(fcinfo, 1, "distribution_column");
    request.colocate_with = RequireTextArgument(fcinfo, 3, "colocate_with");
    if (!PG_ARGISNULL(2)) {
        request.shard_count = PG_GETARG_INT32(2);
        if (request.shard_count < 1 || request.shard_count > kMaxShards)
            ereport(ERROR, (errcode(kInvalidParameterValue), errmsg("invalid shard_count: %d", request.shard_count),
                            errdetail("A table has 1 to %d shards.", kMaxShards)));
    }
    DistributeTable(request);
    PG_RETURN_VOID();
}

HERD_FUNCTION(herd_create_reference_table) {
    DistributionRequest request{};
    request.caller = "herd.create_reference_table()";
    request.method = catalog::Method::kReference;
    RequireArgument(fcinfo, 0, "table_name");
    request.relid = PG_GETARG_OID(0);
    DistributeTable(request);
    PG_RETURN_VOID();
}

HERD_FUNCTION(herd_undistribute_table) {
    RequireArgument(fcinfo, 0, "table_name");
    UndistributeTable(PG_GETARG_OID(0));
    PG_RETURN_VOID();
}
