// herd.add_node() and its kin: check the arguments, then call down.
#include "access/shell_checks.h"
#include "commands/arguments.h"
#include "deparse/table_definition.h"
#include "guard/coordinators.h"
#include "operations/nodes.h"
#include "operations/node_servers.h"
#include "postgres/entry.h"

extern "C" {
#include <commands/dbcommands.h>
#include <miscadmin.h>
#include <tcop/utility.h>
#include <utils/acl.h>
#include <utils/builtins.h>
#include <utils/uuid.h>
#include <utils/fmgrprotos.h>
}

namespace herd::commands {

static void CheckName(const char* argument, const char* value) {
    if (value[0] == '\0')
        ereport(ERROR, (errcode(kInvalidParameterValue), errmsg("argument \"%s\" must not be empty", argument)));
    if (strlen(value) >= NAMEDATALEN)
        ereport(ERROR, (errcode(ERRCODE_NAME_TOO_LONG), errmsg("argument \"%s\" is too long", argument),
                        errdetail("\"%s\" has %d bytes.", value, static_cast<int>(strlen(value))),
                        errhint("Names have at most %d bytes.", NAMEDATALEN - 1)));
}

static void CheckPort(int port) {
    if (port < 1 || port > 65535)
        ereport(ERROR, (errcode(kInvalidParameterValue), errmsg("invalid port: %d", port),
                        errdetail("Ports go from 1 to 65535.")));
}

}  // namespace herd::commands

using namespace herd;
using namespace herd::commands;

HERD_FUNCTION(herd_set_service_role) {
    char* role = RequireTextArgument(fcinfo, 0, "role_name");
    char* password = RequireTextArgument(fcinfo, 1, "password");
    PreventCommandIfReadOnly("herd.set_service_role()");
    CheckName("role_name", role);
    get_role_oid(role, false);
    operations::StoreServiceRole(role, password);
    PG_RETURN_VOID();
}

HERD_FUNCTION(herd_add_node) {
    operations::NodeAddress address;
    address.host = RequireTextArgument(fcinfo, 0, "host");
    RequireArgument(fcinfo, 1, "port");
    address.port = PG_GETARG_INT32(1);
    address.database = RequireTextArgument(fcinfo, 3, "dbname");
    PreventCommandIfReadOnly("herd.add_node()");
    access::CheckLibraryPreloaded();
    if (address.host[0] == '\0')
        ereport(ERROR, (errcode(kInvalidParameterValue), errmsg("argument \"host\" must not be empty")));
    CheckPort(address.port);
    CheckName("dbname", address.database);
    address.name =
        PG_ARGISNULL(2) ? psprintf("%s:%d", address.host, address.port) : text_to_cstring(PG_GETARG_TEXT_PP(2));
    CheckName("name", address.name);
    PG_RETURN_INT32(operations::AddNode(address).value);
}

HERD_FUNCTION(herd_remove_node) {
    char* name = RequireTextArgument(fcinfo, 0, "name");
    PreventCommandIfReadOnly("herd.remove_node()");
    operations::RemoveNode(name);
    PG_RETURN_VOID();
}

HERD_FUNCTION(herd_set_node_holds_shards) {
    char* name = RequireTextArgument(fcinfo, 0, "name");
    RequireArgument(fcinfo, 1, "holds_shards");
    PreventCommandIfReadOnly("herd.set_node_holds_shards()");
    operations::SetNodeHoldsShards(name, PG_GETARG_BOOL(1));
    PG_RETURN_VOID();
}

HERD_FUNCTION(herd_join_cluster) {
    RequireArgument(fcinfo, 0, "cluster_id");
    PreventCommandIfReadOnly("herd.join_cluster()");
    access::CheckLibraryPreloaded();
    char* cluster_id = DatumGetCString(DirectFunctionCall1(uuid_out, PG_GETARG_DATUM(0)));
    operations::JoinCluster(cluster_id, GetSessionUserId(), guard::SessionCoordinator());
    PG_RETURN_VOID();
}

HERD_FUNCTION(herd_adopt_cluster) {
    RequireArgument(fcinfo, 0, "roll_back_in_doubt");
    PreventCommandIfReadOnly("herd.adopt_cluster()");
    access::CheckLibraryPreloaded();
    PG_RETURN_INT32(operations::AdoptCluster(PG_GETARG_BOOL(0)));
}

HERD_FUNCTION(herd_replace_coordinator) {
    static_cast<void>(fcinfo);
    PreventCommandIfReadOnly("herd.replace_coordinator()");
    access::CheckLibraryPreloaded();
    guard::RequireSessionOfCluster();
    operations::ReplaceCoordinators(guard::SessionCoordinator());
    PG_RETURN_VOID();
}

HERD_FUNCTION(herd_type_definition) { PG_RETURN_TEXT_P(cstring_to_text(deparse::TypeDefinition(PG_GETARG_OID(0)))); }
