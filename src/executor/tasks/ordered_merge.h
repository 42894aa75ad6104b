// The rows of one fragment whose tasks deliver them in order, merged into one order. Memory: a row of each task; what a task's connection must
// read ahead for another one is kept on disk.
#pragma once

#include "postgres/pg.h"

#include "executor/tasks/task_run.h"

namespace herd::executor {

struct OrderedMerge;

// For calls with an order. Everything is allocated in the current memory context.
OrderedMerge* BeginOrderedMerge(const FragmentCall& call);
// The next row as a virtual tuple, valid until the next call; false at the end.
bool OrderedMergeNext(OrderedMerge* merge, TupleTableSlot* slot);
TaskRunReport ReportOfMerge(const OrderedMerge* merge);
uint64 ReceivedBytesOfMerge(const OrderedMerge* merge);
void ReportEndedTasksOfMerge(OrderedMerge* merge);
void EndOrderedMerge(OrderedMerge* merge);

}  // namespace herd::executor
