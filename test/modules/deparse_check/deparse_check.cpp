// SQL functions that show templates and run statements. See deparse_check--1.0.sql.
#include "postgres/pg.h"

#include "deparse/query_sql.h"
#include "postgres/entry.h"

extern "C" {
#include <catalog/pg_type.h>
#include <executor/spi.h>
#include <parser/analyze.h>
#include <rewrite/rewriteHandler.h>
#include <tcop/tcopprot.h>
#include <utils/array.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>

PG_MODULE_MAGIC;
}

namespace {

using herd::plan::SqlTemplate;

SqlTemplate TemplateOf(const char* statement) {
    List* raw = pg_parse_query(statement);
    if (list_length(raw) != 1) elog(ERROR, "one statement is expected");
    Oid* types = nullptr;
    int count = 0;
    List* queries = pg_analyze_and_rewrite_varparams(linitial_node(RawStmt, raw), statement, &types, &count, nullptr);
    if (list_length(queries) != 1) elog(ERROR, "the rewriter made %d queries of it", list_length(queries));
    return herd::deparse::DeparseQuery(linitial_node(Query, queries));
}

const char* MarkedName(Oid relid, void*) {
    return psprintf("«%s»",
                    quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)), get_rel_name(relid)));
}

const char* NameInSchema(Oid relid, void* schema) {
    return quote_qualified_identifier(static_cast<const char*>(schema), get_rel_name(relid));
}

ArrayBuildState* AddText(ArrayBuildState* state, const char* text) {
    return accumArrayResult(state, CStringGetTextDatum(text), false, TEXTOID, CurrentMemoryContext);
}

const char* RowText(HeapTuple row, TupleDesc descriptor) {
    StringInfoData text;
    initStringInfo(&text);
    for (int i = 1; i <= descriptor->natts; i++) {
        const char* value = row ? SPI_getvalue(row, descriptor, i) : SPI_fname(descriptor, i);
        appendStringInfo(&text, "%s%s", i > 1 ? "|" : "", value ? value : "(null)");
    }
    return text.data;
}

}  // namespace

HERD_FUNCTION(deparse_template) {
    SqlTemplate sql = TemplateOf(text_to_cstring(PG_GETARG_TEXT_PP(0)));
    PG_RETURN_TEXT_P(cstring_to_text(herd::deparse::FillTemplate(sql, MarkedName, nullptr)));
}

HERD_FUNCTION(deparse_fill) {
    SqlTemplate sql = TemplateOf(text_to_cstring(PG_GETARG_TEXT_PP(0)));
    char* schema = text_to_cstring(PG_GETARG_TEXT_PP(1));
    PG_RETURN_TEXT_P(cstring_to_text(herd::deparse::FillTemplate(sql, NameInSchema, schema)));
}

HERD_FUNCTION(deparse_run) {
    char* statement = text_to_cstring(PG_GETARG_TEXT_PP(0));
    MemoryContext caller = CurrentMemoryContext;
    SPI_connect();
    int code = SPI_execute(statement, false, 0);
    if (code < 0) elog(ERROR, "SPI_execute failed: %s", SPI_result_code_string(code));
    SPITupleTable* table = SPI_tuptable;
    MemoryContext spi = MemoryContextSwitchTo(caller);
    ArrayBuildState* rows = AddText(nullptr, psprintf("%d: %d rows", code, static_cast<int>(SPI_processed)));
    if (table != nullptr) {
        rows = AddText(rows, RowText(nullptr, table->tupdesc));
        for (uint64 i = 0; i < table->numvals; i++) rows = AddText(rows, RowText(table->vals[i], table->tupdesc));
    }
    Datum result = makeArrayResult(rows, caller);
    MemoryContextSwitchTo(spi);
    SPI_finish();
    return result;
}
