#include "commands/transaction_statements.h"

#include "catalog/metadata.h"
#include "operations/local_sql.h"
#include "transaction/recovery.h"
#include "transaction/recovery_duty.h"
#include "worker/settings.h"

extern "C" {
#include <access/transam.h>
#include <access/xact.h>
#include <utils/snapmgr.h>
}

namespace herd::commands {

bool IsEndOfPrepared(Node* statement) {
    if (!IsA(statement, TransactionStmt)) return false;
    TransactionStmtKind kind = reinterpret_cast<TransactionStmt*>(statement)->kind;
    return kind == TRANS_STMT_COMMIT_PREPARED || kind == TRANS_STMT_ROLLBACK_PREPARED;
}

namespace {

// The full id of the prepared transaction of this name, 0 if there is none in this database.
uint64 PreparedTransaction(const char* gid) {
    PushActiveSnapshot(GetTransactionSnapshot());
    char* text = operations::QueryLocalText(
        "SELECT transaction FROM pg_catalog.pg_prepared_xacts WHERE gid = $1 AND database = current_database()",
        {operations::TextArgument(gid)});
    PopActiveSnapshot();
    if (text == nullptr) return 0;
    FullTransactionId next = ReadNextFullTransactionId();
    auto xid = static_cast<TransactionId>(strtoul(text, nullptr, 10));
    uint32 epoch = EpochFromFullTransactionId(next) - (xid > XidFromFullTransactionId(next) ? 1 : 0);
    return U64FromFullTransactionId(FullTransactionIdFromEpochAndXid(epoch, xid));
}

bool IsCoordinator() {
    if (!OidIsValid(catalog::HerdAccessMethod())) return false;
    int count;
    catalog::AllNodes(&count);
    return count > 1;
}

// No record says where it wrote, so all nodes are looked at: nobody waits for that if somebody else can do it.
void UndoOnNodes() {
    if (worker::background_workers)
        transaction::RequestRecovery();
    else
        transaction::RecoverTransactions(transaction::RecoveryBy::kUser);
}

}  // namespace

void EndPrepared(const UtilityCall& call) {
    auto* statement = reinterpret_cast<TransactionStmt*>(call.statement->utilityStmt);
    // What another coordinator has prepared here is its own business.
    bool of_user = strncmp(statement->gid, "herd_", 5) != 0;
    bool concerns_nodes = of_user && !IsTransactionBlock() && IsCoordinator();
    bool commits = statement->kind == TRANS_STMT_COMMIT_PREPARED;
    uint64 transaction_id = concerns_nodes && commits ? PreparedTransaction(statement->gid) : 0;
    RunStandard(call);
    if (transaction_id != 0) transaction::FinishTransaction(transaction_id);
    if (concerns_nodes && !commits) UndoOnNodes();
}

}  // namespace herd::commands
