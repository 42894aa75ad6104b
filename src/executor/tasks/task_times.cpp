#include "executor/tasks/task_times.h"

#include "catalog/metadata.h"

extern "C" {
#include <access/htup_details.h>
#include <catalog/pg_class.h>
#include <common/hashfn.h>
#include <utils/syscache.h>
}

namespace herd::executor {

namespace {

// A text takes the place of another one with the same index.
struct MeasuredTime {
    uint64 text_hash;
    double milliseconds;
};

}  // namespace

static const int kMeasuredTimes = 256;
static MeasuredTime measured_times[kMeasuredTimes];

// Of what the last time says, and of what was known before.
static const double kWeight = 0.3;
static const double kMillisecondsPerRow = 0.0002;

static uint64 HashOf(const plan::SqlTemplate& sql) {
    return DatumGetUInt64(hash_any_extended((const unsigned char*)sql.text, (int)strlen(sql.text), 0));
}

static double KnownRows(Oid relid) {
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
    if (!HeapTupleIsValid(tuple)) return -1;
    double rows = ((Form_pg_class)GETSTRUCT(tuple))->reltuples;
    ReleaseSysCache(tuple);
    return rows;
}

static double TimeByRows(const plan::SqlTemplate& sql) {
    double rows = 0;
    for (int i = 0; i < sql.hole_count; i++) {
        if (!OidIsValid(sql.holes[i].relid)) continue;
        double of_table = KnownRows(sql.holes[i].relid);
        if (of_table < 0) return -1;
        rows += of_table / Max(catalog::GetTable(sql.holes[i].relid)->group->shard_count, 1);
    }
    return rows * kMillisecondsPerRow;
}

double ExpectedShardTime(const plan::SqlTemplate& sql) {
    uint64 hash = HashOf(sql);
    const MeasuredTime& measured = measured_times[hash % kMeasuredTimes];
    return measured.text_hash == hash ? measured.milliseconds : TimeByRows(sql);
}

void NoteShardTime(const plan::SqlTemplate& sql, double milliseconds) {
    uint64 hash = HashOf(sql);
    MeasuredTime* measured = &measured_times[hash % kMeasuredTimes];
    if (measured->text_hash == hash) milliseconds = kWeight * milliseconds + (1 - kWeight) * measured->milliseconds;
    *measured = {hash, milliseconds};
}

}  // namespace herd::executor
