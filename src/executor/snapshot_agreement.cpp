#include "executor/snapshot_agreement.h"

#include "base/little_endian.h"
#include "executor/nodes_read.h"
#include "executor/parameter_values.h"
#include "plan/task_header.h"
#include "postgres/entry.h"
#include "transaction/recent_commits.h"
#include "transaction/session.h"

extern "C" {
#include <access/tupdesc.h>
#include <access/xact.h>
#include <access/xlog.h>
#include <catalog/pg_type.h>
#include <executor/executor.h>
#include <miscadmin.h>
#include <utils/builtins.h>
#include <utils/guc.h>
#include <utils/memutils.h>
#include <utils/snapmgr.h>
}

namespace herd::executor {

using transaction::Microseconds;
using transaction::NodeReport;
using transaction::ReportEntry;
using transaction::Stream;
using transaction::TransactionKey;
using transaction::Wait;

static const Microseconds kFirstWindow = 20000;
static const Microseconds kMaxWindow = 30000000;
static const long kPauseMicroseconds = 2000;

enum SnapshotMode { kLocal, kConsistent };
static const config_enum_entry kSnapshotModes[] = {
    {"local", kLocal, false}, {"consistent", kConsistent, false}, {nullptr, 0, false}};
static int snapshot_mode = kLocal;

// In TopTransactionContext, from AgreeOnSnapshots() to the end of the statement.
struct Agreement {
    Agreement* next;
    Snapshot snapshot;  // whoever reads with it reads the nodes with the token
    uint64 token;
    NodesRead nodes;
    int nest_level;
    MemoryContextCallback end;
};

static Agreement* first_agreement;
static uint64 last_token;

static Agreement* FindAgreement(Snapshot snapshot) {
    for (Agreement* agreement = first_agreement; agreement != nullptr; agreement = agreement->next)
        if (agreement->snapshot == snapshot) return agreement;
    return nullptr;
}

static void Unlink(const Agreement* ended) {
    for (Agreement** link = &first_agreement; *link != nullptr; link = &(*link)->next)
        if (*link == ended) {
            *link = ended->next;
            return;
        }
}

// ---- one round of questions ----

namespace {

struct Round {
    QueryDesc* query_desc;
    const NodesRead* nodes;
    uint64 token;
    Microseconds window;

    NodeReport* reports;  // of nodes->nodes, then the own one
    int report_count;
    bool complete;

