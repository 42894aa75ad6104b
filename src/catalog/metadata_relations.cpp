#include "catalog/metadata_relations.h"

#include "catalog/metadata.h"
#include "postgres/entry.h"

extern "C" {
#include <access/htup_details.h>
#include <access/xact.h>
#include <catalog/pg_class.h>
#include <catalog/namespace.h>
#include <commands/defrem.h>
#include <utils/inval.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::catalog {

namespace {

enum class Knowledge : uint8 { kUnknown, kAbsent, kPresent };  // kAbsent: until an access method changes

Knowledge relations_knowledge = Knowledge::kUnknown;
MetadataRelations relations;  // of the last time they were known

bool access_method_known = false;
Oid access_method = InvalidOid;

struct NamedRelation {
    const char* name;
    Oid MetadataRelations::*oid;
};

constexpr NamedRelation kRelationNames[] = {
    {"node", &MetadataRelations::node},
    {"colocation", &MetadataRelations::colocation},
    {"colocation_pkey", &MetadataRelations::colocation_pkey},
    {"shard", &MetadataRelations::shard},
    {"shard_group_id_idx", &MetadataRelations::shard_group_id_idx},
    {"placement", &MetadataRelations::placement},
    {"placement_pkey", &MetadataRelations::placement_pkey},
    {"distributed_table", &MetadataRelations::distributed_table},
    {"distributed_table_pkey", &MetadataRelations::distributed_table_pkey},
    {"held_shard", &MetadataRelations::held_shard},
    {"held_shard_pkey", &MetadataRelations::held_shard_pkey},
};

// The access method, which only a superuser can create, proves that schema herd is the extension's and not a user's own.
// Missing relations are not remembered: they come one after the other while the extension is being created.
Knowledge LookUpRelations(MetadataRelations* found) {
    if (!OidIsValid(HerdAccessMethod())) return Knowledge::kAbsent;
    Oid schema = get_namespace_oid("herd", true);
    if (!OidIsValid(schema)) return Knowledge::kUnknown;
    for (const NamedRelation& named : kRelationNames) {
        found->*named.oid = get_relname_relid(named.name, schema);
        if (!OidIsValid(found->*named.oid)) return Knowledge::kUnknown;
    }
    return Knowledge::kPresent;
}

}  // namespace

extern "C" {

static void HerdAccessMethodChanged(Datum, int, uint32) {
    access_method_known = false;
    relations_knowledge = Knowledge::kUnknown;
}
}

const MetadataRelations* FindMetadataRelations() {
    Assert(IsTransactionState());
    if (relations_knowledge == Knowledge::kUnknown) {
        MetadataRelations found{};
        Knowledge knowledge = LookUpRelations(&found);
        if (knowledge == Knowledge::kPresent) relations = found;
        relations_knowledge = knowledge;
    }
    return relations_knowledge == Knowledge::kPresent ? &relations : nullptr;
}

bool IsMetadataRelation(Oid relid) {
    for (const NamedRelation& named : kRelationNames)
        if (relations.*named.oid == relid) return true;
    return false;
}

void ForgetMetadataRelations() { relations_knowledge = Knowledge::kUnknown; }

void RegisterMetadataRelationCallbacks() {
    CacheRegisterSyscacheCallback(AMNAME, HerdAccessMethodChanged, 0);
    CacheRegisterSyscacheCallback(AMOID, HerdAccessMethodChanged, 0);
}

Oid HerdAccessMethod() {
    if (!access_method_known) {
        Oid found = get_am_oid("herd", true);
        access_method = found;
        access_method_known = true;
    }
    return access_method;
}

bool IsShell(Oid relid) {
    Oid herd = HerdAccessMethod();
    if (!OidIsValid(herd) || relid < FirstNormalObjectId) return false;
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
    if (!HeapTupleIsValid(tuple)) return false;
    bool shell = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relam == herd;
    ReleaseSysCache(tuple);
    return shell;
}

}  // namespace herd::catalog
