// What the client has sent already beyond the message that is being served.
#pragma once

#include "postgres/pg.h"

namespace herd::postgres {

// The type of the next message, as in the protocol ('S' is Sync), if it has been received from the socket; else 0. Never waits.
char NextClientMessage();

}  // namespace herd::postgres
