// Rows that are read here and travel to a fragment's tasks as arrays, in batches.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/execnodes.h>
#include <nodes/params.h>
}

namespace herd::executor {

struct Broadcasts;

// children: PlanStates; parameters: for each an IntList with the number of the SQL's parameter for each column of its rows.
// whole: all rows in one batch, and one without rows if there are none. Keeps what it allocates below the current memory context. Null
// if there are no children.
Broadcasts* MakeBroadcasts(List* children, List* parameters, bool whole);

// Goes to the next batch, at first to the first one (of every combination of batches if there are several children). False if there is
// none.
bool NextBatch(Broadcasts* broadcasts);
// Puts the batch's arrays into their parameters; they live until the next batch.
void PutBatch(const Broadcasts* broadcasts, ParamListInfo parameters);

// Starts again; reads a child again only if its parameters have changed.
void RescanBroadcasts(Broadcasts* broadcasts);
void EndBroadcasts(Broadcasts* broadcasts);

}  // namespace herd::executor
