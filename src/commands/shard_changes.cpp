#include "commands/shard_changes.h"

#include "commands/column_types.h"
#include "commands/constraint_rules.h"
#include "commands/distribution_rules.h"
#include "deparse/table_definition.h"
#include "operations/local_sql.h"
#include "operations/node_commands.h"
#include "operations/shard_relations.h"
#include "postgres/error.h"

extern "C" {
#include <access/htup_details.h>
#include <access/table.h>
#include <access/xact.h>
#include <catalog/dependency.h>
#include <catalog/namespace.h>
#include <catalog/pg_constraint.h>
#include <catalog/pg_type.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/syscache.h>
}

namespace herd::commands {

using catalog::DistributedTable;
using operations::NodeCommands;

static bool IsUnvalidated(Oid constraint) {
    HeapTuple row = SearchSysCache1(CONSTROID, ObjectIdGetDatum(constraint));
    if (!HeapTupleIsValid(row)) return false;
    bool result = !reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row))->convalidated;
    ReleaseSysCache(row);
    return result;
}

TableState ReadTableState(Oid relid) {
    Relation relation = table_open(relid, NoLock);
    TableState state{};
    state.relid = relid;
    state.storage = relation->rd_rel->relfilenode;
    TupleDesc row = RelationGetDescr(relation);
    state.column_count = row->natts;
    for (int i = 0; i < row->natts; i++) {
        Form_pg_attribute column = TupleDescAttr(row, i);
        state.targets = lappend_int(state.targets, column->attstattarget);
        if (column->attisdropped)
            state.dropped = bms_add_member(state.dropped, column->attnum);
        else if (column->attnotnull)
            state.not_null = bms_add_member(state.not_null, column->attnum);
    }
    state.indexes = list_copy(RelationGetIndexList(relation));
    state.statistics = list_copy(RelationGetStatExtList(relation));
    state.constraints = ConstraintsOfTable(relid);
    ListCell* cell;
    foreach (cell, state.constraints)
        if (IsUnvalidated(lfirst_oid(cell))) state.unvalidated = lappend_oid(state.unvalidated, lfirst_oid(cell));
    table_close(relation, NoLock);
    return state;
}

// Adds a statement for each shard, composed by make(table, shard index).
template <class Make>
static void ForEachShard(NodeCommands* commands, const DistributedTable* table, Make&& make) {
    for (int i = 0; i < table->group->shard_count; i++)
        operations::AddShardCommand(commands, &table->group->shards[i], make(i));
}

static const char* ShardName(const DistributedTable* table, int shard_index) {
    return catalog::ShardRelationName(table, table->group->shards[shard_index].id);
}

// --- columns ---

// The value that rows written before the column was added have; null if there is none.
static char* MissingValue(Oid relid, AttrNumber attno) {
    return operations::QueryLocalText(
        "SELECT (attmissingval::text::text[])[1] FROM pg_attribute "
        "WHERE attrelid = $1 AND attnum = $2 AND atthasmissing",
        {operations::OidArgument(relid), operations::IntArgument(attno)});
}

static void AddColumn(NodeCommands* commands, const DistributedTable* table, Form_pg_attribute column) {
    const char* name = quote_identifier(NameStr(column->attname));
    char* clause = psprintf("%s %s", name, ColumnTypeClause(column));
    char* missing = MissingValue(table->relid, column->attnum);
    ForEachShard(commands, table, [&](int shard) {
        const char* relation = ShardName(table, shard);
        if (missing == nullptr) return psprintf("ALTER TABLE %s ADD COLUMN %s", relation, clause);
        return psprintf("ALTER TABLE %s ADD COLUMN %s DEFAULT %s; ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT",
                        relation, clause, quote_literal_cstr(missing), relation, name);
    });
}

static void AddNewColumns(NodeCommands* commands, const TableState& before, const DistributedTable* table) {
    Relation relation = table_open(before.relid, NoLock);
    TupleDesc row = RelationGetDescr(relation);
    for (int i = before.column_count; i < row->natts; i++)
        if (!TupleDescAttr(row, i)->attisdropped) AddColumn(commands, table, TupleDescAttr(row, i));
    table_close(relation, NoLock);
}

static void ChangeNotNull(NodeCommands* commands, const TableState& before, const TableState& after,
                          const DistributedTable* table) {
    for (AttrNumber attno = 1; attno <= after.column_count; attno++) {
        bool was = bms_is_member(attno, before.not_null);
        bool is = bms_is_member(attno, after.not_null);
        if (was == is || bms_is_member(attno, after.dropped)) continue;
        char* name = get_attname(table->relid, attno, false);
        ForEachShard(commands, table, [&](int shard) {
            return psprintf("ALTER TABLE %s ALTER COLUMN %s %s NOT NULL", ShardName(table, shard),
                            quote_identifier(name), is ? "SET" : "DROP");
        });
    }
}

static void ChangeTargets(NodeCommands* commands, const TableState& before, const TableState& after,
                          const DistributedTable* table) {
    for (AttrNumber attno = 1; attno <= after.column_count; attno++) {
        int target = list_nth_int(after.targets, attno - 1);
        int known = attno <= before.column_count ? list_nth_int(before.targets, attno - 1) : -1;
        if (target == known || bms_is_member(attno, after.dropped)) continue;
        char* name = get_attname(table->relid, attno, false);
        ForEachShard(commands, table, [&](int shard) {
            return psprintf("ALTER TABLE %s ALTER COLUMN %s SET STATISTICS %d", ShardName(table, shard),
                            quote_identifier(name), target);
        });
    }
}

