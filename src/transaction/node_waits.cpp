#include "transaction/node_waits.h"

#include "catalog/metadata.h"
#include "catalog/own_cluster.h"
#include "transaction/away_nodes.h"
#include "transaction/node_query.h"
#include "transaction/recovery_duty.h"

extern "C" {
#include <access/xlog.h>
#include <catalog/pg_type.h>
#include <executor/spi.h>
#include <utils/backend_status.h>
#include <utils/builtins.h>
}

namespace herd::transaction {

namespace {

// Only the service role's sessions say for whom they work: anybody else could claim it.
constexpr const char* kWaitsOfNode =
    "SELECT w.pid, coalesce((extract(epoch FROM w.xact_start) * 1000000)::bigint, 0),"
    " CASE WHEN w.usesysid = %s THEN w.application_name END, b.pid, CASE WHEN h.usesysid = %s THEN h.application_name "
    "END"
    " FROM pg_catalog.pg_stat_activity w"
    " CROSS JOIN LATERAL unnest(pg_catalog.pg_blocking_pids(w.pid)) AS b(pid)"
    " LEFT JOIN pg_catalog.pg_stat_activity h ON h.pid = b.pid"
    " WHERE w.wait_event_type = 'Lock' AND b.pid <> 0";

constexpr int kColumns = 5;

// A look that takes longer finds nothing in time.
constexpr int kLookMilliseconds = 1000;

struct Collection {
    LockWaits waits;
    int capacity;
};

// "herd <pid> <system identifier>" is a connection of that coordinator's backend.
Session SessionOf(int node, int pid, const char* application_name) {
    unsigned long long coordinator;
    int backend;
    if (application_name != nullptr && sscanf(application_name, "herd %d %llu", &backend, &coordinator) == 2)
        return {coordinator, backend};
    if (node == kOwnNode.value) return {GetSystemIdentifier(), pid};
    return {static_cast<uint64>(node), pid};
}

void AddWait(Collection* collection, int node, const Datum* values, const bool* isnull) {
    auto name = [&](int column) { return isnull[column] ? nullptr : TextDatumGetCString(values[column]); };
    LockWaits* waits = &collection->waits;
    if (waits->count == collection->capacity) {
        collection->capacity = collection->capacity * 2 + 16;
        Size size = sizeof(LockWait) * collection->capacity;
        waits->waits = static_cast<LockWait*>(waits->waits == nullptr ? palloc(size) : repalloc(waits->waits, size));
    }
    int waiter = DatumGetInt32(values[0]);
    int blocker = DatumGetInt32(values[3]);
    waits->waits[waits->count++] = {SessionOf(node, waiter, name(2)),
                                    SessionOf(node, blocker, name(4)),
                                    node,
                                    waiter,
                                    DatumGetInt64(values[1]),
                                    blocker};
}

void LookHere(Collection* collection) {
    MemoryContext caller = CurrentMemoryContext;
    pgstat_clear_backend_activity_snapshot();
    const char* service_role = psprintf("%u", catalog::ServiceRole());
    char* sql = psprintf(kWaitsOfNode, service_role, service_role);
    SPI_connect();
    if (SPI_execute(sql, true, 0) != SPI_OK_SELECT) elog(ERROR, "could not read the waits of this server");
    for (uint64 row = 0; row < SPI_processed; row++) {
        Datum values[kColumns];
        bool isnull[kColumns];
        heap_deform_tuple(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, values, isnull);
        MemoryContext spi = MemoryContextSwitchTo(caller);
        AddWait(collection, kOwnNode.value, values, isnull);
        MemoryContextSwitchTo(spi);
    }
    SPI_finish();
}

TupleDesc WaitColumns() {
    TupleDesc desc = CreateTemplateTupleDesc(kColumns);
    TupleDescInitBuiltinEntry(desc, 1, "pid", INT4OID, -1, 0);
    TupleDescInitBuiltinEntry(desc, 2, "since", INT8OID, -1, 0);
    TupleDescInitBuiltinEntry(desc, 3, "name", TEXTOID, -1, 0);
    TupleDescInitBuiltinEntry(desc, 4, "blocker", INT4OID, -1, 0);
    TupleDescInitBuiltinEntry(desc, 5, "blocker_name", TEXTOID, -1, 0);
    return desc;
}

void AddRow(const NodeQuery* query, TupleTableSlot* row) {
    AddWait(static_cast<Collection*>(query->argument), query->node->id.value, row->tts_values, row->tts_isnull);
}

// A node that is down must not keep deadlocks between others from being found. Until recovery, which looks for it, has found it
// again, it is not asked any more: the worker has better things to do than to wait for it.
void LookAtNode(const catalog::NodeInfo* node, Collection* collection) {
    const char* session_role = "(SELECT oid FROM pg_catalog.pg_roles WHERE rolname = session_user)";
    NodeQuery query = {node,
                       psprintf(kWaitsOfNode, session_role, session_role),
                       WaitColumns(),
                       AddRow,
                       collection,
                       true,
                       kLookMilliseconds};
    char* problem;
    TimestampTz started = GetCurrentTimestamp();
    if (AskNode(query, &problem)) return;
    NoteLook(node->id, started, false);
    RequestRecovery();
    ereport(DEBUG1, (errmsg_internal("could not look at the locks of node \"%s\": %s", node->name, problem)));
}

}  // namespace

LockWaits LookAtWaits() {
    Collection collection = {{nullptr, 0}, 0};
    LookHere(&collection);
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    for (int i = 0; i < count; i++) {
        if (nodes[i]->id == kOwnNode || !OidIsValid(nodes[i]->server) || IsAway(nodes[i]->id)) continue;
        LookAtNode(nodes[i], &collection);
    }
    return collection.waits;
}

TimestampTz TransactionStartOf(int pid) {
    // The snapshot of the backends' states would be that of the first look.
    pgstat_clear_backend_activity_snapshot();
    int count = pgstat_fetch_stat_numbackends();
    for (int i = 1; i <= count; i++) {
        PgBackendStatus* status = pgstat_fetch_stat_beentry(i);
        if (status != nullptr && status->st_procpid == pid) return status->st_xact_start_timestamp;
    }
    return 0;
}

}  // namespace herd::transaction
