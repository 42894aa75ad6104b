#include "guard/guard.h"

#include "base/sqlstates.h"
#include "catalog/held_shards.h"
#include "catalog/metadata.h"
#include "catalog/own_cluster.h"
#include "guard/coordinators.h"
#include "guard/statement_snapshots.h"
#include "guard/task_planning.h"
#include "guard/task_report.h"
#include "plan/task_header.h"
#include "postgres/fault_point.h"
#include "transaction/task_scope.h"

extern "C" {
#include <access/parallel.h>
#include <catalog/pg_type.h>
#include <miscadmin.h>
#include <parser/parsetree.h>
#include <utils/acl.h>
#include <utils/guc.h>
#include <utils/lsyscache.h>
#include <utils/snapmgr.h>
}

namespace herd::guard {

using plan::TaskHeader;

static bool task_session_setting;

static QueryDesc* current_statement;
static Oid current_user;
static bool current_shows_rows;
static bool current_shares_snapshot;
static bool current_packs_rows;
static Oid last_user;
static bool planning_task;  // stale after an error, until the next planning

void RegisterGuardSettings() {
    DefineCustomBoolVariable(
        "herd.task_session", "This connection is a coordinator's.",
        "Coordinators set it when they connect. It means nothing for other roles than the service role.",
        &task_session_setting, false, PGC_BACKEND, GUC_NO_SHOW_ALL | GUC_NOT_IN_SAMPLE, nullptr, nullptr, nullptr);
    RegisterCoordinatorSettings();
}

bool IsTaskSession() {
    if (!task_session_setting) return false;
    return GetSessionUserId() == catalog::ServiceRole();
}

// ---- the header ----

static bool FindHeader(ParamListInfo params, TaskHeader* header) {
    if (params == nullptr || params->numParams == 0) return false;
    ParamExternData* last = &params->params[params->numParams - 1];
    if (last->ptype != BYTEAOID || last->isnull) return false;
    bytea* bytes = DatumGetByteaPP(last->value);
    ProtocolRange known = postgres::OwnProtocols();
    switch (plan::DecodeTaskHeader((const unsigned char*)VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes), known, header)) {
        case plan::DecodeResult::kOk:
            return true;
        case plan::DecodeResult::kNotAHeader:
            return false;
        case plan::DecodeResult::kUnknownVersion:
            ereport(ERROR,
                    (errcode(kProtocolMismatch), errmsg("the coordinator speaks another version of Herd's protocol"),
                     errdetail("The task has version %d, this node understands %d to %d.", header->version,
                               known.oldest, known.newest),
                     errhint("If this node has been downgraded, the coordinator notices it within half a minute.")));
        case plan::DecodeResult::kMalformed:
            ereport(ERROR, (errcode(kProtocolMismatch), errmsg("malformed task header")));
    }
    return false;
}

static Oid UserOf(const TaskHeader& header) {
    char* name = pnstrdup(header.user_name, header.user_name_length);
    Oid user = get_role_oid(name, true);
    if (!OidIsValid(user))
        ereport(ERROR,
                (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("role \"%s\" does not exist on this node", name),
                 errdetail("A statement runs on the nodes as the user who gave it on the coordinator."),
                 errhint("If it was created in another database, SELECT herd.sync_roles() on the coordinator creates "
                         "it on all nodes.")));
    return user;
}

static bool NamesShard(const TaskHeader& header, ShardId shard) {
    for (size_t i = 0; i < header.shard_count; i++)
        if (plan::TaskHeaderShard(header, i).id == shard) return true;
    return false;
}

// The statement touches only shards that its header names.
static void CheckNamedShards(const TaskHeader& header, List* rtable) {
    ListCell* cell;
    foreach (cell, rtable) {
        RangeTblEntry* rte = (RangeTblEntry*)lfirst(cell);
        if (rte->rtekind != RTE_RELATION) continue;
        char* schema = get_namespace_name(get_rel_namespace(rte->relid));
        ShardId shard;
        int schema_number;
        if (schema == nullptr || !catalog::ParseShardSchemaName(schema, &shard, &schema_number)) continue;
        if (NamesShard(header, shard)) continue;
        ereport(ERROR, (errcode(kStalePlacement),
                        errmsg("the task touches shard %lld, which its header does not name", (long long)shard.value)));
    }
}

