#include "commands/distribution_rules.h"

#include "catalog/key_value.h"
#include "commands/constraint_rules.h"
#include "commands/expression_rules.h"
#include "postgres/error.h"

extern "C" {
#include <access/htup_details.h>
#include <catalog/catalog.h>
#include <catalog/dependency.h>
#include <access/genam.h>
#include <catalog/pg_class.h>
#include <catalog/pg_proc.h>
#include <catalog/pg_inherits.h>
#include <catalog/pg_publication.h>
#include <catalog/pg_statistic_ext.h>
#include <catalog/pg_trigger.h>
#include <commands/extension.h>
#include <rewrite/prs2lock.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/pg_locale.h>
#include <utils/rel.h>
#include <utils/syscache.h>
}

namespace herd::commands {

using postgres::RaiseNotSupported;

Distribution DistributionOf(const catalog::DistributedTable* table) {
    return Distribution{table->relid, table->group->method, table->group->id, table->key_attno,
                        table->group->key_class};
}

static void CheckRelkind(Relation relation) {
    const char* name = RelationGetRelationName(relation);
    switch (relation->rd_rel->relkind) {
        case RELKIND_RELATION:
            return;
        case RELKIND_PARTITIONED_TABLE:
            RaiseNotSupported(psprintf("partitioned table \"%s\" can't be distributed", name),
                              "Partitioned distributed tables are not supported yet.",
                              "Use a table without partitions.");
        case RELKIND_VIEW:
        case RELKIND_MATVIEW:
            RaiseNotSupported(psprintf("view \"%s\" can't be distributed", name),
                              "Only tables have rows to distribute.", "Distribute the tables that the view reads.");
        case RELKIND_FOREIGN_TABLE:
            RaiseNotSupported(psprintf("foreign table \"%s\" can't be distributed", name),
                              "Its rows belong to another server.", "Copy the rows into a table first.");
    }
    ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE), errmsg("\"%s\" is not a table", name)));
}

static void CheckSchema(Relation relation) {
    const char* name = RelationGetRelationName(relation);
    Oid relid = RelationGetRelid(relation);
    Oid extension = getExtensionOfObject(RelationRelationId, relid);
    bool own = OidIsValid(extension) && extension == get_extension_oid("herd", true);
    if (own || relid < FirstNormalObjectId || IsCatalogRelation(relation))
        RaiseNotSupported(psprintf("\"%s\" is a system table and can't be distributed", name),
                          "Every node has its own system catalogs, and Herd its own tables.",
                          "Distribute tables of your own.");
    ShardId shard;
    int schema_number;
    if (catalog::ParseShardSchemaName(get_namespace_name(RelationGetNamespace(relation)), &shard, &schema_number))
        RaiseNotSupported(psprintf("\"%s\" is a shard of a distributed table", name),
                          "A shard can't be distributed again.", nullptr);
}

static void CheckInheritance(Relation relation) {
    const char* name = RelationGetRelationName(relation);
    if (relation->rd_rel->relispartition)
        RaiseNotSupported(psprintf("partition \"%s\" can't be distributed", name),
                          "Partitioned distributed tables are not supported yet.", "Detach the partition first.");
    Oid relid = RelationGetRelid(relation);
    if (has_superclass(relid) || find_inheritance_children(relid, NoLock) != NIL)
        RaiseNotSupported(psprintf("table \"%s\" has parents or children by inheritance", name),
                          "Inheritance between distributed tables is not supported.",
                          "Remove it with ALTER TABLE … NO INHERIT.");
    if (OidIsValid(relation->rd_rel->reloftype))
        RaiseNotSupported(psprintf("typed table \"%s\" can't be distributed", name),
                          "Shards are not bound to the composite type.", "Run ALTER TABLE … NOT OF first.");
}

static void CheckTriggersAndRules(Relation relation) {
    const char* name = RelationGetRelationName(relation);
    TriggerDesc* triggers = relation->trigdesc;
    for (int i = 0; triggers != nullptr && i < triggers->numtriggers; i++)
        if (!triggers->triggers[i].tgisinternal)
            RaiseNotSupported(psprintf("table \"%s\" has triggers", name),
                              psprintf("Triggers on distributed tables, like \"%s\", are not supported yet.",
                                       triggers->triggers[i].tgname),
                              "Drop the triggers first.");
    if (relation->rd_rules != nullptr && relation->rd_rules->numLocks > 0)
        RaiseNotSupported(psprintf("table \"%s\" has rules", name),
                          "Rewrite rules on distributed tables are not supported.", "Drop the rules first.");
}

void CheckRelationKind(Relation relation) {
    CheckRelkind(relation);
    const char* name = RelationGetRelationName(relation);
    if (relation->rd_rel->relpersistence == RELPERSISTENCE_TEMP)
        RaiseNotSupported(psprintf("temporary table \"%s\" can't be distributed", name),
                          "The nodes of the cluster would not see this session's temporary schema.",
                          "Use a permanent table.");
    CheckSchema(relation);
    CheckInheritance(relation);
    CheckTriggersAndRules(relation);
    if (GetRelationPublications(RelationGetRelid(relation)) != NIL)
        RaiseNotSupported(psprintf("table \"%s\" is in a publication", name),
                          "The coordinator does not see the changes of a distributed table's rows.",
                          "Remove the table with ALTER PUBLICATION … DROP TABLE.");
}

