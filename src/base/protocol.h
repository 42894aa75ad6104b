// [pure]
// The versions of what coordinators and nodes say to each other: the handshake, the task header, and the functions and settings of a node that
// a coordinator uses. A release understands its own version and the one before, so that servers can be upgraded one by one: two releases speak
// the newest version that both understand.
//
//   3  flags of the task header in one byte
//   4  in two; over how many connections a statement comes
#pragma once

namespace herd {

struct ProtocolRange {
    int oldest;
    int newest;
    bool Contains(int version) const { return version >= oldest && version <= newest; }
};

inline constexpr ProtocolRange kProtocols = {3, 4};
inline constexpr int kNoProtocol = 0;

// The newest version in both; kNoProtocol if there is none.
inline constexpr int CommonProtocol(ProtocolRange a, ProtocolRange b) {
    int oldest = a.oldest > b.oldest ? a.oldest : b.oldest;
    int newest = a.newest < b.newest ? a.newest : b.newest;
    return oldest <= newest ? newest : kNoProtocol;
}

}  // namespace herd
