#include "deparse/table_definition.h"

#include "deparse/canonical_settings.h"
#include "deparse/shard_names.h"

extern "C" {
#include <access/htup_details.h>
#include <access/relation.h>
#include <access/reloptions.h>
#include <access/toast_compression.h>
#include <catalog/pg_attribute.h>
#include <catalog/pg_class.h>
#include <commands/defrem.h>
#include <rewrite/rewriteHandler.h>
#include <utils/array.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/ruleutils.h>
#include <utils/syscache.h>
}

namespace herd::deparse {

namespace {

const char* Quoted(const NameData& name) { return quote_identifier(NameStr(name)); }

const char* TypeText(const FormData_pg_attribute* column) {
    return format_type_with_typemod(column->atttypid, column->atttypmod);
}

const char* GeneratedExpression(Relation shell, const FormData_pg_attribute* column) {
    Node* expression = build_column_default(shell, column->attnum);
    return deparse_expression(expression, deparse_context_for(RelationGetRelationName(shell), RelationGetRelid(shell)),
                              false, false);
}

void AppendColumn(StringInfo text, Relation shell, const FormData_pg_attribute* column) {
    appendStringInfoString(text, column->attnum > 1 ? ", " : "");
    if (column->attisdropped) {
        appendStringInfo(text, "%s integer", Quoted(column->attname));
        return;
    }
    appendStringInfo(text, "%s %s", Quoted(column->attname), TypeText(column));
    if (CompressionMethodIsValid(column->attcompression))
        appendStringInfo(text, " COMPRESSION %s", GetCompressionMethodName(column->attcompression));
    if (OidIsValid(column->attcollation) && column->attcollation != get_typcollation(column->atttypid))
        appendStringInfo(text, " COLLATE %s", generate_collation_name(column->attcollation));
    if (column->attgenerated == ATTRIBUTE_GENERATED_STORED)
        appendStringInfo(text, " GENERATED ALWAYS AS (%s) STORED", GeneratedExpression(shell, column));
    if (column->attnotnull) appendStringInfoString(text, " NOT NULL");
}

bool IsAnyOption(const char*) { return true; }

// Servers may keep marks of their own among a column's options, which are no user's to set.
bool IsColumnOption(const char* name) {
    return strcmp(name, "n_distinct") == 0 || strcmp(name, "n_distinct_inherited") == 0;
}

// The array of "name=value" as "prefix.name = 'value', …"; null if there is none.
char* OptionsText(Datum options, bool isnull, const char* prefix, bool (*is_wanted)(const char* name)) {
    if (isnull) return nullptr;
    StringInfoData text;
    initStringInfo(&text);
    ListCell* lc;
    foreach (lc, untransformRelOptions(options)) {
        auto* option = lfirst_node(DefElem, lc);
        if (!is_wanted(option->defname)) continue;
        appendStringInfo(&text, "%s%s%s = %s", text.len > 0 ? ", " : "", prefix, quote_identifier(option->defname),
                         quote_literal_cstr(defGetString(option)));
    }
    return text.len > 0 ? text.data : nullptr;
}

char* RelationOptions(Oid relid, const char* prefix) {
    if (!OidIsValid(relid)) return nullptr;
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
    if (!HeapTupleIsValid(tuple)) return nullptr;
    bool isnull;
    Datum options = SysCacheGetAttr(RELOID, tuple, Anum_pg_class_reloptions, &isnull);
    char* text = OptionsText(options, isnull, prefix, IsAnyOption);
    ReleaseSysCache(tuple);
    return text;
}

char* ColumnOptions(Oid relid, AttrNumber number) {
    HeapTuple tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relid), Int16GetDatum(number));
    if (!HeapTupleIsValid(tuple)) return nullptr;
    bool isnull;
    Datum options = SysCacheGetAttr(ATTNUM, tuple, Anum_pg_attribute_attoptions, &isnull);
    char* text = OptionsText(options, isnull, "", IsColumnOption);
    ReleaseSysCache(tuple);
    return text;
}

void AppendTableOptions(StringInfo text, Relation shell) {
    char* own = RelationOptions(RelationGetRelid(shell), "");
    char* toast = RelationOptions(shell->rd_rel->reltoastrelid, "toast.");
    if (own == nullptr && toast == nullptr) return;
    appendStringInfo(text, " WITH (%s%s%s)", own ? own : "", own && toast ? ", " : "", toast ? toast : "");
}

char* CreateTable(Relation shell, const char* name) {
    StringInfoData text;
    initStringInfo(&text);
    bool unlogged = shell->rd_rel->relpersistence == RELPERSISTENCE_UNLOGGED;
    appendStringInfo(&text, "CREATE %sTABLE %s (", unlogged ? "UNLOGGED " : "", name);
    TupleDesc columns = RelationGetDescr(shell);
    for (int i = 0; i < columns->natts; i++) AppendColumn(&text, shell, TupleDescAttr(columns, i));
    appendStringInfoString(&text, ") USING heap");
    AppendTableOptions(&text, shell);
    return text.data;
}

const char* StorageName(char storage) {
    switch (storage) {
        case TYPSTORAGE_PLAIN:
            return "PLAIN";
        case TYPSTORAGE_EXTERNAL:
            return "EXTERNAL";
        case TYPSTORAGE_MAIN:
            return "MAIN";
        default:
            return "EXTENDED";
    }
}

// What ALTER TABLE must do to a column, as ", action, action".
void AppendColumnChanges(StringInfo text, const FormData_pg_attribute* column) {
    const char* name = Quoted(column->attname);
    if (column->attisdropped) {
        appendStringInfo(text, ", DROP COLUMN %s", name);
        return;
    }
    if (column->attstorage != get_typstorage(column->atttypid))
        appendStringInfo(text, ", ALTER COLUMN %s SET STORAGE %s", name, StorageName(column->attstorage));
    if (column->attstattarget >= 0)
        appendStringInfo(text, ", ALTER COLUMN %s SET STATISTICS %d", name, column->attstattarget);
    char* options = ColumnOptions(column->attrelid, column->attnum);
    if (options != nullptr) appendStringInfo(text, ", ALTER COLUMN %s SET (%s)", name, options);
}

char* AlterColumns(Relation shell, const char* name) {
    StringInfoData changes;
    initStringInfo(&changes);
    TupleDesc columns = RelationGetDescr(shell);
    for (int i = 0; i < columns->natts; i++) AppendColumnChanges(&changes, TupleDescAttr(columns, i));
    return changes.len > 0 ? psprintf("ALTER TABLE %s %s", name, changes.data + 2) : nullptr;
}

}  // namespace

List* ShardTableStatements(const catalog::DistributedTable* table, ShardId shard) {
    Relation shell = relation_open(table->relid, AccessShareLock);
    CanonicalSettings settings = BeginCanonicalSettings();
    const char* name = catalog::ShardRelationName(table, shard);
    List* statements = list_make1(CreateTable(shell, name));
    char* changes = AlterColumns(shell, name);
    if (changes != nullptr) statements = lappend(statements, changes);
    EndCanonicalSettings(settings);
    relation_close(shell, NoLock);
    return statements;
}

}  // namespace herd::deparse
