#include "commands/dropped_objects.h"

#include "catalog/metadata.h"
#include "catalog/types_on_nodes.h"
#include "commands/utility_hook.h"
#include "deparse/table_definition.h"
#include "operations/node_commands.h"
#include "operations/shard_relations.h"
#include "postgres/error.h"

extern "C" {
#include <access/htup_details.h>
#include <access/xact.h>
#include <catalog/dependency.h>
#include <catalog/index.h>
#include <catalog/pg_class.h>
#include <catalog/pg_constraint.h>
#include <catalog/pg_statistic_ext.h>
#include <catalog/pg_type.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::commands {

enum class PartKind : uint8 { kForeignKey, kConstraint, kIndex, kStatistics, kColumn };

// A constraint, index, statistics object or column that a distributed table has lost.
struct DroppedPart {
    PartKind kind;
    Oid table;
    const char* name;
};

// In TopTransactionContext; null without one.
struct Drops {
    List* tables;         // operations::ShardedTable*
    List* parts;          // DroppedPart*
    List* types;          // char*, qualified
    List* changed_types;  // Oid: composite types that have lost a field
};
static Drops* drops;

static Drops* CurrentDrops() {
    if (drops == nullptr) drops = static_cast<Drops*>(MemoryContextAllocZero(TopTransactionContext, sizeof(Drops)));
    return drops;
}

void ForgetDrops() { drops = nullptr; }

static void NoticeTable(const catalog::DistributedTable* table) {
    MemoryContext caller = MemoryContextSwitchTo(TopTransactionContext);
    CurrentDrops()->tables = lappend(CurrentDrops()->tables, operations::DescribeShards(table));
    MemoryContextSwitchTo(caller);
}

static void NoticePart(PartKind kind, Oid table, const char* name) {
    MemoryContext caller = MemoryContextSwitchTo(TopTransactionContext);
    auto part = static_cast<DroppedPart*>(palloc(sizeof(DroppedPart)));
    *part = DroppedPart{kind, table, pstrdup(name)};
    CurrentDrops()->parts = lappend(CurrentDrops()->parts, part);
    MemoryContextSwitchTo(caller);
}

static void NoticeColumn(const catalog::DistributedTable* table, AttrNumber attno) {
    char* name = get_attname(table->relid, attno, false);
    if (attno == table->key_attno)
        postgres::RaiseNotSupported(
            psprintf("column \"%s\" of table \"%s\" can't be dropped", name, get_rel_name(table->relid)),
            "It is the distribution column: it says in which shard a row is.",
            "Undistribute the table first with herd.undistribute_table().");
    NoticePart(PartKind::kColumn, table->relid, name);
}

// Judged when the statement is through: the tables that have the type, or the type itself, may go with it.
static void NoticeField(Oid relid) {
    MemoryContext caller = MemoryContextSwitchTo(TopTransactionContext);
    CurrentDrops()->changed_types = lappend_oid(CurrentDrops()->changed_types, get_rel_type_id(relid));
    MemoryContextSwitchTo(caller);
}

static void NoticeRelation(Oid relid, int sub_id) {
    if (sub_id != 0 && get_rel_relkind(relid) == RELKIND_COMPOSITE_TYPE) return NoticeField(relid);
    if (get_rel_relkind(relid) == RELKIND_INDEX) {
        Oid table = IndexGetRelation(relid, true);
        if (catalog::IsShell(table) && catalog::FindTable(table) != nullptr)
            NoticePart(PartKind::kIndex, table, get_rel_name(relid));
        return;
    }
    if (!catalog::IsShell(relid)) return;
    const catalog::DistributedTable* table = catalog::FindTable(relid);
    if (table == nullptr) return;
    if (sub_id != 0)
        NoticeColumn(table, static_cast<AttrNumber>(sub_id));
    else
        NoticeTable(table);
}

static void NoticeConstraint(Oid oid) {
    HeapTuple row = SearchSysCache1(CONSTROID, ObjectIdGetDatum(oid));
    if (!HeapTupleIsValid(row)) return;
    auto form = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row));
    if (OidIsValid(form->conrelid) && catalog::IsShell(form->conrelid) && catalog::FindTable(form->conrelid) != nullptr)
        NoticePart(form->contype == CONSTRAINT_FOREIGN ? PartKind::kForeignKey : PartKind::kConstraint, form->conrelid,
                   NameStr(form->conname));
    ReleaseSysCache(row);
}

static void NoticeStatistics(Oid oid) {
    HeapTuple row = SearchSysCache1(STATEXTOID, ObjectIdGetDatum(oid));
    if (!HeapTupleIsValid(row)) return;
    auto form = reinterpret_cast<Form_pg_statistic_ext>(GETSTRUCT(row));
    if (catalog::IsShell(form->stxrelid) && catalog::FindTable(form->stxrelid) != nullptr)
        NoticePart(PartKind::kStatistics, form->stxrelid, NameStr(form->stxname));
    ReleaseSysCache(row);
}

// The relation of a composite type is dropped before it, so it may be gone already; a table's row type is dropped before the table.
static bool IsCompositeType(Oid relid) {
    char kind = get_rel_relkind(relid);
    return kind == RELKIND_COMPOSITE_TYPE || kind == '\0';
}

