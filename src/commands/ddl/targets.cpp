#include "commands/ddl/targets.h"

#include "catalog/types_on_nodes.h"

extern "C" {
#include <access/transam.h>
#include <catalog/index.h>
#include <catalog/namespace.h>
#include <catalog/pg_class.h>
#include <utils/lsyscache.h>
}

namespace herd::commands {

static const catalog::DistributedTable* FindTargetByOid(Oid relid) {
    if (!OidIsValid(relid)) return nullptr;
    if (get_rel_relkind(relid) == RELKIND_INDEX) relid = IndexGetRelation(relid, true);
    if (!OidIsValid(relid) || !catalog::IsShell(relid)) return nullptr;
    return catalog::FindTable(relid);
}

const catalog::DistributedTable* FindTarget(const RangeVar* relation) {
    if (relation == nullptr) return nullptr;
    return FindTargetByOid(RangeVarGetRelid(relation, NoLock, true));
}

const catalog::DistributedTable* FindTargetByName(List* name) { return FindTarget(makeRangeVarFromNameList(name)); }

const catalog::DistributedTable* FindFirstTarget(List* relations) {
    ListCell* cell;
    foreach (cell, relations) {
        const catalog::DistributedTable* table = FindTarget(lfirst_node(RangeVar, cell));
        if (table != nullptr) return table;
    }
    return nullptr;
}

bool IsTypeOfDistributedColumn(Oid type) { return type >= FirstNormalObjectId && catalog::NodesHaveType(type); }

}  // namespace herd::commands
