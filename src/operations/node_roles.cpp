#include "operations/node_roles.h"

#include "operations/node_commands.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <catalog/catalog.h>
#include <catalog/pg_authid.h>
#include <utils/builtins.h>
}

namespace herd::operations {

static char* CreateRoleStatement(const char* role) {
    char* body = psprintf(
        "BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = %s) THEN CREATE ROLE %s NOLOGIN; END IF; "
        "END",
        quote_literal_cstr(role), quote_identifier(role));
    return psprintf("DO %s", quote_literal_cstr(body));
}

void CreateRoleOnNodes(const char* role) {
    NodeCommands* commands = MakeNodeCommands();
    AddCommandForOtherNodes(commands, CreateRoleStatement(role));
    RunNodeCommands(commands);
}

void CreateRolesOnNode(NodeId node) {
    NodeCommands* commands = MakeNodeCommands();
    Relation roles = table_open(AuthIdRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(roles, InvalidOid, false, nullptr, 0, nullptr);
    for (HeapTuple row = systable_getnext(scan); HeapTupleIsValid(row); row = systable_getnext(scan)) {
        const char* name = NameStr(reinterpret_cast<Form_pg_authid>(GETSTRUCT(row))->rolname);
        if (!IsReservedName(name)) AddNodeCommand(commands, node, CreateRoleStatement(name));
    }
    systable_endscan(scan);
    table_close(roles, AccessShareLock);
    RunNodeCommands(commands);
}

}  // namespace herd::operations
