// The types, collations and schemas that a table's columns need on a node. Each statement does nothing if the object is there;
// DO blocks, because there is no CREATE TYPE IF NOT EXISTS.
#include "deparse/table_definition.h"

#include "deparse/canonical_settings.h"
#include "postgres/error.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/relation.h>
#include <access/table.h>
#include <access/transam.h>
#include <catalog/dependency.h>
#include <catalog/indexing.h>
#include <catalog/pg_collation.h>
#include <catalog/pg_constraint.h>
#include <catalog/pg_enum.h>
#include <catalog/pg_namespace.h>
#include <catalog/pg_type.h>
#include <miscadmin.h>
#include <utils/builtins.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/ruleutils.h>
#include <utils/syscache.h>
#include <utils/typcache.h>
}

namespace herd::deparse {

namespace {

// What was found so far; a dependency is always added before what needs it.
struct Requirements {
    List* statements;
    List* definitions;  // of types
    List* schemas;
    List* types;
    List* collations;
};

void RequireType(Requirements* required, Oid type);

void AddGuarded(Requirements* required, const char* condition, const char* statement) {
    char* body = psprintf(
        "BEGIN IF %s THEN %s; END IF; EXCEPTION WHEN duplicate_object OR duplicate_schema OR unique_violation THEN "
        "NULL; END",
        condition, statement);
    required->statements = lappend(required->statements, psprintf("DO %s", quote_literal_cstr(body)));
}

void RequireSchema(Requirements* required, Oid schema) {
    if (schema < FirstNormalObjectId || list_member_oid(required->schemas, schema)) return;
    required->schemas = lappend_oid(required->schemas, schema);
    const char* name = quote_identifier(get_namespace_name(schema));
    AddGuarded(required, psprintf("pg_catalog.to_regnamespace(%s) IS NULL", quote_literal_cstr(name)),
               psprintf("CREATE SCHEMA %s", name));
}

const char* CollationProperties(HeapTuple tuple) {
    auto* form = reinterpret_cast<Form_pg_collation>(GETSTRUCT(tuple));
    auto attribute = [tuple](AttrNumber number) -> const char* {
        bool isnull;
        Datum value = SysCacheGetAttr(COLLOID, tuple, number, &isnull);
        return isnull ? nullptr : quote_literal_cstr(text_to_cstring(DatumGetTextPP(value)));
    };
    if (form->collprovider == COLLPROVIDER_ICU)
        return psprintf("provider = icu, locale = %s, deterministic = %s", attribute(Anum_pg_collation_colliculocale),
                        form->collisdeterministic ? "true" : "false");
    return psprintf("provider = libc, lc_collate = %s, lc_ctype = %s", attribute(Anum_pg_collation_collcollate),
                    attribute(Anum_pg_collation_collctype));
}

void RequireCollation(Requirements* required, Oid collation) {
    if (collation < FirstNormalObjectId || list_member_oid(required->collations, collation)) return;
    required->collations = lappend_oid(required->collations, collation);
    HeapTuple tuple = SearchSysCache1(COLLOID, ObjectIdGetDatum(collation));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for collation %u", collation);
    Oid schema = reinterpret_cast<Form_pg_collation>(GETSTRUCT(tuple))->collnamespace;
    // Collations of initdb have high OIDs too.
    if (schema != PG_CATALOG_NAMESPACE) {
        RequireSchema(required, schema);
        const char* name = generate_collation_name(collation);
        AddGuarded(required, psprintf("pg_catalog.to_regcollation(%s) IS NULL", quote_literal_cstr(name)),
                   psprintf("CREATE COLLATION %s (%s)", name, CollationProperties(tuple)));
    }
    ReleaseSysCache(tuple);
}

void RequireColumnType(Requirements* required, Oid type, Oid collation) {
    RequireType(required, type);
    if (OidIsValid(collation)) RequireCollation(required, collation);
}

char* CollateClause(Oid type, Oid collation) {
    if (!OidIsValid(collation) || collation == get_typcollation(type)) return pstrdup("");
    return psprintf(" COLLATE %s", generate_collation_name(collation));
}

// Labels in their order.
char* CreateEnum(Oid type, const char* name) {
    StringInfoData text;
    initStringInfo(&text);
    Relation catalog = table_open(EnumRelationId, AccessShareLock);
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_enum_enumtypid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(type));
    Relation index = index_open(EnumTypIdSortOrderIndexId, AccessShareLock);
    SysScanDesc scan = systable_beginscan_ordered(catalog, index, nullptr, 1, &key);
    HeapTuple tuple;
    while (HeapTupleIsValid(tuple = systable_getnext_ordered(scan, ForwardScanDirection)))
        appendStringInfo(&text, "%s%s", text.len > 0 ? ", " : "",
                         quote_literal_cstr(NameStr(reinterpret_cast<Form_pg_enum>(GETSTRUCT(tuple))->enumlabel)));
    systable_endscan_ordered(scan);
    index_close(index, AccessShareLock);
    table_close(catalog, AccessShareLock);
    return psprintf("CREATE TYPE %s AS ENUM (%s)", name, text.data);
}

// The domain's own constraints, in order of names. Constraints that are NOT VALID can only be added later.
void AppendDomainConstraints(StringInfo definition, StringInfo later, Oid type, const char* name) {
    Relation catalog = table_open(ConstraintRelationId, AccessShareLock);
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_constraint_contypid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(type));
    SysScanDesc scan = systable_beginscan(catalog, ConstraintTypidIndexId, true, nullptr, 1, &key);
    HeapTuple tuple;
    while (HeapTupleIsValid(tuple = systable_getnext(scan))) {
        auto* form = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(tuple));
        Datum constraint = DirectFunctionCall1(pg_get_constraintdef, ObjectIdGetDatum(form->oid));
        char* added =
            psprintf("CONSTRAINT %s %s", quote_identifier(NameStr(form->conname)), TextDatumGetCString(constraint));
        if (form->convalidated)
            appendStringInfo(definition, " %s", added);
        else
            appendStringInfo(later, "; ALTER DOMAIN %s ADD %s", name, added);
    }
    systable_endscan(scan);
    table_close(catalog, AccessShareLock);
}

