#include "executor/snapshots/snapshot_agreement.h"

#include "catalog/metadata.h"
#include "executor/snapshots/nodes_read.h"
#include "executor/snapshots/snapshot_round.h"
#include "executor/snapshots/transaction_agreement.h"
#include "plan/distributed_plan.h"
#include "transaction/statement_token.h"

extern "C" {
#include <access/xact.h>
#include <commands/extension.h>
#include <executor/executor.h>
#include <tcop/pquery.h>
#include <utils/guc.h>
#include <utils/memutils.h>
#include <utils/portal.h>
#include <utils/resowner.h>
#include <utils/snapmgr.h>
}

namespace herd::executor {

enum SnapshotMode { kLocal, kConsistent };
static const config_enum_entry kSnapshotModes[] = {
    {"local", kLocal, false}, {"consistent", kConsistent, false}, {nullptr, 0, false}};
static int snapshot_mode = kConsistent;

// In TopTransactionContext, from AgreeOnSnapshots() to the end of the statement.
struct Agreement {
    Agreement* next;
    Snapshot snapshot;  // whoever reads with it reads the nodes with those agreed on
    Snapshot around;  // of the statement around, whose stable functions all read with this; both registered. Else null
    NodesRead nodes;
    bool with_tasks;  // nothing is agreed on before: the statement has one run, whose tasks ask
    int nest_level;
    MemoryContextCallback end;
};

static Agreement* first_agreement;

static Agreement* FindAgreement(Snapshot snapshot, bool with_tasks = false) {
    for (Agreement* agreement = first_agreement; agreement != nullptr; agreement = agreement->next)
        if (agreement->snapshot == snapshot && agreement->with_tasks == with_tasks) return agreement;
    return nullptr;
}

bool AgreesWithTasks(Snapshot snapshot) { return FindAgreement(snapshot, true) != nullptr; }

static void Unlink(const Agreement* ended) {
    for (Agreement** link = &first_agreement; *link != nullptr; link = &(*link)->next)
        if (*link == ended) {
            *link = ended->next;
            return;
        }
}

// ---- the statement ----

static bool Covers(const NodesRead& wide, const NodesRead& narrow) {
    if (narrow.own && !wide.own) return false;
    for (int i = 0; i < narrow.count; i++) {
        bool found = false;
        for (int j = 0; j < wide.count; j++) found = found || wide.nodes[j] == narrow.nodes[i];
        if (!found) return false;
    }
    return true;
}

static void EndAgreement(void* agreement) {
    Unlink((Agreement*)agreement);
    pfree(agreement);
}

static Agreement* AddAgreement(QueryDesc* query_desc, const NodesRead& nodes) {
    Size nodes_size = sizeof(NodeId) * nodes.count;
    Agreement* agreement =
        (Agreement*)MemoryContextAllocZero(TopTransactionContext, MAXALIGN(sizeof(Agreement)) + nodes_size);
    agreement->snapshot = query_desc->snapshot;
    agreement->nodes = nodes;
    agreement->nodes.nodes = (NodeId*)((char*)agreement + MAXALIGN(sizeof(Agreement)));
    memcpy(agreement->nodes.nodes, nodes.nodes, nodes_size);
    agreement->nest_level = GetCurrentTransactionNestLevel();
    agreement->next = first_agreement;
    first_agreement = agreement;
    return agreement;
}

// ---- stable functions ----

static Agreement* FindAround(Snapshot snapshot) {
    for (Agreement* agreement = first_agreement; agreement != nullptr; agreement = agreement->next)
        if (agreement->around == snapshot) return agreement;
    return nullptr;
}

static void Release(Agreement* agreement) {
    UnregisterSnapshotFromOwner(agreement->around, TopTransactionResourceOwner);
    UnregisterSnapshotFromOwner(agreement->snapshot, TopTransactionResourceOwner);
    EndAgreement(agreement);
}

static bool IsOver(Snapshot snapshot) {
    uint32 holders = 1 + (transaction::HasStatementNumber(snapshot) ? 1 : 0);
    return snapshot->active_count == 0 && snapshot->regd_count <= holders;
}

// Those of statements that are over.
static void Sweep() {
    Agreement* next;
    for (Agreement* agreement = first_agreement; agreement != nullptr; agreement = next) {
        next = agreement->next;
        if (agreement->around != nullptr && IsOver(agreement->around)) Release(agreement);
    }
}

static void ReleaseAll(int nest_level) {
    Agreement* next;
    for (Agreement* agreement = first_agreement; agreement != nullptr; agreement = next) {
        next = agreement->next;
        if (agreement->nest_level < nest_level) continue;
        if (agreement->around != nullptr)
            Release(agreement);
        else
            Unlink(agreement);
    }
}

static uint32 NextNumber(void*) { return transaction::NewStatementNumber(); }

static void UseSnapshot(QueryDesc* query_desc, Snapshot snapshot) {
    Snapshot previous = query_desc->snapshot;
    query_desc->snapshot = RegisterSnapshot(snapshot);
    UnregisterSnapshot(previous);
}

static Snapshot TakeForStatement(void* argument) {
    QueryDesc* query_desc = (QueryDesc*)argument;
    UseSnapshot(query_desc, GetTransactionSnapshot());
    return query_desc->snapshot;
}

// The same rows, but another agreement or none.
static void CopySnapshotOf(QueryDesc* query_desc) {
    Snapshot previous = query_desc->snapshot;
    PushCopiedSnapshot(previous);
    query_desc->snapshot = RegisterSnapshot(GetActiveSnapshot());
    PopActiveSnapshot();
    UnregisterSnapshot(previous);
}

// A cursor's nodes take its snapshot when it is opened.
static bool MayAgreeWithTasks(const QueryDesc* query_desc) {
    const PlannedStmt* statement = query_desc->plannedstmt;
    if (query_desc->operation != CMD_SELECT || statement->hasModifyingCTE || statement->rowMarks != NIL) return false;
    if (ActivePortal != nullptr && ActivePortal->name[0] != '\0') return false;
    const CustomScan* sole = FindSoleScan(statement);
    if (sole == nullptr) return false;
    plan::DistributedScan scan = plan::ReadScan(sole->custom_private);
    return !scan.locks_rows && !scan.fetches_place && scan.order == NIL;
}

static void AgreeForStatement(QueryDesc* query_desc) {
    Sweep();
    NodesRead nodes = FindNodesRead(query_desc->plannedstmt);
    // A stable function's statement reads what the statement around it does, and what others like it have read.
    Agreement* same = FindAgreement(query_desc->snapshot);
    if (same != nullptr && Covers(same->nodes, nodes)) return;
    Agreement* others = FindAround(query_desc->snapshot);
    if (others != nullptr && nodes.count > 0 && Covers(others->nodes, nodes)) {
        UseSnapshot(query_desc, others->snapshot);
        return;
    }
    if (same != nullptr && !nodes.several()) CopySnapshotOf(query_desc);
    if (!nodes.several()) return;
    bool is_inner = query_desc->snapshot->regd_count > 1;
    if (!is_inner && same == nullptr && MayAgreeWithTasks(query_desc)) {
        AddAgreement(query_desc, nodes)->with_tasks = true;
        return;
    }
    Snapshot around = is_inner ? RegisterSnapshotOnOwner(query_desc->snapshot, TopTransactionResourceOwner) : nullptr;
    uint32 number = AgreeOverNodes(nodes, {NextNumber, TakeForStatement, query_desc});
    transaction::NameStatement(query_desc->snapshot, number);
    Agreement* agreement = AddAgreement(query_desc, nodes);
    if (!is_inner) return;
    agreement->around = around;
    RegisterSnapshotOnOwner(query_desc->snapshot, TopTransactionResourceOwner);
}

static bool ConcernsSeveralNodes(const QueryDesc* query_desc, int eflags) {
    if (snapshot_mode != kConsistent && !HasTransactionAgreement()) return false;
    if ((eflags & EXEC_FLAG_EXPLAIN_ONLY) != 0 || IsInParallelMode()) return false;
    if (query_desc->snapshot == InvalidSnapshot || query_desc->snapshot->snapshot_type != SNAPSHOT_MVCC) return false;
    return !creating_extension && OidIsValid(catalog::HerdAccessMethod());
}

void AgreeOnSnapshots(QueryDesc* query_desc, int eflags) {
    if (!ConcernsSeveralNodes(query_desc, eflags)) return;
    if (first_agreement == nullptr && !IsolationUsesXactSnapshot() && IsOneRoutedTask(query_desc->plannedstmt)) return;
    MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "herd snapshot agreement", ALLOCSET_SMALL_SIZES);
    MemoryContext caller = MemoryContextSwitchTo(work);
    if (!IsolationUsesXactSnapshot())
        AgreeForStatement(query_desc);
    else if (XactIsoLevel == XACT_REPEATABLE_READ)
        AgreeInTransaction(query_desc);
    MemoryContextSwitchTo(caller);
    MemoryContextDelete(work);
}

