// Names inside the shards are the user's own, so they change with the shell's.
#include "commands/ddl/handlers.h"
#include "commands/ddl/targets.h"
#include "commands/distribution_label.h"
#include "operations/local_sql.h"
#include "operations/node_commands.h"
#include "operations/node_roles.h"
#include "postgres/error.h"

extern "C" {
#include <access/xact.h>
#include <catalog/namespace.h>
#include <catalog/pg_class.h>
#include <nodes/makefuncs.h>
#include <nodes/parsenodes.h>
#include <parser/parse_type.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
}

namespace herd::commands {

using catalog::DistributedTable;

// The statement for one shard, with the names from before the renaming; null if shards don't have such an object.
static char* ShardStatement(const RenameStmt* statement, const DistributedTable* table, ShardId shard) {
    const char* relation = catalog::ShardRelationName(table, shard);
    const char* to = quote_identifier(statement->newname);
    switch (statement->renameType) {
        case OBJECT_TABLE:
        case OBJECT_INDEX:
            // ALTER TABLE may name an index, too.
            if (get_rel_relkind(RangeVarGetRelid(statement->relation, NoLock, false)) == RELKIND_INDEX)
                return psprintf("ALTER INDEX %s.%s RENAME TO %s", catalog::ShardSchemaName(table, shard),
                                quote_identifier(statement->relation->relname), to);
            return psprintf("ALTER TABLE %s RENAME TO %s", relation, to);
        case OBJECT_COLUMN:
            return psprintf("ALTER TABLE %s RENAME COLUMN %s TO %s", relation, quote_identifier(statement->subname),
                            to);
        case OBJECT_TABCONSTRAINT:
            return psprintf("ALTER TABLE %s RENAME CONSTRAINT %s TO %s", relation, quote_identifier(statement->subname),
                            to);
        default:
            return nullptr;
    }
}

static void RenameOfTable(UtilityCall& call, const RenameStmt* statement, const DistributedTable* table) {
    operations::NodeCommands* commands = operations::MakeNodeCommands();
    for (int i = 0; i < table->group->shard_count; i++) {
        const catalog::Shard* shard = &table->group->shards[i];
        char* sql = ShardStatement(statement, table, shard->id);
        if (sql != nullptr) operations::AddShardCommand(commands, shard, sql);
    }
    RunStandard(call);
    operations::RunNodeCommands(commands);
    CommandCounterIncrement();
    WriteLabel(table->relid, LabelOfTable(table));
}

static Oid RowTypeOf(const RangeVar* relation) {
    Oid relid = RangeVarGetRelid(relation, NoLock, true);
    return OidIsValid(relid) ? get_rel_type_id(relid) : InvalidOid;
}

static Oid RenamedType(const RenameStmt* statement) {
    switch (statement->renameType) {
        case OBJECT_TYPE:
        case OBJECT_DOMAIN:
        case OBJECT_DOMCONSTRAINT:
            return LookupTypeNameOid(nullptr, makeTypeNameFromNameList(castNode(List, statement->object)), true);
        case OBJECT_ATTRIBUTE:
            return RowTypeOf(statement->relation);
        default:
            return InvalidOid;
    }
}

static void CheckSchemaHasNoTypes(const char* schema) {
    char* oids = operations::QueryLocalText(
        "SELECT string_agg(t.oid::text, ' ') FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace "
        "LEFT JOIN pg_class r ON r.oid = typrelid WHERE nspname = $1 AND (typtype IN ('e', 'd') OR relkind = 'c')",
        {operations::TextArgument(schema)});
    char* position = nullptr;
    for (char* oid = oids ? strtok_r(oids, " ", &position) : nullptr; oid; oid = strtok_r(nullptr, " ", &position))
        if (IsTypeOfDistributedColumn(static_cast<Oid>(strtoul(oid, nullptr, 10))))
            postgres::RaiseNotSupported(
                psprintf("schema \"%s\" can't be renamed", schema),
                "It has types that distributed tables use, and the nodes know these by their names.",
                "Undistribute the tables first.");
}

void HandleRename(UtilityCall& call) {
    auto statement = reinterpret_cast<RenameStmt*>(call.statement->utilityStmt);
    const DistributedTable* table = FindTarget(statement->relation);
    if (table != nullptr) return RenameOfTable(call, statement, table);
    if (statement->renameType == OBJECT_STATISTIC_EXT && RenameStatistics(call)) return;
    Oid type = RenamedType(statement);
    if (statement->renameType == OBJECT_SCHEMA) CheckSchemaHasNoTypes(statement->subname);
    if (OidIsValid(type) && IsTypeOfDistributedColumn(type))
        postgres::RaiseNotSupported("a type that distributed tables use can't be renamed",
                                    "The nodes know it by its name.", "Undistribute the tables first.");
    if (statement->renameType == OBJECT_FOREIGN_SERVER && catalog::FindNodeByName(strVal(statement->object)) != nullptr)
        postgres::RaiseNotSupported(psprintf("server \"%s\" can't be renamed", strVal(statement->object)),
                                    "A node of the cluster has its name.",
                                    "Remove the node and add it under the new name.");
    RunStandard(call);
    if (statement->renameType == OBJECT_ROLE) operations::RenameRoleOnNodes(statement->subname, statement->newname);
}

}  // namespace herd::commands
