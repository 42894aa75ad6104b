// The rows that ANALYZE of a shell looks at: all of a small table's, else some of every shard's, chosen by the nodes.
#pragma once

#include "postgres/pg.h"

#include "executor/tasks/gather.h"

extern "C" {
#include <utils/relcache.h>
}

namespace herd::access {

struct AnalyzeSample {
    executor::Gather* gather;
    double rows_per_row;  // how many rows of the table each of the gather's stands for
    double table_rows;    // how many the table has, where the nodes know better than the sample; else -1
};

// Allocates in the current memory context.
AnalyzeSample BeginAnalyzeSample(Relation shell);

// Is ANALYZE of this relation at work in this session, past the point where it takes note of the table's size?
bool IsAnalyzing(Relation relation);

}  // namespace herd::access
