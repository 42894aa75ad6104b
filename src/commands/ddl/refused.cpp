// Statements that can't be done to distributed tables yet: found by what they name.
#include "commands/ddl/handlers.h"
#include "commands/ddl/targets.h"
#include "postgres/error.h"

extern "C" {
#include <catalog/namespace.h>
#include <nodes/makefuncs.h>
#include <nodes/parsenodes.h>
#include <parser/parse_type.h>
#include <utils/lsyscache.h>
}

namespace herd::commands {

// What the refusal says.
struct Refusal {
    const catalog::DistributedTable* table;  // null: nothing to refuse
    const char* statement;
    const char* detail;
    const char* hint;
};

static Refusal RefuseSetSchema(const AlterObjectSchemaStmt* statement) {
    if (statement->objectType == OBJECT_TYPE || statement->objectType == OBJECT_DOMAIN) {
        Oid type = LookupTypeNameOid(nullptr, makeTypeNameFromNameList(castNode(List, statement->object)), true);
        if (OidIsValid(type) && IsTypeOfDistributedColumn(type))
            postgres::RaiseNotSupported("a type that distributed tables use can't be moved to another schema",
                                        "The nodes know it by its name.", "Undistribute the tables first.");
    }
    if (statement->objectType != OBJECT_TABLE) return {};
    return {FindTarget(statement->relation), "ALTER TABLE SET SCHEMA",
            "The schemas of the shards follow the schema in which the table was distributed.",
            "Undistribute the table, move it, and distribute it again."};
}

static Refusal RefuseReindex(const ReindexStmt* statement) {
    return {FindTarget(statement->relation), "REINDEX", "Herd can't carry it out on the shards yet.",
            "Run it on the nodes, or drop the index and create it anew."};
}

static Refusal RefusePublication(List* objects) {
    Refusal refusal{nullptr, "replication by a publication",
                    "The coordinator does not see the changes of a distributed table's rows.",
                    "Leave the table out of the publication."};
    ListCell* cell;
    foreach (cell, objects) {
        auto object = lfirst_node(PublicationObjSpec, cell);
        if (object->pubobjtype == PUBLICATIONOBJ_TABLE && refusal.table == nullptr)
            refusal.table = FindTarget(object->pubtable->relation);
    }
    return refusal;
}

static Refusal FindRefusal(Node* statement) {
    switch (nodeTag(statement)) {
        case T_AlterObjectSchemaStmt:
            return RefuseSetSchema(reinterpret_cast<AlterObjectSchemaStmt*>(statement));
        case T_ClusterStmt:
            return {FindTarget(reinterpret_cast<ClusterStmt*>(statement)->relation), "CLUSTER",
                    "Herd can't carry it out on the shards yet.", "Run it on the nodes."};
        case T_ReindexStmt:
            return RefuseReindex(reinterpret_cast<ReindexStmt*>(statement));
        case T_CreateTrigStmt:
            return {FindTarget(reinterpret_cast<CreateTrigStmt*>(statement)->relation), "CREATE TRIGGER",
                    "Triggers on distributed tables are not supported yet.",
                    "Do in the application what the trigger would do."};
        case T_RuleStmt:
            return {FindTarget(reinterpret_cast<RuleStmt*>(statement)->relation), "CREATE RULE",
                    "Rewrite rules on distributed tables are not supported.", "Use a view."};
        case T_CreatePublicationStmt:
            return RefusePublication(reinterpret_cast<CreatePublicationStmt*>(statement)->pubobjects);
        case T_AlterPublicationStmt:
            if (reinterpret_cast<AlterPublicationStmt*>(statement)->action == AP_DropObjects) return {};
            return RefusePublication(reinterpret_cast<AlterPublicationStmt*>(statement)->pubobjects);
        default:
            return {};
    }
}

void HandleRefused(UtilityCall& call) {
    Refusal refusal = FindRefusal(call.statement->utilityStmt);
    if (refusal.table != nullptr)
        postgres::RaiseNotSupported(psprintf("%s is not supported for distributed table \"%s\"", refusal.statement,
                                             get_rel_name(refusal.table->relid)),
                                    refusal.detail, refusal.hint);
    RunStandard(call);
}

}  // namespace herd::commands
