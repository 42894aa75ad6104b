#include "catalog/extensions.h"

extern "C" {
#include <access/genam.h>
#include <access/htup_details.h>
#include <access/table.h>
#include <catalog/dependency.h>
#include <catalog/indexing.h>
#include <catalog/pg_extension.h>
#include <utils/builtins.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
}

namespace herd::catalog {

static const Extension* Read(Relation extensions, HeapTuple row) {
    Form_pg_extension form = (Form_pg_extension)GETSTRUCT(row);
    bool isnull;
    Datum version = heap_getattr(row, Anum_pg_extension_extversion, RelationGetDescr(extensions), &isnull);
    Extension* extension = (Extension*)palloc(sizeof(Extension));
    extension->name = pstrdup(NameStr(form->extname));
    extension->version = isnull ? "" : TextDatumGetCString(version);
    extension->schema = get_namespace_name(form->extnamespace);
    return extension;
}

const Extension* ExtensionOf(Oid class_id, Oid object_id) {
    Oid id = getExtensionOfObject(class_id, object_id);
    if (!OidIsValid(id)) return nullptr;
    ScanKeyData key;
    ScanKeyInit(&key, Anum_pg_extension_oid, BTEqualStrategyNumber, F_OIDEQ, ObjectIdGetDatum(id));
    Relation extensions = table_open(ExtensionRelationId, AccessShareLock);
    SysScanDesc scan = systable_beginscan(extensions, ExtensionOidIndexId, true, nullptr, 1, &key);
    HeapTuple row = systable_getnext(scan);
    const Extension* extension = HeapTupleIsValid(row) ? Read(extensions, row) : nullptr;
    systable_endscan(scan);
    table_close(extensions, AccessShareLock);
    return extension;
}

const char* NameWithVersion(const Extension& extension) { return psprintf("%s %s", extension.name, extension.version); }

}  // namespace herd::catalog
