// Settings of this module.
#pragma once

#include "postgres/pg.h"

namespace herd::commands {

inline constexpr int kMaxShards = 64000;

// herd.shard_count: how many shards a new colocation group gets.
extern int shard_count_setting;

void RegisterCommandsSettings();

}  // namespace herd::commands