AttrNumber CheckKeyColumn(Relation relation, const char* column) {
    const char* table = RelationGetRelationName(relation);
    AttrNumber attno = get_attnum(RelationGetRelid(relation), column);
    if (attno == InvalidAttrNumber)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
                        errmsg("column \"%s\" of relation \"%s\" does not exist", column, table)));
    if (attno < 0)
        RaiseNotSupported(psprintf("system column \"%s\" can't be the distribution column", column),
                          "It has no value that stays with the row.", "Choose a column of the table.");
    Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(relation), attno - 1);
    if (attribute->attgenerated)
        RaiseNotSupported(psprintf("generated column \"%s\" can't be the distribution column", column),
                          "Its value is computed in the shard, after the shard was chosen.",
                          "Choose a column that is stored as given.");
    if (!catalog::FindKeyClass(attribute->atttypid))
        RaiseNotSupported(psprintf("column \"%s\" of type %s can't be the distribution column", column,
                                   format_type_be(attribute->atttypid)),
                          "Equal values of this type have no common form to hash.",
                          "Choose a column of an integer, float, numeric, text, varchar, char, uuid, bool, date, "
                          "timestamp, bytea or enum type.");
    if (OidIsValid(attribute->attcollation) && !get_collation_isdeterministic(attribute->attcollation))
        RaiseNotSupported(psprintf("column \"%s\" has a nondeterministic collation", column),
                          "Values that are equal under it would be in different shards.",
                          "Choose another column, or a deterministic collation.");
    return attno;
}

static void CheckGeneratedColumns(Relation relation) {
    TupleConstr* constraints = RelationGetDescr(relation)->constr;
    for (int i = 0; constraints != nullptr && i < constraints->num_defval; i++) {
        Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(relation), constraints->defval[i].adnum - 1);
        if (!attribute->attgenerated) continue;
        CheckExpression(static_cast<Node*>(stringToNode(constraints->defval[i].adbin)),
                        psprintf("generated column \"%s\"", NameStr(attribute->attname)));
    }
}

void CheckColumns(Relation relation) {
    CheckGeneratedColumns(relation);
    TupleDesc row = RelationGetDescr(relation);
    for (int i = 0; i < row->natts; i++)
        if (!TupleDescAttr(row, i)->attisdropped) CheckTypeExpressions(TupleDescAttr(row, i)->atttypid);
}

static void CheckUniqueKey(const Distribution& distribution, Relation index) {
    if (distribution.method == catalog::Method::kReference) return;
    Form_pg_index form = index->rd_index;
    if (!form->indisunique) return;
    for (int i = 0; i < form->indnkeyatts; i++) {
        if (form->indkey.values[i] != distribution.key_attno) continue;
        Oid collation = index->rd_indcollation[i];
        if (!OidIsValid(collation) || get_collation_isdeterministic(collation)) return;
    }
    RaiseNotSupported(psprintf("unique index or constraint \"%s\" does not contain the distribution column",
                               RelationGetRelationName(index)),
                      "Each shard checks its own rows only, so uniqueness over all shards can't be guaranteed.",
                      psprintf("Add column \"%s\" to it, or use a plain index.",
                               get_attname(distribution.relid, distribution.key_attno, false)));
}

// As it was written: the relcache has it with functions inlined already.
static void CheckStoredExpression(Relation index, AttrNumber column, const char* what) {
    bool isnull;
    Datum stored = SysCacheGetAttr(INDEXRELID, index->rd_indextuple, column, &isnull);
    if (!isnull) CheckExpression(static_cast<Node*>(stringToNode(TextDatumGetCString(stored))), what);
}

void CheckIndex(const Distribution& distribution, Oid index_oid) {
    Relation index = index_open(index_oid, AccessShareLock);
    CheckUniqueKey(distribution, index);
    const char* what = psprintf("index \"%s\"", RelationGetRelationName(index));
    CheckStoredExpression(index, Anum_pg_index_indexprs, what);
    CheckStoredExpression(index, Anum_pg_index_indpred, what);
    index_close(index, AccessShareLock);
}

void CheckStatistics(Oid statistics) {
    HeapTuple row = SearchSysCache1(STATEXTOID, ObjectIdGetDatum(statistics));
    if (!HeapTupleIsValid(row)) elog(ERROR, "cache lookup failed for statistics object %u", statistics);
    bool isnull;
    Datum stored = SysCacheGetAttr(STATEXTOID, row, Anum_pg_statistic_ext_stxexprs, &isnull);
    char* name = NameStr(reinterpret_cast<Form_pg_statistic_ext>(GETSTRUCT(row))->stxname);
    if (!isnull)
        CheckExpression(static_cast<Node*>(stringToNode(TextDatumGetCString(stored))),
                        psprintf("statistics object \"%s\"", name));
    ReleaseSysCache(row);
}

void CheckDefinition(const Distribution& distribution, Relation relation) {
    CheckColumns(relation);
    ListCell* cell;
    foreach (cell, RelationGetIndexList(relation)) CheckIndex(distribution, lfirst_oid(cell));
    foreach (cell, ConstraintsOfTable(RelationGetRelid(relation))) CheckConstraint(distribution, lfirst_oid(cell));
    foreach (cell, RelationGetStatExtList(relation)) CheckStatistics(lfirst_oid(cell));
}

}  // namespace herd::commands
