// SQLSTATEs that both zones speak of, in PostgreSQL's packed form (six bits a character).
#pragma once

namespace herd {

constexpr int PackSqlState(const char (&code)[6]) {
    int packed = 0;
    for (int i = 0; i < 5; i++) packed |= ((code[i] - '0') & 0x3F) << (6 * i);
    return packed;
}

inline constexpr int kFeatureNotSupported = PackSqlState("0A000");
inline constexpr int kInvalidParameterValue = PackSqlState("22023");
inline constexpr int kInternalError = PackSqlState("XX000");
inline constexpr int kOutOfMemory = PackSqlState("53200");

// Herd's own class.
inline constexpr int kStalePlacement = PackSqlState("HR001");  // the task went to a node that no longer holds the shard
inline constexpr int kProtocolMismatch = PackSqlState("HR002");  // a task header the node doesn't understand
inline constexpr int kNotDistributed = PackSqlState("HR003");    // a table with access method herd but no distribution
inline constexpr int kForeignCoordinator = PackSqlState("HR004");  // the node takes no tasks from that coordinator
inline constexpr int kPlanReport = PackSqlState("HR900");          // not an error: a task's plan (plan/plan_report.h)
// Not an error either: what a task's snapshot sees (guard/README.md).
inline constexpr char kSnapshotReportCode[] = "HR901";
inline constexpr int kSnapshotReport = PackSqlState(kSnapshotReportCode);

}  // namespace herd
