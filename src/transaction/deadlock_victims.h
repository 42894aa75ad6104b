// Telling a backend of this coordinator that its transaction is the victim of a deadlock over several nodes.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <utils/timestamp.h>
}

namespace herd::transaction {

void RegisterDeadlockVictims();  // shared memory; in _PG_init

// Ends the wait of this transaction (pid, start) of the backend with an error. Does nothing if it has ended meanwhile.
void CancelForDeadlock(int pid, TimestampTz transaction_start, const char* detail);

// Was this transaction chosen? It has not been told yet. Costs a look at shared memory, like the next.
bool IsVictim();
// In the victim: raises 40P01 if this transaction was chosen. Costs a look at shared memory.
void RaiseIfVictim();
// A wait for a local lock ends by a cancel: in a PG_CATCH, raises 40P01 in place of that error.
void ReplaceCancelOfVictim();

// Around what may wait for local locks.
template <class Body>
void WithDeadlockErrors(Body&& body) {
    PG_TRY();
    { body(); }
    PG_CATCH();
    {
        ReplaceCancelOfVictim();
        PG_RE_THROW();
    }
    PG_END_TRY();
}

}  // namespace herd::transaction
