#include "worker/duties.h"

#include "postgres/error.h"
#include "worker/database_slots.h"

extern "C" {
#include <access/xact.h>
#include <miscadmin.h>
#include <pgstat.h>
#include <utils/memutils.h>
#include <utils/snapmgr.h>
#include <utils/timestamp.h>
}

namespace herd::worker {

namespace {

constexpr int kFirstPauseMilliseconds = 500;
constexpr int kLongestPauseMilliseconds = 2000;
constexpr long kIdleMilliseconds = 60000;

// pause is 0 while all is well; next_run 0 means at once.
struct Schedule {
    const Duty* duty;
    TimestampTz next_run;
    int pause;
    bool failing;
};

Schedule schedules[kMaxDuties];
int duty_count;
uint32 requested_at_commit;  // by this transaction

struct Run {
    const Duty* duty;
    bool requested;
    DutyResult result;
};

void RunInTransaction(void* argument) {
    auto* run = static_cast<Run*>(argument);
    SetCurrentStatementStartTimestamp();
    StartTransactionCommand();
    PushActiveSnapshot(GetTransactionSnapshot());
    pgstat_report_activity(STATE_RUNNING, run->duty->name);
    run->result = run->duty->run(run->requested);
    PopActiveSnapshot();
    CommitTransactionCommand();
}

// An ERROR ends the duty's transaction, not the worker.
void EndFailedRun(Schedule* schedule, const ErrorData* error) {
    HOLD_INTERRUPTS();
    AbortOutOfAnyTransaction();
    RESUME_INTERRUPTS();
    // Once, not at every try.
    ereport(schedule->failing ? DEBUG1 : LOG,
            (errcode(error->sqlerrcode), errmsg("herd worker: %s failed: %s", schedule->duty->name, error->message),
             error->detail ? errdetail_internal("%s", error->detail) : 0));
    schedule->failing = true;
}

void RunDuty(Schedule* schedule, bool requested) {
    Run run{schedule->duty, requested, DutyResult::kDone};
    MemoryContext context = AllocSetContextCreate(TopMemoryContext, "herd duty", ALLOCSET_DEFAULT_SIZES);
    MemoryContextSwitchTo(context);
    ErrorData* error = postgres::CatchError(RunInTransaction, &run);
    if (error != nullptr)
        EndFailedRun(schedule, error);
    else
        schedule->failing = false;
    MemoryContextSwitchTo(TopMemoryContext);
    MemoryContextDelete(context);
    pgstat_report_stat(true);
    pgstat_report_activity(STATE_IDLE, nullptr);
    bool again = error != nullptr || run.result == DutyResult::kAgainSoon;
    if (!again)
        schedule->pause = 0;
    else if (schedule->pause == 0 || requested)
        schedule->pause = kFirstPauseMilliseconds;
    else
        schedule->pause = Min(schedule->pause * 2, kLongestPauseMilliseconds);
}

void Plan(Schedule* schedule) {
    int interval = schedule->duty->interval();
    int wait = schedule->pause > 0 && (interval == 0 || schedule->pause < interval) ? schedule->pause : interval;
    schedule->next_run = wait == 0 ? DT_NOEND : TimestampTzPlusMilliseconds(GetCurrentTimestamp(), wait);
}

}  // namespace

DutyId RegisterDuty(const Duty* duty) {
    if (duty_count == kMaxDuties) elog(ERROR, "too many duties");
    schedules[duty_count].duty = duty;
    return duty_count++;
}

uint32 AllDuties() { return (UINT32_C(1) << duty_count) - 1; }

void RequestDuty(DutyId duty) { RequestDuties(UINT32_C(1) << duty); }

void RequestWorkerAtCommit() { requested_at_commit = AllDuties(); }

void RequestNoted(bool committed) {
    if (committed && requested_at_commit != 0) RequestDuties(requested_at_commit);
    requested_at_commit = 0;
}

long RunDueDuties(uint32 requested) {
    TimestampTz first = DT_NOEND;
    for (int i = 0; i < duty_count; i++) {
        Schedule* schedule = &schedules[i];
        bool asked = (requested & (UINT32_C(1) << i)) != 0;
        if (asked || schedule->next_run <= GetCurrentTimestamp()) {
            RunDuty(schedule, asked);
            Plan(schedule);
        }
        first = Min(first, schedule->next_run);
    }
    if (first == DT_NOEND) return kIdleMilliseconds;
    return Min(kIdleMilliseconds, TimestampDifferenceMilliseconds(GetCurrentTimestamp(), first));
}

}  // namespace herd::worker
