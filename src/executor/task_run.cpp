#include "executor/task_run.h"

#include <cmath>

#include "catalog/metadata.h"
#include "cluster/row_decoder.h"
#include "deparse/shard_sql.h"
#include "executor/local_task.h"
#include "executor/ordered_merge.h"
#include "executor/parameter_values.h"
#include "executor/row_slots.h"
#include "executor/run_agreement.h"
#include "executor/settings.h"
#include "executor/snapshot_round.h"
#include "executor/task_shards.h"
#include "executor/task_times.h"
#include "plan/task_header.h"
#include "postgres/error.h"
#include "postgres/fault_point.h"
#include "transaction/recent_commits.h"
#include "transaction/session.h"
#include "transaction/statement_token.h"
#include "transaction/transaction_snapshots.h"

extern "C" {
#include <access/xact.h>
#include <miscadmin.h>
#include <storage/latch.h>
#include <utils/acl.h>
#include <utils/lsyscache.h>
#include <utils/rls.h>
#include <utils/snapmgr.h>
#include <utils/tuplestore.h>
#include <utils/wait_event.h>
}

namespace herd::executor {

using catalog::Group;
using catalog::Shard;

static const int kMaxShardsPerStatement = 16;
static const double kMillisecondsWorthAConnection = 5;

namespace {

// What one connection to a node has to do.
struct Lane {
    NodeId node;
    int group;  // which part of the node's shards
    int slot;   // which of the node's connections: the first is always among them
    transaction::Stream* stream;
    TaskReport* report;  // of the stream, if wanted
    instr_time start;    // of the stream, where times are noted
    int* shards;         // indexes
    int shard_count;
    int next;
    int sent;          // how many of those before next the stream is about
    const Group* map;  // by which they were sent
    bool counts;       // its rows and counts are the statement's (false for further copies of a reference table)
};

}  // namespace

struct TaskRun {
    FragmentCall call;
    OrderedMerge* merge;  // if set, it does everything
    const Group* group;
    MemoryContext context;

    int* own_shards;
    int own_count;
    int own_next;
    LocalTask* local;
    TaskReport* local_report;

    Lane* lanes;
    int lane_count;
    int current;       // lane that delivered last
    int chunk;         // shards per statement
    int redirections;  // how often a node had said that it does not hold a shard
    int refusals;      // how often, though nothing else is known here
    uint32 statement;  // number of the statement whose snapshot the tasks share; 0: one snapshot anyway

    Tuplestorestate* kept;  // rows of other nodes that were read ahead
    TupleTableSlot* kept_slot;

    RunAgreement* agreement;  // the tasks ask what snapshots see; null: they don't
    bool agreed;
    bool delivered;         // a row
    Tuplestorestate* held;  // rows of the own node that were read before that
    TupleTableSlot* held_slot;

    bool shows_rows;  // of a write: the user may read the tables as a whole
    bool packs_rows;  // nodes send many rows in one message

