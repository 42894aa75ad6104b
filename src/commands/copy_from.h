// COPY … FROM into a distributed or reference table.
//
// Lines of text and CSV travel to the shards as they are: only the key's field is converted here. Where values must be made or
// looked at on the coordinator (defaults, WHERE, binary input), rows are converted here and sent as values.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/parsenodes.h>
#include <parser/parse_node.h>
}

namespace herd::commands {

// Does the statement, with PostgreSQL's own checks of permissions and options, and sets *processed to the number of
// rows for the command tag. Returns false, having done nothing, if it isn't a COPY FROM into a shell (COPY TO a client is
// PostgreSQL's own: the shell's access method gives the rows). pstate has p_sourcetext and p_queryEnv set.
bool HandleCopy(ParseState* pstate, const CopyStmt* statement, uint64* processed);

}  // namespace herd::commands
