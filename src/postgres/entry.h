// The door from PostgreSQL into Herd: every function that PostgreSQL calls (SQL function, hook, CustomScan
// slot, callback) runs its body in Enter(). A C++ exception must not leave an extern "C" function: it is
// copied out of the handler and raised as a PostgreSQL error after the handler was left, since ereport
// jumps and would skip the exception's destructor.
#pragma once

#include "postgres/pg.h"

#include "base/error.h"

namespace herd::postgres {

struct CaughtException {
    int sqlstate = 0;
    char message[512];
};

// Raises the copied exception as ERROR.
[[noreturn]] void RaiseCaught(const CaughtException& caught);
void CopyException(CaughtException& caught, int sqlstate, const char* message);

template <class Body>
auto Enter(Body&& body) -> decltype(body()) {
    CaughtException caught;
    try {
        return body();
    } catch (const Error& error) {
        CopyException(caught, error.sqlstate(), error.what());
    } catch (const std::bad_alloc&) {
        CopyException(caught, kOutOfMemory, "out of memory");
    } catch (const std::exception& error) {
        CopyException(caught, kInternalError, error.what());
    } catch (...) {
        CopyException(caught, kInternalError, "unexpected exception");
    }
    RaiseCaught(caught);
}

}  // namespace herd::postgres

// A SQL-callable function: HERD_FUNCTION(herd_hash) { … uses fcinfo, returns Datum … }
// The body is an ordinary function that may use PG_GETARG_… and PG_RETURN_….
#define HERD_FUNCTION(name)                                                           \
    static Datum name##_body(FunctionCallInfo fcinfo);                                \
    extern "C" {                                                                      \
    PG_FUNCTION_INFO_V1(name);                                                        \
    PGDLLEXPORT Datum name(PG_FUNCTION_ARGS) {                                        \
        return herd::postgres::Enter([&]() -> Datum { return name##_body(fcinfo); }); \
    }                                                                                 \
    }                                                                                 \
    static Datum name##_body(FunctionCallInfo fcinfo)
