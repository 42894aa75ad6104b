// [pure]
#include "transaction/deadlock_graph.h"

#include <algorithm>
#include <map>
#include <vector>

namespace herd::transaction {

size_t KeepLasting(std::span<const LockWait> first, std::span<LockWait> second) {
    auto lasts = [&](const LockWait& wait) { return std::find(first.begin(), first.end(), wait) != first.end(); };
    return std::stable_partition(second.begin(), second.end(), lasts) - second.begin();
}

namespace {

enum class Visit { kOpen, kFinished };

struct Search {
    std::multimap<Session, const LockWait*> waits;  // by waiter
    std::map<Session, Visit> visits;
    std::vector<LockWait> path;
};

// Depth first; true when the path ends where it began: then `path` is cut to the cycle. Sessions are few, so it recurses.
bool Follow(Search* search, Session session) {
    search->visits[session] = Visit::kOpen;
    auto [begin, end] = search->waits.equal_range(session);
    for (auto it = begin; it != end; ++it) {
        const LockWait& wait = *it->second;
        search->path.push_back(wait);
        auto visit = search->visits.find(wait.blocker);
        if (visit == search->visits.end()) {
            if (Follow(search, wait.blocker)) return true;
        } else if (visit->second == Visit::kOpen) {
            auto start = std::find_if(search->path.begin(), search->path.end(),
                                      [&](const LockWait& step) { return step.waiter == wait.blocker; });
            search->path.erase(search->path.begin(), start);
            return true;
        }
        search->path.pop_back();
    }
    search->visits[session] = Visit::kFinished;
    return false;
}

}  // namespace

size_t FindCycle(std::span<const LockWait> waits, std::span<const Session> excluded, std::span<LockWait> cycle) {
    auto is_excluded = [&](Session session) {
        return std::find(excluded.begin(), excluded.end(), session) != excluded.end();
    };
    Search search;
    for (const LockWait& wait : waits)
        if (!is_excluded(wait.waiter) && !is_excluded(wait.blocker)) search.waits.emplace(wait.waiter, &wait);
    for (const auto& [session, wait] : search.waits) {
        if (search.visits.contains(session) || !Follow(&search, session)) continue;
        std::copy(search.path.begin(), search.path.end(), cycle.begin());
        return search.path.size();
    }
    return 0;
}

}  // namespace herd::transaction
