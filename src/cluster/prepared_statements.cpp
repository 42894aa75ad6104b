#include "cluster/prepared_statements.h"

#include "cluster/settings.h"

extern "C" {
#include <common/hashfn.h>
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
    char* sql = static_cast<char*>(MemoryContextAlloc(cache->context, length + 1));
    memcpy(sql, statement.sql, length + 1);
    entry = static_cast<PreparedStatement*>(hash_search(cache->entries, &key, HASH_ENTER, found));
    *found = false;
    entry->sql = sql;
    snprintf(entry->name, kPreparedNameSize, "herd_%u", ++cache->last_number);
    entry->confirmed = false;
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
    if (entry != nullptr) ForgetPrepared(cache, static_cast<PreparedStatement*>(entry));
}

PreparedStatement* FindSurplusPrepared(PreparedStatementCache* cache) {
    if (cache->entries == nullptr) return nullptr;
    if (hash_get_num_entries(cache->entries) <= max_prepared_statements_per_connection) return nullptr;
    // dlist_tail_element() is C only.
    char* tail = reinterpret_cast<char*>(dlist_tail_node(&cache->by_use));
    auto* oldest = reinterpret_cast<PreparedStatement*>(tail - offsetof(PreparedStatement, link));
    return oldest->confirmed ? oldest : nullptr;
}

}  // namespace herd::cluster
