// [pure]
// Names of our prepared transactions on nodes:
//   herd_<cluster id, 32 hex digits>_<coordinator's system identifier>_<full transaction id>_<node>_<nonce>
// Who finds one on a node knows whose it is and which transaction of that coordinator decides over it. The nonce is there
// because a crash of the coordinator may lose a transaction id that nothing durable mentions, and give it out again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/ids.h"

namespace herd::transaction {

inline constexpr size_t kGidSize = 128;       // with the terminating zero; PostgreSQL allows 200 bytes
inline constexpr size_t kClusterIdSize = 33;  // 32 lower-case hex digits and a zero

// One coordinator of one cluster.
struct Coordinator {
    char cluster_id[kClusterIdSize];
    uint64_t system_identifier;
};

struct Gid {
    uint64_t transaction_id;
    NodeId node;
    uint64_t nonce;
    bool operator==(const Gid&) const = default;
};

// Takes the hex digits of a uuid's text, without the dashes. False if there are not 32 of them.
bool SetClusterId(Coordinator* coordinator, const char* uuid);

void FormatGid(const Coordinator& coordinator, Gid gid, char (&out)[kGidSize]);
// What the gids of this coordinator begin with.
void FormatGidPrefix(const Coordinator& coordinator, char (&out)[kGidSize]);
// Nothing for the name of anything else than a transaction of this coordinator.
std::optional<Gid> ParseGid(const Coordinator& coordinator, const char* text);

}  // namespace herd::transaction
