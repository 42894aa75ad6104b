#include "executor/snapshots/snapshot_round.h"

#include "base/little_endian.h"
#include "executor/tasks/parameter_values.h"
#include "transaction/recent_commits.h"
#include "transaction/session.h"

extern "C" {
#include <access/tupdesc.h>
#include <access/xlog.h>
#include <catalog/pg_type.h>
#include <executor/executor.h>
#include <miscadmin.h>
#include <utils/builtins.h>
}

namespace herd::executor {

using transaction::Coverage;
using transaction::Microseconds;
using transaction::NodeReport;
using transaction::ReportEntry;
using transaction::Stream;
using transaction::TransactionKey;
using transaction::Wait;

static const Microseconds kMaxWindow = 30000000;
static const long kPauseMicroseconds = 2000;

struct Round {
    const NodesRead* nodes;
    const SnapshotSource* source;
    uint32 number;
    Microseconds window;
    Microseconds start;

    NodeReport* reports;  // of nodes->nodes, then the own one
    int report_count;
    bool complete;

    Wait* waits;  // what the last round found
    size_t wait_count;
    Wait* settled;  // all that was waited for
    size_t settled_count;
};

static Stream* Ask(NodeId node, transaction::Purpose purpose, const char* sql, Oid parameter_type, Datum parameter,
                   uint32 number, Oid result_type) {
    ParamListInfo parameters = makeParamList(1);
    parameters->params[0] = {parameter, false, PARAM_FLAG_CONST, parameter_type};
    TupleDesc desc = CreateTemplateTupleDesc(1);
    TupleDescInitEntry(desc, 1, "answer", result_type, -1, 0);
    TaskIdentity identity = {node, 0, nullptr, 0, transaction::MarkTask(node, purpose, 0, number)};
    cluster::RemoteStatement statement = {sql, true, WireFormOf(parameters, identity)};
    statement.has_few_rows = true;
    return transaction::StartStream(node, purpose, 0, statement, desc);
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

static void ReadReport(Round* round, NodeId node, const char* bytes, size_t length, Microseconds at) {
    ReportEntry* entries = (ReportEntry*)palloc(sizeof(ReportEntry) * (transaction::MaxReportEntries(length) + 1));
    size_t count = 0;
    Coverage coverage = Coverage::kIncomplete;
    if (!transaction::DecodeReport((const unsigned char*)bytes, length, &coverage, entries, &count))
        elog(ERROR, "malformed report of a node's snapshot");
    round->complete = round->complete && transaction::Counts(coverage, at - round->start, round->window);
    round->reports[round->report_count++] = {node, entries, count};
}

void TakeOwnSnapshot(Round* round) {
    Snapshot snapshot = round->source->take_own(round->source->argument);
    if (!round->nodes->own) return;
    ReportEntry* entries = nullptr;
    size_t count = 0;
    bool complete = transaction::ReportOn(snapshot, round->window, &entries, &count);
    round->complete = round->complete && complete;
    round->reports[round->report_count++] = {kOwnNode, entries, count};
}

static void BeginReports(Round* round) {
    round->start = transaction::MonotonicNow();
    round->complete = true;
    round->report_count = 0;
    round->reports = (NodeReport*)palloc(sizeof(NodeReport) * (round->nodes->count + 1));
}

// New snapshots everywhere. False if that has taken so long, or a node knows so little, that they can't be compared.
static bool TakeSnapshots(Round* round) {
    const NodesRead* nodes = round->nodes;
    BeginReports(round);
    round->number = round->source->next_number(round->source->argument);
    Stream** streams = (Stream**)palloc(sizeof(Stream*) * nodes->count);
    for (int i = 0; i < nodes->count; i++)
        streams[i] = Ask(nodes->nodes[i], transaction::Purpose::kReadShared, "SELECT herd.snapshot_report($1)", INT8OID,
                         Int64GetDatum(round->window), round->number, BYTEAOID);
    TakeOwnSnapshot(round);
    for (int i = 0; i < nodes->count; i++) {
        bytea* report = DatumGetByteaP(Answer(streams[i], BYTEAOID));
        ReadReport(round, nodes->nodes[i], VARDATA_ANY(report), VARSIZE_ANY_EXHDR(report), round->start);
    }
    Microseconds taken = transaction::MonotonicNow() - round->start;
    if (taken >= round->window) {
        round->window = Min(kMaxWindow, 2 * taken);
        return false;
    }
    if (!round->complete) {
        pg_usleep(kPauseMicroseconds);
        round->window = Max((Microseconds)kReportWindow, round->window / 2);
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
        streams[i] = Ask(nodes->nodes[i], transaction::Purpose::kRead, "SELECT herd.await_transactions($1)", BYTEAOID,
                         PointerGetDatum(keys), 0, BOOLOID);
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

static uint32 AskUntilFit(Round* round) {
    for (;;) {
        CHECK_FOR_INTERRUPTS();
        if (!TakeSnapshots(round)) continue;
        if (Fits(round)) return round->number;
        AwaitTransactions(round);
        Settle(round);
    }
}

uint32 AgreeOverNodes(const NodesRead& nodes, const SnapshotSource& source) {
    Round round = {};
    round.nodes = &nodes;
    round.source = &source;
    round.window = kReportWindow;
    return AskUntilFit(&round);
}

// ---- with tasks ----

Round* BeginRound(const NodesRead* nodes, const SnapshotSource* source) {
    Round* round = (Round*)palloc0(sizeof(Round));
    round->nodes = nodes;
    round->source = source;
    round->window = kReportWindow;
    BeginReports(round);
    return round;
}

void NoteReport(Round* round, NodeId node, const transaction::SnapshotAnswer& answer) {
    if (answer.report == nullptr) {
        round->complete = false;
        return;
    }
    size_t digits = strlen(answer.report);
    char* bytes = (char*)palloc(digits / 2 + 1);
    ReadReport(round, node, bytes, hex_decode(answer.report, digits, bytes), answer.at);
}

bool DoReportsFit(Round* round) { return round->complete && Fits(round); }

bool AwaitMissed(Round* round) {
    if (!round->complete) return false;
    AwaitTransactions(round);
    Settle(round);
    round->wait_count = 0;
    BeginReports(round);
    return true;
}

uint32 AskAgain(Round* round) {
    if (round->wait_count > 0) {
        AwaitTransactions(round);
        Settle(round);
    }
    return AskUntilFit(round);
}

}  // namespace herd::executor
