// The storage of shells: an empty main fork, so that every tool which looks for one finds it.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <access/transam.h>
#include <storage/block.h>
#include <storage/relfilenode.h>
#include <utils/relcache.h>
}

namespace herd::access {

// Creates the fork. For an existing relation (TRUNCATE) allowed in DDL mode only, and recorded as a truncation.
void CreateShellStorage(Relation shell, const RelFileNode* node, char persistence);
void TruncateShellStorage(Relation shell);

// VACUUM: takes note of the shards' size. A shell holds no transaction ids, but a rewrite by ALTER TABLE leaves an age behind: moves it to now.
void VacuumShell(Relation shell);

// In bytes: of all shards, asked on the nodes. One block while ANALYZE visits the blocks (scan.h); what was known last while DDL runs.
uint64 ShellSize(Relation shell);

// May an index be built on the shell, finding no rows? Raises if not.
void CheckIndexBuild(Relation shell);

// Rows and pages for the planner where ours is not asked.
void EstimateShellSize(Relation shell, int32* attribute_widths, BlockNumber* pages, double* rows,
                       double* all_visible_fraction);

}  // namespace herd::access
