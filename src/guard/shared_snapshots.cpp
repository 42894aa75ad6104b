#include "guard/shared_snapshots.h"

#include "postgres/shared_memory.h"

extern "C" {
#include <access/transam.h>
#include <access/twophase.h>
#include <access/xact.h>
#include <miscadmin.h>
#include <storage/lwlock.h>
#include <storage/proc.h>
#include <storage/procarray.h>
#include <utils/snapmgr.h>
}

namespace herd::guard {

// Subtransactions beyond these are looked up in pg_subtrans by who uses the snapshot.
static const int kMaxSubtransactions = 256;
static const Size kFixedPartOfSnapshot = 128;

namespace {

struct Publication {
    plan::StatementToken statement;  // number 0: none
    int process;
    char snapshot[FLEXIBLE_ARRAY_MEMBER];
};

}  // namespace

static void* memory;
static LWLockPadded* locks;
static bool published;

static Size MaxTransactions() { return (Size)MaxBackends + (Size)max_prepared_xacts + NUM_AUXILIARY_PROCS; }

static Size PublicationSize() {
    Size transactions = MaxTransactions() + kMaxSubtransactions + 1;
    return MAXALIGN(offsetof(Publication, snapshot) + kFixedPartOfSnapshot + transactions * sizeof(TransactionId));
}

static Size AreaSize() { return (Size)MaxBackends * PublicationSize(); }

static const postgres::SharedArea kArea = {"herd snapshots", AreaSize, 1, nullptr, &memory, &locks};

static Publication* PublicationAt(int index) { return (Publication*)((char*)memory + index * PublicationSize()); }

static Publication* FindPublication(const plan::StatementToken& statement) {
    for (int i = 0; i < MaxBackends; i++) {
        Publication* found = PublicationAt(i);
        if (found->statement.number == statement.number && found->statement.session == statement.session) return found;
    }
    return nullptr;
}

// Rows of the publisher's own transaction are its own to see. To others it must look as what it is, running: else they would take
// it for aborted and note so in its rows.
static SnapshotData ForOthers(Snapshot own) {
    SnapshotData result = *own;
    TransactionId* children;
    int child_count = xactGetCommittedChildren(&children);
    TransactionId self = GetTopTransactionIdIfAny();
    bool adds_self = TransactionIdIsValid(self) && TransactionIdPrecedes(self, own->xmax);
    bool overflows = own->suboverflowed || own->subxcnt + child_count > kMaxSubtransactions;
    result.suboverflowed = overflows;
    if (overflows) result.subxcnt = 0;
    if (!adds_self) return result;
    result.xip = (TransactionId*)palloc((own->xcnt + 1) * sizeof(TransactionId));
    memcpy(result.xip, own->xip, own->xcnt * sizeof(TransactionId));
    result.xip[result.xcnt++] = self;
    if (overflows || child_count == 0) return result;
    result.subxip = (TransactionId*)palloc((own->subxcnt + child_count) * sizeof(TransactionId));
    memcpy(result.subxip, own->subxip, own->subxcnt * sizeof(TransactionId));
    memcpy(result.subxip + own->subxcnt, children, child_count * sizeof(TransactionId));
    result.subxcnt += child_count;
    return result;
}

static void Publish(const plan::StatementToken& statement, Snapshot own) {
    SnapshotData snapshot = ForOthers(own);
    Publication* publication = PublicationAt(MyBackendId - 1);
    publication->statement = {};
    if (offsetof(Publication, snapshot) + EstimateSnapshotSpace(&snapshot) > PublicationSize())
        elog(ERROR, "the snapshot takes too much memory to be shared");
    SerializeSnapshot(&snapshot, publication->snapshot);
    publication->process = MyProc->pgprocno;
    publication->statement = statement;
    published = true;
}

// The publisher can't end meanwhile: it needs the lock for that.
static Snapshot Import(Publication* publication) {
    Snapshot snapshot = RestoreSnapshot(publication->snapshot);
    bool holds_back = TransactionIdIsValid(MyProc->xmin) && TransactionIdPrecedesOrEquals(MyProc->xmin, snapshot->xmin);
    PGPROC* publisher = &ProcGlobal->allProcs[publication->process];
    if (!holds_back && !ProcArrayInstallRestoredXmin(snapshot->xmin, publisher))
        ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
                        errmsg("could not use the snapshot that the statement has on another connection"),
                        errdetail("The transaction on that connection has ended.")));
    return snapshot;
}

Snapshot ImportSnapshot(const plan::StatementToken& statement) {
    LWLockAcquire(&locks[0].lock, LW_SHARED);
    Publication* found = FindPublication(statement);
    Snapshot result = found == nullptr ? nullptr : Import(found);
    LWLockRelease(&locks[0].lock);
    return result;
}

Snapshot PublishSnapshot(const plan::StatementToken& statement, Snapshot own) {
    LWLockAcquire(&locks[0].lock, LW_EXCLUSIVE);
    Publication* found = FindPublication(statement);
    Snapshot result = own;
    if (found != nullptr)
        result = Import(found);
    else
        Publish(statement, own);
    LWLockRelease(&locks[0].lock);
    return result;
}

void WithdrawSnapshot() {
    if (!published) return;
    published = false;
    LWLockAcquire(&locks[0].lock, LW_EXCLUSIVE);
    PublicationAt(MyBackendId - 1)->statement = {};
    LWLockRelease(&locks[0].lock);
}

void RegisterSharedSnapshots() { postgres::RegisterSharedArea(&kArea); }

}  // namespace herd::guard
