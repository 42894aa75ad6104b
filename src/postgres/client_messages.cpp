#include "postgres/client_messages.h"

// Port holds more with it, which isn't looked at here; GSSAPI's own headers needn't be installed then.
#undef ENABLE_GSS

extern "C" {
#include <libpq/libpq.h>
#include <miscadmin.h>
}

namespace herd::postgres {

char NextClientMessage() {
    if (MyProcPort == nullptr || !pq_buffer_has_data()) return 0;
    pq_startmsgread();
    int type = pq_peekbyte();
    pq_endmsgread();
    return static_cast<char>(type);
}

void FlushToClient() { pq_flush(); }

}  // namespace herd::postgres
