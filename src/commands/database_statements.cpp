#include "commands/database_statements.h"

#include "worker/database_slots.h"

extern "C" {
#include <access/xact.h>
#include <catalog/pg_database.h>
#include <commands/dbcommands.h>
#include <commands/defrem.h>
#include <miscadmin.h>
#include <nodes/parsenodes.h>
#include <utils/acl.h>
}

namespace herd::commands {

namespace {

const char* TemplateName(const CreatedbStmt* statement) {
    ListCell* cell;
    foreach (cell, statement->options) {
        auto* option = static_cast<DefElem*>(lfirst(cell));
        if (strcmp(option->defname, "template") == 0 && option->arg != nullptr) return defGetString(option);
    }
    return nullptr;
}

bool MovesToTablespace(const AlterDatabaseStmt* statement) {
    ListCell* cell;
    foreach (cell, statement->options)
        if (strcmp(static_cast<DefElem*>(lfirst(cell))->defname, "tablespace") == 0) return true;
    return false;
}

// The database that the statement wants for itself, or null.
const char* DatabaseWithoutSessions(Node* statement) {
    switch (nodeTag(statement)) {
        case T_DropdbStmt:
            return reinterpret_cast<DropdbStmt*>(statement)->dbname;
        case T_CreatedbStmt:
            return TemplateName(reinterpret_cast<CreatedbStmt*>(statement));
        case T_RenameStmt: {
            auto* rename = reinterpret_cast<RenameStmt*>(statement);
            return rename->renameType == OBJECT_DATABASE ? rename->subname : nullptr;
        }
        case T_AlterDatabaseStmt: {
            auto* alter = reinterpret_cast<AlterDatabaseStmt*>(statement);
            return MovesToTablespace(alter) ? alter->dbname : nullptr;
        }
        default:
            return nullptr;
    }
}

}  // namespace

void KeepWorkersOut(Node* statement) {
    const char* name = DatabaseWithoutSessions(statement);
    if (name == nullptr || IsTransactionBlock()) return;
    Oid database = get_database_oid(name, true);
    if (!OidIsValid(database) || database == MyDatabaseId) return;
    if (pg_database_ownercheck(database, GetUserId())) worker::PauseWorkers(database);
}

}  // namespace herd::commands
