// [pure]
// What a node's snapshot sees of recent transactions over several nodes, and whether the snapshots of several nodes fit together.
// guard/README.md has the argument.
#pragma once

#include <cstddef>
#include <cstdint>

#include "transaction/commit_ring.h"

namespace herd::transaction {

// Ages are compared with the window: the time within which all snapshots were taken and reported.
enum class Sight : uint8_t {
    kNew,         // visible, committed within the window
    kVisible,     // visible, committed within two windows
    kUnfinished,  // not visible, noted within the window
    kOverdue,     // not visible, noted before that
};

struct ReportEntry {
    TransactionKey key;
    Participants participants;
    Sight sight;
};

// One of those that can be seen, or can not be seen yet, at this moment.
Sight SightOf(const RingEntry& entry, bool visible, Microseconds now, Microseconds window);

// What is known of a report that has no entry for a transaction.
enum class Coverage : uint8_t {
    kIncomplete,  // nothing
    kComplete,    // the node neither knows it as unfinished nor has committed it within two windows
    kQuiet,       // the same of all transactions, with windows up to kQuietWindow
};

inline constexpr Microseconds kQuietWindow = 10'000'000;

// May a report that arrived so long after the first snapshot was asked for be compared with the others'?
bool Counts(Coverage coverage, Microseconds taken, Microseconds window);

// On the wire, integers little-endian: u8 coverage, then for each entry
//   u8 sight | u64 coordinator | u64 transaction | u64 nonce | u8 participants (255: too many) | i32 node …
size_t MaxReportSize(size_t entry_count);
size_t EncodeReport(Coverage coverage, const ReportEntry* entries, size_t count, unsigned char* out);

// How many entries at most are in so many bytes.
size_t MaxReportEntries(size_t length);
// False if the bytes are no report.
bool DecodeReport(const unsigned char* bytes, size_t length, Coverage* coverage, ReportEntry* entries, size_t* count);

// What one node said.
struct NodeReport {
    NodeId node;
    const ReportEntry* entries;
    size_t count;
};

// The node must wait until it has finished the transaction, and take its snapshot again.
struct Wait {
    NodeId node;
    TransactionKey key;
    bool operator==(const Wait&) const = default;
};

// Finds which nodes miss what another has seen; returns how many waits there are, of which `capacity` are stored. No wait at all: the
// snapshots are consistent. Numbers of nodes are those of coordinator `own`; of a transaction of another one every node may be a participant.
// `settled`: nodes that had finished a transaction, or had never known it, before they took this snapshot.
size_t FindWaits(uint64_t own, const NodeReport* reports, size_t report_count, const Wait* settled,
                 size_t settled_count, Wait* waits, size_t capacity);

}  // namespace herd::transaction
