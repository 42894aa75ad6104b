#include "operations/node_servers.h"

#include "catalog/metadata.h"
#include "operations/extension_members.h"
#include "operations/local_sql.h"

extern "C" {
#include <access/xact.h>
#include <catalog/dependency.h>
#include <catalog/pg_foreign_server.h>
#include <catalog/pg_user_mapping.h>
#include <commands/defrem.h>
#include <foreign/foreign.h>
#include <nodes/makefuncs.h>
#include <utils/acl.h>
#include <utils/syscache.h>
}

namespace herd::operations {

static constexpr char kOwnServer[] = "coordinator";

static DefElem* Option(const char* name, const char* value) {
    return makeDefElem(pstrdup(name), reinterpret_cast<Node*>(makeString(pstrdup(value))), -1);
}

static RoleSpec* PublicRole() {
    RoleSpec* role = makeNode(RoleSpec);
    role->roletype = ROLESPEC_PUBLIC;
    role->location = -1;
    return role;
}

static Oid FindPublicMapping(Oid server) {
    return GetSysCacheOid2(USERMAPPINGUSERSERVER, Anum_pg_user_mapping_oid, ObjectIdGetDatum(InvalidOid),
                           ObjectIdGetDatum(server));
}

static void CreateMapping(const char* server, List* options) {
    CreateUserMappingStmt* statement = makeNode(CreateUserMappingStmt);
    statement->user = PublicRole();
    statement->servername = pstrdup(server);
    statement->options = options;
    ObjectAddress mapping = CreateUserMapping(statement);
    CommandCounterIncrement();
    AddExtensionMember(UserMappingRelationId, mapping.objectId);
}

static void DropMapping(Oid mapping) {
    RemoveExtensionMember(UserMappingRelationId, mapping);
    ObjectAddress address;
    ObjectAddressSet(address, UserMappingRelationId, mapping);
    performDeletion(&address, DROP_RESTRICT, PERFORM_DELETION_INTERNAL);
    CommandCounterIncrement();
}

static void ReplaceMapping(const char* server_name, List* options) {
    Oid mapping = FindPublicMapping(get_foreign_server_oid(server_name, false));
    if (OidIsValid(mapping)) DropMapping(mapping);
    CreateMapping(server_name, static_cast<List*>(copyObjectImpl(options)));
}

static void CreateServer(const char* name, List* options) {
    CreateForeignServerStmt* statement = makeNode(CreateForeignServerStmt);
    statement->servername = pstrdup(name);
    statement->fdwname = pstrdup("herd");
    statement->options = options;
    ObjectAddress server = CreateForeignServer(statement);
    CommandCounterIncrement();
    AddExtensionMember(ForeignServerRelationId, server.objectId);
}

void StoreServiceRole(const char* role, const char* password) {
    SuperuserScope scope = BeginSuperuser();
    if (!OidIsValid(get_foreign_server_oid(kOwnServer, true))) CreateServer(kOwnServer, NIL);
    List* options = list_make1(Option("user", role));
    if (password[0] != '\0') options = lappend(options, Option("password", password));
    ReplaceMapping(kOwnServer, options);
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    List* names = NIL;
    for (int i = 0; i < count; i++)
        if (nodes[i]->id != kOwnNode) names = lappend(names, pstrdup(nodes[i]->name));
    ListCell* cell;
    foreach (cell, names) ReplaceMapping(static_cast<const char*>(lfirst(cell)), options);
    EndSuperuser(scope);
}

static List* ServiceRoleOptions() {
    Oid server = get_foreign_server_oid(kOwnServer, true);
    if (!OidIsValid(server) || !OidIsValid(FindPublicMapping(server)))
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("no service role is set"),
                        errdetail("Nodes are reached as one role, whose password the coordinator must know."),
                        errhint("Set it with herd.set_service_role(role_name, password).")));
    return GetUserMapping(InvalidOid, server)->options;
}

// The options of the own SERVER, which is never connected to, are for the nodes that are added: those of TLS, say.
static List* CommonOptions() {
    List* options = NIL;
    ListCell* cell;
    foreach (cell, GetForeignServer(get_foreign_server_oid(kOwnServer, false))->options) {
        auto* option = static_cast<DefElem*>(lfirst(cell));
        bool says_where = strcmp(option->defname, "host") == 0 || strcmp(option->defname, "hostaddr") == 0 ||
                          strcmp(option->defname, "port") == 0 || strcmp(option->defname, "dbname") == 0;
        if (!says_where) options = lappend(options, option);
    }
    return options;
}

void CreateNodeServer(const char* name, const char* host, int port, const char* database) {
    SuperuserScope scope = BeginSuperuser();
    List* role_options = ServiceRoleOptions();
    List* address = list_make3(Option("host", host), Option("port", psprintf("%d", port)), Option("dbname", database));
    CreateServer(name, list_concat(address, CommonOptions()));
    CreateMapping(name, role_options);
    EndSuperuser(scope);
}

void DropNodeServer(const char* name) {
    SuperuserScope scope = BeginSuperuser();
    Oid server = get_foreign_server_oid(name, true);
    if (OidIsValid(server)) {
        Oid mapping = FindPublicMapping(server);
        if (OidIsValid(mapping)) DropMapping(mapping);
        RemoveExtensionMember(ForeignServerRelationId, server);
        ObjectAddress address;
        ObjectAddressSet(address, ForeignServerRelationId, server);
        performDeletion(&address, DROP_CASCADE, PERFORM_DELETION_INTERNAL);
        CommandCounterIncrement();
    }
    EndSuperuser(scope);
}

}  // namespace herd::operations
