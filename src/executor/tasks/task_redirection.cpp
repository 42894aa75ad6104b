#include "executor/tasks/task_run_parts.h"

#include "transaction/statement_token.h"

extern "C" {
#include <miscadmin.h>
#include <storage/latch.h>
#include <utils/wait_event.h>
}

namespace herd::executor {

using catalog::Group;
using catalog::Shard;

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
void UseNewestMap(TaskRun* run, Lane* lane) {
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

// The lane's statement has not been carried out, as its node does not hold a shard: what is left to do is divided by the newest metadata. May
// move run->lanes.
void Redirect(TaskRun* run, int lane_index) {
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

}  // namespace herd::executor
