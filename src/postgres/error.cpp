#include "postgres/error.h"

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

ErrorData* CatchError(void (*step)(void*), void* argument) {
    MemoryContext caller = CurrentMemoryContext;
    ErrorData* volatile error = nullptr;
    PG_TRY();
    { step(argument); }
    PG_CATCH();
    {
        MemoryContextSwitchTo(caller);
        error = CopyErrorData();
        FlushErrorState();
    }
    PG_END_TRY();
    return error;
}

}  // namespace herd::postgres
