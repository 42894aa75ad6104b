#include "cluster/settings.h"

#include "postgres/pg.h"

extern "C" {
#include <utils/guc.h>
}

namespace herd::cluster {

int connect_timeout = 5000;
int max_prepared_statements_per_connection = 500;

void RegisterClusterSettings() {
    DefineCustomIntVariable("herd.connect_timeout", "How long opening a connection to a node may take.",
                            "In milliseconds.", &connect_timeout, 5000, 10, 600000, PGC_USERSET, GUC_UNIT_MS, nullptr,
                            nullptr, nullptr);
    DefineCustomIntVariable("herd.max_prepared_statements_per_connection",
                            "How many prepared statements a session keeps on a node over one connection.",
                            "The least recently used ones are deallocated.", &max_prepared_statements_per_connection,
                            500, 1, 100000, PGC_USERSET, 0, nullptr, nullptr, nullptr);
}

}  // namespace herd::cluster
