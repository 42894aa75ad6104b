#include "executor/writes/row_changes_parts.h"
#include "executor/tasks/task_run.h"
#include "executor/writes/write_counts.h"

extern "C" {
#include <miscadmin.h>
#include <utils/memutils.h>
}

namespace herd::executor {

static TaskRun* BeginChange(const RowChanges* changes, const plan::SqlTemplate& sql, Change kind, const int* shard,
                            const InsertBatch* batch) {
    FragmentCall call = {};
    call.relid = changes->plan.relid;
    call.sql = sql;
    call.shard_indexes = shard;
    call.shard_count = 1;
    call.parameters = BatchParameters(batch, changes->layouts[kind], nullptr);
    call.writes = true;
    call.snapshot = changes->snapshot;
    return BeginTaskRun(call);
}

static void FinishChange(const RowChanges* changes, Change kind, TaskRun* run, const InsertBatch* batch) {
    static constexpr CmdType kCommands[] = {CMD_DELETE, CMD_UPDATE, CMD_INSERT};
    FinishTaskRun(run);
    uint64 affected = ReportOf(run).affected_rows;
    EndTaskRun(run);
    CountWrites(changes->plan.relid, kCommands[kind], affected);
    if (affected != (uint64)batch->row_count)
        elog(ERROR, "a shard changed %llu rows instead of %d", (unsigned long long)affected, batch->row_count);
}

void ChangeNewer(RowChanges* changes, Change kind, int shard, const Datum* values, const bool* nulls) {
    InsertBatch* batch = MakeBatch(changes->layouts[kind]);
    AddToBatch(batch, changes->layouts[kind], values, nulls);
    TaskRun* run = BeginChange(changes, changes->newer_sql[kind], kind, &shard, batch);
    FinishChange(changes, kind, run, batch);
}

static void SendKind(RowChanges* changes, Change kind) {
    int shards = changes->table->group->shard_count;
    TaskRun** runs = (TaskRun**)palloc0(shards * sizeof(TaskRun*));
    int* indexes = (int*)palloc(shards * sizeof(int));
    for (int i = 0; i < shards; i++) {
        indexes[i] = i;
        const InsertBatch* batch = changes->waiting[kind][i];
        if (batch != nullptr) runs[i] = BeginChange(changes, changes->layouts[kind]->sql, kind, &indexes[i], batch);
    }
    for (int i = 0; i < shards; i++) {
        if (runs[i] == nullptr) continue;
        FinishChange(changes, kind, runs[i], changes->waiting[kind][i]);
        changes->waiting[kind][i] = nullptr;
    }
}

void SendChanges(RowChanges* changes) {
    MemoryContext caller = MemoryContextSwitchTo(changes->waiting_context);
    // A row that goes to another shard leaves before others arrive.
    for (int kind = 0; kind < kChangeKinds; kind++) SendKind(changes, (Change)kind);
    MemoryContextSwitchTo(caller);
    MemoryContextReset(changes->waiting_context);
}

}  // namespace herd::executor
