// SECURITY LABEL FOR herd ON TABLE t IS '…', as pg_dump writes it: distributes the table as the label says.
#include "commands/ddl/handlers.h"
#include "commands/distribute.h"
#include "postgres/error.h"

extern "C" {
#include <catalog/namespace.h>
#include <miscadmin.h>
#include <nodes/parsenodes.h>
#include <utils/acl.h>
#include <utils/lsyscache.h>
}

namespace herd::commands {

static void RaiseLabelOfDistributed(Oid relid) {
    postgres::RaiseNotSupported(
        psprintf("the distribution of table \"%s\" can't be changed by a label", get_rel_name(relid)),
        "The label says how the table is distributed already.",
        "Make it local with herd.undistribute_table(), then distribute it anew.");
}

static void LabelTable(Oid relid, const char* text) {
    const catalog::DistributedTable* table = catalog::FindTable(relid);
    if (text == nullptr) {
        if (table != nullptr) RaiseLabelOfDistributed(relid);
        return;
    }
    DistributionLabel label = ParseDistributionLabel(text);
    if (table != nullptr) {
        if (strcmp(text, LabelOfTable(table)) != 0) RaiseLabelOfDistributed(relid);
        return;
    }
    DistributionRequest request{};
    request.relid = relid;
    request.caller = "SECURITY LABEL";
    request.method = label.method;
    request.column = label.column;
    request.shard_count = label.shard_count;
    request.colocate_with = "default";
    request.group_label = label.group;
    request.new_group_is_default = label.is_default;
    DistributeTable(request);
}

void HandleSecurityLabel(UtilityCall& call) {
    auto statement = reinterpret_cast<SecLabelStmt*>(call.statement->utilityStmt);
    bool ours = statement->provider != nullptr && strcmp(statement->provider, "herd") == 0;
    if (!ours || statement->objtype != OBJECT_TABLE) return RunStandard(call);
    RangeVar* name = makeRangeVarFromNameList(castNode(List, statement->object));
    Oid relid = RangeVarGetRelid(name, NoLock, false);
    if (!pg_class_ownercheck(relid, GetUserId())) aclcheck_error(ACLCHECK_NOT_OWNER, OBJECT_TABLE, name->relname);
    LabelTable(relid, statement->label);
}

}  // namespace herd::commands
