// What a router query or a COPY line pays to find its shard.
#include "sharding/hash.h"

#include <benchmark/benchmark.h>

#include <string>

namespace herd::sharding {
namespace {

void BM_HashInteger(benchmark::State& state) {
    int64_t value = 0;
    for (auto _ : state) benchmark::DoNotOptimize(HashInteger(value++));
}
BENCHMARK(BM_HashInteger);

void BM_HashText(benchmark::State& state) {
    std::string text(static_cast<size_t>(state.range(0)), 'x');
    for (auto _ : state) {
        benchmark::DoNotOptimize(text.data());
        benchmark::DoNotOptimize(HashBytes(text.data(), text.size()));
    }
}
BENCHMARK(BM_HashText)->Arg(8)->Arg(36)->Arg(200)->Arg(4000);

void BM_HashNumeric(benchmark::State& state) {
    std::string digits(static_cast<size_t>(2 * state.range(0)), '\1');
    NumericParts value{NumericSign::kPositive, 1, digits.size() / 2,
                       reinterpret_cast<const unsigned char*>(digits.data())};
    for (auto _ : state) {
        benchmark::DoNotOptimize(digits.data());
        benchmark::DoNotOptimize(HashNumeric(value));
    }
}
BENCHMARK(BM_HashNumeric)->Arg(2)->Arg(10)->Arg(100);

}  // namespace
}  // namespace herd::sharding
