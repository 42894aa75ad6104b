// Rows of herd.transaction: such a row, once committed, says that its prepared transaction commits. Read and written
// without privileges of the user.
#pragma once

#include "postgres/pg.h"

#include "transaction/gid.h"

namespace herd::transaction {

// This cluster and coordinator, as gids name them. Raises in a copy of a coordinator's database.
Coordinator ThisCoordinator();

void InsertCommitRecord(Gid gid, const char* gid_text);

// Is there a committed record of exactly this gid? Looks with a fresh snapshot.
bool HasCommitRecord(Gid gid, const char* gid_text);

// All committed records, palloc'd, without their nonces.
Gid* ReadCommitRecords(int* count);

// Removes the record if nobody else does so at this moment.
void DeleteCommitRecord(Gid gid);

}  // namespace herd::transaction
