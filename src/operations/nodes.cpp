#include "operations/nodes.h"

#include "base/sqlstates.h"
#include "catalog/incarnation.h"
#include "catalog/metadata.h"
#include "catalog/own_cluster.h"
#include "cluster/connection_options.h"
#include "operations/local_sql.h"
#include "operations/metadata_writer.h"
#include "operations/node_protocols.h"
#include "operations/node_roles.h"
#include "operations/node_servers.h"
#include "operations/reference_copies.h"
#include "operations/shard_relations.h"
#include "transaction/adoption.h"
#include "transaction/session.h"
#include "worker/duties.h"

extern "C" {
#include <access/xact.h>
#include <commands/dbcommands.h>
#include <mb/pg_wchar.h>
#include <storage/lmgr.h>
#include <catalog/namespace.h>
#include <utils/builtins.h>
#include <utils/inval.h>
#include <utils/lsyscache.h>
}

namespace herd::operations {

// Nodes come and go one at a time.
static void LockNodes() {
    LockRelationOid(get_relname_relid("node", get_namespace_oid("herd", false)), ShareRowExclusiveLock);
}

static void ForgetNodes() {
    catalog::InvalidateMetadata();
    CommandCounterIncrement();
}

static const catalog::NodeInfo* GetNodeByName(const char* name) {
    const catalog::NodeInfo* node = catalog::FindNodeByName(name);
    if (node == nullptr)
        ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("node \"%s\" does not exist", name),
                        errhint("The view herd.nodes lists the nodes.")));
    return node;
}

static void CheckExtension(NodeId node, const NodeAddress& address) {
    if (transaction::QueryValueOnNode(node, "SELECT 1 FROM pg_catalog.pg_extension WHERE extname = 'herd'") == nullptr)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("extension \"herd\" is not installed on node \"%s\"", address.name),
                        errhint("Run CREATE EXTENSION herd in database \"%s\" of that server.", address.database)));
}

// Shards sort and compare in the node's default collation.
static void CheckCollation(NodeId node, const NodeAddress& address) {
    static constexpr char kDefaultCollation[] =
        "SELECT pg_catalog.concat_ws(' ', CASE datlocprovider WHEN 'i' THEN 'icu' ELSE 'libc' END, datcollate, "
        "datctype, daticulocale,"
        " pg_catalog.pg_database_collation_actual_version(oid))"
        " FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()";
    char* other = transaction::QueryValueOnNode(node, kDefaultCollation);
    char* own = QueryLocalText(kDefaultCollation, {});
    if (strcmp(other, own) != 0)
        ereport(ERROR,
                (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                 errmsg("node \"%s\" has another default collation", address.name),
                 errdetail("Its database has \"%s\", the coordinator's \"%s\".", other, own),
                 errhint("Create the node's database with the coordinator's locale, and have the same versions of "
                         "the C library and of ICU on both.")));
}

static void CheckServer(NodeId node, const NodeAddress& address) {
    int version = pg_strtoint32(transaction::QueryValueOnNode(node, "SELECT current_setting('server_version_num')"));
    if (version / 10000 != PG_VERSION_NUM / 10000)
        ereport(ERROR,
                (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                 errmsg("node \"%s\" has another major version of PostgreSQL", address.name),
                 errdetail("It has PostgreSQL %d, the coordinator %d.", version / 10000, PG_VERSION_NUM / 10000)));
    char* encoding = transaction::QueryValueOnNode(node, "SELECT pg_catalog.getdatabaseencoding()");
    if (strcmp(encoding, GetDatabaseEncodingName()) != 0)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("node \"%s\" has another encoding", address.name),
                        errdetail("Its database has %s, the coordinator's %s.", encoding, GetDatabaseEncodingName()),
                        errhint("Create the node's database with the coordinator's encoding.")));
    char* prepared = transaction::QueryValueOnNode(node, "SELECT current_setting('max_prepared_transactions')");
    if (strcmp(prepared, "0") == 0)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("node \"%s\" does not allow prepared transactions", address.name),
                        errdetail("What a transaction writes on several nodes is committed in two phases."),
                        errhint("Set max_prepared_transactions there, to at least max_connections.")));
}

// The same database is not added twice, whatever name or address it is reached by; nor is the coordinator itself.
static void CheckIsNew(NodeId node, const NodeAddress& address) {
    char* identifier =
        transaction::QueryValueOnNode(node, "SELECT system_identifier FROM pg_catalog.pg_control_system()");
    char* known = QueryLocalText(
        "SELECT name FROM herd.node WHERE system_identifier = $1::bigint AND database_name = $2 AND node_id <> $3",
        {TextArgument(identifier), TextArgument(address.database), IntArgument(node.value)});
    if (known != nullptr)
        ereport(ERROR,
                (errcode(ERRCODE_DUPLICATE_OBJECT), errmsg("database \"%s\" at %s:%d is already node \"%s\"",
                                                           address.database, address.host, address.port, known)));
    RunLocalSql("UPDATE herd.node SET system_identifier = $1::bigint WHERE node_id = $2",
                {TextArgument(identifier), IntArgument(node.value)});
}

static bool IsFirstAddedNode(NodeId node) {
    return QueryLocalInteger("SELECT count(*) FROM herd.node WHERE node_id NOT IN (0, $1)",
                             {IntArgument(node.value)}) == 0;
}

static NodeId InsertNode(const NodeAddress& address) {
    return NodeId{static_cast<int32>(
        QueryLocalInteger("INSERT INTO herd.node (node_id, name, role, system_identifier, database_name) "
                          "VALUES (nextval('herd.node_id_seq'), $1, 'worker', 0, $2) RETURNING node_id",
                          {TextArgument(address.name), TextArgument(address.database)}))};
}

