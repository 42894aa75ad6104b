#include "executor/tasks/task_run_parts.h"

#include "cluster/row_decoder.h"
#include "deparse/shard_sql.h"
#include "executor/tasks/parameter_values.h"
#include "executor/snapshots/snapshot_round.h"
#include "executor/tasks/task_shards.h"
#include "plan/task_header.h"
#include "postgres/error.h"
#include "postgres/fault_point.h"
#include "transaction/statement_token.h"
#include "transaction/transaction_snapshots.h"

extern "C" {
#include <access/xact.h>
#include <miscadmin.h>
#include <utils/acl.h>
#include <utils/rls.h>
}

namespace herd::executor {

using catalog::Group;
using catalog::Shard;

// PostgreSQL's planner takes time in proportion to the square of a UNION ALL's arms, unless they are hidden from it in groups. That costs the
// order of the shards' indexes, so it is not done for few.
static const int kMostArms = 64;
static const int kArmsOfGroup = 16;

static void AppendArms(StringInfo text, const plan::SqlTemplate& sql, const int* shards, int count) {
    for (int i = 0; i < count; i++) {
        char* one = deparse::FillTemplateForShard(sql, shards[i]);
        appendStringInfo(text, count == 1 ? "%s%s" : "%s(%s)", i > 0 ? " UNION ALL " : "", one);
        pfree(one);
    }
}

static void AppendGroupsOfArms(StringInfo text, const plan::SqlTemplate& sql, const int* shards, int count) {
    for (int i = 0; i < count; i += kArmsOfGroup) {
        appendStringInfoString(text, i > 0 ? " UNION ALL (SELECT * FROM (" : "(SELECT * FROM (");
        AppendArms(text, sql, shards + i, Min(kArmsOfGroup, count - i));
        appendStringInfoString(text, ") arms OFFSET 0)");
    }
}

char* TaskText(const plan::SqlTemplate& sql, const int* shards, int count) {
    bool combines = sql.combining != nullptr;
    if (count == 1 && !combines) return deparse::FillTemplateForShard(sql, shards[0]);
    StringInfoData text;
    initStringInfo(&text);
    if (combines) appendStringInfo(&text, "WITH %s AS (", plan::kShardRows);
    if (count > kMostArms)
        AppendGroupsOfArms(&text, sql, shards, count);
    else
        AppendArms(&text, sql, shards, count);
    if (combines) appendStringInfo(&text, ") %s", sql.combining);
    return text.data;
}

static bool IsSingleTask(const TaskRun* run) {
    return run->own_count == 0 && run->lane_count == 1 && run->lanes[0].shard_count == 1;
}

static transaction::Purpose PurposeOf(const TaskRun* run) {
    const FragmentCall& call = run->call;
    if (call.writes && call.whole_transaction && IsSingleTask(run)) return transaction::Purpose::kWholeTransaction;
    if (call.writes) return transaction::Purpose::kWrite;
    if (call.locks_rows) return transaction::Purpose::kReadLocking;
    return run->statement != 0 || IsolationUsesXactSnapshot() ? transaction::Purpose::kReadShared
                                                              : transaction::Purpose::kRead;
}

// The first task on a node names what the others will touch there, too: a node that does not hold it says so before any row has left.
static int NameShardsToCome(const TaskRun* run, const Lane* lane, plan::TaskShard* names) {
    int count = 0;
    for (int i = 0; i < run->lane_count; i++) {
        const Lane* other = &run->lanes[i];
        if (other->node != lane->node) continue;
        for (int j = other->next; j < other->shard_count; j++)
            names[count++] = NameShard(run->group->shards[other->shards[j]]);
    }
    return count;
}

void StartNext(TaskRun* run, Lane* lane) {
    const int* shards = lane->shards + lane->next;
    int count = Min(run->chunk, lane->shard_count - lane->next);
    bool asks = run->agreement != nullptr && !run->agreed && lane->slot == 0 && lane->next == 0;
    lane->next += count;
    lane->sent = count;
    lane->map = run->group;
    int most_names = (asks ? run->call.shard_count : count) + run->call.sql.hole_count;
    plan::TaskShard* names = (plan::TaskShard*)palloc(most_names * sizeof(plan::TaskShard));
    for (int i = 0; i < count; i++) names[i] = NameShard(run->group->shards[shards[i]]);
    int named = count + NameReferenceShards(run->call.sql, names + count);
    if (asks) named += NameShardsToCome(run, lane, names + named);
    bool changes = run->call.writes || run->call.locks_rows;
    uint16 flags = (changes ? plan::kTaskWrites : 0) | (run->shows_rows ? plan::kTaskShowsRows : 0) |
                   (run->packs_rows ? plan::kTaskPacksRows : 0);
    transaction::Purpose purpose = PurposeOf(run);
    TaskIdentity identity = {lane->node,
                             flags,
                             names,
                             named,
                             transaction::MarkTask(lane->node, purpose, lane->slot, run->statement),
                             asks ? kReportWindow : 0,
                             ConnectionsTo(run, lane->node)};
    cluster::RemoteStatement statement;
    statement.sql = TaskText(run->call.sql, shards, count);
    statement.prepare = run->call.keep_statement;
    statement.has_few_rows = run->call.has_one_row;
    statement.place = {nullptr, run->call.relid, names[0].id.value, count > 1};
    statement.parameters = WireFormOf(run->call.parameters, identity);
    statement.packs_rows = run->packs_rows;
    lane->stream = transaction::StartStream(lane->node, purpose, lane->slot, statement, run->call.row_desc);
    transaction::MayMove(lane->stream);
    if (asks) NoteAsked(run->agreement, lane->node, lane->stream);
    if (run->statement != 0) transaction::KeepForLevel(lane->stream, transaction::StatementLevel(run->statement));
    if (MayUseSeveralConnections(run->call)) INSTR_TIME_SET_CURRENT(lane->start);
    if (run->call.reports != nullptr) lane->report = BeginTaskReport(run->call.reports, lane->node, shards[0], count);
    run->report.task_count++;
    run->report.remote_tasks++;
}

static bool MayReadAll(const plan::SqlTemplate& sql) {
    for (int i = 0; i < sql.hole_count; i++) {
        Oid relid = sql.holes[i].relid;
        if (!OidIsValid(relid)) continue;
        if (pg_class_aclcheck(relid, GetUserId(), ACL_SELECT) != ACLCHECK_OK) return false;
        if (check_enable_rls(relid, InvalidOid, true) == RLS_ENABLED) return false;
    }
    return true;
}

// A snapshot of the whole transaction is older than the lock by which writers exclude each other, and not the same on all nodes. Where each row
// is changed by itself, that shows as a conflict or in the counts; where other rows are read, it would not.
static void CheckReadsOfReferenceWrite(const FragmentCall& call, const Group* group) {
    if (!call.writes || group->method != catalog::Method::kReference || call.sql.hole_count < 2) return;
    if (!IsolationUsesXactSnapshot()) return;
    postgres::RaiseNotSupported("this write of a reference table is not supported in REPEATABLE READ",
                                "It reads other rows, and copies on several nodes may have other ones.",
                                "Read the rows in a statement of their own, or use READ COMMITTED.");
}

// Not where a single row or few are likely.
static bool MayPackRows(const FragmentCall& call) {
    if (call.keep_statement || call.writes || call.locks_rows) return false;
    return call.row_desc != nullptr && call.row_desc->natts > 0 && cluster::TravelsBinary(call.row_desc);
}

void StartLanes(TaskRun* run) {
    for (int i = 0; i < run->lane_count; i++) {
        if (i > 0) postgres::FaultPoint("gather.between_lanes");
        StartNext(run, &run->lanes[i]);
    }
}

static void StartAndAsk(TaskRun* run) {
    run->agreement = BeginRunAgreement(NodesOf(run), run->call.snapshot);
    StartLanes(run);
    TakeOwnPart(run->agreement);
}

void ShareSnapshot(TaskRun* run) {
    if (!SharesSnapshot(run)) return;
    run->statement = transaction::StatementNumber(run->call.snapshot);
    if (transaction::UsesSeveralConnections(run->statement)) return;
    run->call.connection = 0;
    DivideShards(run, 1);
}

TaskRun* BeginTaskRun(const FragmentCall& call) {
    transaction::TakeTransactionSnapshots();
    TaskRun* run = (TaskRun*)palloc0(sizeof(TaskRun));
    run->call = call;
    run->context = CurrentMemoryContext;
    run->group = catalog::GetTable(call.relid)->group;
    if (call.reports != nullptr && !call.is_part) BeginRunReport(call.reports);
    if (call.order != NIL && !call.is_part && call.shard_count > 1) {
        run->merge = BeginOrderedMerge(call);
        return run;
    }
    CheckReadsOfReferenceWrite(call, run->group);
    run->shows_rows = call.writes && MayReadAll(call.sql);
    Divide(run);
    ShareSnapshot(run);
    run->packs_rows = run->lane_count > 0 && MayPackRows(call);
    if (call.reports != nullptr) AddConnections(call.reports, run->lane_count);
    if (call.agrees && NodesOf(run).several()) {
        StartAndAsk(run);
        return run;
    }
    // A reference table's first copy is written before the others: writers queue there.
    bool own_first = call.writes && run->own_count > 0 && run->group->method == catalog::Method::kReference;
    if (!own_first) StartLanes(run);
    return run;
}

int OwnShardsOfTask(const TaskRun* run) { return run->call.order != NIL ? Max(1, run->own_count) : 1; }

static List* AddTask(List* tasks, NodeId node, const int* shards, int count, int connections) {
    PlannedTask* task = (PlannedTask*)palloc(sizeof(PlannedTask));
    *task = {node, shards, count, connections};
    return lappend(tasks, task);
}

List* DivideIntoTasks(const FragmentCall& call) {
    TaskRun* run = (TaskRun*)palloc0(sizeof(TaskRun));
    run->call = call;
    run->group = catalog::GetTable(call.relid)->group;
    Divide(run);
    List* tasks = NIL;
    int own_chunk = OwnShardsOfTask(run);
    for (int i = 0; i < run->own_count; i += own_chunk)
        tasks = AddTask(tasks, kOwnNode, &run->own_shards[i], own_chunk, 0);
    for (int i = 0; i < run->lane_count; i++) {
        const Lane& lane = run->lanes[i];
        for (int at = 0; at < lane.shard_count && lane.counts; at += run->chunk)
            tasks = AddTask(tasks, lane.node, lane.shards + at, Min(run->chunk, lane.shard_count - at),
                            ConnectionsTo(run, lane.node));
    }
    return tasks;
}

}  // namespace herd::executor
