#include "guard/coordinators.h"

#include "base/sqlstates.h"
#include "catalog/handshake.h"
#include "catalog/own_cluster.h"
#include "postgres/entry.h"
#include "postgres/fault_point.h"

extern "C" {
#include <access/xact.h>
#include <mb/pg_wchar.h>
#include <utils/guc.h>
#include <utils/inval.h>
}

namespace herd::guard {

namespace {

char* coordinator_setting;
bool registering_setting;
int protocol_setting;

bool accepted;  // since herd.coordinator was changed last
bool changed;   // while we looked
Oid coordinator_relation = InvalidOid;

catalog::Handshake GetHandshake() {
    catalog::Handshake handshake;
    if (!catalog::ParseHandshake(coordinator_setting, &handshake))
        ereport(ERROR, (errcode(kProtocolMismatch), errmsg("the coordinator did not say who it is"),
                        errhint("Install the same version of Herd on all nodes.")));
    ProtocolRange own = postgres::OwnProtocols();
    if (CommonProtocol(own, handshake.versions) == kNoProtocol)
        ereport(ERROR, (errcode(kProtocolMismatch), errmsg("the coordinator speaks another version of Herd's protocol"),
                        errdetail("It understands versions %d to %d, this node %d to %d.", handshake.versions.oldest,
                                  handshake.versions.newest, own.oldest, own.newest),
                        errhint("Install the same version of Herd on all nodes. Only one release and the next work "
                                "together.")));
    if (strcmp(handshake.encoding, GetDatabaseEncodingName()) != 0)
        ereport(ERROR,
                (errcode(kProtocolMismatch), errmsg("the coordinator has another encoding than this node"),
                 errdetail("Its database has %s, this node's %s.", handshake.encoding, GetDatabaseEncodingName())));
    return handshake;
}

void RequireOurCluster(const catalog::Handshake& handshake) {
    char* own = catalog::OwnClusterId();
    if (strcmp(handshake.cluster_id, own) != 0)
        ereport(ERROR, (errcode(kForeignCoordinator), errmsg("the coordinator belongs to another cluster"),
                        errdetail("It is of cluster %s, this node of cluster %s.", handshake.cluster_id, own)));
}

[[noreturn]] void RaiseNotRegistered(const catalog::Handshake& handshake) {
    ereport(
        ERROR,
        (errcode(kForeignCoordinator), errmsg("this node takes no tasks from a coordinator that is not registered"),
         handshake.incarnation == 0
             ? errdetail(
                   "It is a copy of the coordinator: a restored backup, a promoted standby, or a copied directory.")
             : errdetail("Another coordinator has taken over the cluster."),
         errhint("If it is to be the coordinator and the original is gone, run SELECT herd.adopt_cluster() on it. Else "
                 "DROP EXTENSION herd CASCADE makes it an ordinary database.")));
    pg_unreachable();
}

}  // namespace

extern "C" {

static void HerdCoordinatorsChanged(Datum, Oid relid) {
    if (relid == InvalidOid || relid == coordinator_relation) {
        accepted = false;
        changed = true;
    }
}
}

void RegisterCoordinatorSettings() {
    DefineCustomStringVariable("herd.coordinator", "Which coordinator this connection is of.",
                               "Coordinators set it when they connect.", &coordinator_setting, "", PGC_BACKEND,
                               GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE, nullptr, nullptr, nullptr);
    DefineCustomBoolVariable("herd.registering", "The coordinator is about to be registered on this node.",
                             "Coordinators set it when they connect for that.", &registering_setting, false,
                             PGC_BACKEND, GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE, nullptr, nullptr, nullptr);
    protocol_setting = postgres::OwnProtocols().newest;
    DefineCustomIntVariable("herd.protocol", "Newest version of Herd's protocol that this server understands.",
                            "It understands the version before, too.", &protocol_setting, protocol_setting, 0, 255,
                            PGC_INTERNAL, GUC_NOT_IN_SAMPLE | GUC_DISALLOW_IN_FILE, nullptr, nullptr, nullptr);
    CacheRegisterRelcacheCallback(HerdCoordinatorsChanged, 0);
}

void RequireRegisteredCoordinator() {
    if (likely(accepted) || registering_setting || !IsTransactionState()) return;
    catalog::Handshake handshake = GetHandshake();
    RequireOurCluster(handshake);
    coordinator_relation = catalog::CoordinatorRelation();
    changed = false;
    bool registered = handshake.incarnation != 0 && catalog::IsRegisteredCoordinator(handshake.incarnation);
    accepted = registered && !changed;
    if (registered) return;
    RaiseNotRegistered(handshake);
}

int64 SessionCoordinator() {
    if (coordinator_setting[0] == '\0') return 0;
    catalog::Handshake handshake = GetHandshake();
    return handshake.incarnation;
}

void RequireSessionOfCluster() {
    if (coordinator_setting[0] == '\0')
        ereport(ERROR,
                (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), errmsg("this is no session of a coordinator"),
                 errhint("herd.adopt_cluster() on the new coordinator registers it on all nodes.")));
    RequireOurCluster(GetHandshake());
}

}  // namespace herd::guard