// That the two of us understand each other it has said when it joined: it refuses the handshake otherwise.
static void NoteProtocol(NodeId node) {
    RunLocalSql("UPDATE herd.node SET protocol = $1::int WHERE node_id = $2",
                {TextArgument(transaction::QueryValueOnNode(node, kProtocolQuery)), IntArgument(node.value)});
}

static void RegisterClusterOn(NodeId node) {
    char* cluster = QueryLocalText("SELECT cluster_id FROM herd.cluster", {});
    transaction::ExecuteOnNode(node, psprintf("SELECT herd.join_cluster('%s')", cluster));
}

NodeId AddNode(const NodeAddress& address) {
    LockNodes();
    catalog::EnsureOwnIncarnation();
    cluster::BeginRegistering();
    if (catalog::FindNodeByName(address.name) != nullptr)
        ereport(ERROR, (errcode(ERRCODE_DUPLICATE_OBJECT), errmsg("node \"%s\" already exists", address.name)));
    CreateNodeServer(address.name, address.host, address.port, address.database);
    NodeId node = InsertNode(address);
    ForgetNodes();

    CheckExtension(node, address);
    CheckServer(node, address);
    CheckCollation(node, address);
    CheckIsNew(node, address);
    RegisterClusterOn(node);
    NoteProtocol(node);
    worker::RequestWorkerAtCommit();
    if (IsFirstAddedNode(node)) RunLocalSql("UPDATE herd.node SET holds_shards = false WHERE node_id = 0");
    ForgetNodes();
    CreateRolesOnNode(node);
    CreateTypesOfAllTables(node);
    CopyReferenceTables(node);
    return node;
}

void RemoveNode(const char* name) {
    LockNodes();
    const catalog::NodeInfo* node = GetNodeByName(name);
    if (node->id == kOwnNode)
        ereport(ERROR, (errcode(kInvalidParameterValue), errmsg("the coordinator can't be removed"),
                        errhint("DROP EXTENSION herd ends a cluster.")));
    int64 shards = QueryLocalInteger(
        "SELECT count(*) FROM herd.placement JOIN herd.shard USING (shard_id) JOIN herd.colocation USING (group_id) "
        "WHERE method <> 'reference' AND node_id = $1",
        {IntArgument(node->id.value)});
    if (shards > 0)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_IN_USE), errmsg("node \"%s\" holds shards", name),
                        errdetail("It holds %lld shards of distributed tables.", static_cast<long long>(shards)),
                        errhint("Drop or undistribute the tables first.")));
    DropReferenceCopies(node->id);
    RunLocalSql("DELETE FROM herd.node WHERE node_id = $1", {IntArgument(node->id.value)});
    // Alone again, the coordinator holds the shards.
    if (IsFirstAddedNode(node->id)) RunLocalSql("UPDATE herd.node SET holds_shards = true WHERE node_id = 0");
    DropNodeServer(name);
    ForgetNodes();
}

void SetNodeHoldsShards(const char* name, bool holds_shards) {
    LockNodes();
    RunLocalSql("UPDATE herd.node SET holds_shards = $2 WHERE node_id = $1",
                {IntArgument(GetNodeByName(name)->id.value), BoolArgument(holds_shards)});
    ForgetNodes();
}

static bool HasShards() {
    return QueryLocalInteger("SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname ~ '^herd_[0-9]+_[0-9]+$'",
                             {}) > 0;
}

void ReplaceCoordinators(int64 incarnation) {
    RunLocalSql("DELETE FROM herd.coordinator WHERE incarnation <> $1", {BigintArgument(incarnation)});
    if (incarnation != 0)
        RunLocalSql("INSERT INTO herd.coordinator (incarnation) VALUES ($1) ON CONFLICT DO NOTHING",
                    {BigintArgument(incarnation)});
    CacheInvalidateRelcacheByRelid(catalog::CoordinatorRelation());
}

void JoinCluster(const char* cluster_id, Oid service_role, int64 coordinator) {
    LockNodes();
    if (QueryLocalInteger("SELECT (SELECT count(*) FROM herd.node WHERE node_id <> 0) "
                          "+ (SELECT count(*) FROM herd.distributed_table)",
                          {}) > 0)
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("this database is the coordinator of another cluster"),
                        errdetail("It has nodes or distributed tables of its own.")));
    if (HasShards())
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("this database holds shards already"),
                        errdetail("They are of cluster %s.", QueryLocalText("SELECT cluster_id FROM herd.cluster", {})),
                        errhint("If they are not needed any more, drop their schemas (herd_<shard>_<number>).")));
    RunLocalSql("DELETE FROM herd.held_shard", {});  // of a cluster that could not tell the node that it was removed
    RunLocalSql("UPDATE herd.cluster SET cluster_id = $1::uuid, service_role = $2",
                {TextArgument(cluster_id), OidArgument(service_role)});
    ReplaceCoordinators(coordinator);
}

int AdoptCluster(bool roll_back_in_doubt) {
    LockNodes();
    catalog::EnsureOwnIncarnation();
    RunLocalSql(
        "UPDATE herd.cluster SET database_oid = (SELECT oid FROM pg_catalog.pg_database "
        "WHERE datname = pg_catalog.current_database())",
        {});
    CommandCounterIncrement();
    cluster::BeginRegistering();
    return transaction::RegisterOnNodes(roll_back_in_doubt);
}

}  // namespace herd::operations
