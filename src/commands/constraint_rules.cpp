#include "commands/constraint_rules.h"

#include "catalog/key_value.h"
#include "commands/distribution_rules.h"
#include "commands/expression_rules.h"
#include "operations/local_sql.h"
#include "postgres/error.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <catalog/indexing.h>
#include <catalog/pg_constraint.h>
#include <miscadmin.h>
#include <utils/array.h>
#include <utils/builtins.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
#include <utils/syscache.h>
}

namespace herd::commands {

using postgres::RaiseNotSupported;

static List* ConstraintsWith(AttrNumber column, Oid index, Oid relid) {
    List* found = NIL;
    ScanKeyData key;
    ScanKeyInit(&key, column, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(relid));
    Relation constraints = table_open(ConstraintRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(constraints, index, OidIsValid(index), nullptr, 1, &key);
    for (HeapTuple row = systable_getnext(scan); HeapTupleIsValid(row); row = systable_getnext(scan))
        found = lappend_oid(found, reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row))->oid);
    systable_endscan(scan);
    table_close(constraints, AccessShareLock);
    return found;
}

List* ConstraintsOfTable(Oid relid) {
    return ConstraintsWith(Anum_pg_constraint_conrelid, ConstraintRelidTypidNameIndexId, relid);
}

static HeapTuple GetConstraint(Oid oid) {
    HeapTuple row = SearchSysCache1(CONSTROID, ObjectIdGetDatum(oid));
    if (!HeapTupleIsValid(row)) elog(ERROR, "cache lookup failed for constraint %u", oid);
    return row;
}

List* ForeignKeysTo(Oid relid) {
    List* found = NIL;
    ListCell* cell;
    foreach (cell, ConstraintsWith(Anum_pg_constraint_confrelid, InvalidOid, relid)) {
        HeapTuple row = GetConstraint(lfirst_oid(cell));
        auto form = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row));
        if (form->contype == CONSTRAINT_FOREIGN && form->conrelid != relid) found = lappend_oid(found, form->oid);
        ReleaseSysCache(row);
    }
    return found;
}

// A foreign key taken apart.
struct ForeignKey {
    const char* name;
    Oid table_oid;
    const char* table;       // that has it
    const char* referenced;  // that it refers to
    int count;
    AttrNumber columns[INDEX_MAX_KEYS];
    AttrNumber referenced_columns[INDEX_MAX_KEYS];
    Oid equality[INDEX_MAX_KEYS];
    int set_count;  // columns of ON DELETE SET …; 0: all
    AttrNumber set_columns[INDEX_MAX_KEYS];
    char on_update;
    char on_delete;
};

static ForeignKey ReadForeignKey(HeapTuple row) {
    auto form = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row));
    ForeignKey key{};
    key.name = pstrdup(NameStr(form->conname));
    key.table_oid = form->conrelid;
    key.table = get_rel_name(form->conrelid);
    key.referenced = get_rel_name(form->confrelid);
    key.on_update = form->confupdtype;
    key.on_delete = form->confdeltype;
    DeconstructFkConstraintRow(row, &key.count, key.columns, key.referenced_columns, key.equality, nullptr, nullptr,
                               &key.set_count, key.set_columns);
    return key;
}

static bool IsSetByDelete(const ForeignKey& key, AttrNumber column) {
    if (key.set_count == 0) return true;
    for (int i = 0; i < key.set_count; i++)
        if (key.set_columns[i] == column) return true;
    return false;
}

static bool SetsValues(char action) {
    return action == FKCONSTR_ACTION_SETNULL || action == FKCONSTR_ACTION_SETDEFAULT;
}

// An action that would write the distribution column would have to move the row to another shard.
static void CheckActions(const Distribution& distribution, const ForeignKey& key) {
    for (int i = 0; i < key.count; i++) {
        if (key.columns[i] != distribution.key_attno) continue;
        bool written = SetsValues(key.on_update) || key.on_update == FKCONSTR_ACTION_CASCADE ||
                       (SetsValues(key.on_delete) && IsSetByDelete(key, distribution.key_attno));
        if (written)
            RaiseNotSupported(
                psprintf("an action of foreign key \"%s\" would change the distribution column", key.name),
                "The row would have to move to another shard, which the node can't do.",
                "Use NO ACTION or RESTRICT, or ON DELETE CASCADE.");
    }
}

