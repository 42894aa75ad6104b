// [pure]
// Names of our prepared transactions on nodes:
//   herd_<cluster id, 32 hex digits>_<coordinator's system identifier>_<full transaction id>_<node>_<nonce>_<participants>
// Who finds one on a node knows whose it is, which transaction of that coordinator decides over it, and where else it wrote. The nonce
// is there because a crash of the coordinator may lose a transaction id that nothing durable mentions, and give it out again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/ids.h"

namespace herd::transaction {

inline constexpr size_t kGidSize = 200;       // with the terminating zero: PostgreSQL's limit
inline constexpr size_t kClusterIdSize = 33;  // 32 lower-case hex digits and a zero
inline constexpr int kMaxParticipants = 8;

// One coordinator of one cluster.
struct Coordinator {
    char cluster_id[kClusterIdSize];
    uint64_t system_identifier;
    bool operator==(const Coordinator& other) const;
};

// The nodes that a transaction wrote on, as its coordinator numbers them: 0 is that coordinator. In gids "0.2.5".
struct Participants {
    int32_t nodes[kMaxParticipants] = {};  // [0, count)
    int32_t count = 0;
    bool too_many = false;  // more than fit: any node may be one. In gids "*"

    void Add(NodeId node);
    bool MayInclude(NodeId node) const;
    bool operator==(const Participants&) const = default;
};

struct Gid {
    uint64_t transaction_id;
    NodeId node;
    uint64_t nonce;
    Participants participants = {};
    bool operator==(const Gid&) const = default;
};

// Takes the hex digits of a uuid's text, without the dashes. False if there are not 32 of them.
bool SetClusterId(Coordinator* coordinator, const char* uuid);

void FormatGid(const Coordinator& coordinator, const Gid& gid, char (&out)[kGidSize]);
// What the gids of this coordinator begin with.
void FormatGidPrefix(const Coordinator& coordinator, char (&out)[kGidSize]);
// Nothing for the name of anything else than a transaction of this coordinator.
std::optional<Gid> ParseGid(const Coordinator& coordinator, const char* text);

struct NamedGid {
    Coordinator coordinator;
    Gid gid;
};
// Likewise for a transaction of any coordinator of any cluster.
std::optional<NamedGid> ParseAnyGid(const char* text);

}  // namespace herd::transaction
