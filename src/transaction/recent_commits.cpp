#include "transaction/recent_commits.h"

#include "postgres/entry.h"
#include "postgres/shared_memory.h"

extern "C" {
#include <access/transam.h>
#include <access/twophase.h>
#include <access/xact.h>
#include <access/xlog.h>
#include <executor/spi.h>
#include <miscadmin.h>
#include <pgstat.h>
#include <portability/instr_time.h>
#include <storage/condition_variable.h>
#include <storage/proc.h>
#include <storage/procarray.h>
#include <utils/snapmgr.h>
}

namespace herd::transaction {

namespace {

constexpr int kFinishedCapacity = 4096;
constexpr int kPollMilliseconds = 10;

struct RecentCommits {
    ConditionVariable finished;
    bool rebuilt;  // prepared transactions of before the start are in the ring
    CommitRing ring;
};

void* memory;
LWLockPadded* locks;

// This transaction's own part, from PRE_PREPARE, or from NoteOwnPart, to its end.
bool is_preparing;  // PREPARE TRANSACTION was given
bool is_noted;
RingEntry own_entry;

RecentCommits* Recent() { return static_cast<RecentCommits*>(memory); }
LWLock* Lock() { return &locks[0].lock; }

int UnfinishedCapacity() { return max_prepared_xacts + MaxBackends; }

Size MemorySize() { return offsetof(RecentCommits, ring) + CommitRingSize(UnfinishedCapacity(), kFinishedCapacity); }

void Initialize(void* area) {
    auto* created = static_cast<RecentCommits*>(area);
    ConditionVariableInit(&created->finished);
    InitCommitRing(&created->ring, UnfinishedCapacity(), kFinishedCapacity);
}

constexpr postgres::SharedArea kArea = {"herd_recent_commits", MemorySize, 1, Initialize, &memory, &locks};

// ---- writing ----

void Finish(const RingEntry& entry, bool committed) {
    LWLockAcquire(Lock(), LW_EXCLUSIVE);
    if (committed)
        NoteCommitted(&Recent()->ring, entry.key, entry.node, MonotonicNow());
    else
        NoteRolledBack(&Recent()->ring, entry.key, entry.node);
    LWLockRelease(Lock());
    ConditionVariableBroadcast(&Recent()->finished);
}

void FinishIfEnded(const RingEntry& entry) {
    if (!TransactionIdIsInProgress(entry.xid)) Finish(entry, TransactionIdDidCommit(entry.xid));
}

// The unfinished ones and, of what has committed, the younger part. Palloc'd.
RingEntry* CopyEntries(Microseconds since, int32_t* count, Microseconds* complete_since) {
    int32_t capacity = 0;
    RingEntry* entries = nullptr;
    for (;;) {
        LWLockAcquire(Lock(), LW_SHARED);
        *count = CopyRecent(&Recent()->ring, since, entries, capacity);
        *complete_since = Recent()->ring.complete_since;
        LWLockRelease(Lock());
        if (*count <= capacity) return entries;
        if (entries != nullptr) pfree(entries);
        capacity = *count + 16;
        entries = static_cast<RingEntry*>(palloc(sizeof(RingEntry) * static_cast<Size>(capacity)));
    }
}

// Ended without anybody saying so: a transaction that a user had prepared on this coordinator.
void Sweep() {
    int32_t count;
    Microseconds ignored;
    RingEntry* entries = CopyEntries(MonotonicNow(), &count, &ignored);
    for (int32_t i = 0; i < count; i++)
        if (entries[i].committed == 0) FinishIfEnded(entries[i]);
}

bool TryNote(const RingEntry& entry) {
    LWLockAcquire(Lock(), LW_EXCLUSIVE);
    bool fits = NoteUnfinished(&Recent()->ring, entry);
    LWLockRelease(Lock());
    return fits;
}

void Note(const RingEntry& entry) {
    if (TryNote(entry)) return;
    Sweep();
    if (TryNote(entry)) return;
    ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("too many transactions over several nodes")));
}

void NoteOwn() {
    own_entry.database = MyDatabaseId;
    own_entry.xid = GetTopTransactionId();
    own_entry.noted = MonotonicNow();
    Note(own_entry);
    is_noted = true;
}

void OnTransactionEvent(XactEvent event) {
    switch (event) {
        case XACT_EVENT_PRE_PREPARE:
            if (is_preparing) NoteOwn();
            break;
        case XACT_EVENT_PREPARE:
            is_preparing = is_noted = false;
            break;
        case XACT_EVENT_COMMIT:
        case XACT_EVENT_ABORT:
            if (is_noted) Finish(own_entry, event == XACT_EVENT_COMMIT);
            is_preparing = is_noted = false;
            break;
        default:
            break;
    }
}

// ---- at the start ----

// What pg_prepared_xacts shows, of all databases.
List* PreparedEntries() {
    List* entries = NIL;
    MemoryContext caller = CurrentMemoryContext;
    PushActiveSnapshot(GetTransactionSnapshot());
    SPI_connect();
    const char* sql =
        "SELECT transaction, gid, dbid"
        " FROM pg_catalog.pg_prepared_xact() AS prepared(transaction, gid, prepared, owner, dbid)";
    if (SPI_execute(sql, true, 0) != SPI_OK_SELECT) elog(ERROR, "could not list prepared transactions");
    for (uint64 i = 0; i < SPI_processed; i++) {
        HeapTuple tuple = SPI_tuptable->vals[i];
        bool isnull;
        Datum xid = SPI_getbinval(tuple, SPI_tuptable->tupdesc, 1, &isnull);
        Datum database = SPI_getbinval(tuple, SPI_tuptable->tupdesc, 3, &isnull);
        std::optional<NamedGid> named = ParseAnyGid(SPI_getvalue(tuple, SPI_tuptable->tupdesc, 2));
        if (!named) continue;
        MemoryContext spi = MemoryContextSwitchTo(caller);
        auto* entry = static_cast<RingEntry*>(palloc(sizeof(RingEntry)));
        *entry = MakeRingEntry(*named);
        entry->xid = DatumGetTransactionId(xid);
        entry->database = DatumGetObjectId(database);
        entries = lappend(entries, entry);
        MemoryContextSwitchTo(spi);
    }
    SPI_finish();
    PopActiveSnapshot();
    return entries;
}

