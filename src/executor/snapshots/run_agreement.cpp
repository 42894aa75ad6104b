#include "executor/snapshots/run_agreement.h"

#include "executor/snapshots/snapshot_round.h"
#include "transaction/statement_token.h"

extern "C" {
#include <utils/resowner.h>
#include <utils/snapmgr.h>
}

namespace herd::executor {

using transaction::SnapshotAnswer;
using transaction::Stream;

static const int kMostAttempts = 2;

namespace {

struct Question {
    NodeId node;
    Stream* stream;  // null once it is answered
};

}  // namespace

struct RunAgreement {
    NodesRead nodes;
    SnapshotSource source;
    Round* round;
    Snapshot statement;
    Snapshot own;  // of the own node's tasks, on `owner`; null before it is taken
    ResourceOwner owner;
    Question* questions;
    int question_count;
    int attempts;
};

static uint32 NextNumber(void*) { return transaction::NewStatementNumber(); }

static void ReleaseOwn(RunAgreement* agreement) {
    if (agreement->own != nullptr) UnregisterSnapshotFromOwner(agreement->own, agreement->owner);
    agreement->own = nullptr;
}

static Snapshot TakeOwn(void* argument) {
    RunAgreement* agreement = (RunAgreement*)argument;
    if (!agreement->nodes.own) return nullptr;
    ReleaseOwn(agreement);
    PushCopiedSnapshot(GetTransactionSnapshot());
    GetActiveSnapshot()->curcid = agreement->statement->curcid;
    agreement->own = RegisterSnapshotOnOwner(GetActiveSnapshot(), agreement->owner);
    PopActiveSnapshot();
    return agreement->own;
}

RunAgreement* BeginRunAgreement(const NodesRead& nodes, Snapshot statement) {
    RunAgreement* agreement = (RunAgreement*)palloc0(sizeof(RunAgreement));
    agreement->nodes = nodes;
    agreement->source = {NextNumber, TakeOwn, agreement};
    agreement->statement = statement;
    agreement->owner = CurrentResourceOwner;
    agreement->questions = (Question*)palloc(sizeof(Question) * nodes.count);
    agreement->round = BeginRound(&agreement->nodes, &agreement->source);
    return agreement;
}

void NoteAsked(RunAgreement* agreement, NodeId node, Stream* stream) {
    agreement->questions[agreement->question_count++] = {node, stream};
}

void TakeOwnPart(RunAgreement* agreement) { TakeOwnSnapshot(agreement->round); }

bool HasOwnPart(const RunAgreement* agreement) { return agreement->own != nullptr; }

bool PushOwnSnapshot(const RunAgreement* agreement) {
    if (!HasOwnPart(agreement)) return false;
    PushActiveSnapshot(agreement->own);
    return true;
}

bool HaveReported(RunAgreement* agreement) {
    bool all = true;
    for (int i = 0; i < agreement->question_count; i++) {
        Question* question = &agreement->questions[i];
        SnapshotAnswer answer;
        if (question->stream == nullptr) continue;
        if (!transaction::PollReport(question->stream, &answer)) {
            all = false;
            continue;
        }
        NoteReport(agreement->round, question->node, answer);
        question->stream = nullptr;
    }
    return all;
}

void WaitForReport(RunAgreement* agreement) {
    for (int i = 0; i < agreement->question_count; i++) {
        if (agreement->questions[i].stream == nullptr) continue;
        transaction::WaitForAny(&agreement->questions[i].stream, 1);
        return;
    }
}

bool DoSnapshotsFit(RunAgreement* agreement) { return DoReportsFit(agreement->round); }

bool MayAskOnceMore(RunAgreement* agreement) {
    if (agreement->attempts++ == kMostAttempts || !AwaitMissed(agreement->round)) return false;
    transaction::DropStatementNumber(agreement->statement);
    agreement->question_count = 0;
    return true;
}

uint32 AgreeAnew(RunAgreement* agreement, const NodesRead& nodes) {
    agreement->nodes = nodes;
    transaction::DropStatementNumber(agreement->statement);
    uint32 number = AskAgain(agreement->round);
    transaction::NameStatement(agreement->statement, number);
    return number;
}

void EndRunAgreement(RunAgreement* agreement) { ReleaseOwn(agreement); }

}  // namespace herd::executor
