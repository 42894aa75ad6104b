#include "access/shard_totals.h"

#include "catalog/metadata.h"
#include "transaction/session.h"

extern "C" {
#include <access/table.h>
#include <optimizer/optimizer.h>
#include <storage/bufmgr.h>
#include <utils/builtins.h>
#include <utils/rel.h>
}

namespace herd::access {

// Where a shard is asked: here if it can be.
static NodeId NodeOf(const catalog::Shard* shard) {
    for (int i = 0; i < shard->node_count; i++)
        if (shard->nodes[i] == kOwnNode) return kOwnNode;
    return shard->nodes[0];
}

static void AddShard(ShardTotals* totals, double pages, double known_pages, double known_rows) {
    totals->pages += pages;
    if (totals->rows < 0 || pages == 0) return;
    if (known_rows < 0 || known_pages <= 0)
        totals->rows = -1;
    else
        totals->rows += clamp_row_est(known_rows / known_pages * pages);
}

static void AddOwnShard(ShardTotals* totals, const catalog::DistributedTable* table, ShardId shard) {
    Relation relation = table_open(catalog::LocalShardRelation(table, shard), AccessShareLock);
    AddShard(totals, RelationGetNumberOfBlocks(relation), relation->rd_rel->relpages, relation->rd_rel->reltuples);
    table_close(relation, AccessShareLock);
}

// "pages known_pages known_rows", a line for each shard that is asked on the node; null if there is none.
static char* TotalsQuery(const catalog::DistributedTable* table, NodeId node) {
    StringInfoData names;
    initStringInfo(&names);
    for (int i = 0; i < table->group->shard_count; i++) {
        const catalog::Shard* shard = &table->group->shards[i];
        if (NodeOf(shard) != node) continue;
        appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "",
                         quote_literal_cstr(catalog::ShardRelationName(table, shard->id)));
    }
    if (names.len == 0) return nullptr;
    return psprintf(
        "SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', pg_catalog.pg_relation_size(oid) "
        "OPERATOR(pg_catalog./) %d,"
        " relpages, reltuples::pg_catalog.float8), E'\\n')"
        " FROM pg_catalog.pg_class WHERE oid OPERATOR(pg_catalog.=) ANY (ARRAY[%s]::pg_catalog.regclass[])",
        BLCKSZ, names.data);
}

static void AddLines(ShardTotals* totals, char* lines) {
    char* position = nullptr;
    for (char* line = strtok_r(lines, "\n", &position); line != nullptr; line = strtok_r(nullptr, "\n", &position)) {
        double pages, known_pages, known_rows;
        if (sscanf(line, "%lf %lf %lf", &pages, &known_pages, &known_rows) != 3)
            elog(ERROR, "unexpected sizes: %s", line);
        AddShard(totals, pages, known_pages, known_rows);
    }
}

ShardTotals AskShardTotals(Relation shell) {
    const catalog::DistributedTable* table = catalog::GetTable(RelationGetRelid(shell));
    ShardTotals totals = {0, 0};
    for (int i = 0; i < table->group->shard_count; i++)
        if (NodeOf(&table->group->shards[i]) == kOwnNode) AddOwnShard(&totals, table, table->group->shards[i].id);
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    for (int i = 0; i < count; i++) {
        if (nodes[i]->id == kOwnNode) continue;
        char* sql = TotalsQuery(table, nodes[i]->id);
        char* lines = sql == nullptr ? nullptr : transaction::QueryValueOnNode(nodes[i]->id, sql);
        if (lines != nullptr) AddLines(&totals, lines);
    }
    return totals;
}

}  // namespace herd::access
