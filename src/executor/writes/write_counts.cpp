#include "executor/writes/write_counts.h"

extern "C" {
#include <pgstat.h>
#include <utils/relcache.h>
}

namespace herd::executor {

void CountWrites(Oid shell, CmdType command, uint64 rows) {
    if (rows == 0) return;
    Relation relation = RelationIdGetRelation(shell);
    if (relation == nullptr) return;
    if (command == CMD_INSERT) pgstat_count_heap_insert(relation, static_cast<PgStat_Counter>(rows));
    for (uint64 i = 0; i < rows && command == CMD_UPDATE; i++) pgstat_count_heap_update(relation, false);
    for (uint64 i = 0; i < rows && command == CMD_DELETE; i++) pgstat_count_heap_delete(relation);
    RelationClose(relation);
}

}  // namespace herd::executor