// Without the default: the coordinator evaluates defaults.
char* CreateDomain(Requirements* required, Form_pg_type form, const char* name) {
    RequireColumnType(required, form->typbasetype, form->typcollation);
    StringInfoData text;
    StringInfoData later;
    initStringInfo(&text);
    initStringInfo(&later);
    appendStringInfo(&text, "CREATE DOMAIN %s AS %s%s%s", name,
                     format_type_with_typemod(form->typbasetype, form->typtypmod),
                     CollateClause(form->typbasetype, form->typcollation), form->typnotnull ? " NOT NULL" : "");
    AppendDomainConstraints(&text, &later, form->oid, name);
    appendStringInfoString(&text, later.data);
    return text.data;
}

char* CreateComposite(Requirements* required, Form_pg_type form, const char* name) {
    StringInfoData text;
    initStringInfo(&text);
    Relation relation = relation_open(form->typrelid, AccessShareLock);
    TupleDesc fields = RelationGetDescr(relation);
    for (int i = 0; i < fields->natts; i++) {
        const FormData_pg_attribute* field = TupleDescAttr(fields, i);
        if (field->attisdropped) continue;
        RequireColumnType(required, field->atttypid, field->attcollation);
        appendStringInfo(&text, "%s%s %s%s", text.len > 0 ? ", " : "", quote_identifier(NameStr(field->attname)),
                         format_type_with_typemod(field->atttypid, field->atttypmod),
                         CollateClause(field->atttypid, field->attcollation));
    }
    relation_close(relation, AccessShareLock);
    return psprintf("CREATE TYPE %s AS (%s)", name, text.data);
}

