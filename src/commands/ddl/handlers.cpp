#include "commands/ddl/handlers.h"

namespace herd::commands {

struct HandlerRecord {
    NodeTag statement;
    UtilityHandler handler;
};

static constexpr HandlerRecord kHandlers[] = {
    {T_AlterTableStmt, HandleAlterTable},
    {T_CreateStmt, HandleCreateTable},
    {T_IndexStmt, HandleCreateIndex},
    {T_RenameStmt, HandleRename},
    {T_TruncateStmt, HandleTruncate},
    {T_DropStmt, HandleDrop},
    {T_SecLabelStmt, HandleSecurityLabel},
    {T_CopyStmt, HandleCopyStatement},
    {T_AlterEnumStmt, HandleAlterEnum},
    {T_CreateRoleStmt, HandleCreateRole},
    {T_AlterDomainStmt, HandleAlterDomain},
    {T_AlterObjectSchemaStmt, HandleRefused},
    {T_ClusterStmt, HandleRefused},
    {T_ReindexStmt, HandleRefused},
    {T_CreateTrigStmt, HandleRefused},
    {T_RuleStmt, HandleRefused},
    {T_CreateStatsStmt, HandleCreateStatistics},
    {T_AlterStatsStmt, HandleAlterStatistics},
    {T_CreatePublicationStmt, HandleRefused},
    {T_AlterPublicationStmt, HandleRefused},
    {T_DropRoleStmt, HandleDropRole},
    {T_ConstraintsSetStmt, HandleSetConstraints},
    {T_VacuumStmt, HandleVacuum},
};

UtilityHandler FindHandler(NodeTag statement) {
    for (const HandlerRecord& record : kHandlers)
        if (record.statement == statement) return record.handler;
    return nullptr;
}

}  // namespace herd::commands
