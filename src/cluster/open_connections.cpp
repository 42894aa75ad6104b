// For herd.connections: what is open to which node.
#include "cluster/ticket_queue.h"

extern "C" {
#include <miscadmin.h>
}

namespace herd::cluster {

namespace {

int FindShownNode(NodeId node) {
    for (int i = 0; i < kMaxShownNodes; i++)
        if (SharedTickets()->nodes[i].database == MyDatabaseId && SharedTickets()->nodes[i].node == node) return i;
    return kNobody;
}

bool IsOpenAnywhere(int index) {
    for (int i = 0; i < MaxBackends; i++)
        if (SharedTickets()->sessions[i].open[index] > 0) return true;
    return false;
}

int AddShownNode(NodeId node) {
    for (int i = 0; i < kMaxShownNodes; i++) {
        if (SharedTickets()->nodes[i].database != InvalidOid && IsOpenAnywhere(i)) continue;
        SharedTickets()->nodes[i] = {MyDatabaseId, node};
        return i;
    }
    return kNobody;
}

}  // namespace

void NoteOpened(NodeId node) {
    OwnSession();
    LWLockAcquire(TicketLock(), LW_EXCLUSIVE);
    int index = FindShownNode(node);
    if (index == kNobody) index = AddShownNode(node);
    if (index != kNobody) own_session->open[index]++;
    LWLockRelease(TicketLock());
}

void NoteClosed(NodeId node) {
    bool locked = LWLockHeldByMe(TicketLock());
    if (!locked) LWLockAcquire(TicketLock(), LW_EXCLUSIVE);
    int index = FindShownNode(node);
    if (index != kNobody && own_session->open[index] > 0) own_session->open[index]--;
    if (!locked) LWLockRelease(TicketLock());
}

NodeConnections* ListNodeConnections(int* count, int* waiting) {
    auto* list = static_cast<NodeConnections*>(palloc0(sizeof(NodeConnections) * kMaxShownNodes));
    *count = *waiting = 0;
    if (!IsTicketMemoryThere()) return list;
    LWLockAcquire(TicketLock(), LW_SHARED);
    *waiting = static_cast<int>(pg_atomic_read_u32(&SharedTickets()->waiting));
    for (int n = 0; n < kMaxShownNodes; n++) {
        if (SharedTickets()->nodes[n].database != MyDatabaseId) continue;
        NodeConnections* node = &list[(*count)++];
        node->node = SharedTickets()->nodes[n].node;
        for (int i = 0; i < MaxBackends; i++) {
            const Session& session = SharedTickets()->sessions[i];
            node->open += session.open[n];
            if (session.open[n] > 0 && !HasTransaction(session)) node->idle += session.open[n];
        }
    }
    LWLockRelease(TicketLock());
    return list;
}

}  // namespace herd::cluster
