#include "executor/writes/insert_batch.h"

extern "C" {
#include <access/transam.h>
#include <catalog/pg_type.h>
#include <utils/array.h>
#include <utils/builtins.h>
#include <utils/datum.h>
#include <utils/lsyscache.h>
}

namespace herd::executor {

// Without the first flag char(n) would print as "character", which means char(1).
static constexpr bits16 kTypeWithoutModifier = FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY;

// Arrays (unnest would flatten them) and user-defined types travel as text.
static bool TravelsAsText(Oid type) {
    return type >= FirstNormalObjectId || get_typtype(type) != TYPTYPE_BASE || OidIsValid(get_element_type(type)) ||
           !OidIsValid(get_array_type(type));
}

char* ColumnExpression(const BatchLayout* layout, int column) {
    if (!layout->as_text[column]) return psprintf("herd_rows.c%d", column + 1);
    return psprintf("herd_rows.c%d::%s", column + 1,
                    format_type_extended(layout->column_types[column], -1, kTypeWithoutModifier));
}

void AppendRowsSource(StringInfo text, const BatchLayout* layout, int parameters_before) {
    appendStringInfoString(text, "unnest(");
    for (int i = 0; i < layout->column_count; i++)
        appendStringInfo(text, "%s$%d::%s", i > 0 ? ", " : "", parameters_before + i + 1,
                         format_type_extended(get_array_type(layout->types[i]), -1, kTypeWithoutModifier));
    appendStringInfoString(text, ") AS herd_rows(");
    for (int i = 0; i < layout->column_count; i++) appendStringInfo(text, "%sc%d", i > 0 ? ", " : "", i + 1);
    appendStringInfoChar(text, ')');
}

// head (a, b) SELECT c1, c2::type FROM unnest($2::bigint[], $3::text[]) AS herd_rows(c1, c2) tail
static plan::SqlTemplate BatchSql(const plan::DistributedInsert& insert, const BatchLayout* layout) {
    StringInfoData text;
    initStringInfo(&text);
    appendStringInfo(&text, "%s (", insert.head.text);
    ListCell* cell;
    foreach (cell, insert.columns)
        appendStringInfo(&text, "%s%s", foreach_current_index(cell) > 0 ? ", " : "",
                         quote_identifier(get_attname(insert.relid, lfirst_int(cell), false)));
    appendStringInfoString(&text, ") SELECT ");
    for (int i = 0; i < layout->column_count; i++)
        appendStringInfo(&text, "%s%s", i > 0 ? ", " : "", ColumnExpression(layout, i));
    appendStringInfoString(&text, " FROM ");
    AppendRowsSource(&text, layout, insert.parameter_count);
    appendStringInfoString(&text, insert.tail.text);
    return {text.data, insert.head.hole_count, insert.head.holes};
}

BatchLayout* MakeRowLayout(TupleDesc columns) {
    BatchLayout* layout = (BatchLayout*)palloc0(sizeof(BatchLayout));
    int count = columns->natts;
    layout->column_count = count;
    layout->column_types = (Oid*)palloc0(count * sizeof(Oid));
    layout->types = (Oid*)palloc0(count * sizeof(Oid));
    layout->as_text = (bool*)palloc0(count * sizeof(bool));
    layout->outputs = (FmgrInfo*)palloc0(count * sizeof(FmgrInfo));
    layout->lengths = (int16*)palloc0(count * sizeof(int16));
    layout->by_values = (bool*)palloc0(count * sizeof(bool));
    layout->alignments = (char*)palloc0(count);
    for (int i = 0; i < count; i++) {
        Oid type = layout->column_types[i] = TupleDescAttr(columns, i)->atttypid;
        layout->as_text[i] = TravelsAsText(type);
        layout->types[i] = layout->as_text[i] ? TEXTOID : type;
        if (layout->as_text[i]) {
            Oid output;
            bool is_varlena;
            getTypeOutputInfo(type, &output, &is_varlena);
            fmgr_info(output, &layout->outputs[i]);
        }
        get_typlenbyvalalign(layout->types[i], &layout->lengths[i], &layout->by_values[i], &layout->alignments[i]);
    }
    return layout;
}

BatchLayout* MakeBatchLayout(const plan::DistributedInsert& insert, TupleDesc source) {
    BatchLayout* layout = MakeRowLayout(source);
    layout->sql = BatchSql(insert, layout);
    return layout;
}

InsertBatch* MakeBatch(const BatchLayout* layout) {
    InsertBatch* batch = (InsertBatch*)palloc0(sizeof(InsertBatch));
    batch->row_capacity = 16;
    batch->values = (Datum**)palloc(layout->column_count * sizeof(Datum*));
    batch->nulls = (bool**)palloc(layout->column_count * sizeof(bool*));
    for (int i = 0; i < layout->column_count; i++) {
        batch->values[i] = (Datum*)palloc(batch->row_capacity * sizeof(Datum));
        batch->nulls[i] = (bool*)palloc(batch->row_capacity * sizeof(bool));
    }
    return batch;
}

static void Grow(InsertBatch* batch, const BatchLayout* layout) {
    batch->row_capacity *= 2;
    for (int i = 0; i < layout->column_count; i++) {
        batch->values[i] = (Datum*)repalloc(batch->values[i], batch->row_capacity * sizeof(Datum));
        batch->nulls[i] = (bool*)repalloc(batch->nulls[i], batch->row_capacity * sizeof(bool));
    }
}

void AddToBatch(InsertBatch* batch, const BatchLayout* layout, const Datum* values, const bool* nulls) {
    if (batch->row_count == batch->row_capacity) Grow(batch, layout);
    int row = batch->row_count++;
    for (int i = 0; i < layout->column_count; i++) {
        batch->nulls[i][row] = nulls[i];
        batch->values[i][row] = (Datum)0;
        batch->bytes += sizeof(Datum) + 1;
        if (nulls[i]) continue;
        if (layout->as_text[i]) {
            char* text = OutputFunctionCall(&layout->outputs[i], values[i]);
            batch->values[i][row] = CStringGetTextDatum(text);
        } else {
            batch->values[i][row] = datumCopy(values[i], layout->by_values[i], layout->lengths[i]);
        }
        if (!layout->by_values[i]) batch->bytes += datumGetSize(batch->values[i][row], false, layout->lengths[i]);
    }
}

ParamListInfo BatchParameters(const InsertBatch* batch, const BatchLayout* layout, ParamListInfo tail) {
    int tail_count = tail ? tail->numParams : 0;
    ParamListInfo parameters = makeParamList(tail_count + layout->column_count);
    for (int i = 0; i < tail_count; i++) parameters->params[i] = tail->params[i];
    for (int i = 0; i < layout->column_count; i++) {
        ParamExternData* parameter = &parameters->params[tail_count + i];
        int dims[1] = {batch->row_count};
        int lower[1] = {1};
        ArrayType* array = construct_md_array(batch->values[i], batch->nulls[i], 1, dims, lower, layout->types[i],
                                              layout->lengths[i], layout->by_values[i], layout->alignments[i]);
        parameter->value = PointerGetDatum(array);
        parameter->isnull = false;
        parameter->pflags = PARAM_FLAG_CONST;
        parameter->ptype = get_array_type(layout->types[i]);
    }
    return parameters;
}

}  // namespace herd::executor
