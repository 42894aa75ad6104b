#include "postgres/error.h"

extern "C" {
#include <access/xact.h>
#include <utils/resowner.h>
#include <miscadmin.h>
}

namespace herd::postgres {

void Raise(const Reason& reason) {
    ereport(ERROR, (errcode(reason.sqlstate), errmsg_internal("%s", reason.message),
                    reason.detail ? errdetail_internal("%s", reason.detail) : 0,
                    reason.hint ? errhint("%s", reason.hint) : 0));
    pg_unreachable();
}

void RaiseNotSupported(const char* message, const char* detail, const char* hint) {
    Raise(Reason{kFeatureNotSupported, message, detail, hint});
}

// Raising sets InterruptHoldoffCount to 0. Callbacks at the end of a transaction run with interrupts held, and what the
// transaction releases afterwards would wrap around: no interrupt would be served any more. So both keep it.

ErrorData* CatchError(void (*step)(void*), void* argument) {
    MemoryContext caller = CurrentMemoryContext;
    ErrorData* volatile error = nullptr;
    uint32 interrupts_held = InterruptHoldoffCount;
    PG_TRY();
    { step(argument); }
    PG_CATCH();
    {
        MemoryContextSwitchTo(caller);
        error = CopyErrorData();
        FlushErrorState();
        InterruptHoldoffCount = interrupts_held;
    }
    PG_END_TRY();
    return error;
}

ErrorData* TryInSubtransaction(void (*step)(void*), void* argument) {
    MemoryContext caller = CurrentMemoryContext;
    ResourceOwner owner = CurrentResourceOwner;
    BeginInternalSubTransaction(nullptr);
    MemoryContextSwitchTo(caller);
    ErrorData* error = CatchError(step, argument);
    if (error == nullptr)
        ReleaseCurrentSubTransaction();
    else
        RollbackAndReleaseCurrentSubTransaction();
    MemoryContextSwitchTo(caller);
    CurrentResourceOwner = owner;
    bool must_end = error != nullptr &&
                    (error->sqlerrcode == ERRCODE_QUERY_CANCELED || error->sqlerrcode == ERRCODE_ADMIN_SHUTDOWN);
    if (must_end) ReThrowError(error);
    return error;
}

bool Attempt(void (*step)(void*), void* argument) {
    MemoryContext caller = CurrentMemoryContext;
    volatile bool good = true;
    uint32 interrupts_held = InterruptHoldoffCount;
    PG_TRY();
    { step(argument); }
    PG_CATCH();
    {
        MemoryContextSwitchTo(caller);
        FlushErrorState();
        InterruptHoldoffCount = interrupts_held;
        good = false;
    }
    PG_END_TRY();
    return good;
}

}  // namespace herd::postgres
