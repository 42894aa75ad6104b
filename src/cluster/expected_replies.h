// The ring buffer of what is still expected on a connection. Internal to this module.
#pragma once

#include "cluster/replies.h"

namespace herd::cluster {

// The next reply to come; only while some are expected.
inline Reply* FirstReply(Connection* connection) { return &connection->replies[connection->reply_first]; }
void ExpectReply(Connection* connection, Reply reply);
void PopReply(Connection* connection);

inline Interrupts MayServe(const Connection* connection) {
    return connection->quiet || connection->hold_interrupts ? Interrupts::kHold : Interrupts::kServe;
}

}  // namespace herd::cluster
