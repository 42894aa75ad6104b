#include "operations/node_roles.h"

#include "catalog/metadata.h"
#include "operations/node_commands.h"
#include "transaction/session.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <catalog/catalog.h>
#include <catalog/pg_authid.h>
#include <utils/builtins.h>
}

namespace herd::operations {

// The statements run with the rights of the service role but with the user's search path: EXCEPT and INTERSECT compare by the
// type's own operators, whatever is on it.

static char* NameArray(List* names) {
    StringInfoData sql;
    initStringInfo(&sql);
    appendStringInfoString(&sql, "ARRAY[");
    ListCell* cell;
    foreach (cell, names)
        appendStringInfo(&sql, "%s%s", cell == list_head(names) ? "" : ", ",
                         quote_literal_cstr(static_cast<char*>(lfirst(cell))));
    appendStringInfoString(&sql, "]::pg_catalog.name[]");
    return sql.data;
}

static char* MissingRoles(List* names) {
    return psprintf("SELECT pg_catalog.unnest(%s) AS name EXCEPT SELECT rolname FROM pg_catalog.pg_roles",
                    NameArray(names));
}

static char* PlainRoles(List* names) {
    return psprintf(
        "SELECT pg_catalog.unnest(%s) AS name INTERSECT "
        "SELECT rolname FROM pg_catalog.pg_roles WHERE NOT rolcanlogin AND NOT rolsuper",
        NameArray(names));
}

// Runs a statement for each name of the query; the errors leave the role as it is. format: arguments of format(), with the name as
// role_name.
static char* ForEachRole(const char* query, const char* format, const char* ignored_errors) {
    char* body = psprintf(
        "DECLARE role_name pg_catalog.name; BEGIN FOR role_name IN %s LOOP "
        "BEGIN EXECUTE pg_catalog.format(%s, role_name); EXCEPTION WHEN %s THEN NULL; END; END LOOP; END",
        query, format, ignored_errors);
    return psprintf("DO LANGUAGE plpgsql %s", quote_literal_cstr(body));
}

static char* CreateStatement(List* names) {
    return ForEachRole(MissingRoles(names), "'CREATE ROLE %I NOLOGIN', role_name",
                       "duplicate_object OR unique_violation");
}

static List* OwnRoles() {
    List* names = NIL;
    Relation roles = table_open(AuthIdRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(roles, InvalidOid, false, nullptr, 0, nullptr);
    for (HeapTuple row = systable_getnext(scan); HeapTupleIsValid(row); row = systable_getnext(scan)) {
        const char* name = NameStr(reinterpret_cast<Form_pg_authid>(GETSTRUCT(row))->rolname);
        if (!IsReservedName(name)) names = lappend(names, pstrdup(name));
    }
    systable_endscan(scan);
    table_close(roles, AccessShareLock);
    return names;
}

static void RunOnOtherNodes(const char* sql) {
    NodeCommands* commands = MakeNodeCommands();
    AddCommandForOtherNodes(commands, sql);
    RunNodeCommands(commands);
}

void CreateRoleOnNodes(const char* role) { RunOnOtherNodes(CreateStatement(list_make1(pstrdup(role)))); }

void RenameRoleOnNodes(const char* from, const char* to) {
    List* new_name = list_make1(pstrdup(to));
    char* rename = psprintf("'ALTER ROLE %%I RENAME TO %%I', role_name, %s", quote_literal_cstr(to));
    RunOnOtherNodes(psprintf("%s;\n%s",
                             ForEachRole(PlainRoles(list_make1(pstrdup(from))), rename,
                                         "duplicate_object OR unique_violation OR feature_not_supported"),
                             CreateStatement(new_name)));
}

void DropRolesOnNodes(List* names) {
    if (names != NIL)
        RunOnOtherNodes(ForEachRole(PlainRoles(names), "'DROP ROLE %I', role_name",
                                    "dependent_objects_still_exist OR object_in_use OR undefined_object"));
}

void CreateRolesOnNode(NodeId node) {
    NodeCommands* commands = MakeNodeCommands();
    AddNodeCommand(commands, node, CreateStatement(OwnRoles()));
    RunNodeCommands(commands);
}

int64 CreateMissingRoles() {
    List* names = OwnRoles();
    char* count_missing = psprintf("SELECT pg_catalog.count(*) FROM (%s) missing", MissingRoles(names));
    int64 missing = 0;
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    for (int i = 0; i < count; i++)
        if (nodes[i]->id != kOwnNode)
            missing += pg_strtoint64(transaction::QueryValueOnNode(nodes[i]->id, count_missing));
    if (missing > 0) RunOnOtherNodes(CreateStatement(names));
    return missing;
}

}  // namespace herd::operations