// Nodes got the types that distributed tables need; another type may take the name later.
static void NoticeType(Oid oid) {
    HeapTuple row = SearchSysCache1(TYPEOID, ObjectIdGetDatum(oid));
    if (!HeapTupleIsValid(row)) return;
    auto form = reinterpret_cast<Form_pg_type>(GETSTRUCT(row));
    bool standalone = form->typtype == TYPTYPE_ENUM || form->typtype == TYPTYPE_DOMAIN ||
                      (form->typtype == TYPTYPE_COMPOSITE && IsCompositeType(form->typrelid));
    ReleaseSysCache(row);
    if (!standalone || OidIsValid(getExtensionOfObject(TypeRelationId, oid))) return;
    MemoryContext caller = MemoryContextSwitchTo(TopTransactionContext);
    CurrentDrops()->types = lappend(CurrentDrops()->types, format_type_be_qualified(oid));
    MemoryContextSwitchTo(caller);
}

static bool IsNoticed(Oid class_id) {
    return class_id == RelationRelationId || class_id == ConstraintRelationId || class_id == TypeRelationId ||
           class_id == StatisticExtRelationId;
}

// Indexes, constraints and statistics objects that PostgreSQL drops to make them anew (ALTER COLUMN TYPE).
static bool IsMadeAnew(Oid class_id, Oid object_id, const ObjectAccessDrop* drop) {
    if (drop == nullptr || (drop->dropflags & PERFORM_DELETION_INTERNAL) == 0) return false;
    return class_id != RelationRelationId || get_rel_relkind(object_id) == RELKIND_INDEX;
}

void NoticeObjectAccess(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, const void* argument) {
    if (access != OAT_DROP || !IsNoticed(class_id)) return;
    if (!IsTransactionState() || !OidIsValid(catalog::HerdAccessMethod())) return;
    if (IsMadeAnew(class_id, object_id, static_cast<const ObjectAccessDrop*>(argument))) return;
    if (class_id == RelationRelationId)
        NoticeRelation(object_id, sub_id);
    else if (class_id == ConstraintRelationId)
        NoticeConstraint(object_id);
    else if (class_id == StatisticExtRelationId)
        NoticeStatistics(object_id);
    else
        NoticeType(object_id);
}

// --- the shards follow ---

static bool IsAmong(List* tables, Oid relid) {
    ListCell* cell;
    foreach (cell, tables)
        if (static_cast<operations::ShardedTable*>(lfirst(cell))->relid == relid) return true;
    return false;
}

// IF EXISTS: a dropped constraint takes its index along, a dropped column both.
static char* DropStatement(const DroppedPart* part, const catalog::DistributedTable* table, ShardId shard) {
    const char* name = quote_identifier(part->name);
    switch (part->kind) {
        case PartKind::kForeignKey:
        case PartKind::kConstraint:
            return psprintf("ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s", catalog::ShardRelationName(table, shard),
                            name);
        case PartKind::kIndex:
            return psprintf("DROP INDEX IF EXISTS %s.%s", catalog::ShardSchemaName(table, shard), name);
        case PartKind::kStatistics:
            return psprintf("DROP STATISTICS IF EXISTS %s.%s", catalog::ShardSchemaName(table, shard), name);
        case PartKind::kColumn:
            return psprintf("ALTER TABLE %s DROP COLUMN IF EXISTS %s", catalog::ShardRelationName(table, shard), name);
    }
    pg_unreachable();
}

static void AddPartCommands(operations::NodeCommands* commands, const Drops* dropped, PartKind kind) {
    ListCell* cell;
    foreach (cell, dropped->parts) {
        auto part = static_cast<const DroppedPart*>(lfirst(cell));
        if (part->kind != kind || IsAmong(dropped->tables, part->table)) continue;
        const catalog::DistributedTable* table = catalog::FindTable(part->table);
        if (table == nullptr) continue;
        for (int i = 0; i < table->group->shard_count; i++) {
            const catalog::Shard* shard = &table->group->shards[i];
            operations::AddShardCommand(commands, shard, DropStatement(part, table, shard->id));
        }
    }
}

static void DropTypesOnNodes(List* types) {
    operations::NodeCommands* commands = operations::MakeNodeCommands();
    ListCell* cell;
    foreach (cell, types)
        operations::AddCommandForOtherNodes(
            commands, deparse::DropTypeStatement(static_cast<const char*>(lfirst(cell)), nullptr));
    operations::RunNodeCommands(commands);
}

static void RefuseChangedTypes(List* types) {
    ListCell* cell;
    foreach (cell, types) {
        Oid type = lfirst_oid(cell);
        if (!SearchSysCacheExists1(TYPEOID, ObjectIdGetDatum(type)) || !catalog::NodesHaveType(type)) continue;
        postgres::RaiseNotSupported(psprintf("type %s can't be changed", format_type_be(type)),
                                    "Distributed tables use it, and Herd can't change their rows.",
                                    "Undistribute the tables first.");
    }
}

void ApplyDrops() {
    if (drops == nullptr) return;
    Drops* applied = drops;
    drops = nullptr;
    CommandCounterIncrement();
    RefuseChangedTypes(applied->changed_types);
    operations::NodeCommands* commands = operations::MakeNodeCommands();
    for (PartKind kind :
         {PartKind::kForeignKey, PartKind::kConstraint, PartKind::kIndex, PartKind::kStatistics, PartKind::kColumn})
        AddPartCommands(commands, applied, kind);
    operations::RunNodeCommands(commands);
    if (applied->tables != NIL) operations::DropShards(applied->tables);
    if (applied->types != NIL) DropTypesOnNodes(applied->types);
}

}  // namespace herd::commands
