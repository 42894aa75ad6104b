#include "executor/tasks/row_slots.h"

namespace herd::executor {

void ShareRow(TupleTableSlot* source, TupleTableSlot* target) {
    slot_getallattrs(source);
    ExecClearTuple(target);
    int count = Min(source->tts_tupleDescriptor->natts, target->tts_tupleDescriptor->natts);
    memcpy(target->tts_values, source->tts_values, count * sizeof(Datum));
    memcpy(target->tts_isnull, source->tts_isnull, count * sizeof(bool));
    ExecStoreVirtualTuple(target);
}

}  // namespace herd::executor
