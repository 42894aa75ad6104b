#include "transaction/deadlock_graph.h"

#include <gtest/gtest.h>

#include <vector>

namespace herd::transaction {
namespace {

constexpr uint64_t kHere = 7711673396260721137;

LockWait MakeWait(int waiter, int blocker, int node = 1) {
    return {{kHere, waiter}, {kHere, blocker}, node, waiter + 1000, 17, blocker + 1000};
}

std::vector<LockWait> CycleIn(const std::vector<LockWait>& waits, const std::vector<Session>& excluded = {}) {
    std::vector<LockWait> cycle(waits.size());
    cycle.resize(FindCycle(waits, excluded, cycle));
    return cycle;
}

std::vector<int> Pids(const std::vector<LockWait>& cycle) {
    std::vector<int> pids;
    for (const LockWait& wait : cycle) pids.push_back(wait.waiter.pid);
    return pids;
}

TEST(DeadlockGraph, FindsNothingWithoutACycle) {
    EXPECT_TRUE(CycleIn({}).empty());
    std::vector<LockWait> chain{MakeWait(1, 2), MakeWait(2, 3), MakeWait(1, 3), MakeWait(4, 3)};
    EXPECT_TRUE(CycleIn(chain).empty());
}

TEST(DeadlockGraph, FindsACycleOverTwoNodes) {
    std::vector<LockWait> waits{MakeWait(1, 2, 1), MakeWait(2, 1, 2)};
    EXPECT_EQ(Pids(CycleIn(waits)), (std::vector<int>{1, 2}));
}

TEST(DeadlockGraph, CutsTheWayToTheCycle) {
    std::vector<LockWait> waits{MakeWait(1, 2), MakeWait(2, 3), MakeWait(3, 4), MakeWait(4, 2)};
    EXPECT_EQ(Pids(CycleIn(waits)), (std::vector<int>{2, 3, 4}));
}

TEST(DeadlockGraph, TriesEveryBlocker) {
    std::vector<LockWait> waits{MakeWait(1, 5), MakeWait(1, 6), MakeWait(6, 7), MakeWait(7, 1), MakeWait(5, 8)};
    EXPECT_EQ(Pids(CycleIn(waits)), (std::vector<int>{1, 6, 7}));
}

TEST(DeadlockGraph, FindsTheNextCycleWithoutTheVictimOfTheFirst) {
    std::vector<LockWait> waits{MakeWait(1, 2), MakeWait(2, 1), MakeWait(3, 4), MakeWait(4, 3)};
    std::vector<Session> victims{{kHere, 1}};
    EXPECT_EQ(Pids(CycleIn(waits, victims)), (std::vector<int>{3, 4}));
    victims.push_back({kHere, 4});
    EXPECT_TRUE(CycleIn(waits, victims).empty());
}

TEST(DeadlockGraph, KeepsPlacesApart) {
    std::vector<LockWait> waits{{{1, 10}, {kHere, 5}, 1, 10, 0, 20}, {{kHere, 5}, {2, 10}, 2, 30, 0, 10}};
    EXPECT_TRUE(CycleIn(waits).empty());
}

TEST(DeadlockGraph, AWaitOfAnotherTransactionIsAnotherWait) {
    std::vector<LockWait> first{MakeWait(1, 2), MakeWait(2, 1)};
    std::vector<LockWait> second = first;
    second[0].waiter_since++;
    ASSERT_EQ(KeepLasting(first, second), 1U);
    EXPECT_EQ(second[0].waiter.pid, 2);
}

}  // namespace
}  // namespace herd::transaction
