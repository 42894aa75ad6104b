#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "commands/distribution_rules.h"
#include "commands/utility_hook.h"
#include "executor/snapshots/snapshot_agreement.h"
#include "executor/snapshots/table_age.h"
#include "extension/hooks.h"
#include "guard/canonical_rows.h"
#include "guard/coordinators.h"
#include "guard/guard.h"
#include "guard/packed_rows.h"
#include "guard/plan_reports.h"
#include "guard/relation_access.h"
#include "guard/sorted_groups.h"
#include "observe/explain_statement.h"
#include "planner/paths/base_gather.h"
#include "planner/paths/join_gather.h"
#include "planner/paths/upper_gather.h"
#include "planner/placed_scans.h"
#include "planner/planner.h"
#include "postgres/canonical_style.h"
#include "postgres/entry.h"
#include "postgres/nesting.h"
#include "transaction/deadlock_victims.h"
#include "transaction/task_scope.h"
#include "transaction/transaction_snapshots.h"
#include "transaction/two_phase_commit.h"

extern "C" {
#include <access/xact.h>
#include <executor/executor.h>
#include <optimizer/paths.h>
#include <optimizer/plancat.h>
#include <optimizer/planner.h>
#include <parser/analyze.h>
#include <utils/snapmgr.h>
#include <utils/fmgroids.h>
}

namespace herd::extension {

static planner_hook_type previous_planner;
static ExecutorStart_hook_type previous_executor_start;
static ExecutorRun_hook_type previous_executor_run;
static ExecutorFinish_hook_type previous_executor_finish;
static set_rel_pathlist_hook_type previous_set_rel_pathlist;
static set_join_pathlist_hook_type previous_set_join_pathlist;
static create_upper_paths_hook_type previous_create_upper_paths;
static get_relation_info_hook_type previous_get_relation_info;
static post_parse_analyze_hook_type previous_post_parse_analyze;
static ProcessUtility_hook_type previous_process_utility;
static object_access_hook_type previous_object_access;
static ExecutorCheckPerms_hook_type previous_check_permissions;

extern "C" {

static PlannedStmt* HerdPlanner(Query* parse, const char* query_string, int cursor_options, ParamListInfo params) {
    return postgres::Enter([&]() -> PlannedStmt* {
        PlannedStmt* volatile plan = nullptr;
        postgres::UseSessionStyle();
        commands::CheckForeignKeyQuery(parse);
        guard::PlannerEntry entry = guard::EnterPlanner(params);
        transaction::PlanningUser planning = transaction::EnterTaskPlanning();
        postgres::WithNesting(transaction::PlannerNesting, [&]() {
            planner::PlannerCall call = {query_string, cursor_options, params,
                                         previous_planner ? previous_planner : standard_planner};
            plan = planner::PlanStatement(parse, call);
        });
        transaction::LeaveTaskPlanning(planning);
        guard::LeavePlanner(entry, plan);
        return plan;
    });
}

static void HerdPostParseAnalyze(ParseState* pstate, Query* query, JumbleState* jstate) {
    postgres::Enter([&]() {
        postgres::UseSessionStyle();
        if (previous_post_parse_analyze) previous_post_parse_analyze(pstate, query, jstate);
        bool is_task_session = guard::IsTaskSession();
        if (is_task_session) guard::RequireRegisteredCoordinator();
        transaction::SetTaskSession(is_task_session);
        if (transaction::IsTaskText())
            transaction::ClearShardPermissions(query);
        else
            guard::CheckClientStatement(query);
    });
}

static void HerdExecutorStart(QueryDesc* query_desc, int eflags) {
    postgres::Enter([&]() {
        postgres::UseSessionStyle();
        catalog::AcceptMetadataChanges();
        guard::UserSwitch user_switch = guard::EnterStart(query_desc);
        guard::MeasureTask(query_desc);
        executor::AgreeOnSnapshots(query_desc, eflags);
        if ((eflags & EXEC_FLAG_EXPLAIN_ONLY) == 0) {
            transaction::TakeTransactionSnapshotsFor(query_desc->plannedstmt);
            executor::CheckTablesAreSeen(query_desc);
        }
        if (previous_executor_start)
            previous_executor_start(query_desc, eflags);
        else
            standard_ExecutorStart(query_desc, eflags);
        executor::TieAgreement(query_desc);
        guard::FinishStart(query_desc);
        guard::Leave(user_switch);
    });
}

static void HerdExecutorRun(QueryDesc* query_desc, ScanDirection direction, uint64 count, bool execute_once) {
    postgres::Enter([&]() {
        guard::UserSwitch user_switch = guard::EnterStep(query_desc);
        DestReceiver* receiver = query_desc->dest;
        guard::PackRows(query_desc);
        guard::SendRowsCanonically(query_desc);
        bool pushed = executor::PushAgreedSnapshot(query_desc);
        postgres::WithNesting(transaction::ExecutorNesting, [&]() {
            transaction::WithDeadlockErrors([&]() {
                if (previous_executor_run)
                    previous_executor_run(query_desc, direction, count, execute_once);
                else
                    standard_ExecutorRun(query_desc, direction, count, execute_once);
            });
        });
        if (pushed) PopActiveSnapshot();
        query_desc->dest = receiver;
        guard::Leave(user_switch);
        guard::SendPlanReport(query_desc);
    });
}

static void HerdExecutorFinish(QueryDesc* query_desc) {
    postgres::Enter([&]() {
        guard::UserSwitch user_switch = guard::EnterStep(query_desc);
        bool pushed = executor::PushAgreedSnapshot(query_desc);
        postgres::WithNesting(transaction::ExecutorNesting, [&]() {
            if (previous_executor_finish)
                previous_executor_finish(query_desc);
            else
                standard_ExecutorFinish(query_desc);
        });
        if (pushed) PopActiveSnapshot();
        guard::Leave(user_switch);
        guard::SendKeptRowsCanonically(query_desc);
    });
}

static void HerdSetRelPathlist(PlannerInfo* root, RelOptInfo* rel, Index rti, RangeTblEntry* rte) {
    postgres::Enter([&]() {
        if (previous_set_rel_pathlist) previous_set_rel_pathlist(root, rel, rti, rte);
        planner::ReplacePathsByGather(root, rel, rte);
        planner::ScanByPlace(root, rel, rte);
    });
}

static void HerdSetJoinPathlist(PlannerInfo* root, RelOptInfo* joinrel, RelOptInfo* outer, RelOptInfo* inner,
                                JoinType jointype, JoinPathExtraData* extra) {
    postgres::Enter([&]() {
        if (previous_set_join_pathlist) previous_set_join_pathlist(root, joinrel, outer, inner, jointype, extra);
        planner::AddJoinGather(root, joinrel, outer, inner, jointype, extra);
    });
}

static void HerdCreateUpperPaths(PlannerInfo* root, UpperRelationKind stage, RelOptInfo* input, RelOptInfo* output,
                                 void* extra) {
    postgres::Enter([&]() {
        if (previous_create_upper_paths) previous_create_upper_paths(root, stage, input, output, extra);
        planner::AddUpperGathers(root, stage, input, output, extra);
        guard::PreferSortedGroups(root, stage, output);
    });
}

static void HerdGetRelationInfo(PlannerInfo* root, Oid relid, bool is_parent, RelOptInfo* rel) {
    postgres::Enter([&]() {
        if (previous_get_relation_info) previous_get_relation_info(root, relid, is_parent, rel);
        planner::HideShellIndexes(rel, relid);
    });
}

static void HerdProcessUtility(PlannedStmt* statement, const char* query_string, bool read_only_tree,
                               ProcessUtilityContext context, ParamListInfo params, QueryEnvironment* environment,
                               DestReceiver* receiver, QueryCompletion* completion) {
    postgres::Enter([&]() {
        postgres::UseSessionStyle();
        guard::CheckCommand(statement->utilityStmt);
        int explain_level = observe::EnterExplain(statement->utilityStmt);
        transaction::WithDeadlockErrors([&]() {
            commands::ProcessUtilityStatement(
                {statement, query_string, read_only_tree, context, params, environment, receiver, completion,
                 previous_process_utility ? previous_process_utility : standard_ProcessUtility});
        });
        observe::LeaveExplain(explain_level);
    });
}

static void HerdObjectAccess(ObjectAccessType access, Oid class_id, Oid object_id, int sub_id, void* arg) {
    postgres::Enter([&]() {
        if (previous_object_access) previous_object_access(access, class_id, object_id, sub_id, arg);
        if (access == OAT_FUNCTION_EXECUTE && object_id == F_PG_NOTIFY) transaction::NoteLocalWork();
        commands::NoticeObjectAccess(access, class_id, object_id, sub_id, arg);
    });
}

static bool HerdCheckPermissions(List* range_table, bool raise) {
    return postgres::Enter([&]() -> bool {
        if (previous_check_permissions && !previous_check_permissions(range_table, raise)) return false;
        return guard::CheckRelationAccess(range_table, raise);
    });
}

static void ScopeTransactionCallback(XactEvent event, void*) {
    if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE) {
        transaction::ResetTaskScope();
        guard::ForgetStatement();
        postgres::UseSessionStyle();
    }
}

static void ScopeSubTransactionCallback(SubXactEvent event, SubTransactionId, SubTransactionId, void*) {
    if (event != SUBXACT_EVENT_ABORT_SUB) return;
    transaction::AbortTaskText();
    postgres::UseSessionStyle();
}

}  // extern "C"

