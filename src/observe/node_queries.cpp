// herd.ask_nodes(): the rows of one query on every server of the cluster, for the views over all nodes.
#include "catalog/metadata.h"
#include "postgres/entry.h"
#include "transaction/node_query.h"

extern "C" {
#include <catalog/pg_type.h>
#include <executor/executor.h>
#include <executor/spi.h>
#include <funcapi.h>
#include <miscadmin.h>
#include <utils/array.h>
#include <utils/backend_status.h>
#include <utils/builtins.h>
}

namespace herd::observe {

namespace {

struct Answers {
    Tuplestorestate* store;
    TupleDesc desc;      // the node's name, then the query's columns
    TupleDesc row_desc;  // the query's columns
    ArrayType* away;     // nodes that are not asked, while any other must answer; null: who can't be asked is left out
};

void AddAnswer(Answers* answers, const char* node, const Datum* values, const bool* isnull) {
    int count = answers->desc->natts;
    auto* all_values = static_cast<Datum*>(palloc(count * sizeof(Datum)));
    auto* all_isnull = static_cast<bool*>(palloc(count * sizeof(bool)));
    all_values[0] = CStringGetTextDatum(node);
    all_isnull[0] = false;
    memcpy(all_values + 1, values, (count - 1) * sizeof(Datum));
    memcpy(all_isnull + 1, isnull, (count - 1) * sizeof(bool));
    tuplestore_putvalues(answers->store, answers->desc, all_values, all_isnull);
}

void AddRow(const transaction::NodeQuery* query, TupleTableSlot* row) {
    AddAnswer(static_cast<Answers*>(query->argument), query->node->name, row->tts_values, row->tts_isnull);
}

void RequireColumns(const Answers& answers, TupleDesc found) {
    bool fits = found->natts == answers.row_desc->natts;
    for (int i = 0; fits && i < found->natts; i++)
        fits = TupleDescAttr(found, i)->atttypid == TupleDescAttr(answers.row_desc, i)->atttypid;
    if (!fits)
        ereport(ERROR,
                (errcode(ERRCODE_DATATYPE_MISMATCH), errmsg("the query has other columns than the caller expects")));
}

void AskHere(Answers* answers, const char* name, const char* sql) {
    pgstat_clear_backend_activity_snapshot();
    SPI_connect();
    if (SPI_execute(sql, true, 0) != SPI_OK_SELECT) elog(ERROR, "not a query: %s", sql);
    RequireColumns(*answers, SPI_tuptable->tupdesc);
    int columns = answers->row_desc->natts;
    auto* values = static_cast<Datum*>(palloc(columns * sizeof(Datum)));
    auto* isnull = static_cast<bool*>(palloc(columns * sizeof(bool)));
    for (uint64 row = 0; row < SPI_processed; row++) {
        heap_deform_tuple(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, values, isnull);
        AddAnswer(answers, name, values, isnull);
    }
    SPI_finish();
}

TupleDesc WithoutNode(TupleDesc desc) {
    TupleDesc rows = CreateTemplateTupleDesc(desc->natts - 1);
    for (int i = 1; i < desc->natts; i++)
        TupleDescInitEntry(rows, i, NameStr(TupleDescAttr(desc, i)->attname), TupleDescAttr(desc, i)->atttypid,
                           TupleDescAttr(desc, i)->atttypmod, 0);
    return rows;
}

void AskThere(Answers* answers, const catalog::NodeInfo* node, const char* sql) {
    transaction::NodeQuery query = {node, sql, answers->row_desc, AddRow, answers};
    char* problem;
    if (transaction::AskNode(query, &problem)) return;
    ereport(answers->away == nullptr ? WARNING : ERROR,
            (errcode(ERRCODE_CONNECTION_FAILURE), errmsg("could not ask node \"%s\"", node->name),
             errdetail_internal("%s", problem)));
}

bool IsAway(const Answers& answers, const char* node) {
    if (answers.away == nullptr) return false;
    Datum* names;
    int count;
    deconstruct_array(answers.away, TEXTOID, -1, false, TYPALIGN_INT, &names, nullptr, &count);
    for (int i = 0; i < count; i++)
        if (strcmp(TextDatumGetCString(names[i]), node) == 0) return true;
    return false;
}

void AskNodes(FunctionCallInfo fcinfo, ArrayType* away) {
    char* sql = text_to_cstring(PG_GETARG_TEXT_PP(0));
    InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
    auto* info = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
    Answers answers = {info->setResult, info->setDesc, WithoutNode(info->setDesc), away};
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    for (int i = 0; i < count; i++) {
        if (nodes[i]->id == kOwnNode)
            AskHere(&answers, nodes[i]->name, sql);
        else if (OidIsValid(nodes[i]->server) && !IsAway(answers, nodes[i]->name))
            AskThere(&answers, nodes[i], sql);
    }
}

}  // namespace

}  // namespace herd::observe

using namespace herd;

HERD_FUNCTION(herd_ask_nodes) {
    observe::AskNodes(fcinfo, nullptr);
    return static_cast<Datum>(0);
}

HERD_FUNCTION(herd_ask_nodes_but) {
    observe::AskNodes(fcinfo, PG_GETARG_ARRAYTYPE_P(1));
    return static_cast<Datum>(0);
}

// Why a node can't be asked; NULL if it can.
HERD_FUNCTION(herd_node_problem) {
    char* name = text_to_cstring(PG_GETARG_TEXT_PP(0));
    const catalog::NodeInfo* node = catalog::FindNodeByName(name);
    if (node == nullptr || node->id == kOwnNode || !OidIsValid(node->server)) PG_RETURN_NULL();
    TupleDesc desc = CreateTemplateTupleDesc(1);
    TupleDescInitEntry(desc, 1, "one", INT4OID, -1, 0);
    transaction::NodeQuery query = {node, "SELECT 1", desc, [](const transaction::NodeQuery*, TupleTableSlot*) {},
                                    nullptr};
    char* problem;
    if (transaction::AskNode(query, &problem)) PG_RETURN_NULL();
    PG_RETURN_TEXT_P(cstring_to_text(problem));
}
