// What a database's worker does again and again. Other modules register their duties in _PG_init; this module knows none.
#pragma once

#include "postgres/pg.h"

namespace herd::worker {

enum class DutyResult : uint8 {
    kDone,       // until the interval has passed, or somebody asks
    kAgainSoon,  // something is left to do: run again after a short, growing pause
};

// Runs in a transaction of its own, as superuser, with an active snapshot and search_path pg_catalog. May raise: that is
// logged, and the duty runs again as after kAgainSoon. It must serve interrupts while it waits, and not wait for long:
// a worker has several duties. requested: somebody asked with RequestDuty(), or the worker has just started.
using DutyFunction = DutyResult (*)(bool requested);

struct Duty {
    const char* name;   // in pg_stat_activity and in the log
    int (*interval)();  // milliseconds between two runs, asked each time; 0: only on request
    DutyFunction run;
};

// A number for RequestDuty(). Only while shared_preload_libraries are loaded, so that it is the same in all processes.
using DutyId = int;
inline constexpr int kMaxDuties = 16;
DutyId RegisterDuty(const Duty* duty);

// Asks this database's worker, which is started if need be, to do its duty at once. Never raises or waits: commit and
// abort callbacks may call it. Without shared_preload_libraries it does nothing.
void RequestDuty(DutyId duty);
// Asks for all duties when the current transaction commits: it has changed what they look at.
void RequestWorkerAtCommit();
// As a mask of bits.
uint32 AllDuties();

// At the end of a transaction.
void RequestNoted(bool committed);

// Runs what is due and returns how long to wait for the next, in milliseconds. For the worker's main loop.
long RunDueDuties(uint32 requested);

}  // namespace herd::worker