    TaskRunReport report;
    uint64 other_copies_affected;
    int other_copies;
};

// ---- dividing the shards ----

static bool Replicates(const TaskRun* run) { return run->call.writes; }

static int ReadNode(const Shard& shard) {
    for (int i = 0; i < shard.node_count; i++)
        if (shard.nodes[i] == kOwnNode) return i;
    return 0;
}

NodeId ReadingNode(const Shard& shard) { return shard.nodes[ReadNode(shard)]; }

static Lane* LaneOf(TaskRun* run, NodeId node, int group, bool counts) {
    int lanes_of_node = 0;
    for (int i = 0; i < run->lane_count; i++) {
        if (run->lanes[i].node != node) continue;
        if (run->lanes[i].group == group) return &run->lanes[i];
        lanes_of_node++;
    }
    Lane* lane = &run->lanes[run->lane_count++];
    memset(lane, 0, sizeof(Lane));
    lane->node = node;
    lane->group = group;
    lane->slot = run->call.connection + lanes_of_node;
    lane->counts = counts;
    lane->shards = (int*)palloc(run->call.shard_count * sizeof(int));
    return lane;
}

static int ShardsOfNode(const TaskRun* run, NodeId node) {
    int count = 0;
    for (int i = 0; i < run->lane_count; i++)
        if (run->lanes[i].node == node) count += run->lanes[i].shard_count;
    return count;
}

static void Assign(TaskRun* run, NodeId node, int shard_index, int slots, bool counts) {
    if (node == kOwnNode) {
        run->own_shards[run->own_count++] = shard_index;
        return;
    }
    if (slots > 1 && transaction::UsesOneConnection(node)) slots = 1;
    Lane* lane = LaneOf(run, node, slots > 1 ? ShardsOfNode(run, node) % slots : 0, counts);
    lane->shards[lane->shard_count++] = shard_index;
}

static void MakeLanes(TaskRun* run, int slots) {
    int nodes;
    catalog::AllNodes(&nodes);
    run->lane_count = 0;
    run->lanes = (Lane*)palloc(nodes * slots * sizeof(Lane));
}

static void DivideShards(TaskRun* run, int slots) {
    const FragmentCall& call = run->call;
    MakeLanes(run, slots);
    run->own_count = 0;
    run->own_shards = (int*)palloc(call.shard_count * sizeof(int));
    for (int i = 0; i < call.shard_count; i++) {
        int index = call.shard_indexes[i];
        const Shard& shard = run->group->shards[index];
        int first = ReadNode(shard);
        Assign(run, shard.nodes[first], index, slots, true);
        if (!Replicates(run)) continue;
        for (int n = 0; n < shard.node_count; n++)
            if (n != first) Assign(run, shard.nodes[n], index, slots, false);
    }
    run->chunk = call.writes || call.locks_rows ? 1 : call.order != NIL ? call.shard_count : kMaxShardsPerStatement;
}

static bool MayUseSeveralConnections(const FragmentCall& call) {
    return !call.writes && !call.locks_rows && call.shard_count > 1 && !call.is_part;
}

// To a node, where the shards are divided for one to each. Short work is not worth more.
static int ConnectionsWorthHaving(const TaskRun* run) {
    int most = MayUseSeveralConnections(run->call) ? MaxReadConnectionsPerNode() : 1;
    if (most == 1 || run->lane_count == 0) return 1;
    double shard_time = ExpectedShardTime(run->call.sql);
    if (shard_time < 0) return most;
    int most_shards = 0;
    for (int i = 0; i < run->lane_count; i++) most_shards = Max(most_shards, run->lanes[i].shard_count);
    double connections = std::ceil(shard_time * most_shards / kMillisecondsWorthAConnection);
    return (int)Max(1, Min(connections, Min(most, most_shards)));
}

static void Divide(TaskRun* run) {
    DivideShards(run, 1);
    int slots = ConnectionsWorthHaving(run);
    if (slots > 1) DivideShards(run, slots);
}

static bool HasSeveralTasksOnANode(const TaskRun* run) {
    for (int i = 0; i < run->lane_count; i++) {
        if (run->lanes[i].shard_count > run->chunk) return true;
        for (int j = 0; j < i; j++)
            if (run->lanes[i].node == run->lanes[j].node) return true;
    }
    return false;
}

// A single task on a node sees one snapshot anyway.
static bool SharesSnapshot(const TaskRun* run) {
    if (run->call.snapshot == nullptr || run->lane_count == 0) return false;
    return !run->call.is_whole || HasSeveralTasksOnANode(run) || transaction::IsSharedSnapshot(run->call.snapshot);
}

// ---- starting statements ----

char* TaskText(const plan::SqlTemplate& sql, const int* shards, int count) {
    bool combines = sql.combining != nullptr;
    if (count == 1 && !combines) return deparse::FillTemplateForShard(sql, shards[0]);
    StringInfoData text;
    initStringInfo(&text);
    if (combines) appendStringInfo(&text, "WITH %s AS (", plan::kShardRows);
    for (int i = 0; i < count; i++) {
        char* one = deparse::FillTemplateForShard(sql, shards[i]);
        appendStringInfo(&text, count == 1 ? "%s%s" : "%s(%s)", i > 0 ? " UNION ALL " : "", one);
        pfree(one);
    }
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

static void StartNext(TaskRun* run, Lane* lane) {
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
    uint8 flags = (changes ? plan::kTaskWrites : 0) | (run->shows_rows ? plan::kTaskShowsRows : 0) |
                  (run->packs_rows ? plan::kTaskPacksRows : 0);
    transaction::Purpose purpose = PurposeOf(run);
    TaskIdentity identity = {flags, names, named,
                             transaction::MarkTask(lane->node, purpose, lane->slot, run->statement),
                             asks ? kReportWindow : 0};
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

static NodesRead NodesOf(const TaskRun* run) {
    NodesRead nodes = {(NodeId*)palloc(sizeof(NodeId) * run->lane_count), 0, run->own_count > 0, false};
    for (int i = 0; i < run->lane_count; i++)
        if (run->lanes[i].slot == 0) nodes.nodes[nodes.count++] = run->lanes[i].node;
    return nodes;
}

static void StartLanes(TaskRun* run) {
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
    if (SharesSnapshot(run)) {
        run->statement = transaction::StatementNumber(call.snapshot);
        if (!transaction::UsesSeveralConnections(run->statement)) {
            run->call.connection = 0;
            DivideShards(run, 1);
        }
    }
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

static int OwnShardsOfTask(const TaskRun* run) { return run->call.order != NIL ? Max(1, run->own_count) : 1; }

static List* AddTask(List* tasks, NodeId node, const int* shards, int count) {
    PlannedTask* task = (PlannedTask*)palloc(sizeof(PlannedTask));
    *task = {node, shards, count};
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
        tasks = AddTask(tasks, kOwnNode, &run->own_shards[i], own_chunk);
    for (int i = 0; i < run->lane_count; i++) {
        const Lane& lane = run->lanes[i];
        for (int at = 0; at < lane.shard_count && lane.counts; at += run->chunk)
            tasks = AddTask(tasks, lane.node, lane.shards + at, Min(run->chunk, lane.shard_count - at));
    }
    return tasks;
}

// ---- the own node ----

static bool RunLocalTasks(TaskRun* run, TupleTableSlot* slot) {
    while (run->local != nullptr || run->own_next < run->own_count) {
        if (run->local == nullptr) {
            const int* shards = run->own_shards + run->own_next;
            int count = OwnShardsOfTask(run);
            run->own_next += count;
            for (int i = 0; i < count; i++)
                CheckOwnShards(run->call.sql, run->group->shards[shards[i]], run->call.writes || run->call.locks_rows);
            char* sql = TaskText(run->call.sql, shards, count);
            TaskReports* reports = run->call.reports;
            if (reports != nullptr) run->local_report = BeginTaskReport(reports, kOwnNode, shards[0], count);
            run->local = BeginLocalTask(sql, run->call.parameters, run->call.writes, run->call.keep_statement,
                                        run->shows_rows, reports != nullptr ? PlanWanted(reports) : nullptr);
            run->report.task_count++;
        }
        if (LocalTaskNext(run->local, slot)) {
            if (run->local_report != nullptr) run->local_report->rows++;
            return true;
        }
        run->report.affected_rows += LocalTaskAffectedRows(run->local);
        if (run->local_report != nullptr)
            EndTaskReport(run->call.reports, run->local_report, LocalTaskAffectedRows(run->local),
                          LocalTaskPlan(run->local));
        EndLocalTask(run->local);
        run->local = nullptr;
    }
    return false;
}

static bool NextLocalRow(TaskRun* run, TupleTableSlot* slot) {
    bool pushed = run->agreement != nullptr && PushOwnSnapshot(run->agreement);
    bool found = RunLocalTasks(run, slot);
    if (pushed) PopActiveSnapshot();
    return found;
}

// ---- the other nodes ----

static void NoteEnd(TaskRun* run, Lane* lane) {
    uint64 affected = transaction::StreamAffectedRows(lane->stream);
    run->report.bytes += transaction::StreamBytes(lane->stream);
    if (MayUseSeveralConnections(run->call)) {
        instr_time time;
        INSTR_TIME_SET_CURRENT(time);
        INSTR_TIME_SUBTRACT(time, lane->start);
        NoteShardTime(run->call.sql, INSTR_TIME_GET_MILLISEC(time) / lane->sent);
    }
    if (lane->report != nullptr)
        EndTaskReport(run->call.reports, lane->report, run->call.writes ? affected : 0,
                      transaction::StreamPlanReport(lane->stream));
    if (lane->counts)
        run->report.affected_rows += affected;
    else {
        run->other_copies++;
        run->other_copies_affected += affected;
    }
    transaction::EndStream(lane->stream);
    lane->stream = nullptr;
}

// ---- nodes that do not hold what they are asked for ----

// The changed map is known to another coordinator before it is to this one, and to this one before the nodes have committed it.
static void AwaitOtherMap(int times) {
    if (times > 1) {
        WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH, 5L << times, WAIT_EVENT_PG_SLEEP);
        ResetLatch(MyLatch);
    }
    CHECK_FOR_INTERRUPTS();
}

static const Group* NewestGroup(const TaskRun* run) {
    catalog::RefreshMetadata();
    return catalog::GetTable(run->call.relid)->group;
}

static bool HaveSameBounds(const Group* one, const Group* other) {
    if (one->shard_count != other->shard_count) return false;
    for (int i = 0; i < one->shard_count; i++)
        if (one->shards[i].lower_hash != other->shards[i].lower_hash) return false;
    return true;
}

// What the refused statement was sent by is still all that is known.
static bool HasSameMap(const Lane* lane, const Group* group) {
    if (!HaveSameBounds(lane->map, group)) return false;
    for (int i = lane->next - lane->sent; i < lane->next; i++)
        if (lane->map->shards[lane->shards[i]].map_version != group->shards[lane->shards[i]].map_version) return false;
    return true;
}

// If the statement's snapshots were agreed on, there is no other node to go to than those.
static bool MayGoToNode(const TaskRun* run, NodeId node) {
    if (run->agreement != nullptr && node == kOwnNode) return HasOwnPart(run->agreement);
    if (run->agreement != nullptr) return transaction::HasTaken(node, run->statement);
    return node == kOwnNode || !transaction::IsTaken(run->statement) || transaction::HasTaken(node, run->statement);
}

// After the lane's node has refused: raises if that leads nowhere.
static void UseNewestMap(TaskRun* run, Lane* lane) {
    constexpr int kMaxRefusals = 8;  // 1.3 seconds
    const Group* group = NewestGroup(run);
    if (HasSameMap(lane, group)) {
        // A snapshot that was agreed on does not see more later.
        bool is_fixed = run->agreement == nullptr && transaction::IsTaken(run->statement);
        if (is_fixed || run->refusals++ == kMaxRefusals) transaction::RaiseMisdirected(lane->stream);
        AwaitOtherMap(run->refusals);
        group = NewestGroup(run);
    }
    if (!HaveSameBounds(run->group, group)) transaction::RaiseMisdirected(lane->stream);
    run->group = group;
    run->redirections++;
}

// What is under way stays in front; the rest that its node does not hold any more is put into `moved`.
static void TakeMoved(TaskRun* run, Lane* lane, int* moved, int* moved_count) {
    int kept = lane->stream != nullptr ? lane->sent : 0;
    int next = lane->next;
    memmove(lane->shards, lane->shards + next - kept, kept * sizeof(int));
    lane->next = kept;
    for (; next < lane->shard_count; next++) {
        const Shard& shard = run->group->shards[lane->shards[next]];
        if (shard.nodes[ReadNode(shard)] == lane->node)
            lane->shards[kept++] = lane->shards[next];
        else
            moved[(*moved_count)++] = lane->shards[next];
    }
    lane->shard_count = kept;
}

static void StartOver(TaskRun* run);

// The lane's statement has not been carried out, as its node does not hold a shard: what is left to do is divided by the newest metadata. May
// move run->lanes.
static void Redirect(TaskRun* run, int lane_index) {
    Lane* lane = &run->lanes[lane_index];
    bool writes_copies = run->call.writes && run->group->method == catalog::Method::kReference;
    if (writes_copies) transaction::RaiseMisdirected(lane->stream);
    if (run->agreement != nullptr) {
        if (run->delivered) transaction::RaiseMisdirected(lane->stream);
        StartOver(run);
        return;
    }
    UseNewestMap(run, lane);
    int moved_count = lane->sent;
    int* moved = (int*)palloc(run->call.shard_count * sizeof(int));
    memcpy(moved, lane->shards + lane->next - lane->sent, lane->sent * sizeof(int));
    for (int i = 0; i < moved_count; i++) {
        const Shard& shard = run->group->shards[moved[i]];
        if (!MayGoToNode(run, shard.nodes[ReadNode(shard)])) transaction::RaiseMisdirected(lane->stream);
    }
    transaction::Withdraw(lane->stream);
    lane->stream = nullptr;
    for (int i = 0; i < run->lane_count; i++) TakeMoved(run, &run->lanes[i], moved, &moved_count);

    const Lane* lanes = run->lanes;
    int lane_count = run->lane_count;
    MakeLanes(run, lane_count + 1);
    memcpy(run->lanes, lanes, lane_count * sizeof(Lane));
    run->lane_count = lane_count;
    for (int i = 0; i < moved_count; i++) {
        const Shard& shard = run->group->shards[moved[i]];
        Assign(run, shard.nodes[ReadNode(shard)], moved[i], 1, true);
    }
    pfree(moved);
}

// One row from this lane if it has one now; sets *pending if it must be waited for. Returns at once if it redirects.
static bool PollLane(TaskRun* run, int lane_index, TupleTableSlot* slot, bool* pending) {
    Lane* lane = &run->lanes[lane_index];
    for (;;) {
        if (lane->stream == nullptr) {
            if (lane->next >= lane->shard_count) return false;
            StartNext(run, lane);
        }
        switch (transaction::PollRow(lane->stream, slot)) {
            case transaction::Poll::kRow:
                if (lane->report != nullptr) lane->report->rows++;
                if (lane->counts) return true;
                continue;
            case transaction::Poll::kPending:
                *pending = true;
                return false;
            case transaction::Poll::kDone:
                if (unlikely(transaction::WasMisdirected(lane->stream))) {
                    Redirect(run, lane_index);
                    return false;
                }
                NoteEnd(run, lane);
                continue;
        }
    }
}

static void WaitForLanes(TaskRun* run) {
    transaction::Stream** streams = (transaction::Stream**)palloc(run->lane_count * sizeof(transaction::Stream*));
    int count = 0;
    for (int i = 0; i < run->lane_count; i++)
        if (run->lanes[i].stream != nullptr) streams[count++] = run->lanes[i].stream;
    transaction::WaitForAny(streams, count);
    pfree(streams);
}

static bool NextRemoteRow(TaskRun* run, TupleTableSlot* slot) {
    if (run->lane_count == 1 && run->lanes[0].stream != nullptr && run->lanes[0].next >= run->lanes[0].shard_count &&
        run->lanes[0].counts) {
        if (transaction::NextRow(run->lanes[0].stream, slot)) {
            if (run->lanes[0].report != nullptr) run->lanes[0].report->rows++;
            return true;
        }
        if (likely(!transaction::WasMisdirected(run->lanes[0].stream))) {
            NoteEnd(run, &run->lanes[0]);
            return false;
        }
        Redirect(run, 0);
    }
    for (;;) {
        bool pending = false;
        int redirections = run->redirections;
        for (int i = 0; i < run->lane_count && run->redirections == redirections; i++) {
            int index = (run->current + i) % run->lane_count;
            if (PollLane(run, index, slot, &pending)) {
                run->current = index;
                return true;
            }
        }
        if (run->redirections != redirections) continue;
        if (!pending) return false;
        WaitForLanes(run);
    }
}

uint64 ReceivedBytes(const TaskRun* run) {
    if (run->merge != nullptr) return ReceivedBytesOfMerge(run->merge);
    uint64 bytes = run->report.bytes;
    for (int i = 0; i < run->lane_count; i++)
        if (run->lanes[i].stream != nullptr) bytes += transaction::StreamBytes(run->lanes[i].stream);
    return bytes;
}

void CheckGatheredBytes(Oid relid, uint64 bytes, uint64 limit) {
    if (bytes <= limit) return;
    const char* name = get_rel_name(relid);
    ereport(ERROR,
            (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
             errmsg("the rows of table \"%s\" that the nodes send exceed herd.max_gathered_bytes (%llu kB)",
                    name ? name : "?", (unsigned long long)(limit / 1024)),
             errdetail("EXPLAIN shows what each of the statement's scans brings from the nodes."),
             errhint("Filter, aggregate or join on the distribution column so that less leaves the nodes, or raise "
                     "herd.max_gathered_bytes.")));
}

static bool TakeRemoteRow(TaskRun* run, TupleTableSlot* slot) {
    if (!NextRemoteRow(run, slot)) return false;
    uint64 limit = MaxGatheredBytes();
    if (unlikely(limit > 0)) CheckGatheredBytes(run->call.relid, run->call.gathered_before + ReceivedBytes(run), limit);
    return true;
}

void KeepRemoteRows(TaskRun* run) {
    if (run->lane_count == 0) return;
    MemoryContext caller = MemoryContextSwitchTo(run->context);
    Tuplestorestate* kept = tuplestore_begin_heap(false, false, work_mem);
    TupleTableSlot* row = MakeSingleTupleTableSlot(run->call.row_desc, &TTSOpsVirtual);
    while (TakeRemoteRow(run, row)) tuplestore_puttupleslot(kept, row);
    ExecDropSingleTupleTableSlot(row);
    run->kept = kept;
    run->kept_slot = MakeSingleTupleTableSlot(run->call.row_desc, &TTSOpsMinimalTuple);
    MemoryContextSwitchTo(caller);
}

static bool NextKeptRow(TaskRun* run, TupleTableSlot* slot) {
    if (!tuplestore_gettupleslot(run->kept, true, false, run->kept_slot)) return false;
    ShareRow(run->kept_slot, slot);
    return true;
}

static bool NextRowOfOthers(TaskRun* run, TupleTableSlot* slot) {
    if (run->kept != nullptr) return NextKeptRow(run, slot);
    return run->lane_count > 0 && TakeRemoteRow(run, slot);
}

static void EndWork(TaskRun* run) {
    if (run->local != nullptr) EndLocalTask(run->local);
    run->local = nullptr;
    if (run->held != nullptr) {
        tuplestore_end(run->held);
        ExecDropSingleTupleTableSlot(run->held_slot);
        run->held = nullptr;
    }
    for (int i = 0; i < run->lane_count; i++) {
        if (run->lanes[i].stream == nullptr) continue;
        transaction::EndStream(run->lanes[i].stream);
        run->lanes[i].stream = nullptr;
    }
}

// ---- agreeing ----

static const transaction::Microseconds kHoldMicroseconds = 1000;

// What the own node has to say in a millisecond. False if that is nothing more.
static bool HoldLocalRows(TaskRun* run) {
    if (run->local == nullptr && run->own_next == run->own_count) return false;
    if (run->held == nullptr) {
        run->held = tuplestore_begin_heap(false, false, work_mem);
        run->held_slot = MakeSingleTupleTableSlot(run->call.row_desc, &TTSOpsMinimalTuple);
    }
    TupleTableSlot* row = MakeSingleTupleTableSlot(run->call.row_desc, &TTSOpsVirtual);
    transaction::Microseconds end = transaction::MonotonicNow() + kHoldMicroseconds;
    bool found = NextLocalRow(run, row);
    while (found) {
        tuplestore_puttupleslot(run->held, row);
        if (transaction::MonotonicNow() >= end) break;
        found = NextLocalRow(run, row);
    }
    ExecDropSingleTupleTableSlot(row);
    return found;
}

static bool NextHeldRow(TaskRun* run, TupleTableSlot* slot) {
    if (run->held == nullptr || !tuplestore_gettupleslot(run->held, true, false, run->held_slot)) return false;
    ShareRow(run->held_slot, slot);
    return true;
}

// Nothing of it is used. A node may also have refused its task.
static void DropWork(TaskRun* run) {
    for (int i = 0; i < run->lane_count; i++) {
        Lane* lane = &run->lanes[i];
        if (lane->stream == nullptr || !transaction::WasMisdirected(lane->stream)) continue;
        UseNewestMap(run, lane);
        transaction::Withdraw(lane->stream);
        lane->stream = nullptr;
    }
    EndWork(run);
    run->own_next = run->current = 0;
    run->report = {};
    if (run->call.reports != nullptr) ForgetTasks(run->call.reports);
}

static void StartOver(TaskRun* run) {
    DropWork(run);
    Divide(run);
    run->statement = AgreeAnew(run->agreement, NodesOf(run));
    if (!transaction::UsesSeveralConnections(run->statement)) DivideShards(run, 1);
    StartLanes(run);
}

// No row leaves before.
static void Agree(TaskRun* run) {
    while (!HaveReported(run->agreement))
        if (!HoldLocalRows(run)) WaitForReport(run->agreement);
    run->agreed = true;
    if (!DoSnapshotsFit(run->agreement)) StartOver(run);
}

static void CheckCopies(TaskRun* run) {
    if (run->other_copies == 0 || run->group->method != catalog::Method::kReference) return;
    if (run->other_copies_affected == run->report.affected_rows * (uint64)run->other_copies) return;
    // The nodes' snapshots were not taken at one moment: a row that one of them sees is too new for another.
    if (IsolationUsesXactSnapshot())
        ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
                        errmsg("could not serialize access due to concurrent update")));
    ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
                    errmsg("the copies of reference table \"%s\" differ", get_rel_name(run->call.relid)),
                    errdetail("The statement changed different numbers of rows on different nodes."),
                    errhint("Undistribute the table and make it a reference table again.")));
}