// --- constraints and indexes ---

static char ConstraintKind(Oid constraint, Oid* index) {
    HeapTuple row = SearchSysCache1(CONSTROID, ObjectIdGetDatum(constraint));
    if (!HeapTupleIsValid(row)) elog(ERROR, "cache lookup failed for constraint %u", constraint);
    auto form = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row));
    char kind = form->contype;
    *index = form->conindid;
    ReleaseSysCache(row);
    return kind;
}

// Constraints are made in two rounds: foreign keys need the keys that they refer to.
static void AddNewConstraints(NodeCommands* commands, const TableState& before, const TableState& after,
                              const DistributedTable* table, bool foreign_keys) {
    ListCell* cell;
    foreach (cell, list_difference_oid(after.constraints, before.constraints)) {
        Oid constraint = lfirst_oid(cell);
        Oid index;
        char kind = ConstraintKind(constraint, &index);
        if (kind == CONSTRAINT_TRIGGER || (kind == CONSTRAINT_FOREIGN) != foreign_keys) continue;
        ForEachShard(commands, table,
                     [&](int shard) { return deparse::ShardConstraintStatement(table, shard, constraint); });
    }
}

static void AddNewIndexes(NodeCommands* commands, const TableState& before, const TableState& after,
                          const DistributedTable* table) {
    ListCell* cell;
    foreach (cell, list_difference_oid(after.indexes, before.indexes)) {
        Oid index = lfirst_oid(cell);
        if (OidIsValid(get_index_constraint(index))) continue;
        ForEachShard(commands, table, [&](int shard) {
            return deparse::ShardIndexStatement(table, table->group->shards[shard].id, index);
        });
    }
}

static void AddNewStatistics(NodeCommands* commands, const TableState& before, const TableState& after,
                             const DistributedTable* table) {
    ListCell* cell;
    foreach (cell, list_difference_oid(after.statistics, before.statistics)) {
        Oid statistics = lfirst_oid(cell);
        ForEachShard(commands, table,
                     [&](int shard) { return deparse::ShardStatisticsStatement(table, shard, statistics); });
    }
}

static void ValidateConstraints(NodeCommands* commands, const TableState& before, const TableState& after,
                                const DistributedTable* table) {
    ListCell* cell;
    foreach (cell, list_difference_oid(before.unvalidated, after.unvalidated)) {
        if (!list_member_oid(after.constraints, lfirst_oid(cell))) continue;
        const char* name = quote_identifier(get_constraint_name(lfirst_oid(cell)));
        ForEachShard(commands, table, [&](int shard) {
            return psprintf("ALTER TABLE %s VALIDATE CONSTRAINT %s", ShardName(table, shard), name);
        });
    }
}

static void ChangeTypes(NodeCommands* commands, const DistributedTable* table, List* type_changes) {
    if (type_changes == NIL) return;
    char* actions = TypeChangeActions(table->relid, type_changes);
    ForEachShard(commands, table,
                 [&](int shard) { return psprintf("ALTER TABLE %s %s", ShardName(table, shard), actions); });
}

static void CheckAdditions(const TableState& before, const TableState& after, const DistributedTable* table,
                           const char* what, bool may_rewrite) {
    if (before.storage != after.storage && !may_rewrite)
        postgres::RaiseNotSupported(
            psprintf("%s that rewrites table \"%s\" is not supported", what, get_rel_name(table->relid)),
            "Every row of every shard would have to be computed anew.",
            "Undistribute the table, change it, and distribute it again.");
    Distribution distribution = DistributionOf(table);
    Relation relation = table_open(table->relid, NoLock);
    if (after.column_count > before.column_count) CheckColumns(relation);
    table_close(relation, NoLock);
    ListCell* cell;
    foreach (cell, list_difference_oid(after.indexes, before.indexes)) CheckIndex(distribution, lfirst_oid(cell));
    foreach (cell, list_difference_oid(after.constraints, before.constraints))
        CheckConstraint(distribution, lfirst_oid(cell));
    foreach (cell, list_difference_oid(after.statistics, before.statistics)) CheckStatistics(lfirst_oid(cell));
}

void ApplyAdditions(const TableState& before, const char* what, List* type_changes) {
    CommandCounterIncrement();
    const DistributedTable* table = catalog::GetTable(before.relid);
    TableState after = ReadTableState(before.relid);
    CheckAdditions(before, after, table, what, type_changes != NIL);
    if (after.column_count > before.column_count) operations::CreateRequiredTypes(table->relid);
    NodeCommands* commands = operations::MakeNodeCommands();
    AddNewColumns(commands, before, table);
    ChangeTypes(commands, table, type_changes);
    ChangeNotNull(commands, before, after, table);
    ChangeTargets(commands, before, after, table);
    // A change of types makes indexes, constraints and statistics objects anew: on the shards, too.
    if (type_changes == NIL) {
        AddNewConstraints(commands, before, after, table, false);
        AddNewIndexes(commands, before, after, table);
        AddNewConstraints(commands, before, after, table, true);
        AddNewStatistics(commands, before, after, table);
    }
    ValidateConstraints(commands, before, after, table);
    operations::RunNodeCommands(commands);
    CommandCounterIncrement();
}

}  // namespace herd::commands
