#include "transaction/task_scope.h"

#include "catalog/metadata.h"
#include "postgres/walk.h"

extern "C" {
#include <catalog/pg_authid.h>
#include <miscadmin.h>
#include <utils/lsyscache.h>
}

namespace herd::transaction {

const Oid kReaderOfAll = ROLE_PG_READ_ALL_DATA;

static int planner_depth;
static int executor_depth;
static bool task_session;

static bool task_text;
static int task_text_planner_depth;
static int task_text_executor_depth;
static Oid task_user;
static int task_security_context;

void BeginTaskText() {
    Assert(!task_text || !IsTaskText());
    task_text = true;
    task_text_planner_depth = planner_depth;
    task_text_executor_depth = executor_depth;
    GetUserIdAndSecContext(&task_user, &task_security_context);
    SetUserIdAndSecContext(BOOTSTRAP_SUPERUSERID, task_security_context | SECURITY_LOCAL_USERID_CHANGE);
}

void EndTaskText() {
    task_text = false;
    SetUserIdAndSecContext(task_user, task_security_context);
}

PlanningUser EnterTaskPlanning() {
    PlanningUser planning = {InvalidOid, 0, false};
    if (!task_text || !IsTaskText()) return planning;
    GetUserIdAndSecContext(&planning.previous_user, &planning.previous_context);
    planning.switched = true;
    SetUserIdAndSecContext(task_user, task_security_context);
    return planning;
}

void LeaveTaskPlanning(const PlanningUser& planning) {
    if (planning.switched) SetUserIdAndSecContext(planning.previous_user, planning.previous_context);
}

void SetTaskSession(bool is_task_session) { task_session = is_task_session; }

bool IsTopLevel() { return planner_depth == 0 && executor_depth == 0; }

bool IsTaskText() {
    if (task_session && IsTopLevel()) return true;
    return task_text && planner_depth == task_text_planner_depth && executor_depth == task_text_executor_depth;
}

static bool ClearWalker(Node* node, void*) {
    if (node == nullptr) return false;
    if (IsA(node, Query)) {
        return postgres::WalkQuery((Query*)node, ClearWalker, nullptr, QTW_EXAMINE_RTES_BEFORE);
    }
    if (IsA(node, RangeTblEntry)) {
        RangeTblEntry* rte = (RangeTblEntry*)node;
        if (rte->rtekind != RTE_RELATION || rte->requiredPerms == 0) return false;
        char* schema = get_namespace_name(get_rel_namespace(rte->relid));
        ShardId shard;
        int schema_number;
        if (schema != nullptr && catalog::ParseShardSchemaName(schema, &shard, &schema_number)) rte->requiredPerms = 0;
        return false;
    }
    return postgres::WalkExpression(node, ClearWalker, nullptr);
}

void ClearShardPermissions(Query* query) {
    ClearWalker((Node*)query, nullptr);
    if (query->utilityStmt != nullptr && IsA(query->utilityStmt, ExplainStmt))
        ClearWalker(((ExplainStmt*)query->utilityStmt)->query, nullptr);
}

void PlannerNesting(int delta) { planner_depth += delta; }
void ExecutorNesting(int delta) { executor_depth += delta; }

void AbortTaskText() { task_text = false; }

void ResetTaskScope() {
    planner_depth = 0;
    executor_depth = 0;
    task_text = false;
}

}  // namespace herd::transaction
