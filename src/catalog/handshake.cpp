#include "catalog/handshake.h"

#include <cinttypes>

#include "catalog/incarnation.h"
#include "catalog/own_cluster.h"
#include "postgres/fault_point.h"

extern "C" {
#include <mb/pg_wchar.h>
}

namespace herd::catalog {

char* FormatHandshake() {
    ProtocolRange own = postgres::OwnProtocols();
    return psprintf("%d,%s,%" PRId64 ",%s,%d", own.oldest, OwnClusterId(), OwnIncarnation(), GetDatabaseEncodingName(),
                    own.newest);
}

bool ParseHandshake(const char* text, Handshake* handshake) {
    *handshake = Handshake{};
    if (text == nullptr) return false;
    ProtocolRange& versions = handshake->versions;
    int fields = sscanf(text, "%d,%36[0-9a-f-],%" SCNd64 ",%63[A-Za-z0-9_],%d", &versions.oldest, handshake->cluster_id,
                        &handshake->incarnation, handshake->encoding, &versions.newest);
    return fields == 5;
}

}  // namespace herd::catalog
