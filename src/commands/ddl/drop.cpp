// Drops need no handler: the object access hook sees them all. Only the extension must not go while it is needed, and
// what runs in several transactions can't be followed.
#include "commands/ddl/handlers.h"
#include "commands/ddl/targets.h"
#include "operations/local_sql.h"
#include "postgres/error.h"

extern "C" {
#include <nodes/parsenodes.h>
#include <utils/lsyscache.h>
}

namespace herd::commands {

static bool DropsExtension(const DropStmt* statement) {
    if (statement->removeType != OBJECT_EXTENSION) return false;
    ListCell* cell;
    foreach (cell, statement->objects)
        if (strcmp(strVal(lfirst(cell)), "herd") == 0) return true;
    return false;
}

static void CheckNotConcurrent(const DropStmt* statement) {
    ListCell* cell;
    foreach (cell, statement->objects) {
        const catalog::DistributedTable* table = FindTargetByName(lfirst_node(List, cell));
        if (table != nullptr)
            postgres::RaiseNotSupported(
                psprintf("DROP INDEX CONCURRENTLY is not supported for distributed table \"%s\"",
                         get_rel_name(table->relid)),
                "It runs in several transactions, which Herd can't coordinate over the nodes yet.",
                "Use DROP INDEX without CONCURRENTLY.");
    }
}

static void CheckNoTables() {
    int64 tables = operations::QueryLocalInteger("SELECT count(*) FROM herd.distributed_table", {});
    if (tables == 0) return;
    ereport(
        ERROR,
        (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
         errmsg("cannot drop extension herd while there are distributed tables"),
         errdetail_plural("%lld table is distributed.", "%lld tables are distributed.", tables,
                          static_cast<long long>(tables)),
         errhint("Drop them, or make them local with herd.undistribute_table(); the view herd.tables lists them.")));
}

// What PostgreSQL's dependencies don't tell. pg_restore --clean drops extensions without CASCADE: a cluster keeps its nodes.
static void CheckNoNodes() {
    int64 nodes = operations::QueryLocalInteger("SELECT count(*) FROM herd.node WHERE node_id <> 0", {});
    if (nodes > 0)
        ereport(ERROR, (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
                        errmsg("cannot drop extension herd while the cluster has other nodes"),
                        errdetail_plural("%lld node belongs to it.", "%lld nodes belong to it.", nodes,
                                         static_cast<long long>(nodes)),
                        errhint("Take them out with herd.remove_node(), or use DROP EXTENSION herd CASCADE.")));
    int64 shards = operations::QueryLocalInteger("SELECT count(*) FROM herd.held_shard", {});
    if (shards > 0)
        ereport(ERROR, (errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
                        errmsg("cannot drop extension herd on a node that holds shards"),
                        errdetail_plural("It holds %lld shard of a cluster.", "It holds %lld shards of a cluster.",
                                         shards, static_cast<long long>(shards)),
                        errhint("Use DROP EXTENSION herd CASCADE if the cluster is gone.")));
}

void HandleDrop(UtilityCall& call) {
    auto statement = reinterpret_cast<DropStmt*>(call.statement->utilityStmt);
    if (statement->concurrent) CheckNotConcurrent(statement);
    if (DropsExtension(statement)) {
        CheckNoTables();
        if (statement->behavior != DROP_CASCADE) CheckNoNodes();
    }
    RunStandard(call);
}

}  // namespace herd::commands
