#include "commands/column_types.h"

#include "catalog/key_value.h"
#include "commands/expression_rules.h"
#include "deparse/canonical_settings.h"
#include "operations/local_sql.h"
#include "postgres/error.h"

extern "C" {
#include <access/htup_details.h>
#include <access/table.h>
#include <access/transam.h>
#include <catalog/pg_collation.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/optimizer.h>
#include <parser/parse_coerce.h>
#include <parser/parse_collate.h>
#include <parser/parse_expr.h>
#include <parser/parse_relation.h>
#include <parser/parse_type.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/ruleutils.h>
#include <utils/syscache.h>
}

namespace herd::commands {

namespace {

struct TypeChange {
    AttrNumber attno;
    const char* conversion;  // null: as PostgreSQL assigns the old type to the new one
};

const char kOtherWay[] =
    "Add a column of the new type, fill it by UPDATE, then drop the old column and rename the new one.";

[[noreturn]] void Refuse(const catalog::DistributedTable* table, const char* column, const char* detail,
                         const char* hint) {
    postgres::RaiseNotSupported(psprintf("the type of column \"%s\" of distributed table \"%s\" can't be changed so",
                                         column, get_rel_name(table->relid)),
                                detail, hint);
}

// What may stand beside it in one statement: nothing that makes or drops indexes and constraints, which PostgreSQL makes anew.
bool IsHarmless(AlterTableType form) {
    return form == AT_AlterColumnType || form == AT_ColumnDefault || form == AT_SetNotNull || form == AT_DropNotNull;
}

bool IsInForeignKey(Oid relid, AttrNumber attno) {
    return operations::QueryLocalInteger(
               "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND "
               "(conrelid = $1 AND $2 = ANY (conkey) OR confrelid = $1 AND $2 = ANY (confkey))",
               {operations::OidArgument(relid), operations::IntArgument(attno)}) > 0;
}

bool HoldsAnyLength(Oid type, int32 typmod, int32 old_typmod) {
    if (type == TEXTOID) return true;
    return type == VARCHAROID && (typmod < 0 || (old_typmod >= 0 && typmod >= old_typmod));
}

// A key of the new type must have the hash of the old one: integers do, and texts that are not cut.
bool KeepsHash(const catalog::DistributedTable* table, Oid type, int32 typmod) {
    if (catalog::FindKeyClass(type) != table->group->key_class) return false;
    if (table->group->key_class == KeyClass::kInteger) return true;
    return table->group->key_class == KeyClass::kText && HoldsAnyLength(type, typmod, table->key_typmod);
}

void CheckTypes(const catalog::DistributedTable* table, const char* column, Oid before, Oid after) {
    if (before < FirstNormalObjectId && after < FirstNormalObjectId) return;
    Refuse(table, column, "Only values of built-in types can be converted in the shards.", kOtherWay);
}

void CheckKey(const catalog::DistributedTable* table, const char* column, const ColumnDef* definition, Oid type,
              int32 typmod) {
    if (definition->raw_default == nullptr && definition->collClause == nullptr && KeepsHash(table, type, typmod))
        return;
    Refuse(table, column, "It is the distribution column, and rows would belong to other shards.",
           "Undistribute the table with herd.undistribute_table(), change it, and distribute it again.");
}

// The same expression as PostgreSQL makes of the statement; null if it is going to raise.
Node* ConversionOf(ParseState* pstate, Relation relation, AttrNumber attno, const ColumnDef* definition, Oid type,
                   int32 typmod, Node** given) {
    ParseNamespaceItem* item = addRangeTableEntryForRelation(pstate, relation, NoLock, nullptr, false, true);
    addNSItemToQuery(pstate, item, false, true, true);
    Form_pg_attribute column = TupleDescAttr(RelationGetDescr(relation), attno - 1);
    Node* value =
        definition->raw_default == nullptr
            ? reinterpret_cast<Node*>(makeVar(1, attno, column->atttypid, column->atttypmod, column->attcollation, 0))
            : transformExpr(pstate, static_cast<Node*>(copyObjectImpl(definition->raw_default)),
                            EXPR_KIND_ALTER_COL_TRANSFORM);
    *given = value;
    Node* converted = coerce_to_target_type(pstate, value, exprType(value), type, typmod, COERCION_ASSIGNMENT,
                                            COERCE_IMPLICIT_CAST, -1);
    if (converted != nullptr) assign_expr_collations(pstate, converted);
    return converted;
}

const char* PrintConversion(Node* expression, Oid relid) {
    deparse::CanonicalSettings settings = deparse::BeginCanonicalSettings();
    char* text = deparse_expression(expression, deparse_context_for(get_rel_name(relid), relid), false, false);
    deparse::EndCanonicalSettings(settings);
    return text;
}

TypeChange* CheckTypeChange(const catalog::DistributedTable* table, Relation relation, AttrNumber attno,
                            const ColumnDef* definition, const char* text) {
    const char* name = get_attname(table->relid, attno, false);
    ParseState* pstate = make_parsestate(nullptr);
    pstate->p_sourcetext = text;
    Oid type;
    int32 typmod;
    typenameTypeIdAndMod(pstate, definition->typeName, &type, &typmod);
    CheckTypes(table, name, TupleDescAttr(RelationGetDescr(relation), attno - 1)->atttypid, type);
    if (IsInForeignKey(table->relid, attno))
        Refuse(table, name, "It is part of a foreign key, whose other side would have another type for a while.",
               "Drop the foreign key, change both columns, and add it again.");
    if (attno == table->key_attno) CheckKey(table, name, definition, type, typmod);
    Node* given;
    Node* converted = ConversionOf(pstate, relation, attno, definition, type, typmod, &given);
    if (converted != nullptr) {
        CheckExpression(converted, psprintf("the new value of column \"%s\"", name));
        if (contain_mutable_functions(converted))
            Refuse(table, name, "The conversion depends on settings, such as TimeZone or DateStyle, or on the time.",
                   "Say with USING how to convert, in a way that does not: (column AT TIME ZONE 'UTC'), say.");
    }
    auto change = static_cast<TypeChange*>(palloc(sizeof(TypeChange)));
    *change = {attno, definition->raw_default == nullptr ? nullptr : PrintConversion(given, table->relid)};
    free_parsestate(pstate);
    return change;
}

}  // namespace

List* CheckTypeChanges(const catalog::DistributedTable* table, const AlterTableStmt* statement, const char* text) {
    List* changes = NIL;
    const AlterTableCmd* other = nullptr;
    Relation relation = table_open(table->relid, NoLock);
    ListCell* cell;
    foreach (cell, statement->cmds) {
        AlterTableCmd* command = lfirst_node(AlterTableCmd, cell);
        if (!IsHarmless(command->subtype)) other = command;
        if (command->subtype != AT_AlterColumnType) continue;
        AttrNumber attno = get_attnum(table->relid, command->name);
        if (attno <= 0) continue;  // PostgreSQL raises
        if (TupleDescAttr(RelationGetDescr(relation), attno - 1)->attgenerated)
            Refuse(table, command->name, "It is a generated column, which every shard would have to compute anew.",
                   "Drop the column and add it with the other type.");
        changes =
            lappend(changes, CheckTypeChange(table, relation, attno, reinterpret_cast<ColumnDef*>(command->def), text));
    }
    table_close(relation, NoLock);
    if (changes != NIL && other != nullptr)
        postgres::RaiseNotSupported(
            psprintf("ALTER COLUMN TYPE together with other changes of distributed table \"%s\" is not supported",
                     get_rel_name(table->relid)),
            "Indexes and constraints are made anew for it, and could not be told from new ones.",
            "Use a statement of its own for it.");
    return changes;
}

char* ColumnTypeClause(Form_pg_attribute column) {
    char* type = format_type_extended(column->atttypid, column->atttypmod,
                                      FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY);
    if (!OidIsValid(column->attcollation) || column->attcollation == DEFAULT_COLLATION_OID) return type;
    HeapTuple row = SearchSysCache1(COLLOID, ObjectIdGetDatum(column->attcollation));
    if (!HeapTupleIsValid(row)) elog(ERROR, "cache lookup failed for collation %u", column->attcollation);
    auto form = reinterpret_cast<Form_pg_collation>(GETSTRUCT(row));
    char* clause =
        psprintf("%s COLLATE %s", type,
                 quote_qualified_identifier(get_namespace_name(form->collnamespace), NameStr(form->collname)));
    ReleaseSysCache(row);
    return clause;
}

char* TypeChangeActions(Oid relid, List* changes) {
    StringInfoData text;
    initStringInfo(&text);
    Relation relation = table_open(relid, NoLock);
    ListCell* cell;
    foreach (cell, changes) {
        auto change = static_cast<const TypeChange*>(lfirst(cell));
        Form_pg_attribute column = TupleDescAttr(RelationGetDescr(relation), change->attno - 1);
        appendStringInfo(&text, "%sALTER COLUMN %s TYPE %s", foreach_current_index(cell) > 0 ? ", " : "",
                         quote_identifier(NameStr(column->attname)), ColumnTypeClause(column));
        if (change->conversion != nullptr) appendStringInfo(&text, " USING (%s)", change->conversion);
    }
    table_close(relation, NoLock);
    return text.data;
}

}  // namespace herd::commands
