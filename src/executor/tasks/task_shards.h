// The shards that a task names, and whether the own node holds those of a task in process. Others' tasks are checked by their guards.
#pragma once

#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "plan/sql_template.h"
#include "plan/task_header.h"

namespace herd::executor {

inline plan::TaskShard NameShard(const catalog::Shard& shard) { return {shard.id, shard.map_version}; }
// A task names every shard that its text does, those of reference tables too; returns how many these are, at most one for each hole.
int NameReferenceShards(const plan::SqlTemplate& sql, plan::TaskShard* names);

// Raises a serialization failure unless the own node holds the shards in the active snapshot, under which the task is going to run. It can
// lack one only if that was moved after the snapshot was taken.
void CheckOwnShards(const plan::SqlTemplate& sql, const catalog::Shard& shard, bool changes);

}  // namespace herd::executor