bool PushTransactionSnapshot() {
    bool agrees = snapshot_mode == kConsistent && XactIsoLevel == XACT_REPEATABLE_READ && IsTransactionState();
    if (!agrees || creating_extension || !OidIsValid(catalog::HerdAccessMethod())) return false;
    return PushAgreementOfTransaction();
}

void TieAgreement(QueryDesc* query_desc) {
    Agreement* agreement = FindAgreement(query_desc->snapshot);
    if (agreement == nullptr) agreement = FindAgreement(query_desc->snapshot, true);
    if (agreement == nullptr || agreement->around != nullptr || agreement->end.func != nullptr) return;
    agreement->end.func = EndAgreement;
    agreement->end.arg = agreement;
    MemoryContextRegisterResetCallback(query_desc->estate->es_query_cxt, &agreement->end);
}

bool PushAgreedSnapshot(QueryDesc* query_desc) {
    if (!HasTransactionAgreement() && FindAgreement(query_desc->snapshot) == nullptr) return false;
    if (query_desc->snapshot == InvalidSnapshot) return false;
    if (ActiveSnapshotSet() && GetActiveSnapshot() == query_desc->snapshot) return false;
    PushActiveSnapshot(query_desc->snapshot);
    return true;
}

extern "C" {

static void HerdAgreementTransactionEvent(XactEvent event, void*) {
    if (event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE) {
        ReleaseTransactionSnapshot();
        ReleaseAll(0);
    }
    if (event != XACT_EVENT_COMMIT && event != XACT_EVENT_ABORT && event != XACT_EVENT_PREPARE) return;
    first_agreement = nullptr;
    ForgetTransactionSnapshot();
}

// Statements of an aborted subtransaction may never have come to their end.
static void HerdAgreementSubtransactionEvent(SubXactEvent event, SubTransactionId, SubTransactionId, void*) {
    if (event != SUBXACT_EVENT_ABORT_SUB) return;
    ReleaseAll(GetCurrentTransactionNestLevel());
}

}  // extern "C"

void RegisterSnapshotAgreement() {
    DefineCustomEnumVariable("herd.snapshot",
                             "What a statement that reads several nodes sees of transactions over several nodes.",
                             "consistent: all or nothing of each. local: what each node sees by itself.",
                             &snapshot_mode, kConsistent, kSnapshotModes, PGC_USERSET, 0, nullptr, nullptr, nullptr);
    RegisterXactCallback(HerdAgreementTransactionEvent, nullptr);
    RegisterSubXactCallback(HerdAgreementSubtransactionEvent, nullptr);
}

}  // namespace herd::executor
