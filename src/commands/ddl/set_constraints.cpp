#include "catalog/metadata.h"
#include "commands/ddl/handlers.h"
#include "operations/node_commands.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <access/xact.h>
#include <catalog/pg_constraint.h>
#include <nodes/parsenodes.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
}

namespace herd::commands {

namespace {

struct DeferrableConstraint {
    Oid relid;
    const char* name;
};

}  // namespace

static bool IsMeant(const ConstraintsSetStmt* statement, Form_pg_constraint form) {
    if (statement->constraints == NIL) return true;
    ListCell* cell;
    foreach (cell, statement->constraints) {
        const RangeVar* named = lfirst_node(RangeVar, cell);
        if (strcmp(named->relname, NameStr(form->conname)) != 0) continue;
        if (named->schemaname == nullptr) return true;
        if (strcmp(named->schemaname, get_namespace_name(form->connamespace)) == 0) return true;
    }
    return false;
}

// Deferrable constraints of shells that the statement means.
static List* ConstraintsOfShells(const ConstraintsSetStmt* statement) {
    List* found = NIL;
    Relation relation = table_open(ConstraintRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(relation, InvalidOid, false, nullptr, 0, nullptr);
    HeapTuple row;
    while (HeapTupleIsValid(row = systable_getnext(scan))) {
        auto form = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row));
        if (!form->condeferrable || !IsMeant(statement, form) || catalog::FindTable(form->conrelid) == nullptr)
            continue;
        auto constraint = static_cast<DeferrableConstraint*>(palloc(sizeof(DeferrableConstraint)));
        *constraint = {form->conrelid, pstrdup(NameStr(form->conname))};
        found = lappend(found, constraint);
    }
    systable_endscan(scan);
    table_close(relation, AccessShareLock);
    return found;
}

static void AddForShards(operations::NodeCommands* commands, const DeferrableConstraint* constraint, const char* mode) {
    const catalog::DistributedTable* table = catalog::GetTable(constraint->relid);
    for (int i = 0; i < table->group->shard_count; i++) {
        const catalog::Shard* shard = &table->group->shards[i];
        operations::AddShardCommand(commands, shard,
                                    psprintf("SET CONSTRAINTS %s.%s %s", catalog::ShardSchemaName(table, shard->id),
                                             quote_identifier(constraint->name), mode));
    }
}

void HandleSetConstraints(UtilityCall& call) {
    auto statement = reinterpret_cast<ConstraintsSetStmt*>(call.statement->utilityStmt);
    RunStandard(call);
    // A statement of its own has nothing to apply to; one in a function has its caller's.
    if (call.context == PROCESS_UTILITY_TOPLEVEL && !IsTransactionBlock()) return;
    List* constraints = ConstraintsOfShells(statement);
    if (constraints == NIL) return;
    const char* mode = statement->deferred ? "DEFERRED" : "IMMEDIATE";
    operations::NodeCommands* commands = operations::MakeNodeCommands();
    if (statement->constraints == NIL) {
        operations::AddCommandForOtherNodes(commands, psprintf("SET CONSTRAINTS ALL %s", mode));
    } else {
        ListCell* cell;
        foreach (cell, constraints) AddForShards(commands, static_cast<DeferrableConstraint*>(lfirst(cell)), mode);
    }
    operations::RunNodeCommands(commands);
}

}  // namespace herd::commands
