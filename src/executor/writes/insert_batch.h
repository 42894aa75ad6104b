// Rows on their way to one shard, as one statement … FROM unnest(arrays).
#pragma once

#include "postgres/pg.h"

#include "plan/distributed_plan.h"

extern "C" {
#include <access/tupdesc.h>
#include <lib/stringinfo.h>
#include <nodes/params.h>
}

namespace herd::executor {

// How the columns travel; the same for all batches of a statement.
struct BatchLayout {
    int column_count;
    Oid* column_types;
    Oid* types;         // element types of the arrays: the column's own or text
    bool* as_text;      // travels as text and is cast on the node
    FmgrInfo* outputs;  // of the columns that travel as text
    int16* lengths;
    bool* by_values;
    char* alignments;
    plan::SqlTemplate sql;  // the whole statement; its first parameters are the tail's, then one array a column
};

// Of an INSERT, with its SQL.
BatchLayout* MakeBatchLayout(const plan::DistributedInsert& insert, TupleDesc source);
// Of any rows; the SQL is the caller's, who composes it of the following: unnest($n, …) AS herd_rows(c1, …), and the value of a column
// (counted from 0) of that.
BatchLayout* MakeRowLayout(TupleDesc columns);
void AppendRowsSource(StringInfo text, const BatchLayout* layout, int parameters_before);
char* ColumnExpression(const BatchLayout* layout, int column);

struct InsertBatch {
    int row_count;
    int row_capacity;
    size_t bytes;    // estimate
    Datum** values;  // [column][row]
    bool** nulls;
};

InsertBatch* MakeBatch(const BatchLayout* layout);
// Copies the row into the current memory context.
void AddToBatch(InsertBatch* batch, const BatchLayout* layout, const Datum* values, const bool* nulls);
// tail's parameters followed by the arrays.
ParamListInfo BatchParameters(const InsertBatch* batch, const BatchLayout* layout, ParamListInfo tail);

}  // namespace herd::executor
