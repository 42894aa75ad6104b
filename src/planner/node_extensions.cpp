#include "planner/node_extensions.h"

#include "catalog/metadata.h"
#include "transaction/node_query.h"

extern "C" {
#include <catalog/pg_type.h>
#include <executor/tuptable.h>
#include <utils/builtins.h>
#include <utils/hsearch.h>
#include <utils/memutils.h>
#include <utils/timestamp.h>
}

namespace herd::planner {

namespace {

constexpr int kAskAgainMilliseconds = 60000;
constexpr int kTimeoutMilliseconds = 5000;
// Longer names and versions than anybody has: such an extension is not remembered.
constexpr int kLongestIdentity = 200;

struct Known {
    char identity[kLongestIdentity];  // first: name, version, schema, and which nodes were asked
    bool on_all_nodes;
    TimestampTz asked_at;
};

HTAB* known_extensions;

}  // namespace

static Known* FindKnown(const char* identity, bool* found) {
    if (known_extensions == nullptr) {
        HASHCTL settings = {};
        settings.keysize = kLongestIdentity;
        settings.entrysize = sizeof(Known);
        settings.hcxt = TopMemoryContext;
        known_extensions =
            hash_create("herd extensions of nodes", 16, &settings, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
    }
    return (Known*)hash_search(known_extensions, identity, HASH_ENTER, found);
}

static void NoteRow(const transaction::NodeQuery* query, TupleTableSlot*) { *(bool*)query->argument = true; }

static bool HasExtension(const catalog::NodeInfo* node, const catalog::Extension& extension) {
    TupleDesc desc = CreateTemplateTupleDesc(1);
    TupleDescInitEntry(desc, 1, "one", INT4OID, -1, 0);
    const char* sql = psprintf(
        "SELECT 1 FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
        " WHERE e.extname = %s AND e.extversion = %s AND n.nspname = %s",
        quote_literal_cstr(extension.name), quote_literal_cstr(extension.version),
        quote_literal_cstr(extension.schema));
    bool found = false;
    transaction::NodeQuery query = {node, sql, desc, NoteRow, &found, false, kTimeoutMilliseconds};
    char* problem;
    return transaction::AskNode(query, &problem) && found;
}

static bool AskNodes(const catalog::Extension& extension) {
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    for (int i = 0; i < count; i++)
        if (nodes[i]->id != kOwnNode && !HasExtension(nodes[i], extension)) return false;
    return true;
}

static const char* IdentityOf(const catalog::Extension& extension) {
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    return psprintf("%s %s %s %d %d", extension.name, extension.version, extension.schema, count,
                    (int)nodes[count - 1]->id.value);
}

bool NodesHaveExtension(const catalog::Extension& extension) {
    const char* identity = IdentityOf(extension);
    if (strlen(identity) >= kLongestIdentity) return AskNodes(extension);
    bool found;
    TimestampTz now = GetCurrentTimestamp();
    Known* known = FindKnown(identity, &found);
    if (found && !TimestampDifferenceExceeds(known->asked_at, now, kAskAgainMilliseconds)) return known->on_all_nodes;
    known->on_all_nodes = false;
    known->asked_at = now;
    known->on_all_nodes = AskNodes(extension);
    return known->on_all_nodes;
}

}  // namespace herd::planner
