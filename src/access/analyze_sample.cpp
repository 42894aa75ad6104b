#include "access/analyze_sample.h"

#include "access/shard_totals.h"
#include "catalog/metadata.h"

extern "C" {
#include <access/htup_details.h>
#include <catalog/pg_statistic_ext.h>
#include <commands/progress.h>
#include <commands/vacuum.h>
#include <optimizer/plancat.h>
#include <utils/backend_status.h>
#include <utils/builtins.h>
#include <utils/rel.h>
#include <utils/syscache.h>
}

namespace herd::access {

// PostgreSQL's analyze wants this many rows for each step of the largest statistics target.
static constexpr double kRowsPerTarget = 300;
// Chance may leave out more rows than it should; PostgreSQL draws as many as it wants from those that come.
static constexpr double kOversampling = 1.2;
// A smaller table travels as a whole.
static constexpr double kWholeTable = 2;

static int TargetOfObject(Oid statistics) {
    HeapTuple row = SearchSysCache1(STATEXTOID, ObjectIdGetDatum(statistics));
    if (!HeapTupleIsValid(row)) return -1;
    int target = reinterpret_cast<Form_pg_statistic_ext>(GETSTRUCT(row))->stxstattarget;
    ReleaseSysCache(row);
    return target;
}

static double WantedRows(Relation shell) {
    int target = default_statistics_target;
    TupleDesc columns = RelationGetDescr(shell);
    for (int i = 0; i < columns->natts; i++) target = Max(target, TupleDescAttr(columns, i)->attstattarget);
    ListCell* cell;
    foreach (cell, RelationGetStatExtList(shell)) target = Max(target, TargetOfObject(lfirst_oid(cell)));
    return target * kRowsPerTarget;
}

static double GuessRows(Relation shell, double pages) {
    double width = get_rel_data_width(shell, nullptr) + SizeofHeapTupleHeader + sizeof(ItemIdData);
    return pages * (BLCKSZ - SizeOfPageHeaderData) / MAXALIGN(static_cast<Size>(width));
}

// Rows of one page are alike: like PostgreSQL, a page is looked at for every row that is wanted, if there are that many.
static plan::SqlTemplate SampleTemplate(Relation shell, double pages_share, double rows_share) {
    StringInfoData text;
    initStringInfo(&text);
    appendStringInfoString(&text, "SELECT ");
    TupleDesc columns = RelationGetDescr(shell);
    for (int i = 0; i < columns->natts; i++) {
        Form_pg_attribute column = TupleDescAttr(columns, i);
        if (i > 0) appendStringInfoString(&text, ", ");
        appendStringInfoString(&text, column->attisdropped ? "NULL::int4" : quote_identifier(NameStr(column->attname)));
    }
    appendStringInfoString(&text, " FROM ");
    auto hole = static_cast<plan::Hole*>(palloc(sizeof(plan::Hole)));
    *hole = plan::Hole{text.len, RelationGetRelid(shell)};
    appendStringInfo(
        &text, " TABLESAMPLE SYSTEM (%.6f) WHERE pg_catalog.random() OPERATOR(pg_catalog.<) '%.9f'::pg_catalog.float8",
        100 * pages_share, rows_share);
    return plan::SqlTemplate{text.data, 1, hole};
}

static executor::Gather* BeginSampleGather(Relation shell, double pages_share, double rows_share) {
    const catalog::DistributedTable* table = catalog::GetTable(RelationGetRelid(shell));
    int shard_count = table->group->shard_count;
    auto shards = static_cast<int*>(palloc(sizeof(int) * shard_count));
    for (int i = 0; i < shard_count; i++) shards[i] = i;
    return executor::BeginGather(RelationGetRelid(shell), SampleTemplate(shell, pages_share, rows_share), shards,
                                 shard_count, RelationGetDescr(shell), nullptr);
}

AnalyzeSample BeginAnalyzeSample(Relation shell) {
    ShardTotals totals = AskShardTotals(shell);
    double rows = totals.rows >= 0 ? totals.rows : GuessRows(shell, totals.pages);
    double wanted = WantedRows(shell);
    if (rows <= wanted * kWholeTable) return {executor::BeginTableGather(RelationGetRelid(shell)), 1, -1};
    double pages_share = Min(1.0, wanted / totals.pages);
    double rows_share = Min(1.0, wanted * kOversampling / (rows * pages_share));
    return {BeginSampleGather(shell, pages_share, rows_share), 1 / (pages_share * rows_share), totals.rows};
}

bool IsAnalyzing(Relation relation) {
    return MyBEEntry != nullptr && MyBEEntry->st_progress_command == PROGRESS_COMMAND_ANALYZE &&
           MyBEEntry->st_progress_command_target == RelationGetRelid(relation);
}

}  // namespace herd::access
