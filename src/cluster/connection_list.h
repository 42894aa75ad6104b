// The parts of connection.h that other files of this module use.
#pragma once

#include "catalog/metadata.h"
#include "cluster/connection.h"
#include "cluster/wait_loop.h"

namespace herd::cluster {

// All connections of this backend.
extern Connection* first_connection;

inline TimestampTz DeadlineIn(int milliseconds) {
    return TimestampTzPlusMilliseconds(GetCurrentTimestamp(), milliseconds);
}

// Opens step by step; false at the deadline or when it failed. The PGconn is the caller's.
bool OpenBySteps(PGconn* pg, TimestampTz deadline, Interrupts interrupts);

// The one that GetConnection() hands out; null if there is none.
Connection* FindConnection(NodeId node, int slot);
// A new one in the list, not opened.
Connection* MakeConnection(const catalog::NodeInfo* node, int slot);
// Reads the SERVER and the USER MAPPING.
void ReadOptions(Connection* connection, Oid server);
void NoteConnected(Connection* connection);
// Has the node ended the idle connection, or said something that nobody asked for?
bool IsIdleBroken(Connection* connection);
// Closes all connections when the process ends.
void RegisterExit();

// ---- handover.cpp: between sessions ----

// Takes over what other sessions have left for this one.
void AdoptConnections();
// Clears what the session that had it left there.
void ClearAdopted(Connection* connection);
// At the end of a transaction: passes the ticket on, and the connections with it, if others wait and it is time. `used`: the transaction
// used some connection.
void PassConnections(bool used);

}  // namespace herd::cluster
