// Identifiers that must not be mixed up. Each is a distinct type around an integer.
#pragma once

#include <compare>
#include <cstdint>

namespace herd {

template <class Tag, class Integer>
struct Id {
    Integer value;
    auto operator<=>(const Id&) const = default;
};

// A node of the cluster: herd.node.node_id. The coordinator itself is node 0.
using NodeId = Id<struct NodeIdTag, int32_t>;
inline constexpr NodeId kOwnNode{0};

// A colocation group: herd.colocation.group_id.
using GroupId = Id<struct GroupIdTag, int32_t>;

// A shard, unique in the cluster: herd.shard.shard_id.
using ShardId = Id<struct ShardIdTag, int64_t>;

}  // namespace herd
