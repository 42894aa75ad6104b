// What a coordinator says of itself when it connects to a node, as the value of the setting herd.coordinator.
//
// "<oldest version>,<cluster id>,<incarnation>,<encoding>,<newest version>": versions of the protocol that it speaks (base/protocol.h).
#pragma once

#include "postgres/pg.h"

#include "base/protocol.h"

namespace herd::catalog {

struct Handshake {
    ProtocolRange versions;
    char cluster_id[37];
    int64 incarnation;  // 0: a copy of a coordinator
    char encoding[NAMEDATALEN];
};

// Of this database, palloc'd.
char* FormatHandshake();
// False for anything else than a handshake. All versions begin and end as this one: so it can be said which they are.
bool ParseHandshake(const char* text, Handshake* handshake);

}  // namespace herd::catalog
