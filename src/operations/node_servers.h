// How to connect to a node, in PostgreSQL's own catalogs: a SERVER of the foreign-data wrapper herd, and a USER MAPPING FOR
// PUBLIC with the service role's secret. Both belong to the extension: pg_dump must not write them.
//
// The server named "coordinator" carries no address, only the mapping that new nodes' mappings are copied from.
// Secrets pass as node trees, never as SQL text, which could end in a log or an error's context.
#pragma once

#include "postgres/pg.h"

namespace herd::operations {

// Sets user and password of every node's mapping, and of those to come.
void StoreServiceRole(const char* role, const char* password);

// Raises if no service role was set.
void CreateNodeServer(const char* name, const char* host, int port, const char* database);
void DropNodeServer(const char* name);

}  // namespace herd::operations
