// How to connect to a node: the options of its SERVER and of the USER MAPPING FOR PUBLIC, and what every connection
// between nodes needs. Read from the catalogs directly: ordinary users may not see these options but use the connections.
#pragma once

#include "postgres/pg.h"

namespace herd::cluster {

struct ConnectionOptions {
    const char** keywords;  // libpq's, terminated by a null pointer
    const char** values;
    uint32 server_hash;  // of the syscache entries they came from
    uint32 mapping_hash;
};

// Allocated in the given context. Raises if the server does not exist or has no mapping. Texts are secrets: they
// go to libpq, never into a message.
ConnectionOptions ReadConnectionOptions(Oid server, const char* node_name, MemoryContext context);

// Connections opened in the rest of this transaction are for registering this coordinator on nodes that don't know it yet: they are not
// refused for that, and not used again afterwards.
void BeginRegistering();
bool IsRegistering();

}  // namespace herd::cluster
