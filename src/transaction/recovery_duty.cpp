#include "transaction/recovery_duty.h"

#include "postgres/pg.h"
#include "transaction/recovery.h"
#include "transaction/settings.h"
#include "worker/duties.h"

namespace herd::transaction {

namespace {

worker::DutyId duty_id;

// A message that a lost connection has left in a node's socket may be obeyed a while later: so the nodes are looked at
// again some times, although nothing was found.
constexpr int kLooks = 4;
int looks_left;

int Interval() { return recovery_interval; }

worker::DutyResult Recover(bool requested) {
    if (requested) looks_left = kLooks;
    Recovery recovery = RecoverTransactions(RecoveryBy::kWorker);
    bool settled = recovery.unreachable_nodes == 0 && recovery.skipped == 0;
    if (settled && looks_left > 0) looks_left--;
    return settled && looks_left == 0 ? worker::DutyResult::kDone : worker::DutyResult::kAgainSoon;
}

const worker::Duty kDuty = {"herd: finish prepared transactions", Interval, Recover};

}  // namespace

void RegisterRecoveryDuty() { duty_id = worker::RegisterDuty(&kDuty); }

void RequestRecovery() { worker::RequestDuty(duty_id); }

}  // namespace herd::transaction