// Before the first commit of a prepared transaction, or the first report: whatever has committed until now is unknown.
void EnsureRebuilt() {
    LWLockAcquire(Lock(), LW_SHARED);
    bool rebuilt = Recent()->rebuilt;
    LWLockRelease(Lock());
    if (rebuilt) return;
    List* entries = PreparedEntries();
    bool fits = true;
    LWLockAcquire(Lock(), LW_EXCLUSIVE);
    if (!Recent()->rebuilt) {
        ListCell* cell;
        foreach (cell, entries) fits = fits && NoteUnfinished(&Recent()->ring, *static_cast<RingEntry*>(lfirst(cell)));
        Recent()->ring.complete_since = MonotonicNow();
        Recent()->rebuilt = fits;
    }
    LWLockRelease(Lock());
    if (!fits) ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("too many transactions over several nodes")));
}

}  // namespace

Microseconds MonotonicNow() {
    instr_time now;
    INSTR_TIME_SET_CURRENT(now);
    return static_cast<Microseconds>(INSTR_TIME_GET_MICROSEC(now));
}

bool ReportOn(Snapshot snapshot, Microseconds window, ReportEntry** reported, size_t* reported_count) {
    if (memory == nullptr || RecoveryInProgress()) return false;
    EnsureRebuilt();
    Microseconds now = MonotonicNow();
    int32_t count;
    Microseconds complete_since;
    RingEntry* entries = CopyEntries(now - 2 * window, &count, &complete_since);
    *reported = static_cast<ReportEntry*>(palloc(sizeof(ReportEntry) * static_cast<Size>(count + 1)));
    *reported_count = 0;
    for (const RingEntry* entry = entries; entry < entries + count; entry++) {
        if (entry->database != MyDatabaseId) continue;
        bool visible = !XidInMVCCSnapshot(entry->xid, snapshot);
        // Who ended it is about to say so, or can't.
        if (visible && entry->committed == 0) FinishIfEnded(*entry);
        if (visible && !TransactionIdDidCommit(entry->xid)) continue;
        (*reported)[(*reported_count)++] = {entry->key, entry->participants, SightOf(*entry, visible, now, window)};
    }
    return complete_since <= now - 2 * window;
}

bool IsQuiet() {
    if (memory == nullptr || RecoveryInProgress()) return false;
    LWLockAcquire(Lock(), LW_SHARED);
    bool quiet = Recent()->rebuilt && IsQuietSince(&Recent()->ring, MonotonicNow() - 2 * kQuietWindow);
    LWLockRelease(Lock());
    return quiet;
}

void AwaitFinish(const TransactionKey& key) {
    if (memory == nullptr) return;
    EnsureRebuilt();
    int32_t count;
    Microseconds ignored;
    RingEntry* entries = CopyEntries(MonotonicNow(), &count, &ignored);
    Microseconds start = MonotonicNow();
    ConditionVariablePrepareToSleep(&Recent()->finished);
    for (const RingEntry* entry = entries; entry < entries + count; entry++) {
        if (entry->key != key || entry->database != MyDatabaseId) continue;
        while (TransactionIdIsInProgress(entry->xid)) {
            if (LockTimeout > 0 && MonotonicNow() - start > static_cast<Microseconds>(LockTimeout) * 1000)
                ereport(ERROR,
                        (errcode(ERRCODE_LOCK_NOT_AVAILABLE), errmsg("canceling statement due to lock timeout"),
                         errdetail("It waited for a transaction over several nodes that has committed on another "
                                   "node already.")));
            ConditionVariableTimedSleep(&Recent()->finished, kPollMilliseconds, PG_WAIT_EXTENSION);
        }
    }
    ConditionVariableCancelSleep();
}

void BeforeTransactionStatement(const TransactionStmt* statement) {
    if (memory == nullptr || statement->gid == nullptr || !IsTransactionState()) return;
    std::optional<NamedGid> named = ParseAnyGid(statement->gid);
    if (!named) return;
    if (statement->kind == TRANS_STMT_PREPARE) {
        own_entry = MakeRingEntry(*named);
        is_preparing = true;
    } else {
        EnsureRebuilt();
    }
}

void AfterTransactionStatement(const TransactionStmt* statement) {
    bool committed = statement->kind == TRANS_STMT_COMMIT_PREPARED;
    if (memory == nullptr || (!committed && statement->kind != TRANS_STMT_ROLLBACK_PREPARED)) return;
    std::optional<NamedGid> named = ParseAnyGid(statement->gid);
    if (named) Finish(MakeRingEntry(*named), committed);
}

void NoteOwnPart(const NamedGid& named) {
    if (memory == nullptr) return;
    own_entry = MakeRingEntry(named);
    own_entry.node = kOwnNode;
    NoteOwn();
}

extern "C" {

static void HerdRecentCommitsEvent(XactEvent event, void*) {
    postgres::Enter([&]() { OnTransactionEvent(event); });
}
}

void RegisterRecentCommits() {
    postgres::RegisterSharedArea(&kArea);
    RegisterXactCallback(HerdRecentCommitsEvent, nullptr);
}

}  // namespace herd::transaction
