// VACUUM and ANALYZE: first of the shards, on their nodes, then of the shell, whose statistics are made of what the shards say then.
#include "commands/ddl/handlers.h"
#include "commands/ddl/targets.h"
#include "operations/local_sql.h"
#include "operations/node_commands.h"
#include "operations/node_maintenance.h"

extern "C" {
#include <access/xact.h>
#include <commands/dbcommands.h>
#include <commands/defrem.h>
#include <miscadmin.h>
#include <nodes/makefuncs.h>
#include <nodes/parsenodes.h>
#include <utils/acl.h>
#include <utils/builtins.h>
}

namespace herd::commands {

namespace {

struct VacuumTarget {
    const catalog::DistributedTable* table;
    List* columns;  // String
};

// PostgreSQL warns of the others and leaves them out.
bool MayVacuum(Oid relid) {
    return pg_class_ownercheck(relid, GetUserId()) || pg_database_ownercheck(MyDatabaseId, GetUserId());
}

List* AddTarget(List* targets, const catalog::DistributedTable* table, List* columns) {
    if (table == nullptr || !MayVacuum(table->relid)) return targets;
    auto* target = static_cast<VacuumTarget*>(palloc(sizeof(VacuumTarget)));
    *target = VacuumTarget{table, columns};
    return lappend(targets, target);
}

List* FindAllTargets() {
    List* targets = NIL;
    char* oids = operations::QueryLocalText(
        "SELECT string_agg(table_oid::text, ' ' ORDER BY table_oid) FROM herd.distributed_table", {});
    char* position = nullptr;
    for (char* oid = oids ? strtok_r(oids, " ", &position) : nullptr; oid; oid = strtok_r(nullptr, " ", &position))
        targets = AddTarget(targets, catalog::FindTable(static_cast<Oid>(strtoul(oid, nullptr, 10))), NIL);
    return targets;
}

List* FindTargets(const VacuumStmt* statement) {
    List* targets = NIL;
    ListCell* cell;
    foreach (cell, statement->rels) {
        auto* relation = lfirst_node(VacuumRelation, cell);
        targets = AddTarget(targets, FindTarget(relation->relation), relation->va_cols);
    }
    return statement->rels != NIL ? targets : FindAllTargets();
}

// "VACUUM (analyze, index_cleanup 'off')". What it tells the user with VERBOSE is about the shell.
char* CommandText(const VacuumStmt* statement) {
    StringInfoData text;
    initStringInfo(&text);
    ListCell* cell;
    foreach (cell, statement->options) {
        auto* option = lfirst_node(DefElem, cell);
        if (strcmp(option->defname, "verbose") == 0) continue;
        appendStringInfo(&text, "%s%s", text.len > 0 ? ", " : "", quote_identifier(option->defname));
        if (option->arg != nullptr) appendStringInfo(&text, " %s", quote_literal_cstr(defGetString(option)));
    }
    const char* name = statement->is_vacuumcmd ? "VACUUM" : "ANALYZE";
    return text.len > 0 ? psprintf("%s (%s) ", name, text.data) : psprintf("%s ", name);
}

char* ColumnList(List* columns) {
    if (columns == NIL) return pstrdup("");
    StringInfoData text;
    initStringInfo(&text);
    ListCell* cell;
    foreach (cell, columns)
        appendStringInfo(&text, "%s%s", text.len > 0 ? ", " : " (", quote_identifier(strVal(lfirst(cell))));
    appendStringInfoChar(&text, ')');
    return text.data;
}

bool IsOn(const catalog::Shard* shard, NodeId node) {
    for (int i = 0; i < shard->node_count; i++)
        if (shard->nodes[i] == node) return true;
    return false;
}

// "herd_102_1.orders (a, b), herd_103_1.orders (a, b)"; empty if the node has no shard of them.
char* ShardList(List* targets, NodeId node) {
    StringInfoData text;
    initStringInfo(&text);
    ListCell* cell;
    foreach (cell, targets) {
        auto* target = static_cast<VacuumTarget*>(lfirst(cell));
        char* columns = ColumnList(target->columns);
        for (int i = 0; i < target->table->group->shard_count; i++) {
            const catalog::Shard* shard = &target->table->group->shards[i];
            if (IsOn(shard, node))
                appendStringInfo(&text, "%s%s%s", text.len > 0 ? ", " : "",
                                 catalog::ShardRelationName(target->table, shard->id), columns);
        }
    }
    return text.data;
}

void RunOnOtherNodes(const VacuumStmt* statement, List* targets) {
    int count;
    const catalog::NodeInfo* const* all = catalog::AllNodes(&count);
    auto* nodes = static_cast<NodeId*>(palloc(sizeof(NodeId) * count));
    auto* sqls = static_cast<const char**>(palloc(sizeof(char*) * count));
    int used = 0;
    for (int i = 0; i < count; i++) {
        char* shards = ShardList(targets, all[i]->id);
        if (all[i]->id == kOwnNode || shards[0] == '\0') continue;
        nodes[used] = all[i]->id;
        sqls[used++] = psprintf("%s%s", CommandText(statement), shards);
    }
    operations::RunOutsideTransaction(nodes, sqls, used);
}

// ANALYZE in a transaction sees what the transaction has written. What it warns of comes from the shell, once.
void AnalyzeInTransaction(const VacuumStmt* statement, List* targets, bool own_node_only) {
    operations::NodeCommands* commands = operations::MakeNodeCommands();
    int count;
    const catalog::NodeInfo* const* all = catalog::AllNodes(&count);
    for (int i = 0; i < count; i++) {
        char* shards = ShardList(targets, all[i]->id);
        if (shards[0] == '\0' || (own_node_only && all[i]->id != kOwnNode)) continue;
        operations::AddNodeCommand(
            commands, all[i]->id,
            psprintf("SET LOCAL client_min_messages TO error; %s%s", CommandText(statement), shards));
    }
    operations::RunNodeCommands(commands);
}

VacuumRelation* ShardTarget(const catalog::DistributedTable* table, ShardId shard, List* columns) {
    return makeVacuumRelation(nullptr, catalog::LocalShardRelation(table, shard), columns);
}

// VACUUM commits on its way, so nobody can become superuser for it: a superuser's covers the shards that are here.
void AddOwnShards(VacuumStmt* statement, List* targets) {
    ListCell* cell;
    foreach (cell, targets) {
        auto* target = static_cast<VacuumTarget*>(lfirst(cell));
        for (int i = 0; i < target->table->group->shard_count; i++) {
            const catalog::Shard* shard = &target->table->group->shards[i];
            if (IsOn(shard, kOwnNode))
                statement->rels = lcons(ShardTarget(target->table, shard->id, target->columns), statement->rels);
        }
    }
}

}  // namespace

void HandleVacuum(UtilityCall& call) {
    auto* statement = reinterpret_cast<VacuumStmt*>(call.statement->utilityStmt);
    bool in_transaction = IsInTransactionBlock(call.context == PROCESS_UTILITY_TOPLEVEL);
    // Which PostgreSQL refuses.
    if (statement->is_vacuumcmd && in_transaction) return RunStandard(call);
    List* targets = FindTargets(statement);
    if (targets == NIL) return RunStandard(call);
    if (!in_transaction) RunOnOtherNodes(statement, targets);
    if (!statement->is_vacuumcmd)
        AnalyzeInTransaction(statement, targets, !in_transaction);
    else if (superuser() && statement->rels != NIL)
        AddOwnShards(reinterpret_cast<VacuumStmt*>(ModifiableStatement(call)), targets);
    RunStandard(call);
}

}  // namespace herd::commands
