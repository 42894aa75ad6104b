#include "plan/task_header.h"

#include <benchmark/benchmark.h>

#include <vector>

namespace herd::plan {
namespace {

void BM_EncodeAndDecodeTaskHeader(benchmark::State& state) {
    std::vector<TaskShard> shards(static_cast<size_t>(state.range(0)), TaskShard{ShardId{101}, 1});
    TaskHeader header;
    header.user_name = "application";
    header.user_name_length = 11;
    header.shards = shards.data();
    header.shard_count = shards.size();
    std::vector<unsigned char> bytes(TaskHeaderSize(header));
    for (auto _ : state) {
        EncodeTaskHeader(header, bytes.data());
        TaskHeader decoded;
        benchmark::DoNotOptimize(DecodeTaskHeader(bytes.data(), bytes.size(), kProtocols, &decoded));
        benchmark::DoNotOptimize(TaskHeaderShard(decoded, shards.size() - 1));
    }
}
BENCHMARK(BM_EncodeAndDecodeTaskHeader)->Arg(1)->Arg(16);

}  // namespace
}  // namespace herd::plan
