#include "transaction/confirmed_records.h"

#include "postgres/entry.h"
#include "transaction/commit_records.h"

extern "C" {
#include <access/xact.h>
#include <catalog/namespace.h>
#include <storage/ipc.h>
#include <utils/snapmgr.h>
}

namespace herd::transaction {

namespace {

constexpr int kMaxConfirmed = 256;
Gid confirmed[kMaxConfirmed];
int confirmed_count;
int removed_count;  // the first of them, by the current transaction
bool exit_registered;

// Like the removal of temporary tables at this point. If the server stops before this is on disk, recovery repeats it.
void RemoveAtExit() {
    AbortOutOfAnyTransaction();
    StartTransactionCommand();
    PushActiveSnapshot(GetTransactionSnapshot());
    synchronous_commit = SYNCHRONOUS_COMMIT_OFF;
    if (OidIsValid(get_namespace_oid("herd", true))) RemoveConfirmedRecords();
    PopActiveSnapshot();
    CommitTransactionCommand();
}

}  // namespace

extern "C" {

static void HerdRemoveConfirmedAtExit(int code, Datum) {
    postgres::Enter([&]() {
        if (code == 0 && confirmed_count > 0) RemoveAtExit();
    });
}
}

void NoteConfirmed(Gid gid) {
    if (confirmed_count < kMaxConfirmed) confirmed[confirmed_count++] = gid;
}

void RemoveConfirmedRecords() {
    if (!exit_registered) {
        exit_registered = true;
        before_shmem_exit(HerdRemoveConfirmedAtExit, 0);
    }
    for (removed_count = 0; removed_count < confirmed_count; removed_count++)
        DeleteCommitRecord(confirmed[removed_count]);
}

void ForgetRemovedRecords() {
    confirmed_count -= removed_count;
    memmove(confirmed, confirmed + removed_count, sizeof(Gid) * confirmed_count);
    removed_count = 0;
}

void KeepRemovedRecords() { removed_count = 0; }

}  // namespace herd::transaction
