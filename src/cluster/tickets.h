// How many connections to each node all sessions of this server have together: herd.max_connections_per_node.
//
// A ticket allows its session one connection to each node. A session takes its first ticket before it opens a connection, waiting in a
// queue, first come first served, if there is none; further ones, for parallel reads, only if they are free. It keeps
// them over transactions until somebody waits: then it passes them on at the end of a transaction, once its time slice is over, or as soon as
// it is idle (the first in the queue sends it an interrupt).
//
// Nobody who holds a connection to one node waits for one to another node: the ticket is for all of them. So sessions can't wait
// for each other here.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"
#include "cluster/mailbox.h"

namespace herd::cluster {

void RegisterTickets();

// Of this session.
int TicketCount();
// Takes the first one. Serves interrupts; raises after herd.connection_queue_timeout.
void AwaitTicket();
// Takes one more if it is free.
bool TryTakeTicket();

// A connection was used: the session is not idle.
void NoteTicketUse();
// At the end of a transaction. None of these raises.
// Does this session hold tickets that others wait for? Without a queue that is a look at shared memory.
bool AreTicketsWanted();
// `reopening`: the next owner can't take the connections over.
bool IsTimeSliceOver(bool reopening);
// All but the first one. What they allowed must be closed.
void ReturnFurtherTickets();
// Passes the first ticket to the session that waits longest. `give` is told its mailbox, or null if connections are of no use there;
// afterwards this session may have no connection left. Nothing happens if nobody waits any more.
void PassTicket(void (*give)(const MailboxAddress* receiver));

// For herd.connections: what is open to which node.
void NoteOpened(NodeId node);
void NoteClosed(NodeId node);

// The end of the process. No connection may be left.
void ReturnAllTickets();

struct NodeConnections {
    NodeId node;
    int open;
    int idle;  // of them, in sessions without a transaction
};
// Of this database's nodes, as far as there are any; palloc'd. waiting: sessions in the queue. Without the preloaded library nothing is open.
NodeConnections* ListNodeConnections(int* count, int* waiting);

}  // namespace herd::cluster
