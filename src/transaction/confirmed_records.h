// Commit records of this backend that all is done for: the nodes have confirmed. The backend's next transaction that writes records
// removes them, or its end does; if it crashes, recovery.
#pragma once

#include "postgres/pg.h"

#include "transaction/gid.h"

namespace herd::transaction {

// Never raises; what does not fit is left to recovery. After the local commit only.
void NoteConfirmed(Gid gid);

// Removes the records in the current transaction. They are forgotten only when it has committed.
void RemoveConfirmedRecords();
void ForgetRemovedRecords();  // it has
void KeepRemovedRecords();    // it has not

}  // namespace herd::transaction
