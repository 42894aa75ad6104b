// Types of distributed columns exist on every node under the same name; changes must reach them all.
#include "commands/ddl/handlers.h"
#include "commands/ddl/targets.h"
#include "operations/node_commands.h"
#include "postgres/error.h"

extern "C" {
#include <catalog/namespace.h>
#include <nodes/makefuncs.h>
#include <nodes/parsenodes.h>
#include <parser/parse_type.h>
#include <utils/builtins.h>
}

namespace herd::commands {

static Oid FindType(List* name) { return LookupTypeNameOid(nullptr, makeTypeNameFromNameList(name), true); }

static char* AddValueStatement(const AlterEnumStmt* statement, Oid type) {
    StringInfoData sql;
    initStringInfo(&sql);
    appendStringInfo(&sql, "ALTER TYPE %s ADD VALUE IF NOT EXISTS %s", format_type_be_qualified(type),
                     quote_literal_cstr(statement->newVal));
    if (statement->newValNeighbor != nullptr)
        appendStringInfo(&sql, " %s %s", statement->newValIsAfter ? "AFTER" : "BEFORE",
                         quote_literal_cstr(statement->newValNeighbor));
    return sql.data;
}

void HandleAlterEnum(UtilityCall& call) {
    auto statement = reinterpret_cast<AlterEnumStmt*>(call.statement->utilityStmt);
    Oid type = FindType(statement->typeName);
    if (!OidIsValid(type) || !IsTypeOfDistributedColumn(type)) return RunStandard(call);
    if (statement->oldVal != nullptr)
        postgres::RaiseNotSupported(
            psprintf("a value of type %s can't be renamed", format_type_be(type)),
            "Distributed tables use the type, and where a row lies may depend on the value's name.",
            "Undistribute the tables first, or add a new value.");
    RunStandard(call);
    operations::NodeCommands* commands = operations::MakeNodeCommands();
    operations::AddCommandForOtherNodes(commands, AddValueStatement(statement, type));
    operations::RunNodeCommands(commands);
}

void HandleAlterDomain(UtilityCall& call) {
    auto statement = reinterpret_cast<AlterDomainStmt*>(call.statement->utilityStmt);
    Oid type = FindType(statement->typeName);
    // T is SET or DROP DEFAULT, which is the coordinator's.
    if (OidIsValid(type) && statement->subtype != 'T' && IsTypeOfDistributedColumn(type))
        postgres::RaiseNotSupported(psprintf("domain %s can't be changed", format_type_be(type)),
                                    "Distributed tables use it, and Herd can't check their rows yet.",
                                    "Undistribute the tables first.");
    RunStandard(call);
}

}  // namespace herd::commands
