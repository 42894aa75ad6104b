#include "catalog/handshake.h"

#include <cinttypes>

#include "catalog/incarnation.h"
#include "catalog/own_cluster.h"

extern "C" {
#include <mb/pg_wchar.h>
}

namespace herd::catalog {

char* FormatHandshake() {
    return psprintf("%d,%s,%" PRId64 ",%s", kHandshake, OwnClusterId(), OwnIncarnation(), GetDatabaseEncodingName());
}

bool ParseHandshake(const char* text, Handshake* handshake) {
    *handshake = Handshake{};
    if (text == nullptr || sscanf(text, "%d,", &handshake->version) != 1) return false;
    if (handshake->version < kOldestHandshake || handshake->version > kHandshake) return true;
    return sscanf(text, "%*d,%36[0-9a-f-],%" SCNd64 ",%63[A-Za-z0-9_]", handshake->cluster_id, &handshake->incarnation,
                  handshake->encoding) == 3;
}

}  // namespace herd::catalog