[[noreturn]] void RaiseUnsupportedType(const char* name, const char* why) {
    postgres::RaiseNotSupported(psprintf("type %s is not supported for columns of distributed tables", name), why,
                                "Use an enum, a domain, a composite type, or a type that belongs to an extension.");
}

char* CreateType(Requirements* required, Form_pg_type form, const char* name) {
    switch (form->typtype) {
        case TYPTYPE_ENUM:
            return CreateEnum(form->oid, name);
        case TYPTYPE_DOMAIN:
            return CreateDomain(required, form, name);
        case TYPTYPE_COMPOSITE:
            if (get_rel_relkind(form->typrelid) != RELKIND_COMPOSITE_TYPE)
                RaiseUnsupportedType(name, "It is the row type of a table.");
            return CreateComposite(required, form, name);
        default:
            RaiseUnsupportedType(name, "Types of this kind are not created on nodes.");
    }
}

void RequireType(Requirements* required, Oid type) {
    check_stack_depth();
    Oid element = get_element_type(type);
    if (OidIsValid(element)) return RequireType(required, element);
    if (type < FirstNormalObjectId || list_member_oid(required->types, type)) return;
    required->types = lappend_oid(required->types, type);
    if (OidIsValid(getExtensionOfObject(TypeRelationId, type))) return;

    HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for type %u", type);
    auto* form = reinterpret_cast<Form_pg_type>(GETSTRUCT(tuple));
    const char* name = format_type_be_qualified(type);
    char* statement = CreateType(required, form, name);
    RequireSchema(required, form->typnamespace);
    AddGuarded(required, psprintf("pg_catalog.to_regtype(%s) IS NULL", quote_literal_cstr(name)), statement);
    required->definitions = lappend(required->definitions, statement);
    ReleaseSysCache(tuple);
}

char* DefinitionOf(Oid type) {
    Requirements required = {};
    RequireType(&required, type);
    StringInfoData text;
    initStringInfo(&text);
    ListCell* cell;
    foreach (cell, required.definitions) appendStringInfo(&text, "%s; ", static_cast<const char*>(lfirst(cell)));
    return text.data;
}

Requirements RequirementsOf(Oid relid) {
    Requirements required = {};
    Relation relation = relation_open(relid, AccessShareLock);
    TupleDesc columns = RelationGetDescr(relation);
    for (int i = 0; i < columns->natts; i++) {
        const FormData_pg_attribute* column = TupleDescAttr(columns, i);
        if (!column->attisdropped) RequireColumnType(&required, column->atttypid, column->attcollation);
    }
    relation_close(relation, NoLock);
    return required;
}

}  // namespace

List* RequiredTypeStatements(Oid relid) {
    CanonicalSettings settings = BeginCanonicalSettings();
    List* statements = RequirementsOf(relid).statements;
    EndCanonicalSettings(settings);
    return statements;
}

List* ChangedTypeStatements(Oid relid) {
    CanonicalSettings settings = BeginCanonicalSettings();
    List* drops = NIL;
    ListCell* cell;
    foreach (cell, RequirementsOf(relid).types) {
        Oid type = lfirst_oid(cell);
        if (OidIsValid(getExtensionOfObject(TypeRelationId, type))) continue;
        drops = lappend(drops, DropTypeStatement(format_type_be_qualified(type), DefinitionOf(type)));
    }
    EndCanonicalSettings(settings);
    return drops;
}

char* DropTypeStatement(const char* name, const char* unless_defined_by) {
    return psprintf("SELECT herd.drop_type_on_node(%s, %s)", quote_literal_cstr(name),
                    unless_defined_by == nullptr ? "NULL" : quote_literal_cstr(unless_defined_by));
}

char* TypeDefinition(Oid type) {
    CanonicalSettings settings = BeginCanonicalSettings();
    char* definition = DefinitionOf(type);
    EndCanonicalSettings(settings);
    return definition;
}

}  // namespace herd::deparse