bool TaskRunNext(TaskRun* run, TupleTableSlot* slot) {
    MemoryContext caller = MemoryContextSwitchTo(run->context);
    if (run->agreement != nullptr && !run->agreed) Agree(run);
    bool found;
    if (run->merge != nullptr) {
        found = OrderedMergeNext(run->merge, slot);
        MemoryContextSwitchTo(caller);
        return found;
    }
    do found = NextHeldRow(run, slot) || NextLocalRow(run, slot) || NextRowOfOthers(run, slot);
    while (!found && run->own_next < run->own_count);
    MemoryContextSwitchTo(caller);
    run->delivered |= found;
    if (!found) {
        ExecClearTuple(slot);
        CheckCopies(run);
    }
    return found;
}

void FinishTaskRun(TaskRun* run) {
    TupleDesc desc = run->call.row_desc ? run->call.row_desc : CreateTemplateTupleDesc(0);
    TupleTableSlot* slot = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
    while (TaskRunNext(run, slot)) CHECK_FOR_INTERRUPTS();
    ExecDropSingleTupleTableSlot(slot);
}

// True if something is still under way.
static bool PollForEnds(TaskRun* run, TupleTableSlot* slot) {
    constexpr int kMostRows = 10000;  // of each task
    bool pending = false;
    for (int i = 0; i < run->lane_count; i++) {
        Lane* lane = &run->lanes[i];
        transaction::Poll found = transaction::Poll::kRow;
        for (int row = 0; row < kMostRows && lane->stream != nullptr && found == transaction::Poll::kRow; row++) {
            found = transaction::PollRow(lane->stream, slot);
            if (found == transaction::Poll::kRow) lane->report->rows++;
        }
        pending = pending || (lane->stream != nullptr && found == transaction::Poll::kPending);
        if (found == transaction::Poll::kDone && !transaction::WasMisdirected(lane->stream)) NoteEnd(run, lane);
    }
    return pending;
}

