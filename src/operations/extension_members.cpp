#include "operations/extension_members.h"

extern "C" {
#include <access/xact.h>
#include <catalog/dependency.h>
#include <catalog/objectaddress.h>
#include <catalog/pg_extension.h>
#include <commands/extension.h>
}

namespace herd::operations {

void AddExtensionMember(Oid class_id, Oid object_id) {
    if (OidIsValid(getExtensionOfObject(class_id, object_id))) return;
    ObjectAddress member;
    ObjectAddress extension;
    ObjectAddressSet(member, class_id, object_id);
    ObjectAddressSet(extension, ExtensionRelationId, get_extension_oid("herd", false));
    recordDependencyOn(&member, &extension, DEPENDENCY_EXTENSION);
    CommandCounterIncrement();
}

void RemoveExtensionMember(Oid class_id, Oid object_id) {
    deleteDependencyRecordsForClass(class_id, object_id, ExtensionRelationId, DEPENDENCY_EXTENSION);
    CommandCounterIncrement();
}

}  // namespace herd::operations
