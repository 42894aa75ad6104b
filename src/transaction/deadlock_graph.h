// [pure]
// Who waits for whom, over all nodes, and who is to give way.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>

namespace herd::transaction {

// A session as the graph knows it: all connections that work for one coordinator's backend are that backend.
struct Session {
    uint64_t place;  // a coordinator's system identifier, or a node for sessions that work for nobody
    int pid;
    auto operator<=>(const Session&) const = default;
};

// A wait for a lock, as one look at a node showed it. Two looks show the same wait if all of it is equal.
struct LockWait {
    Session waiter;
    Session blocker;
    int node;
    int waiter_pid;        // on that node
    int64_t waiter_since;  // start of the waiter's transaction there
    int blocker_pid;
    bool operator==(const LockWait&) const = default;
};

// Moves the waits of the second look that the first shows too to the front, and returns their number.
size_t KeepLasting(std::span<const LockWait> first, std::span<LockWait> second);

// Writes the waits of one cycle, in order, into `cycle` (as long as `waits`), and returns their number; 0 if there is none. Waits that
// touch one of `excluded` don't count.
size_t FindCycle(std::span<const LockWait> waits, std::span<const Session> excluded, std::span<LockWait> cycle);

}  // namespace herd::transaction