static bool JoinsDistributionColumns(const Distribution& from, const catalog::DistributedTable* to,
                                     const ForeignKey& key) {
    for (int i = 0; i < key.count; i++)
        if (key.columns[i] == from.key_attno && key.referenced_columns[i] == to->key_attno &&
            catalog::IsKeyEquality(key.equality[i], InvalidOid, from.key_class))
            return true;
    return false;
}

static void CheckForeignKey(const Distribution& from, HeapTuple row) {
    auto form = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row));
    ForeignKey key = ReadForeignKey(row);
    bool to_itself = form->confrelid == from.relid;
    const catalog::DistributedTable* to = catalog::FindTable(form->confrelid);
    const char* message =
        psprintf("foreign key \"%s\" from \"%s\" to \"%s\" is not supported", key.name, key.table, key.referenced);
    if (to == nullptr && !to_itself)
        RaiseNotSupported(message, "A distributed table can't refer to a local table, whose rows the nodes don't have.",
                          "Distribute the referenced table first: as a reference table, or colocated by the same key.");
    bool to_reference = to_itself ? from.method == catalog::Method::kReference : to->is_reference();
    if (from.method == catalog::Method::kReference) {
        if (to_reference) return;
        RaiseNotSupported(message,
                          "A reference table has a copy on every node, the rows of the other table are spread.",
                          "Let reference tables refer to reference tables only.");
    }
    if (!to_reference) {
        catalog::DistributedTable itself{};
        itself.key_attno = from.key_attno;
        if (!to_itself && to->group->id != from.group)
            RaiseNotSupported(message,
                              "The tables are not colocated, so rows that belong together lie on different nodes.",
                              "Distribute the table with colocate_with => the referenced table.");
        if (!JoinsDistributionColumns(from, to_itself ? &itself : to, key))
            RaiseNotSupported(message,
                              "It does not pair the distribution columns, so a row may refer to another shard.",
                              "Add the distribution columns of both tables to the foreign key.");
    }
    CheckActions(from, key);
}

// Two rows that exclude each other must meet in one shard.
static void CheckExclusion(const Distribution& distribution, HeapTuple row) {
    if (distribution.method == catalog::Method::kReference) return;
    auto form = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row));
    bool isnull;
    Datum columns = SysCacheGetAttr(CONSTROID, row, Anum_pg_constraint_conkey, &isnull);
    Datum operators = SysCacheGetAttr(CONSTROID, row, Anum_pg_constraint_conexclop, &isnull);
    ArrayType* attnos = DatumGetArrayTypeP(columns);
    ArrayType* ops = DatumGetArrayTypeP(operators);
    for (int i = 0; i < ArrayGetNItems(ARR_NDIM(attnos), ARR_DIMS(attnos)); i++) {
        AttrNumber column = reinterpret_cast<int16*>(ARR_DATA_PTR(attnos))[i];
        Oid op = reinterpret_cast<Oid*>(ARR_DATA_PTR(ops))[i];
        if (column == distribution.key_attno && catalog::IsKeyEquality(op, InvalidOid, distribution.key_class)) return;
    }
    RaiseNotSupported(
        psprintf("exclusion constraint \"%s\" does not contain the distribution column with =", NameStr(form->conname)),
        "Each shard checks its own rows only.",
        psprintf("Add \"%s WITH =\" to it.",
                 quote_identifier(get_attname(distribution.relid, distribution.key_attno, false))));
}

