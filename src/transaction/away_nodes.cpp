#include "transaction/away_nodes.h"

extern "C" {
#include <utils/timestamp.h>
}

namespace herd::transaction {

namespace {

constexpr int kPauseMilliseconds = 3000;

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

void NoteLook(NodeId node, bool answered) {
    Away* entry = FindAway(node);
    if (answered && entry != nullptr) *entry = away[--away_count];
    if (answered || (entry == nullptr && away_count == lengthof(away))) return;
    if (entry == nullptr) entry = &away[away_count++];
    *entry = {node, TimestampTzPlusMilliseconds(GetCurrentTimestamp(), kPauseMilliseconds)};
}

bool IsAway(NodeId node) { return FindAway(node) != nullptr; }

bool IsTimeToLook(NodeId node) {
    const Away* entry = FindAway(node);
    return entry == nullptr || entry->next_look <= GetCurrentTimestamp();
}

}  // namespace herd::transaction
