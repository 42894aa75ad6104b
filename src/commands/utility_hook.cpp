#include "commands/utility_hook.h"

#include "access/ddl_mode.h"
#include "catalog/metadata.h"
#include "commands/database_statements.h"
#include "commands/ddl/handlers.h"
#include "commands/dropped_objects.h"
#include "commands/transaction_statements.h"
#include "postgres/entry.h"
#include "transaction/recent_commits.h"
#include "transaction/two_phase_commit.h"

extern "C" {
#include <access/xact.h>
#include <miscadmin.h>
}

namespace herd::commands {

void RunStandard(const UtilityCall& call) {
    call.next(call.statement, call.query_string, call.read_only_tree, call.context, call.parameters, call.environment,
              call.receiver, call.completion);
    ApplyDrops();
}

void RunOnShells(const UtilityCall& call) {
    access::BeginDdlMode(access::DdlMode::kEmptyScans);
    call.next(call.statement, call.query_string, call.read_only_tree, call.context, call.parameters, call.environment,
              call.receiver, call.completion);
    access::EndDdlMode();
    CommandCounterIncrement();
    ApplyDrops();
}

Node* ModifiableStatement(UtilityCall& call) {
    if (call.read_only_tree) {
        call.statement = static_cast<PlannedStmt*>(copyObjectImpl(call.statement));
        call.read_only_tree = false;
    }
    return call.statement->utilityStmt;
}

// In a transaction block that has failed, too: no catalog is read here.
static void RunTransactionStatement(const UtilityCall& call) {
    auto* statement = castNode(TransactionStmt, call.statement->utilityStmt);
    transaction::BeforeTransactionStatement(statement);
    if (IsEndOfPrepared(call.statement->utilityStmt))
        EndPrepared(call);
    else
        RunStandard(call);
    transaction::AfterTransactionStatement(statement);
}

void ProcessUtilityStatement(UtilityCall call) {
    Node* statement = call.statement->utilityStmt;
    KeepWorkersOut(statement);
    if (IsA(statement, TransactionStmt)) {
        RunTransactionStatement(call);
        return;
    }
    if (IsA(statement, NotifyStmt)) transaction::NoteLocalWork();
    UtilityHandler handler = FindHandler(nodeTag(statement));
    if (handler == nullptr || IsBinaryUpgrade || !OidIsValid(catalog::HerdAccessMethod())) {
        RunStandard(call);
        return;
    }
    catalog::AcceptMetadataChanges();
    handler(call);
}

extern "C" {

static void ForgetDropsAtEnd(XactEvent event, void*) {
    if (event == XACT_EVENT_COMMIT || event == XACT_EVENT_ABORT || event == XACT_EVENT_PREPARE) ForgetDrops();
}

// Drops that were noticed are applied before their statement ends: whatever is left belongs to a statement that failed.
static void ForgetDropsOfSubtransaction(SubXactEvent event, SubTransactionId, SubTransactionId, void*) {
    if (event == SUBXACT_EVENT_ABORT_SUB) ForgetDrops();
}
}

void RegisterUtilityCallbacks() {
    RegisterXactCallback(ForgetDropsAtEnd, nullptr);
    RegisterSubXactCallback(ForgetDropsOfSubtransaction, nullptr);
}

}  // namespace herd::commands
