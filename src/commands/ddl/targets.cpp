#include "commands/ddl/targets.h"

#include "operations/local_sql.h"

extern "C" {
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

bool IsTypeOfDistributedColumn(Oid type) {
    return operations::QueryLocalInteger(
               "WITH RECURSIVE used (oid) AS (SELECT $1 UNION SELECT y.oid FROM pg_type y JOIN used "
               "ON y.typelem = used.oid OR y.typbasetype = used.oid OR (y.typrelid <> 0 AND EXISTS "
               "(SELECT FROM pg_attribute f WHERE f.attrelid = y.typrelid AND f.atttypid = used.oid))) "
               "SELECT count(*) FROM pg_attribute a JOIN herd.distributed_table t ON t.table_oid = a.attrelid "
               "JOIN used ON used.oid = a.atttypid WHERE NOT a.attisdropped",
               {operations::OidArgument(type)}) > 0;
}

}  // namespace herd::commands
