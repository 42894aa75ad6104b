// SQL functions that show templates and run statements. See deparse_check--1.0.sql.
#include "postgres/pg.h"

#include "catalog/metadata.h"
#include "deparse/query_sql.h"
#include "deparse/shard_sql.h"
#include "deparse/table_definition.h"
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

ArrayBuildState* AddText(ArrayBuildState* state, const char* text) {
    return accumArrayResult(state, CStringGetTextDatum(text), false, TEXTOID, CurrentMemoryContext);
}

Datum TextArray(List* texts) {
    ArrayBuildState* state = initArrayResult(TEXTOID, CurrentMemoryContext, false);
    ListCell* lc;
    foreach (lc, texts) AddText(state, static_cast<const char*>(lfirst(lc)));
    return makeArrayResult(state, CurrentMemoryContext);
}

const herd::catalog::DistributedTable* TableArgument(FunctionCallInfo fcinfo) {
    return herd::catalog::GetTable(PG_GETARG_OID(0));
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
    PG_RETURN_TEXT_P(cstring_to_text(herd::deparse::FillTemplateForShard(sql, 0)));
}

HERD_FUNCTION(deparse_table_statements) {
    const herd::catalog::DistributedTable* table = TableArgument(fcinfo);
    return TextArray(herd::deparse::ShardTableStatements(table, table->group->shards[0].id));
}

HERD_FUNCTION(deparse_index_statements) {
    const herd::catalog::DistributedTable* table = TableArgument(fcinfo);
    return TextArray(herd::deparse::ShardIndexAndCheckStatements(table, table->group->shards[0].id));
}

HERD_FUNCTION(deparse_foreign_key_statements) {
    return TextArray(herd::deparse::ShardForeignKeyStatements(TableArgument(fcinfo), 0));
}

HERD_FUNCTION(deparse_type_statements) { return TextArray(herd::deparse::RequiredTypeStatements(PG_GETARG_OID(0))); }

HERD_FUNCTION(deparse_run) {
    char* statement = text_to_cstring(PG_GETARG_TEXT_PP(0));
    MemoryContext caller = CurrentMemoryContext;
    SPI_connect();
    int code = SPI_execute(statement, false, 0);
    if (code < 0) elog(ERROR, "SPI_execute failed: %s", SPI_result_code_string(code));
    SPITupleTable* table = SPI_tuptable;
    MemoryContext spi = MemoryContextSwitchTo(caller);
    ArrayBuildState* rows = AddText(
        nullptr, psprintf("%s %d rows", code == SPI_OK_SELECT ? "read" : "write", static_cast<int>(SPI_processed)));
    if (table != nullptr) {
        rows = AddText(rows, RowText(nullptr, table->tupdesc));
        for (uint64 i = 0; i < table->numvals; i++) rows = AddText(rows, RowText(table->vals[i], table->tupdesc));
    }
    Datum result = makeArrayResult(rows, caller);
    MemoryContextSwitchTo(spi);
    SPI_finish();
    return result;
}
