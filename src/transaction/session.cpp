// What PostgreSQL tells at the ends of transactions and subtransactions.
#include "transaction/session.h"

#include "postgres/entry.h"
#include "postgres/error.h"
#include "transaction/node_work.h"
#include "transaction/statement_token.h"
#include "transaction/transaction_snapshots.h"
#include "transaction/two_phase_commit.h"

extern "C" {
#include <access/xact.h>
}

namespace herd::transaction {

namespace {

void SettleAll() {
    for (Stream* stream = first_stream; stream != nullptr; stream = stream->next) stream->discard = true;
    for (NodeWork* work = first_work; work != nullptr; work = work->next) Settle(work);
}

void Forget() {
    ForgetStreams();
    ForgetTwoPhaseCommit();
    ForgetStatements();
    ForgetTransactionSnapshots();
    first_work = nullptr;
    cluster::ReleaseConnections();
}

void OnTransactionEvent(XactEvent event) {
    switch (event) {
        case XACT_EVENT_PRE_COMMIT:
            ReleaseStatementSnapshots();
            SettleAll();
            CommitOrPrepareNodes();
            break;
        case XACT_EVENT_PRE_PREPARE:
            ReleaseStatementSnapshots();
            SettleAll();
            PrepareNodes();
            break;
        case XACT_EVENT_COMMIT:
            EndAutocommit(true);
            CommitPreparedNodes();
            // The transaction is committed: an error now would be a PANIC.
            if (postgres::Attempt([](void*) { Forget(); }, nullptr)) break;
            first_work = nullptr;
            first_stream = nullptr;
            break;
        case XACT_EVENT_ABORT:
            EndAutocommit(false);
            AbortAllWork();
            Forget();
            break;
        case XACT_EVENT_PREPARE:
            Forget();
            break;
        default:
            break;
    }
}

}  // namespace

extern "C" {

static void HerdSessionTransactionEvent(XactEvent event, void*) {
    postgres::Enter([&]() { OnTransactionEvent(event); });
}

static void HerdSessionSubtransactionEvent(SubXactEvent event, SubTransactionId, SubTransactionId, void*) {
    postgres::Enter([&]() {
        if (event == SUBXACT_EVENT_COMMIT_SUB) MoveStatementsToLevel(GetCurrentTransactionNestLevel() - 1);
        if (first_work == nullptr) return;
        if (event == SUBXACT_EVENT_COMMIT_SUB) CommitSubtransactionWork(GetCurrentTransactionNestLevel());
        if (event == SUBXACT_EVENT_ABORT_SUB) AbortSubtransactionWork(GetCurrentTransactionNestLevel());
    });
}
}

void RegisterSessionCallbacks() {
    RegisterXactCallback(HerdSessionTransactionEvent, nullptr);
    RegisterSubXactCallback(HerdSessionSubtransactionEvent, nullptr);
    cluster::RegisterConnectionCallbacks();
}

}  // namespace herd::transaction