    Wait* waits;  // what the last round found
    size_t wait_count;
    Wait* settled;  // all that was waited for
    size_t settled_count;
};

}  // namespace

static Stream* Ask(NodeId node, const char* sql, Oid parameter_type, Datum parameter, uint8 flags, uint64 token,
                   Oid result_type) {
    ParamListInfo parameters = makeParamList(1);
    parameters->params[0] = {parameter, false, PARAM_FLAG_CONST, parameter_type};
    TupleDesc desc = CreateTemplateTupleDesc(1);
    TupleDescInitEntry(desc, 1, "answer", result_type, -1, 0);
    TaskIdentity identity = {flags, nullptr, 0, token};
    return transaction::StartStream(node, transaction::Purpose::kReadLocking, 0,
                                    {sql, true, WireFormOf(parameters, identity)}, desc, nullptr);
}

static Datum Answer(Stream* stream, Oid result_type) {
    TupleDesc desc = CreateTemplateTupleDesc(1);
    TupleDescInitEntry(desc, 1, "answer", result_type, -1, 0);
    TupleTableSlot* slot = MakeSingleTupleTableSlot(desc, &TTSOpsVirtual);
    if (!transaction::NextRow(stream, slot)) elog(ERROR, "a node has not answered");
    Datum answer = result_type == BYTEAOID ? PointerGetDatum(DatumGetByteaPCopy(slot->tts_values[0])) : (Datum)0;
    while (transaction::NextRow(stream, slot)) continue;
    transaction::EndStream(stream);
    ExecDropSingleTupleTableSlot(slot);
    return answer;
}

static void ReadReport(Round* round, NodeId node, bytea* bytes) {
    size_t length = VARSIZE_ANY_EXHDR(bytes);
    ReportEntry* entries = (ReportEntry*)palloc(sizeof(ReportEntry) * (transaction::MaxReportEntries(length) + 1));
    size_t count = 0;
    bool complete = false;
    if (!transaction::DecodeReport((const unsigned char*)VARDATA_ANY(bytes), length, &complete, entries, &count))
        elog(ERROR, "malformed report of a node's snapshot");
    round->complete = round->complete && complete;
    round->reports[round->report_count++] = {node, entries, count};
}

static void ReportOwn(Round* round) {
    QueryDesc* query_desc = round->query_desc;
    Snapshot previous = query_desc->snapshot;
    query_desc->snapshot = RegisterSnapshot(GetTransactionSnapshot());
    UnregisterSnapshot(previous);
    if (!round->nodes->own) return;
    ReportEntry* entries = nullptr;
    size_t count = 0;
    bool complete = transaction::ReportOn(query_desc->snapshot, round->window, &entries, &count);
    round->complete = round->complete && complete;
    round->reports[round->report_count++] = {kOwnNode, entries, count};
}

// New snapshots everywhere. False if that has taken so long, or a node knows so little, that they can't be compared.
static bool TakeSnapshots(Round* round) {
    const NodesRead* nodes = round->nodes;
    Microseconds start = transaction::MonotonicNow();
    round->token = ++last_token;
    round->complete = true;
    round->report_count = 0;
    round->reports = (NodeReport*)palloc(sizeof(NodeReport) * (nodes->count + 1));
    Stream** streams = (Stream**)palloc(sizeof(Stream*) * nodes->count);
    for (int i = 0; i < nodes->count; i++)
        streams[i] = Ask(nodes->nodes[i], "SELECT herd.snapshot_report($1)", INT8OID, Int64GetDatum(round->window),
                         plan::kTaskTakesSnapshot, round->token, BYTEAOID);
    ReportOwn(round);
    for (int i = 0; i < nodes->count; i++)
        ReadReport(round, nodes->nodes[i], DatumGetByteaP(Answer(streams[i], BYTEAOID)));
    Microseconds taken = transaction::MonotonicNow() - start;
    if (taken >= round->window) {
        round->window = Min(kMaxWindow, 2 * taken);
        return false;
    }
    if (!round->complete) {
        pg_usleep(kPauseMicroseconds);
        round->window = Max(kFirstWindow, round->window / 2);
    }
    return round->complete;
}

// ---- waiting ----

static bytea* KeysFor(const Round* round, NodeId node) {
    bytea* keys = (bytea*)palloc(VARHDRSZ + sizeof(TransactionKey) * round->wait_count);
    unsigned char* at = (unsigned char*)VARDATA(keys);
    for (size_t i = 0; i < round->wait_count; i++) {
        if (round->waits[i].node != node) continue;
        const TransactionKey& key = round->waits[i].key;
        for (uint64 part : {key.coordinator, key.transaction_id, key.nonce}) {
            StoreLittleEndian(at, part);
            at += sizeof(part);
        }
    }
    SET_VARSIZE(keys, at - (unsigned char*)keys);
    return keys;
}

static void AwaitTransactions(Round* round) {
    const NodesRead* nodes = round->nodes;
    Stream** streams = (Stream**)palloc0(sizeof(Stream*) * nodes->count);
    for (int i = 0; i < nodes->count; i++) {
        bytea* keys = KeysFor(round, nodes->nodes[i]);
        if (VARSIZE(keys) == VARHDRSZ) continue;
        streams[i] =
            Ask(nodes->nodes[i], "SELECT herd.await_transactions($1)", BYTEAOID, PointerGetDatum(keys), 0, 0, BOOLOID);
    }
    for (size_t i = 0; i < round->wait_count; i++)
        if (round->waits[i].node == kOwnNode) transaction::AwaitFinish(round->waits[i].key);
    for (int i = 0; i < nodes->count; i++)
        if (streams[i] != nullptr) Answer(streams[i], BOOLOID);
}

// Do the snapshots fit together? Else notes who must wait for what.
static bool Fits(Round* round) {
    size_t entries = 0;
    for (int i = 0; i < round->report_count; i++) entries += round->reports[i].count;
    size_t capacity = entries * (size_t)round->report_count;
    if (capacity == 0) return true;
    round->waits = (Wait*)palloc(sizeof(Wait) * capacity);
    round->wait_count = transaction::FindWaits(GetSystemIdentifier(), round->reports, (size_t)round->report_count,
                                               round->settled, round->settled_count, round->waits, capacity);
    return round->wait_count == 0;
}

static void Settle(Round* round) {
    Wait* settled = (Wait*)palloc(sizeof(Wait) * (round->settled_count + round->wait_count));
    if (round->settled_count > 0) memcpy(settled, round->settled, sizeof(Wait) * round->settled_count);
    memcpy(settled + round->settled_count, round->waits, sizeof(Wait) * round->wait_count);
    round->settled = settled;
    round->settled_count += round->wait_count;
}

static uint64 Agree(QueryDesc* query_desc, const NodesRead* nodes) {
    Round round = {};
    round.query_desc = query_desc;
    round.nodes = nodes;
    round.window = kFirstWindow;
    for (;;) {
        CHECK_FOR_INTERRUPTS();
        if (!TakeSnapshots(&round)) continue;
        if (Fits(&round)) return round.token;
        AwaitTransactions(&round);
        Settle(&round);
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

static void AddAgreement(QueryDesc* query_desc, uint64 token, const NodesRead& nodes) {
    Size nodes_size = sizeof(NodeId) * nodes.count;
    Agreement* agreement =
        (Agreement*)MemoryContextAllocZero(TopTransactionContext, MAXALIGN(sizeof(Agreement)) + nodes_size);
    agreement->snapshot = query_desc->snapshot;
    agreement->token = token;
    agreement->nodes = nodes;
    agreement->nodes.nodes = (NodeId*)((char*)agreement + MAXALIGN(sizeof(Agreement)));
    memcpy(agreement->nodes.nodes, nodes.nodes, nodes_size);
    agreement->nest_level = GetCurrentTransactionNestLevel();
    agreement->next = first_agreement;
    first_agreement = agreement;
}

void AgreeOnSnapshots(QueryDesc* query_desc, int eflags) {
    if (snapshot_mode != kConsistent || IsolationUsesXactSnapshot() || (eflags & EXEC_FLAG_EXPLAIN_ONLY) != 0) return;
    if (query_desc->snapshot == InvalidSnapshot || query_desc->snapshot->snapshot_type != SNAPSHOT_MVCC) return;
    if (IsInParallelMode()) return;
    MemoryContext work = AllocSetContextCreate(CurrentMemoryContext, "herd snapshot agreement", ALLOCSET_SMALL_SIZES);
    MemoryContext caller = MemoryContextSwitchTo(work);
    NodesRead nodes = FindNodesRead(query_desc->plannedstmt);
    // A stable function's statement reads what the statement around it does.
    Agreement* outer = FindAgreement(query_desc->snapshot);
    bool has_agreed = outer != nullptr && Covers(outer->nodes, nodes);
    if (nodes.several() && !has_agreed) AddAgreement(query_desc, Agree(query_desc, &nodes), nodes);
    MemoryContextSwitchTo(caller);
    MemoryContextDelete(work);
}

void TieAgreement(QueryDesc* query_desc) {
    Agreement* agreement = FindAgreement(query_desc->snapshot);
    if (agreement == nullptr || agreement->end.func != nullptr) return;
    agreement->end.func = EndAgreement;
    agreement->end.arg = agreement;
    MemoryContextRegisterResetCallback(query_desc->estate->es_query_cxt, &agreement->end);
}

bool PushAgreedSnapshot(QueryDesc* query_desc) {
    if (first_agreement == nullptr || FindAgreement(query_desc->snapshot) == nullptr) return false;
    if (ActiveSnapshotSet() && GetActiveSnapshot() == query_desc->snapshot) return false;
    PushActiveSnapshot(query_desc->snapshot);
    return true;
}

uint64 StatementToken(const EState* estate) {
    if (first_agreement == nullptr) return 0;
    const Agreement* agreement = FindAgreement(estate->es_snapshot);
    return agreement == nullptr ? 0 : agreement->token;
}

uint64 OldestToken() {
    uint64 oldest = last_token;
    for (Agreement* agreement = first_agreement; agreement != nullptr; agreement = agreement->next)
        oldest = Min(oldest, agreement->token);
    return oldest;
}

extern "C" {

static void HerdAgreementTransactionEvent(XactEvent event, void*) {
    if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE)
        first_agreement = nullptr;
}

// Statements of an aborted subtransaction may never have come to their end.
static void HerdAgreementSubtransactionEvent(SubXactEvent event, SubTransactionId, SubTransactionId, void*) {
    if (event != SUBXACT_EVENT_ABORT_SUB) return;
    int level = GetCurrentTransactionNestLevel();
    while (first_agreement != nullptr && first_agreement->nest_level >= level) first_agreement = first_agreement->next;
}

}  // extern "C"

void RegisterSnapshotAgreement() {
    DefineCustomEnumVariable("herd.snapshot",
                             "What a statement that reads several nodes sees of transactions over several nodes.",
                             "consistent: all or nothing of each. local: what each node sees by itself.",
                             &snapshot_mode, kLocal, kSnapshotModes, PGC_USERSET, 0, nullptr, nullptr, nullptr);
    RegisterXactCallback(HerdAgreementTransactionEvent, nullptr);
    RegisterSubXactCallback(HerdAgreementSubtransactionEvent, nullptr);
}

}  // namespace herd::executor
