#include "cluster/connection_options.h"

#include "catalog/handshake.h"

#include "cluster/user_settings.h"

extern "C" {
#include <access/reloptions.h>
#include <access/xlog.h>
#include <catalog/pg_user_mapping.h>
#include <commands/defrem.h>
#include <foreign/foreign.h>
#include <mb/pg_wchar.h>
#include <miscadmin.h>
#include <storage/proc.h>
#include <utils/syscache.h>
}

namespace herd::cluster {

namespace {

// Defaults that an option of the SERVER overrides: a node that vanished is noticed within about half a minute.
struct Option {
    const char* keyword;
    const char* value;
};

constexpr Option kDefaults[] = {{"keepalives", "1"},
                                {"keepalives_idle", "10"},
                                {"keepalives_interval", "5"},
                                {"keepalives_count", "3"},
                                {"tcp_user_timeout", "30000"}};

// What the meaning of Herd's own texts must not depend on the node's configuration for, and no time limits but the
// coordinator's. The user's settings come behind them.
constexpr const char* kSessionOptions =
    "-c herd.task_session=on -c search_path=pg_catalog -c standard_conforming_strings=on"
    " -c quote_all_identifiers=off -c array_nulls=on -c xmloption=content"
    " -c default_transaction_isolation=read\\ committed -c default_transaction_read_only=off"
    " -c default_transaction_deferrable=off -c statement_timeout=0"
    " -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0";

// Set by Herd alone.
bool IsReserved(const char* keyword) {
    return strcmp(keyword, "options") == 0 || strcmp(keyword, "client_encoding") == 0 ||
           strcmp(keyword, "application_name") == 0 || strcmp(keyword, "fallback_application_name") == 0 ||
           strcmp(keyword, "replication") == 0;
}

List* ReadMappingOptions(Oid server, const char* node_name) {
    HeapTuple tuple = SearchSysCache2(USERMAPPINGUSERSERVER, ObjectIdGetDatum(InvalidOid), ObjectIdGetDatum(server));
    if (!HeapTupleIsValid(tuple))
        ereport(ERROR,
                (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("server \"%s\" has no user mapping for PUBLIC", node_name),
                 errhint("herd.add_node() creates it.")));
    bool isnull;
    Datum options = SysCacheGetAttr(USERMAPPINGUSERSERVER, tuple, Anum_pg_user_mapping_umoptions, &isnull);
    List* list = isnull ? NIL : untransformRelOptions(options);
    ReleaseSysCache(tuple);
    return list;
}

uint32 MappingHash(Oid server) {
    Oid mapping = GetSysCacheOid2(USERMAPPINGUSERSERVER, Anum_pg_user_mapping_oid, ObjectIdGetDatum(InvalidOid),
                                  ObjectIdGetDatum(server));
    return GetSysCacheHashValue1(USERMAPPINGOID, ObjectIdGetDatum(mapping));
}

char* FormatSessionOptions() {
    StringInfoData text;
    initStringInfo(&text);
    appendStringInfoString(&text, kSessionOptions);
    appendStringInfo(&text, " -c herd.coordinator=%s", catalog::FormatHandshake());
    if (IsRegistering()) appendStringInfoString(&text, " -c herd.registering=on");
    AppendStartSettings(&text);
    return text.data;
}

void Append(ConnectionOptions* options, int* count, const char* keyword, const char* value) {
    options->keywords[*count] = pstrdup(keyword);
    options->values[*count] = pstrdup(value);
    ++*count;
}

void AppendList(ConnectionOptions* options, int* count, List* list) {
    ListCell* cell;
    foreach (cell, list) {
        auto* definition = static_cast<DefElem*>(lfirst(cell));
        if (!IsReserved(definition->defname)) Append(options, count, definition->defname, defGetString(definition));
    }
}

LocalTransactionId registering_in = InvalidLocalTransactionId;

}  // namespace

void BeginRegistering() { registering_in = MyProc->lxid; }

bool IsRegistering() { return registering_in == MyProc->lxid && registering_in != InvalidLocalTransactionId; }

ConnectionOptions ReadConnectionOptions(Oid server, const char* node_name, MemoryContext context) {
    MemoryContext caller = MemoryContextSwitchTo(context);
    List* server_options = GetForeignServer(server)->options;
    List* mapping_options = ReadMappingOptions(server, node_name);
    size_t capacity = lengthof(kDefaults) + list_length(server_options) + list_length(mapping_options) + 4;
    ConnectionOptions options{};
    options.keywords = static_cast<const char**>(palloc0(capacity * sizeof(char*)));
    options.values = static_cast<const char**>(palloc0(capacity * sizeof(char*)));
    int count = 0;
    // Of one keyword given twice, libpq takes the last.
    for (const Option& option : kDefaults) Append(&options, &count, option.keyword, option.value);
    AppendList(&options, &count, server_options);
    AppendList(&options, &count, mapping_options);
    Append(&options, &count, "client_encoding", GetDatabaseEncodingName());
    // Tells an operator of the node, and the search for deadlocks, which backend of which coordinator this one works for.
    Append(&options, &count, "application_name", psprintf("herd %d " UINT64_FORMAT, MyProcPid, GetSystemIdentifier()));
    Append(&options, &count, "options", FormatSessionOptions());
    options.server_hash = GetSysCacheHashValue1(FOREIGNSERVEROID, ObjectIdGetDatum(server));
    options.mapping_hash = MappingHash(server);
    MemoryContextSwitchTo(caller);
    return options;
}

}  // namespace herd::cluster
