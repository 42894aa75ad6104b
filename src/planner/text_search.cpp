#include "planner/text_search.h"

extern "C" {
#include <access/transam.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <tsearch/ts_cache.h>
#include <utils/fmgroids.h>
}

namespace herd::planner {

namespace {

struct Twins {
    Oid without_configuration;
    Oid with_configuration;
};

constexpr Twins kTwins[] = {
    {F_TO_TSVECTOR_TEXT, F_TO_TSVECTOR_REGCONFIG_TEXT},
    {F_TO_TSVECTOR_JSON, F_TO_TSVECTOR_REGCONFIG_JSON},
    {F_TO_TSVECTOR_JSONB, F_TO_TSVECTOR_REGCONFIG_JSONB},
    {F_JSON_TO_TSVECTOR_JSON_JSONB, F_JSON_TO_TSVECTOR_REGCONFIG_JSON_JSONB},
    {F_JSONB_TO_TSVECTOR_JSONB_JSONB, F_JSONB_TO_TSVECTOR_REGCONFIG_JSONB_JSONB},
    {F_TO_TSQUERY_TEXT, F_TO_TSQUERY_REGCONFIG_TEXT},
    {F_PLAINTO_TSQUERY_TEXT, F_PLAINTO_TSQUERY_REGCONFIG_TEXT},
    {F_PHRASETO_TSQUERY_TEXT, F_PHRASETO_TSQUERY_REGCONFIG_TEXT},
    {F_WEBSEARCH_TO_TSQUERY_TEXT, F_WEBSEARCH_TO_TSQUERY_REGCONFIG_TEXT},
    {F_TS_HEADLINE_TEXT_TSQUERY, F_TS_HEADLINE_REGCONFIG_TEXT_TSQUERY},
    {F_TS_HEADLINE_TEXT_TSQUERY_TEXT, F_TS_HEADLINE_REGCONFIG_TEXT_TSQUERY_TEXT},
    {F_TS_HEADLINE_JSON_TSQUERY, F_TS_HEADLINE_REGCONFIG_JSON_TSQUERY},
    {F_TS_HEADLINE_JSON_TSQUERY_TEXT, F_TS_HEADLINE_REGCONFIG_JSON_TSQUERY_TEXT},
    {F_TS_HEADLINE_JSONB_TSQUERY, F_TS_HEADLINE_REGCONFIG_JSONB_TSQUERY},
    {F_TS_HEADLINE_JSONB_TSQUERY_TEXT, F_TS_HEADLINE_REGCONFIG_JSONB_TSQUERY_TEXT},
};

Oid FindTwin(Oid function) {
    for (const Twins& twins : kTwins)
        if (twins.without_configuration == function) return twins.with_configuration;
    return InvalidOid;
}

}  // namespace

FuncExpr* WithTextSearchConfiguration(const FuncExpr* call) {
    Oid twin = FindTwin(call->funcid);
    if (!OidIsValid(twin) || getTSCurrentConfig(false) >= FirstNormalObjectId) return nullptr;
    Expr* configuration = reinterpret_cast<Expr*>(
        makeFuncExpr(F_GET_CURRENT_TS_CONFIG, REGCONFIGOID, NIL, InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL));
    FuncExpr* result = makeNode(FuncExpr);
    *result = *call;
    result->funcid = twin;
    result->args = lcons(configuration, list_copy(call->args));
    return result;
}

}  // namespace herd::planner
