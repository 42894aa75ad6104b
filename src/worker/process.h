// What both kinds of background processes do. Internal to this module.
#pragma once

#include "postgres/pg.h"

namespace herd::worker {

// Signals: SIGHUP reads the configuration, SIGTERM ends the process at its next ServeSignals() or interrupt.
void PrepareProcess();
// Reads the configuration if it has changed. Ends the process if that was asked for.
void ServeSignals();
// Waits for the latch, at most that long.
void WaitForSignals(long milliseconds);

}  // namespace herd::worker
