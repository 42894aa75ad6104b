// Raising a Reason, and catching a PostgreSQL error where a step needs it.
#pragma once

#include "postgres/pg.h"

#include "base/result.h"

namespace herd::postgres {

[[noreturn]] void Raise(const Reason& reason);

// feature_not_supported with what, why and what to do instead. Texts are complete (no format).
[[noreturn]] void RaiseNotSupported(const char* message, const char* detail, const char* hint);

// Runs step(argument). Returns null if it went well, else the error copied into the caller's memory context;
// the error state is flushed. The only continuations after an error are ReThrowError() or the end of a subtransaction
// opened for the purpose. Callee is a plain function over plain data: only plain frames are jumped over.
ErrorData* CatchError(void (*step)(void*), void* argument);

// The same in a subtransaction, which an error undoes: then the caller may go on. What means that the statement is to end, a
// cancel or the end of the session, is raised again.
ErrorData* TryInSubtransaction(void (*step)(void*), void* argument);

// For the ends of transactions, where nothing may raise, out of memory neither: runs step(argument), throws an error away without
// allocating anything, and says whether there was none.
bool Attempt(void (*step)(void*), void* argument);

}  // namespace herd::postgres
