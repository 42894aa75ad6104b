// What a coordinator says of itself when it connects to a node, as the value of the setting herd.coordinator.
//
// "<protocol version>,<cluster id>,<incarnation>,<encoding>". Nodes accept the versions from kOldestHandshake to kHandshake: what a
// release changes, the release before still understands.
#pragma once

#include "postgres/pg.h"

namespace herd::catalog {

inline constexpr int kHandshake = 1;
inline constexpr int kOldestHandshake = 1;

struct Handshake {
    int version;
    char cluster_id[37];
    int64 incarnation;  // 0: a copy of a coordinator
    char encoding[NAMEDATALEN];
};

// Of this database, palloc'd.
char* FormatHandshake();
// False for anything else than a handshake. Of an unknown version only the version is read.
bool ParseHandshake(const char* text, Handshake* handshake);

}  // namespace herd::catalog