void ReportEndedTasks(TaskRun* run) {
    constexpr int kMostPolls = 200;
    constexpr long kMicrosecondsBetween = 1000;
    if (run->merge != nullptr) {
        ReportEndedTasksOfMerge(run->merge);
        return;
    }
    if (run->call.reports == nullptr || (run->agreement != nullptr && !run->agreed)) return;
    TupleDesc desc = run->call.row_desc ? run->call.row_desc : CreateTemplateTupleDesc(0);
    TupleTableSlot* slot = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
    for (int i = 0; i < kMostPolls && PollForEnds(run, slot); i++) {
        pg_usleep(kMicrosecondsBetween);
        CHECK_FOR_INTERRUPTS();
    }
    ExecDropSingleTupleTableSlot(slot);
    if (run->local == nullptr || run->local_report == nullptr) return;
    EndTaskReport(run->call.reports, run->local_report, 0, LocalTaskPlan(run->local));
    run->local_report = nullptr;
}

TaskRunReport ReportOf(const TaskRun* run) { return run->merge != nullptr ? ReportOfMerge(run->merge) : run->report; }

bool IsInPieces(const TaskRun* run) { return run->redirections > 0; }

void EndTaskRun(TaskRun* run) {
    if (run->merge != nullptr) {
        EndOrderedMerge(run->merge);
        return;
    }
    EndWork(run);
    if (run->agreement != nullptr) EndRunAgreement(run->agreement);
    if (run->kept != nullptr) {
        tuplestore_end(run->kept);
        ExecDropSingleTupleTableSlot(run->kept_slot);
        run->kept = nullptr;
    }
}

}  // namespace herd::executor
