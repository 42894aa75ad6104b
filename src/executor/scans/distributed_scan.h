// The custom scans of fragments: HerdRouter, HerdGather and HerdModify are one machine under three names.
#pragma once

#include "postgres/pg.h"

#include "executor/scans/broadcast.h"
#include "executor/scans/row_lookup.h"
#include "executor/tasks/task_run.h"
#include "plan/distributed_plan.h"

extern "C" {
#include <nodes/execnodes.h>
#include <nodes/extensible.h>
#include <utils/tuplestore.h>
}

namespace herd::executor {

struct FirstRows;
struct KeySet;

// Of a lookup whose values are fetched many at a time.
struct KeyBatches {
    KeySet* asked;  // the values whose rows are in the lookup; null: it has all values
    int64 last;     // the feed's batch that was asked for last
    double spent;   // in the planner's units
    int64 count;
};

struct DistributedScanState {
    CustomScanState css;  // first
    plan::DistributedScan scan;
    List* expression_states;  // parameters, then the key if there is one
    MemoryContext run_context;
    TaskRun* run;             // null before the first row
    TupleTableSlot* fetched;  // a base relation's scan: the fetched columns alone; else null
    TupleDesc row_desc;
    bool done;
    bool is_whole_statement;  // one run of this scan is all that the statement does with distributed tables
    Tuplestorestate*
        replay;  // rows of the run so far, if the scan will be repeated with the same parameters; else null
    TupleTableSlot* replayed;
    int run_count;          // how often the rows were asked for
    FirstRows* first_rows;  // those of the round, if the scan reads first rows
    int64 row_limit;        // of this round
    RowLookup* lookup;      // rows of all values, once it was often, or of those that have been asked for
    KeyBatches key_batches;
    bool looking_up;         // this run's rows are found there
    int64 lookup_count;      // runs that were looked up
    Broadcasts* broadcasts;  // whose batches the runs work through; may be null
    int shard_count;         // chosen by the last run
    TaskRunReport report;    // summed over rescans
    TaskReports* reports;    // of a scan that is measured
};

// Registers the scans' methods; once per backend, in _PG_init. explain: the body of their Explain slot.
void RegisterDistributedScans(void (*explain)(CustomScanState* node, List* ancestors, struct ExplainState* es));

bool IsDistributedScan(const CustomScan* scan);

// The shards that the scan would visit with the values of the moment; also without running it (EXPLAIN) where the key is known.
bool ShardsOfScan(DistributedScanState* state, int** indexes, int* count);

// What the scan has done, for EXPLAIN ANALYZE: it may not be at its end, but is not read on.
TaskRunReport ReportSoFar(DistributedScanState* state);

}  // namespace herd::executor
