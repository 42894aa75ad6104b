// What is on its way from and to the client.
#pragma once

#include "postgres/pg.h"

namespace herd::postgres {

// The type of the next message, as in the protocol ('S' is Sync), if it has been received from the socket; else 0. Never waits.
char NextClientMessage();

// Sends what has been put into the output buffer.
void FlushToClient();

}  // namespace herd::postgres
