#include "sharding/shard_map.h"

#include <benchmark/benchmark.h>

#include <vector>

namespace herd::sharding {
namespace {

struct Range {
    uint32_t lower_hash;
    uint32_t upper_hash;
};

std::vector<Range> EqualRanges(int count) {
    std::vector<Range> ranges;
    for (int i = 0; i < count; i++) {
        HashRange range = HashRangeOfShard(i, count);
        ranges.push_back({range.lower, range.upper});
    }
    return ranges;
}

void FindAll(benchmark::State& state, const std::vector<Range>& ranges) {
    uint32_t hash = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(FindShardOfHash(ranges.data(), static_cast<int>(ranges.size()), hash));
        hash += 0x9E3779B9;
    }
}

void BM_FindShardEqualRanges(benchmark::State& state) { FindAll(state, EqualRanges(static_cast<int>(state.range(0)))); }
BENCHMARK(BM_FindShardEqualRanges)->Arg(32)->Arg(1024);

// After a split the guess is wrong and the search is binary.
void BM_FindShardAfterSplit(benchmark::State& state) {
    auto ranges = EqualRanges(static_cast<int>(state.range(0)));
    uint32_t middle = ranges[0].upper_hash / 2;
    ranges.insert(ranges.begin() + 1, Range{middle + 1, ranges[0].upper_hash});
    ranges[0].upper_hash = middle;
    FindAll(state, ranges);
}
BENCHMARK(BM_FindShardAfterSplit)->Arg(32)->Arg(1024);

}  // namespace
}  // namespace herd::sharding
