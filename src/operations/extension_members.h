// Objects that belong to the extension, so that pg_dump leaves them out and nobody drops them by accident.
#pragma once

#include "postgres/pg.h"

namespace herd::operations {

// Idempotent.
void AddExtensionMember(Oid class_id, Oid object_id);
// Before dropping the object.
void RemoveExtensionMember(Oid class_id, Oid object_id);

}  // namespace herd::operations
