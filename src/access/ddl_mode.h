// What PostgreSQL's own DDL code gets from a shell while one of our commands runs it.
//
// Outside of the mode a shell gives its real rows to scans and raises on everything that would build or
// replace storage behind our back. The mode ends by itself with the (sub)transaction that began it, also after an error.
#pragma once

#include "postgres/pg.h"

namespace herd::access {

enum class DdlMode : uint8 {
    kNone,
    // The shell is changed as a definition only: scans yield nothing, index builds find no rows, new storage may replace the old,
    // rows that a table rewrite puts into a shell are dropped (their caller has moved them already).
    kEmptyScans,
    // Rows come back into a heap: scans of the shell yield its rows; a TOAST table is made for the rows that follow.
    kRealScans,
};

// Not nestable: raises if a mode is on.
void BeginDdlMode(DdlMode mode);
// Idempotent.
void EndDdlMode();
DdlMode CurrentDdlMode();

// Shells whose storage was replaced or emptied while a mode was on, i.e. that a TRUNCATE reached (List of Oid, in the
// current memory context; clears the record). Empty again after the mode ends.
List* TakeTruncatedShells();

// _PG_init says that the library was preloaded, so that planner and utility hooks are in place. Without it every touch of
// a shell's rows raises.
void SetLibraryPreloaded();
bool IsLibraryPreloaded();

}  // namespace herd::access