// The node holds them in the snapshot that the task runs with, and their map is the one that the coordinator knows.
static void CheckHeldShards(const TaskHeader& header, Snapshot snapshot) {
    bool changes = (header.flags & plan::kTaskWrites) != 0;
    for (size_t i = 0; i < header.shard_count; i++) {
        plan::TaskShard shard = plan::TaskHeaderShard(header, i);
        catalog::Holding holding = catalog::FindHolding(shard.id, shard.map_version, snapshot, changes);
        if (likely(holding == catalog::Holding::kHeld)) continue;
        ereport(ERROR,
                (errcode(kStalePlacement),
                 errmsg("this node does not hold shard %lld in the task's snapshot", (long long)shard.id.value),
                 holding == catalog::Holding::kTooLate
                     ? errdetail("Shard %lld came to the node after the snapshot was taken.", (long long)shard.id.value)
                     : errdetail("Of shard %lld the coordinator has version %u of the map, the node none or another.",
                                 (long long)shard.id.value, shard.map_version)));
    }
}

void CheckCommand(const Node* command) {
    if (!IsA(command, CopyStmt) || !IsTaskSession()) return;
    const CopyStmt* copy = (const CopyStmt*)command;
    ShardId shard;
    int schema_number;
    if (!copy->is_from || copy->relation == nullptr || copy->relation->schemaname == nullptr) return;
    if (!catalog::ParseShardSchemaName(copy->relation->schemaname, &shard, &schema_number)) return;
    if (catalog::IsHeldNow(shard)) return;
    ereport(ERROR, (errcode(kStalePlacement), errmsg("this node does not hold shard %lld", (long long)shard.value)));
}

// ---- switching ----

static UserSwitch SwitchTo(Oid user) {
    UserSwitch result = {InvalidOid, 0, false, false};
    if (!OidIsValid(user)) return result;
    GetUserIdAndSecContext(&result.previous_user, &result.previous_context);
    result.switched = true;
    SetUserIdAndSecContext(user, result.previous_context | SECURITY_LOCAL_USERID_CHANGE);
    return result;
}

UserSwitch EnterStart(QueryDesc* query_desc) {
    if (!IsTaskSession() || !transaction::IsTopLevel()) return SwitchTo(InvalidOid);
    RequireRegisteredCoordinator();
    current_statement = nullptr;
    TaskHeader header;
    if (!FindHeader(query_desc->params, &header)) return SwitchTo(InvalidOid);
    CheckNamedShards(header, query_desc->plannedstmt->rtable);
    current_user = UserOf(header);
    last_user = current_user;
    current_shows_rows = (header.flags & plan::kTaskShowsRows) != 0 && query_desc->operation != CMD_SELECT;
    current_packs_rows = (header.flags & plan::kTaskPacksRows) != 0;
    current_shares_snapshot = UseStatementSnapshot(header, query_desc);
    if (!IsParallelWorker()) {
        CheckHeldShards(header, query_desc->snapshot);
        if (header.report_window != 0) SendSnapshotReport(query_desc, header.report_window);
    }
    current_statement = query_desc;
    return SwitchTo(current_user);
}

bool IsCurrentTask(const QueryDesc* query_desc) {
    return current_statement != nullptr && current_statement == query_desc;
}

bool PacksRows(const QueryDesc* query_desc) { return IsCurrentTask(query_desc) && current_packs_rows; }

void FinishStart(QueryDesc* query_desc) {
    if (IsCurrentTask(query_desc) && current_shares_snapshot) UseOutputCommand(query_desc);
}

UserSwitch EnterStep(QueryDesc* query_desc) {
    if (!IsCurrentTask(query_desc)) return SwitchTo(InvalidOid);
    // Functions and parallel workers look for the active one.
    if (current_shares_snapshot) PushActiveSnapshot(query_desc->snapshot);
    UserSwitch result = SwitchTo(current_shows_rows ? transaction::kReaderOfAll : current_user);
    result.pushed_snapshot = current_shares_snapshot;
    return result;
}

static PlannerEntry BeginPlanning(ParamListInfo params) {
    if (!IsTaskSession() || !transaction::IsTopLevel()) return {SwitchTo(InvalidOid), false, planning_task, 0};
    TaskHeader header;
    if (!FindHeader(params, &header)) return {SwitchTo(last_user), true, planning_task, 0};
    return {SwitchTo(UserOf(header)), true, planning_task, DivideWorkers(header.connections)};
}

PlannerEntry EnterPlanner(ParamListInfo params) {
    PlannerEntry entry = BeginPlanning(params);
    planning_task = entry.plans_task;
    return entry;
}

void LeavePlanner(const PlannerEntry& entry, PlannedStmt* plan) {
    planning_task = entry.planned_task;
    if (entry.plans_task) DecideJitByShard(plan);
    RestoreWorkers(entry.settings_level);
    Leave(entry.user);
}

bool IsPlanningTask() { return planning_task; }

void Leave(const UserSwitch& user_switch) {
    if (user_switch.pushed_snapshot) PopActiveSnapshot();
    if (user_switch.switched) SetUserIdAndSecContext(user_switch.previous_user, user_switch.previous_context);
}

void ForgetStatement() { current_statement = nullptr; }

}  // namespace herd::guard