void CheckConstraint(const Distribution& distribution, Oid constraint) {
    HeapTuple row = GetConstraint(constraint);
    auto form = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row));
    if (form->contype == CONSTRAINT_FOREIGN) CheckForeignKey(distribution, row);
    if (form->contype == CONSTRAINT_EXCLUSION) CheckExclusion(distribution, row);
    if (form->contype == CONSTRAINT_CHECK) {
        bool isnull;
        Datum expression = SysCacheGetAttr(CONSTROID, row, Anum_pg_constraint_conbin, &isnull);
        if (!isnull)
            CheckExpression(static_cast<Node*>(stringToNode(TextDatumGetCString(expression))),
                            psprintf("check constraint \"%s\"", NameStr(form->conname)));
    }
    ReleaseSysCache(row);
}

static ForeignKey GetForeignKey(Oid constraint) {
    HeapTuple row = GetConstraint(constraint);
    ForeignKey key = ReadForeignKey(row);
    ReleaseSysCache(row);
    return key;
}

static bool HasRows(Oid relid) {
    char* name = quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)), get_rel_name(relid));
    return operations::QueryLocalInteger(psprintf("SELECT EXISTS (SELECT FROM %s)::int", name), {}) != 0;
}

void CheckReferencingTablesAreEmpty(Relation relation, const char* action) {
    ListCell* cell;
    foreach (cell, ForeignKeysTo(RelationGetRelid(relation))) {
        ForeignKey key = GetForeignKey(lfirst_oid(cell));
        if (!HasRows(key.table_oid)) continue;
        RaiseNotSupported(
            psprintf("table \"%s\" can't be %s while rows of other tables refer to it", key.referenced, action),
            psprintf("Table \"%s\" has foreign key \"%s\" to it, and rows.", key.table, key.name),
            "Drop the foreign key first, and add it again once both tables are distributed.");
    }
}

// Foreign keys of the table to shells other than itself.
static List* ForeignKeysToShells(Oid relid) {
    List* found = NIL;
    ListCell* cell;
    foreach (cell, ConstraintsOfTable(relid)) {
        HeapTuple row = GetConstraint(lfirst_oid(cell));
        auto form = reinterpret_cast<Form_pg_constraint>(GETSTRUCT(row));
        if (form->contype == CONSTRAINT_FOREIGN && form->confrelid != relid && catalog::IsShell(form->confrelid))
            found = lappend_oid(found, form->oid);
        ReleaseSysCache(row);
    }
    return found;
}

void CheckLocalForeignKeys(Oid relid) {
    List* keys = ForeignKeysToShells(relid);
    if (keys == NIL || catalog::IsShell(relid) || !HasRows(relid)) return;
    ForeignKey key = GetForeignKey(linitial_oid(keys));
    RaiseNotSupported(
        psprintf("foreign key \"%s\" from local table \"%s\" to distributed table \"%s\" is not supported", key.name,
                 key.table, key.referenced),
        "A change of the distributed table on a node can't check rows of the coordinator.",
        "Distribute the referring table too.");
}

void CheckHasNoForeignKeys(Relation relation) {
    List* keys =
        list_concat(ForeignKeysTo(RelationGetRelid(relation)), ForeignKeysToShells(RelationGetRelid(relation)));
    if (keys == NIL) return;
    ForeignKey key = GetForeignKey(linitial_oid(keys));
    RaiseNotSupported(psprintf("table \"%s\" can't be undistributed", RelationGetRelationName(relation)),
                      psprintf("Foreign key \"%s\" from table \"%s\" to \"%s\" needs both tables distributed.",
                               key.name, key.table, key.referenced),
                      "Drop the foreign key first.");
}

void CheckForeignKeyQuery(const Query* query) {
    // Only the triggers of foreign keys run their queries like this.
    if (!InNoForceRLSOperation()) return;
    ListCell* cell;
    foreach (cell, query->rtable) {
        RangeTblEntry* rte = lfirst_node(RangeTblEntry, cell);
        if (rte->rtekind == RTE_RELATION && catalog::IsShell(rte->relid))
            RaiseNotSupported(psprintf("foreign key from a local table to distributed table \"%s\" is not supported",
                                       get_rel_name(rte->relid)),
                              "A change of the distributed table on a node can't check rows of the coordinator.",
                              "Distribute the referring table before it gets rows.");
    }
}

}  // namespace herd::commands
