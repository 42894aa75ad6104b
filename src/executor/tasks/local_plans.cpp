#include "executor/tasks/local_plans.h"

#include "deparse/canonical_settings.h"
#include "transaction/task_scope.h"

extern "C" {
#include <catalog/namespace.h>
#include <common/hashfn.h>
#include <tcop/tcopprot.h>
#include <tcop/utility.h>
#include <utils/hsearch.h>
#include <utils/resowner.h>
}

namespace herd::executor {

static const int kMaxPlans = 1000;

namespace {

struct PlanKey {
    uint64 text_hash;
    uint64 type_hash;
};

struct PlanEntry {
    PlanKey key;
    CachedPlanSource* source;
};

}  // namespace

static HTAB* plans;

static HTAB* Plans() {
    if (plans == nullptr) {
        HASHCTL control = {};
        control.keysize = sizeof(PlanKey);
        control.entrysize = sizeof(PlanEntry);
        control.hcxt = CacheMemoryContext;
        plans = hash_create("herd local plans", 128, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
    }
    return plans;
}

static void DropAll() {
    HASH_SEQ_STATUS scan;
    hash_seq_init(&scan, plans);
    while (PlanEntry* entry = (PlanEntry*)hash_seq_search(&scan)) {
        DropCachedPlan(entry->source);
        hash_search(plans, &entry->key, HASH_REMOVE, nullptr);
    }
}

static Oid* ParameterTypes(ParamListInfo parameters, int* count) {
    *count = parameters ? parameters->numParams : 0;
    Oid* types = (Oid*)palloc((*count + 1) * sizeof(Oid));
    for (int i = 0; i < *count; i++) types[i] = parameters->params[i].ptype;
    return types;
}

static CachedPlanSource* MakeSource(const char* sql, Oid* types, int count, bool keep) {
    List* parsed = pg_parse_query(sql);
    if (list_length(parsed) != 1) elog(ERROR, "a task must be one statement: %s", sql);
    RawStmt* statement = linitial_node(RawStmt, parsed);
    CachedPlanSource* source = CreateCachedPlan(statement, sql, CreateCommandTag(statement->stmt));
    List* queries = pg_analyze_and_rewrite_fixedparams(statement, sql, types, count, nullptr);
    CompleteCachedPlan(source, queries, nullptr, types, count, nullptr, nullptr, 0, true);
    if (keep) SaveCachedPlan(source);
    return source;
}

static PlanEntry* FindEntry(const char* sql, const Oid* types, int count, bool* found) {
    PlanKey key;
    memset(&key, 0, sizeof(key));
    key.text_hash = DatumGetUInt64(hash_any_extended((const unsigned char*)sql, strlen(sql), 0));
    key.type_hash = DatumGetUInt64(hash_any_extended((const unsigned char*)types, count * sizeof(Oid), 0));
    PlanEntry* entry = (PlanEntry*)hash_search(Plans(), &key, HASH_FIND, nullptr);
    *found = entry != nullptr && strcmp(entry->source->query_string, sql) == 0;
    return entry;
}

static CachedPlanSource* GetSource(const char* sql, ParamListInfo parameters, bool keep) {
    int count;
    Oid* types = ParameterTypes(parameters, &count);
    if (!keep) return MakeSource(sql, types, count, false);
    bool found;
    PlanEntry* entry = FindEntry(sql, types, count, &found);
    if (found) return entry->source;
    CachedPlanSource* source = MakeSource(sql, types, count, true);
    if (entry != nullptr || hash_get_num_entries(plans) >= kMaxPlans) DropAll();
    PlanKey key;
    memset(&key, 0, sizeof(key));
    key.text_hash = DatumGetUInt64(hash_any_extended((const unsigned char*)sql, strlen(sql), 0));
    key.type_hash = DatumGetUInt64(hash_any_extended((const unsigned char*)types, count * sizeof(Oid), 0));
    entry = (PlanEntry*)hash_search(plans, &key, HASH_ENTER, nullptr);
    entry->source = source;
    return source;
}

CachedPlan* GetLocalPlan(const char* sql, ParamListInfo parameters, bool keep, ResourceOwner owner) {
    Assert(keep == (owner != nullptr));
    OverrideSearchPath* path = GetOverrideSearchPath(CurrentMemoryContext);
    path->schemas = NIL;
    path->addCatalog = true;
    path->addTemp = false;
    PushOverrideSearchPath(path);
    deparse::CanonicalSettings settings = deparse::BeginCanonicalReading();
    transaction::BeginTaskText();
    CachedPlanSource* source = GetSource(sql, parameters, keep);
    CachedPlan* plan = GetCachedPlan(source, parameters, owner, nullptr);
    transaction::EndTaskText();
    deparse::EndCanonicalReading(settings);
    PopOverrideSearchPath();
    return plan;
}

}  // namespace herd::executor
