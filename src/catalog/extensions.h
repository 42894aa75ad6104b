// Extensions of this database: what a node must have, too, for their functions to run there.
#pragma once

#include "postgres/pg.h"

namespace herd::catalog {

struct Extension {
    const char* name;
    const char* version;
    const char* schema;
};

// Which the object belongs to; null if to none. Reads the catalog.
const Extension* ExtensionOf(Oid class_id, Oid object_id);

// As it is named in messages and to nodes: name and version.
const char* NameWithVersion(const Extension& extension);

}  // namespace herd::catalog