void InstallHooks() {
    previous_planner = planner_hook;
    planner_hook = HerdPlanner;
    previous_post_parse_analyze = post_parse_analyze_hook;
    post_parse_analyze_hook = HerdPostParseAnalyze;
    previous_executor_start = ExecutorStart_hook;
    ExecutorStart_hook = HerdExecutorStart;
    previous_executor_run = ExecutorRun_hook;
    ExecutorRun_hook = HerdExecutorRun;
    previous_executor_finish = ExecutorFinish_hook;
    ExecutorFinish_hook = HerdExecutorFinish;
    previous_set_rel_pathlist = set_rel_pathlist_hook;
    set_rel_pathlist_hook = HerdSetRelPathlist;
    previous_set_join_pathlist = set_join_pathlist_hook;
    set_join_pathlist_hook = HerdSetJoinPathlist;
    previous_create_upper_paths = create_upper_paths_hook;
    create_upper_paths_hook = HerdCreateUpperPaths;
    previous_get_relation_info = get_relation_info_hook;
    get_relation_info_hook = HerdGetRelationInfo;
    previous_process_utility = ProcessUtility_hook;
    ProcessUtility_hook = HerdProcessUtility;
    previous_object_access = object_access_hook;
    object_access_hook = HerdObjectAccess;
    previous_check_permissions = ExecutorCheckPerms_hook;
    ExecutorCheckPerms_hook = HerdCheckPermissions;
    commands::RegisterUtilityCallbacks();
    RegisterXactCallback(ScopeTransactionCallback, nullptr);
    RegisterSubXactCallback(ScopeSubTransactionCallback, nullptr);
}

}  // namespace herd::extension
