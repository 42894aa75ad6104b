#include "commands/settings.h"

extern "C" {
#include <utils/guc.h>
}

namespace herd::commands {

int shard_count_setting = 32;

void RegisterCommandsSettings() {
    DefineCustomIntVariable("herd.shard_count",
                            "Number of shards of a distributed table, unless it joins a colocation group.", nullptr,
                            &shard_count_setting, 32, 1, kMaxShards, PGC_USERSET, 0, nullptr, nullptr, nullptr);
}

}  // namespace herd::commands
