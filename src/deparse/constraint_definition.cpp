// Indexes, constraints and statistics objects of a shard relation.
#include "deparse/table_definition.h"

#include "deparse/canonical_settings.h"
#include "deparse/shard_names.h"
#include "postgres/error.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/reloptions.h>
#include <access/table.h>
#include <catalog/indexing.h>
#include <catalog/pg_attribute.h>
#include <catalog/pg_class.h>
#include <catalog/pg_constraint.h>
#include <catalog/pg_index.h>
#include <catalog/pg_statistic_ext.h>
#include <commands/defrem.h>
#include <utils/builtins.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/ruleutils.h>
#include <utils/syscache.h>
}

namespace herd::deparse {

namespace {

using catalog::DistributedTable;

struct ConstraintFacts {
    const char* name;
    char type;
    Oid referenced;
};

ConstraintFacts GetConstraintFacts(Oid constraint) {
    HeapTuple tuple = SearchSysCache1(CONSTROID, ObjectIdGetDatum(constraint));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for constraint %u", constraint);
    auto* form = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(tuple));
    ConstraintFacts facts = {pstrdup(NameStr(form->conname)), form->contype, form->confrelid};
    ReleaseSysCache(tuple);
    return facts;
}

const char* QualifiedTableName(Oid relid) {
    return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)), get_rel_name(relid));
}

// In order of names.
List* ConstraintsOf(Oid relid) {
    List* constraints = NIL;
    Relation catalog = table_open(ConstraintRelationId, AccessShareLock);
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_constraint_conrelid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(relid));
    SysScanDesc scan = systable_beginscan(catalog, ConstraintRelidTypidNameIndexId, true, nullptr, 1, &key);
    HeapTuple tuple;
    while (HeapTupleIsValid(tuple = systable_getnext(scan)))
        constraints = lappend_oid(constraints, reinterpret_cast<Form_pg_constraint>(GETSTRUCT(tuple))->oid);
    systable_endscan(scan);
    table_close(catalog, AccessShareLock);
    return constraints;
}

void CheckForeignKey(const DistributedTable* table, const ConstraintFacts& facts) {
    const DistributedTable* referenced =
        facts.referenced == table->relid ? table : catalog::FindTable(facts.referenced);
    if (referenced != nullptr && (referenced->is_reference() || referenced->group->id == table->group->id)) return;
    postgres::RaiseNotSupported(
        psprintf("foreign key \"%s\" cannot be checked where the rows are", facts.name),
        psprintf("Table \"%s\" is neither a reference table nor distributed like the referencing table.",
                 get_rel_name(facts.referenced)),
        "Make it a reference table, or distribute both tables by the key's columns in one colocation group.");
}

char* ConstraintStatement(const DistributedTable* table, int shard_index, Oid constraint) {
    ConstraintFacts facts = GetConstraintFacts(constraint);
    if (facts.type == CONSTRAINT_FOREIGN) CheckForeignKey(table, facts);
    Datum definition = DirectFunctionCall1(pg_get_constraintdef, ObjectIdGetDatum(constraint));
    char* statement = psprintf("ALTER TABLE %s ADD CONSTRAINT %s %s", QualifiedTableName(table->relid),
                               quote_identifier(facts.name), TextDatumGetCString(definition));
    return NameShardRelations(statement, table, shard_index);
}

char* IndexStatement(const DistributedTable* table, int shard_index, Oid index) {
    // Without tablespace: nodes have their own.
    Datum definition = DirectFunctionCall1(pg_get_indexdef, ObjectIdGetDatum(index));
    return NameShardRelations(TextDatumGetCString(definition), table, shard_index);
}

// Storage parameters, which the definition of a constraint does not show.
void AddIndexOptions(List** statements, const char* shard_index_name, Oid index) {
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(index));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for index %u", index);
    bool isnull;
    Datum options = SysCacheGetAttr(RELOID, tuple, Anum_pg_class_reloptions, &isnull);
    ListCell* lc;
    foreach (lc, isnull ? NIL : untransformRelOptions(options)) {
        auto* option = lfirst_node(DefElem, lc);
        *statements =
            lappend(*statements, psprintf("ALTER INDEX %s SET (%s = %s)", shard_index_name,
                                          quote_identifier(option->defname), quote_literal_cstr(defGetString(option))));
    }
    ReleaseSysCache(tuple);
}

void AddIndexStatistics(List** statements, const char* shard_index_name, Oid index) {
    for (AttrNumber number = 1;; number++) {
        HeapTuple tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(index), Int16GetDatum(number));
        if (!HeapTupleIsValid(tuple)) return;
        int target = reinterpret_cast<Form_pg_attribute>(GETSTRUCT(tuple))->attstattarget;
        ReleaseSysCache(tuple);
        if (target >= 0)
            *statements = lappend(*statements, psprintf("ALTER INDEX %s ALTER COLUMN %d SET STATISTICS %d",
                                                        shard_index_name, number, target));
    }
}

struct IndexRoles {
    bool valid;
    bool clustered;
    bool replica_identity;
};

IndexRoles GetIndexRoles(Oid index) {
    HeapTuple tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for index %u", index);
    auto* form = reinterpret_cast<Form_pg_index>(GETSTRUCT(tuple));
    IndexRoles roles = {form->indisvalid, form->indisclustered, form->indisreplident};
    ReleaseSysCache(tuple);
    return roles;
}

