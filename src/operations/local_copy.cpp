#include "operations/local_copy.h"

#include <cstring>

#include "postgres/error.h"
#include "postgres/server_encoding.h"

extern "C" {
#include <access/table.h>
#include <commands/copy.h>
#include <parser/parse_node.h>
#include <parser/parse_relation.h>
#include <utils/backend_progress.h>
#include <utils/backend_status.h>
#include <utils/rel.h>
}

namespace herd::operations {

struct LocalCopy {
    Oid shard_relation;
    List* columns;
    List* options;
};

// COPY's callback has no argument of its own.
static const char* source_position;
static const char* source_end;

extern "C" {

static int HerdLocalCopySource(void* outbuf, int, int maxread) {
    auto size = static_cast<int>(Min(source_end - source_position, static_cast<ptrdiff_t>(maxread)));
    memcpy(outbuf, source_position, size);
    source_position += size;
    return size;
}
}

static void RunLocalCopy(void* argument) {
    auto copy = static_cast<LocalCopy*>(argument);
    Relation shard = table_open(copy->shard_relation, RowExclusiveLock);
    ParseState* pstate = make_parsestate(nullptr);
    addRangeTableEntryForRelation(pstate, shard, RowExclusiveLock, nullptr, false, false);
    CopyFromState state =
        BeginCopyFrom(pstate, shard, nullptr, nullptr, false, HerdLocalCopySource, copy->columns, copy->options);
    CopyFrom(state);
    EndCopyFrom(state);
    free_parsestate(pstate);
    table_close(shard, NoLock);
}

// The inner COPY reports its progress in the place of the user's: put that back.
struct Progress {
    ProgressCommandType command;
    Oid target;
    int64 values[PGSTAT_NUM_PROGRESS_PARAM];
};

static Progress SaveProgress() {
    Progress progress{PROGRESS_COMMAND_INVALID, InvalidOid, {}};
    if (MyBEEntry == nullptr) return progress;
    progress.command = MyBEEntry->st_progress_command;
    progress.target = MyBEEntry->st_progress_command_target;
    memcpy(progress.values, MyBEEntry->st_progress_param, sizeof(progress.values));
    return progress;
}

static void RestoreProgress(const Progress* progress) {
    if (progress->command == PROGRESS_COMMAND_INVALID) return;
    pgstat_progress_start_command(progress->command, progress->target);
    int indexes[PGSTAT_NUM_PROGRESS_PARAM];
    for (int i = 0; i < PGSTAT_NUM_PROGRESS_PARAM; i++) indexes[i] = i;
    pgstat_progress_update_multi_param(PGSTAT_NUM_PROGRESS_PARAM, indexes, progress->values);
}

static void RunLocalCopyInServerEncoding(void* argument) { postgres::RunInServerEncoding(RunLocalCopy, argument); }

void CopyToLocalShard(Oid shard_relation, List* columns, List* options, const char* data, size_t length,
                      const LineMap* map) {
    source_position = data;
    source_end = data + length;
    Progress progress = SaveProgress();
    LocalCopy copy{shard_relation, columns, options};
    ErrorData* error = postgres::CatchError(RunLocalCopyInServerEncoding, &copy);
    if (error != nullptr) {
        MapCopyErrorLines(error, map);
        MapCopyErrorSchema(error, map);
        ReThrowError(error);
    }
    RestoreProgress(&progress);
}

}  // namespace herd::operations
