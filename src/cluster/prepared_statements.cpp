#include "cluster/prepared_statements.h"

#include "cluster/settings.h"

extern "C" {
#include <common/cryptohash.h>
#include <common/hashfn.h>
#include <common/sha2.h>
}

namespace herd::cluster {

namespace {

uint64 HashStatement(const RemoteStatement& statement, size_t sql_length, TupleDesc row_desc) {
    uint64 hash =
        hash_bytes_extended(reinterpret_cast<const unsigned char*>(statement.sql), static_cast<int>(sql_length), 0);
    for (int i = 0; i < statement.parameters.count; i++) hash = hash_combine64(hash, statement.parameters.types[i]);
    for (int i = 0; row_desc != nullptr && i < row_desc->natts; i++) {
        Form_pg_attribute attribute = TupleDescAttr(row_desc, i);
        hash = hash_combine64(
            hash, (static_cast<uint64>(attribute->atttypid) << 32) | static_cast<uint32>(attribute->atttypmod));
    }
    return hash;
}

// ---- names ----

// A hash that nobody can hit on purpose with another statement.
void Update(pg_cryptohash_ctx* context, const void* data, size_t size) {
    if (pg_cryptohash_update(context, static_cast<const uint8*>(data), size) < 0)
        elog(ERROR, "could not compute a hash: %s", pg_cryptohash_error(context));
}

void Digest(pg_cryptohash_ctx* context, const RemoteStatement& statement, TupleDesc row_desc, uint8* digest) {
    if (pg_cryptohash_init(context) < 0) elog(ERROR, "could not compute a hash: %s", pg_cryptohash_error(context));
    int counts[] = {statement.parameters.count, row_desc == nullptr ? -1 : row_desc->natts};
    Update(context, counts, sizeof(counts));
    Update(context, statement.parameters.types, sizeof(Oid) * statement.parameters.count);
    for (int i = 0; i < counts[1]; i++) {
        Form_pg_attribute attribute = TupleDescAttr(row_desc, i);
        Update(context, &attribute->atttypid, sizeof(attribute->atttypid));
        Update(context, &attribute->atttypmod, sizeof(attribute->atttypmod));
    }
    Update(context, statement.sql, strlen(statement.sql));
    if (pg_cryptohash_final(context, digest, PG_SHA256_DIGEST_LENGTH) < 0)
        elog(ERROR, "could not compute a hash: %s", pg_cryptohash_error(context));
}

PreparedId Identify(const RemoteStatement& statement, TupleDesc row_desc) {
    uint8 digest[PG_SHA256_DIGEST_LENGTH];
    PreparedId id;
    pg_cryptohash_ctx* context = pg_cryptohash_create(PG_SHA256);
    if (context == nullptr) ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
    Digest(context, statement, row_desc, digest);
    pg_cryptohash_free(context);
    memcpy(&id, digest, sizeof(id));
    return id;
}

void FormatName(const PreparedId& id, uint32 series, char (&name)[kPreparedNameSize]) {
    snprintf(name, kPreparedNameSize, "herd_%016" INT64_MODIFIER "x%016" INT64_MODIFIER "x_%u", id.high, id.low,
             series);
}

// From now on the same statement has another name: the node may still have it under this one.
void BeginSeries(PreparedStatementCache* cache) {
    cache->series++;
    cache->inherited_count = 0;
    cache->has_strays = true;
}

// The last one takes its place.
bool TakeInherited(PreparedStatementCache* cache, const PreparedId& id) {
    for (int i = 0; i < cache->inherited_count; i++) {
        if (cache->inherited[i].high != id.high || cache->inherited[i].low != id.low) continue;
        cache->inherited[i] = cache->inherited[--cache->inherited_count];
        return true;
    }
    return false;
}

void CreateTable(PreparedStatementCache* cache) {
    HASHCTL control{};
    control.keysize = sizeof(uint64);
    control.entrysize = sizeof(PreparedStatement);
    control.hcxt = cache->context;
    cache->entries = hash_create("herd prepared statements", 64, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
    dlist_init(&cache->by_use);
}

}  // namespace

PreparedStatement* EnterPrepared(PreparedStatementCache* cache, const RemoteStatement& statement, TupleDesc row_desc,
                                 bool* found) {
    if (cache->entries == nullptr) CreateTable(cache);
    size_t length = strlen(statement.sql);
    uint64 key = HashStatement(statement, length, row_desc);
    auto* entry = static_cast<PreparedStatement*>(hash_search(cache->entries, &key, HASH_FIND, found));
    if (*found) {
        if (strcmp(entry->sql, statement.sql) != 0) return nullptr;
        dlist_move_head(&cache->by_use, &entry->link);
        return entry;
    }
    PreparedId id = Identify(statement, row_desc);
    char* sql = static_cast<char*>(MemoryContextAlloc(cache->context, length + 1));
    memcpy(sql, statement.sql, length + 1);
    entry = static_cast<PreparedStatement*>(hash_search(cache->entries, &key, HASH_ENTER, found));
    entry->sql = sql;
    entry->id = id;
    FormatName(id, cache->series, entry->name);
    entry->confirmed = *found = TakeInherited(cache, id);
    dlist_push_head(&cache->by_use, &entry->link);
    return entry;
}

void ForgetPrepared(PreparedStatementCache* cache, PreparedStatement* prepared) {
    dlist_delete(&prepared->link);
    pfree(prepared->sql);
    hash_search(cache->entries, &prepared->key, HASH_REMOVE, nullptr);
}

void ForgetPreparedByKey(PreparedStatementCache* cache, uint64 key) {
    if (cache->entries == nullptr) return;
    void* entry = hash_search(cache->entries, &key, HASH_FIND, nullptr);
    if (entry == nullptr) return;
    ForgetPrepared(cache, static_cast<PreparedStatement*>(entry));
    BeginSeries(cache);
}

namespace {

PreparedStatement* OldestOf(PreparedStatementCache* cache) {
    // dlist_tail_element() is C only.
    char* tail = reinterpret_cast<char*>(dlist_tail_node(&cache->by_use));
    return reinterpret_cast<PreparedStatement*>(tail - offsetof(PreparedStatement, link));
}

bool IsFull(const PreparedStatementCache* cache) {
    return cache->entries != nullptr &&
           hash_get_num_entries(cache->entries) + cache->inherited_count > max_prepared_statements_per_connection;
}

}  // namespace

bool TakeSurplusPrepared(PreparedStatementCache* cache, char (&name)[kPreparedNameSize]) {
    if (!IsFull(cache)) return false;
    if (cache->inherited_count > 0) {
        FormatName(cache->inherited[--cache->inherited_count], cache->series, name);
    } else {
        PreparedStatement* oldest = OldestOf(cache);
        if (!oldest->confirmed) return false;
        strlcpy(name, oldest->name, kPreparedNameSize);
        ForgetPrepared(cache, oldest);
    }
    BeginSeries(cache);
    return true;
}

int StorePrepared(const PreparedStatementCache* cache, PreparedId* ids, int room) {
    int count = cache->inherited_count;
    if (cache->has_strays || count > room) return -1;
    if (count > 0) memcpy(ids, cache->inherited, count * sizeof(PreparedId));
    if (cache->entries == nullptr) return count;
    for (dlist_node* node = cache->by_use.head.next; node != &cache->by_use.head; node = node->next) {
        auto* entry =
            reinterpret_cast<PreparedStatement*>(reinterpret_cast<char*>(node) - offsetof(PreparedStatement, link));
        if (count == room || !entry->confirmed) return -1;
        ids[count++] = entry->id;
    }
    return count;
}

void InheritPrepared(PreparedStatementCache* cache, const PreparedId* ids, int count, uint32 series) {
    cache->inherited = static_cast<PreparedId*>(MemoryContextAlloc(cache->context, (count + 1) * sizeof(PreparedId)));
    if (count > 0) memcpy(cache->inherited, ids, count * sizeof(PreparedId));
    cache->inherited_count = count;
    cache->series = series;
}

}  // namespace herd::cluster