void AddIndex(List** statements, const DistributedTable* table, int shard_index, Oid index) {
    IndexRoles roles = GetIndexRoles(index);
    if (!roles.valid) return;  // what a failed CREATE INDEX CONCURRENTLY left
    ShardId shard = table->group->shards[shard_index].id;
    const char* table_name = catalog::ShardRelationName(table, shard);
    const char* name = get_rel_name(index);
    const char* shard_index_name = NameInShardSchema(table, shard, name);
    if (OidIsValid(get_index_constraint(index)))
        AddIndexOptions(statements, shard_index_name, index);
    else
        *statements = lappend(*statements, IndexStatement(table, shard_index, index));
    AddIndexStatistics(statements, shard_index_name, index);
    if (roles.clustered)
        *statements =
            lappend(*statements, psprintf("ALTER TABLE %s CLUSTER ON %s", table_name, quote_identifier(name)));
    if (roles.replica_identity)
        *statements = lappend(*statements, psprintf("ALTER TABLE %s REPLICA IDENTITY USING INDEX %s", table_name,
                                                    quote_identifier(name)));
}

void AddReplicaIdentity(List** statements, Relation shell, const char* table_name) {
    char identity = shell->rd_rel->relreplident;
    if (identity != REPLICA_IDENTITY_FULL && identity != REPLICA_IDENTITY_NOTHING) return;
    *statements = lappend(*statements, psprintf("ALTER TABLE %s REPLICA IDENTITY %s", table_name,
                                                identity == REPLICA_IDENTITY_FULL ? "FULL" : "NOTHING"));
}

// CREATE STATISTICS names the object with its schema first, where no RangeVar stands.
void AddStatisticsObject(List** statements, const DistributedTable* table, int shard_index, Oid statistics) {
    HeapTuple tuple = SearchSysCache1(STATEXTOID, ObjectIdGetDatum(statistics));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for statistics object %u", statistics);
    auto* form = reinterpret_cast<Form_pg_statistic_ext>(GETSTRUCT(tuple));
    char* prefix = psprintf("CREATE STATISTICS %s ",
                            quote_qualified_identifier(get_namespace_name(form->stxnamespace), NameStr(form->stxname)));
    char* name = NameInShardSchema(table, table->group->shards[shard_index].id, NameStr(form->stxname));
    int target = form->stxstattarget;
    ReleaseSysCache(tuple);

    char* definition = NameShardRelations(pg_get_statisticsobjdef_string(statistics), table, shard_index);
    if (strncmp(definition, prefix, strlen(prefix)) != 0) elog(ERROR, "unexpected definition: %s", definition);
    *statements = lappend(*statements, psprintf("CREATE STATISTICS %s %s", name, definition + strlen(prefix)));
    if (target >= 0)
        *statements = lappend(*statements, psprintf("ALTER STATISTICS %s SET STATISTICS %d", name, target));
}

}  // namespace

List* ShardIndexAndCheckStatements(const DistributedTable* table, ShardId shard) {
    int shard_index = ShardIndex(table, shard);
    Relation shell = table_open(table->relid, AccessShareLock);
    CanonicalSettings settings = BeginCanonicalSettings();
    List* statements = NIL;
    ListCell* lc;
    foreach (lc, ConstraintsOf(table->relid)) {
        char type = GetConstraintFacts(lfirst_oid(lc)).type;
        if (type != CONSTRAINT_FOREIGN && type != CONSTRAINT_TRIGGER)
            statements = lappend(statements, ConstraintStatement(table, shard_index, lfirst_oid(lc)));
    }
    foreach (lc, RelationGetIndexList(shell)) AddIndex(&statements, table, shard_index, lfirst_oid(lc));
    AddReplicaIdentity(&statements, shell, catalog::ShardRelationName(table, shard));
    foreach (lc, RelationGetStatExtList(shell)) AddStatisticsObject(&statements, table, shard_index, lfirst_oid(lc));
    EndCanonicalSettings(settings);
    table_close(shell, NoLock);
    return statements;
}

List* ShardForeignKeyStatements(const DistributedTable* table, int shard_index) {
    List* statements = NIL;
    CanonicalSettings settings = BeginCanonicalSettings();
    ListCell* lc;
    foreach (lc, ConstraintsOf(table->relid))
        if (GetConstraintFacts(lfirst_oid(lc)).type == CONSTRAINT_FOREIGN)
            statements = lappend(statements, ConstraintStatement(table, shard_index, lfirst_oid(lc)));
    EndCanonicalSettings(settings);
    return statements;
}

char* ShardIndexStatement(const DistributedTable* table, ShardId shard, Oid index) {
    CanonicalSettings settings = BeginCanonicalSettings();
    char* statement = IndexStatement(table, ShardIndex(table, shard), index);
    EndCanonicalSettings(settings);
    return statement;
}

char* ShardConstraintStatement(const DistributedTable* table, int shard_index, Oid constraint) {
    CanonicalSettings settings = BeginCanonicalSettings();
    char* statement = ConstraintStatement(table, shard_index, constraint);
    EndCanonicalSettings(settings);
    return statement;
}

char* ShardStatisticsStatement(const DistributedTable* table, int shard_index, Oid statistics) {
    CanonicalSettings settings = BeginCanonicalSettings();
    List* statements = NIL;
    AddStatisticsObject(&statements, table, shard_index, statistics);
    EndCanonicalSettings(settings);
    // Its target is changed by a statement of its own.
    return static_cast<char*>(linitial(statements));
}

}  // namespace herd::deparse
