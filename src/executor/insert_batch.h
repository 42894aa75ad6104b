// Rows on their way to one shard, as one INSERT … SELECT … FROM unnest(arrays).
#pragma once

#include "postgres/pg.h"

#include "plan/distributed_plan.h"

extern "C" {
#include <access/tupdesc.h>
#include <nodes/params.h>
}

namespace herd::executor {

// How the columns travel; the same for all batches of a statement.
struct BatchLayout {
    int column_count;
    Oid* types;         // element types of the arrays: the column's own or text
    bool* as_text;      // travels as text and is cast on the node
    FmgrInfo* outputs;  // of the columns that travel as text
    int16* lengths;
    bool* by_values;
    char* alignments;
    plan::SqlTemplate sql;  // the whole statement; its first parameters are the tail's, then one array a column
};

BatchLayout* MakeBatchLayout(const plan::DistributedInsert& insert, TupleDesc source);

struct InsertBatch {
    int row_count;
    int row_capacity;
    size_t bytes;    // estimate
    Datum** values;  // [column][row]
    bool** nulls;
};

InsertBatch* MakeBatch(const BatchLayout* layout);
// Copies the row into the current memory context.
void AddToBatch(InsertBatch* batch, const BatchLayout* layout, TupleDesc source, const Datum* values,
                const bool* nulls);
// tail's parameters followed by the arrays.
ParamListInfo BatchParameters(const InsertBatch* batch, const BatchLayout* layout, ParamListInfo tail);

}  // namespace herd::executor
