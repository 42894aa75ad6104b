#include "transaction/away_nodes.h"

namespace herd::transaction {

namespace {

constexpr long kShortestPauseMilliseconds = 500;
constexpr long kLongestPauseMilliseconds = 3000;

struct Away {
    NodeId node;
    TimestampTz next_look;
};

Away away[64];
int away_count;

Away* FindAway(NodeId node) {
    for (int i = 0; i < away_count; i++)
        if (away[i].node == node) return &away[i];
    return nullptr;
}

}  // namespace

void NoteLook(NodeId node, TimestampTz started, bool answered) {
    Away* entry = FindAway(node);
    if (answered && entry != nullptr) *entry = away[--away_count];
    if (answered || (entry == nullptr && away_count == lengthof(away))) return;
    if (entry == nullptr) entry = &away[away_count++];
    TimestampTz now = GetCurrentTimestamp();
    long pause = Max(kShortestPauseMilliseconds, TimestampDifferenceMilliseconds(started, now));
    *entry = {node, TimestampTzPlusMilliseconds(now, Min(pause, kLongestPauseMilliseconds))};
}

bool IsAway(NodeId node) { return FindAway(node) != nullptr; }

bool IsTimeToLook(NodeId node) {
    const Away* entry = FindAway(node);
    return entry == nullptr || entry->next_look <= GetCurrentTimestamp();
}

}  // namespace herd::transaction
