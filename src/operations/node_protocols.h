// Which version of the protocol each node understands (herd.node.protocol): tasks for it are written in that one, or in our newest.
//
// Asked when a node is added, and by the background worker again and again: a node that was upgraded is spoken to as before until then, which
// it still understands; one that was downgraded refuses tasks until then.
#pragma once

namespace herd::operations {

inline constexpr char kProtocolQuery[] = "SELECT pg_catalog.current_setting('herd.protocol')";

void RegisterProtocolDuty();

}  // namespace herd::operations
