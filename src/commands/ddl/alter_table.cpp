// ALTER TABLE: PostgreSQL changes the shell, then the shards get what the catalog says is new. One record per form says which are
// possible; all others are refused.
#include "commands/column_types.h"
#include "commands/constraint_rules.h"
#include "commands/ddl/handlers.h"
#include "commands/ddl/targets.h"
#include "commands/distribution_rules.h"
#include "commands/shard_changes.h"
#include "postgres/error.h"

extern "C" {
#include <access/xact.h>
#include <catalog/namespace.h>
#include <commands/tablecmds.h>
#include <nodes/parsenodes.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
}

namespace herd::commands {

struct FormRecord {
    AlterTableType form;
    const char* name;  // for messages
    bool allowed;
};

// Defaults, identity, owner and row-level security are the coordinator's; shards have none.
static constexpr FormRecord kForms[] = {
    {AT_AddColumn, "ADD COLUMN", true},
    {AT_DropColumn, "DROP COLUMN", true},
    {AT_ColumnDefault, "ALTER COLUMN SET DEFAULT", true},
    {AT_SetNotNull, "ALTER COLUMN SET NOT NULL", true},
    {AT_DropNotNull, "ALTER COLUMN DROP NOT NULL", true},
    {AT_AddIdentity, "ALTER COLUMN ADD IDENTITY", true},
    {AT_SetIdentity, "ALTER COLUMN SET IDENTITY", true},
    {AT_DropIdentity, "ALTER COLUMN DROP IDENTITY", true},
    {AT_AddConstraint, "ADD CONSTRAINT", true},
    {AT_DropConstraint, "DROP CONSTRAINT", true},
    {AT_ValidateConstraint, "VALIDATE CONSTRAINT", true},
    {AT_ChangeOwner, "OWNER TO", true},
    {AT_EnableRowSecurity, "ENABLE ROW LEVEL SECURITY", true},
    {AT_DisableRowSecurity, "DISABLE ROW LEVEL SECURITY", true},
    {AT_ForceRowSecurity, "FORCE ROW LEVEL SECURITY", true},
    {AT_NoForceRowSecurity, "NO FORCE ROW LEVEL SECURITY", true},
    {AT_ClusterOn, "CLUSTER ON", true},
    {AT_DropCluster, "SET WITHOUT CLUSTER", true},
    {AT_ReplicaIdentity, "REPLICA IDENTITY", true},
    {AT_AlterColumnType, "ALTER COLUMN TYPE", true},
    {AT_DropExpression, "ALTER COLUMN DROP EXPRESSION", false},
    {AT_SetStatistics, "ALTER COLUMN SET STATISTICS", true},
    {AT_SetOptions, "ALTER COLUMN SET (…)", false},
    {AT_ResetOptions, "ALTER COLUMN RESET (…)", false},
    {AT_SetStorage, "ALTER COLUMN SET STORAGE", false},
    {AT_SetCompression, "ALTER COLUMN SET COMPRESSION", false},
    {AT_AlterConstraint, "ALTER CONSTRAINT", false},
    {AT_SetLogged, "SET LOGGED", false},
    {AT_SetUnLogged, "SET UNLOGGED", false},
    {AT_SetTableSpace, "SET TABLESPACE", false},
    {AT_SetRelOptions, "SET (…)", false},
    {AT_ResetRelOptions, "RESET (…)", false},
    {AT_EnableTrig, "ENABLE TRIGGER", false},
    {AT_DisableTrig, "DISABLE TRIGGER", false},
    {AT_EnableTrigAll, "ENABLE TRIGGER ALL", false},
    {AT_DisableTrigAll, "DISABLE TRIGGER ALL", false},
    {AT_EnableTrigUser, "ENABLE TRIGGER USER", false},
    {AT_DisableTrigUser, "DISABLE TRIGGER USER", false},
    {AT_AddInherit, "INHERIT", false},
    {AT_AddOf, "OF", false},
    {AT_AttachPartition, "ATTACH PARTITION", false},
};

static bool TakesIndex(const AlterTableCmd* command) {
    return command->subtype == AT_AddConstraint && reinterpret_cast<Constraint*>(command->def)->indexname != nullptr;
}

static void CheckForm(const AlterTableCmd* command, const char* table) {
    const char* name = "this form";
    for (const FormRecord& record : kForms) {
        if (record.form != command->subtype) continue;
        if (record.allowed && !TakesIndex(command)) return;
        name = record.name;
    }
    if (TakesIndex(command)) name = "ADD CONSTRAINT USING INDEX";
    postgres::RaiseNotSupported(
        psprintf("ALTER TABLE %s is not supported for distributed table \"%s\"", name, table),
        "Herd can't carry it out on the shards yet.",
        "Undistribute the table with herd.undistribute_table(), change it, and distribute it again.");
}

// The access method of a table says whether it is distributed: only Herd's own functions change it.
static void CheckAccessMethod(const AlterTableCmd* command, Oid relid) {
    if (command->subtype != AT_SetAccessMethod) return;
    bool from_herd = catalog::IsShell(relid);
    bool to_herd = command->name != nullptr && strcmp(command->name, "herd") == 0;
    if (from_herd)
        postgres::RaiseNotSupported(psprintf("the access method of table \"%s\" can't be changed", get_rel_name(relid)),
                                    "The rows of a distributed table are in its shards.",
                                    "Make it local with herd.undistribute_table().");
    if (to_herd)
        postgres::RaiseNotSupported(
            psprintf("table \"%s\" can't get access method \"herd\" by ALTER TABLE", get_rel_name(relid)),
            "Nothing would say where its rows are.",
            "Use herd.create_distributed_table() or herd.create_reference_table().");
}

// A distributed table as a partition or parent of a local one.
static void CheckOtherRelation(const AlterTableCmd* command) {
    const RangeVar* other = nullptr;
    if (command->subtype == AT_AttachPartition)
        other = reinterpret_cast<PartitionCmd*>(command->def)->name;
    else if (command->subtype == AT_AddInherit)
        other = reinterpret_cast<RangeVar*>(command->def);
    const catalog::DistributedTable* table = FindTarget(other);
    if (table != nullptr)
        postgres::RaiseNotSupported(psprintf("distributed table \"%s\" can't be a partition or parent of another table",
                                             get_rel_name(table->relid)),
                                    "Partitioned distributed tables and inheritance are not supported yet.",
                                    "Keep the tables apart.");
}

// PostgreSQL would compare the rows of both tables, but these are in the shards, which check them.
static void SkipValidation(List* constraints) {
    ListCell* cell;
    foreach (cell, constraints) {
        if (!IsA(lfirst(cell), Constraint)) continue;
        Constraint* constraint = lfirst_node(Constraint, cell);
        if (constraint->contype != CONSTR_FOREIGN || constraint->skip_validation) continue;
        constraint->skip_validation = true;
        constraint->initially_valid = true;
    }
}

static void SkipForeignKeyValidation(AlterTableStmt* statement) {
    ListCell* cell;
    foreach (cell, statement->cmds) {
        AlterTableCmd* command = lfirst_node(AlterTableCmd, cell);
        if (command->subtype == AT_AddConstraint) SkipValidation(list_make1(command->def));
        if (command->subtype == AT_AddColumn) SkipValidation(reinterpret_cast<ColumnDef*>(command->def)->constraints);
    }
}

static bool MayAddForeignKey(const AlterTableStmt* statement) {
    ListCell* cell;
    foreach (cell, statement->cmds) {
        AlterTableType form = lfirst_node(AlterTableCmd, cell)->subtype;
        if (form == AT_AddConstraint || form == AT_AddColumn) return true;
    }
    return false;
}

static void CheckAlterType(Oid relid) {
    Oid type = get_rel_type_id(relid);
    if (!OidIsValid(type) || !IsTypeOfDistributedColumn(type)) return;
    postgres::RaiseNotSupported(psprintf("type %s can't be changed", format_type_be(type)),
                                "Distributed tables use it, and Herd can't change their rows.",
                                "Undistribute the tables first.");
}

static void AlterLocalTable(UtilityCall& call, const AlterTableStmt* statement, Oid relid) {
    if (statement->objtype == OBJECT_TYPE && OidIsValid(relid)) CheckAlterType(relid);
    RunStandard(call);
    if (!OidIsValid(relid) || !MayAddForeignKey(statement)) return;
    CommandCounterIncrement();
    CheckLocalForeignKeys(relid);
}

void HandleAlterTable(UtilityCall& call) {
    auto statement = reinterpret_cast<AlterTableStmt*>(call.statement->utilityStmt);
    Oid relid = RangeVarGetRelid(statement->relation, NoLock, true);
    ListCell* cell;
    foreach (cell, statement->cmds) {
        if (OidIsValid(relid)) CheckAccessMethod(lfirst_node(AlterTableCmd, cell), relid);
        CheckOtherRelation(lfirst_node(AlterTableCmd, cell));
    }
    const catalog::DistributedTable* table = FindTarget(statement->relation);
    if (table == nullptr) return AlterLocalTable(call, statement, relid);

    // As PostgreSQL does: the owner's lock, before anything is looked at.
    AlterTableLookupRelation(statement, AlterTableGetLockLevel(statement->cmds));
    if (statement->objtype != OBJECT_TABLE)
        postgres::RaiseNotSupported(
            psprintf("ALTER INDEX is not supported for distributed table \"%s\"", get_rel_name(table->relid)),
            "Herd can't carry it out on the shards yet.", "Drop the index and create it anew.");
    foreach (cell, statement->cmds) CheckForm(lfirst_node(AlterTableCmd, cell), get_rel_name(table->relid));
    statement = reinterpret_cast<AlterTableStmt*>(ModifiableStatement(call));
    SkipForeignKeyValidation(statement);
    List* type_changes = CheckTypeChanges(table, statement, call.query_string);
    TableState before = ReadTableState(table->relid);
    RunOnShells(call);
    ApplyAdditions(before, "ALTER TABLE", type_changes);
}

void HandleCreateTable(UtilityCall& call) {
    auto statement = reinterpret_cast<CreateStmt*>(call.statement->utilityStmt);
    const catalog::DistributedTable* parent = FindFirstTarget(statement->inhRelations);
    if (parent != nullptr)
        postgres::RaiseNotSupported(psprintf("table \"%s\" can't inherit from distributed table \"%s\"",
                                             statement->relation->relname, get_rel_name(parent->relid)),
                                    "Inheritance between distributed tables is not supported.",
                                    "Use CREATE TABLE … (LIKE …).");
    RunStandard(call);
}

}  // namespace herd::commands
