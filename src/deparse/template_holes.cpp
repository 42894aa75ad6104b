#include "deparse/template_holes.h"

#include "postgres/entry.h"
#include "postgres/walk.h"

extern "C" {
#include <access/htup_details.h>
#include <catalog/namespace.h>
#include <catalog/pg_type.h>
#include <nodes/parsenodes.h>
#include <parser/parser.h>
#include <utils/builtins.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::deparse {

namespace {

struct NamePlace {
    int offset;
    int length;
    Oid relid;
};

struct NameSearch {
    const char* sql;
    IsHole is_hole;
    void* argument;
    NamePlace* places;
    int count;
    int capacity;
};

void AddPlace(NameSearch* search, int offset, Oid relid, const char* text) {
    int length = static_cast<int>(strlen(text));
    if (offset < 0 || strncmp(search->sql + offset, text, length) != 0)
        elog(ERROR, "%s not found at offset %d of deparsed statement: %s", text, offset, search->sql);
    if (search->count == search->capacity) {
        search->capacity *= 2;
        search->places =
            static_cast<NamePlace*>(repalloc(search->places, sizeof(NamePlace) * static_cast<Size>(search->capacity)));
    }
    search->places[search->count++] = NamePlace{offset, length, relid};
}

void VisitRelation(NameSearch* search, const RangeVar* relation) {
    if (relation->schemaname == nullptr) return;
    Oid schema = get_namespace_oid(relation->schemaname, true);
    Oid relid = OidIsValid(schema) ? get_relname_relid(relation->relname, schema) : InvalidOid;
    if (OidIsValid(relid) && search->is_hole(relid, search->argument))
        AddPlace(search, relation->location, relid,
                 quote_qualified_identifier(relation->schemaname, relation->relname));
}

// A relation's row type bears its name.
void VisitType(NameSearch* search, const TypeName* type) {
    if (list_length(type->names) != 2) return;
    const char* schema_name = strVal(linitial(type->names));
    const char* type_name = strVal(lsecond(type->names));
    Oid schema = get_namespace_oid(schema_name, true);
    if (!OidIsValid(schema)) return;
    Oid type_oid = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(type_name), ObjectIdGetDatum(schema));
    Oid relid = OidIsValid(type_oid) ? get_typ_typrelid(type_oid) : InvalidOid;
    if (OidIsValid(relid) && search->is_hole(relid, search->argument))
        AddPlace(search, type->location, relid, quote_qualified_identifier(schema_name, type_name));
}

void VisitParameter(NameSearch* search, const ParamRef* parameter) {
    if (parameter->number != plan::kShardIndexParameter) return;
    AddPlace(search, parameter->location, InvalidOid, psprintf("$%d", parameter->number));
}

extern "C" {
static bool VisitRawNode(Node* node, void* context);
}

bool VisitNode(Node* node, NameSearch* search);

void Visit(void* node, NameSearch* search) { VisitNode(static_cast<Node*>(node), search); }

void VisitConstraint(Constraint* constraint, NameSearch* search) {
    Visit(constraint->pktable, search);
    Visit(constraint->raw_expr, search);
    Visit(constraint->exclusions, search);
    Visit(constraint->where_clause, search);
}

void VisitIndex(IndexStmt* index, NameSearch* search) {
    Visit(index->relation, search);
    Visit(index->indexParams, search);
    Visit(index->whereClause, search);
}

// What PostgreSQL's walker of raw trees does not know. False for anything else.
bool VisitDefinition(Node* node, NameSearch* search) {
    switch (nodeTag(node)) {
        case T_AlterTableStmt:
            Visit(castNode(AlterTableStmt, node)->relation, search);
            Visit(castNode(AlterTableStmt, node)->cmds, search);
            return true;
        case T_AlterTableCmd:
            Visit(castNode(AlterTableCmd, node)->def, search);
            return true;
        case T_Constraint:
            VisitConstraint(castNode(Constraint, node), search);
            return true;
        case T_IndexStmt:
            VisitIndex(castNode(IndexStmt, node), search);
            return true;
        case T_CreateStatsStmt:
            Visit(castNode(CreateStatsStmt, node)->relations, search);
            Visit(castNode(CreateStatsStmt, node)->exprs, search);
            return true;
        case T_StatsElem:
            Visit(castNode(StatsElem, node)->expr, search);
            return true;
        default:
            return false;
    }
}

bool VisitNode(Node* node, NameSearch* search) {
    if (node == nullptr || VisitDefinition(node, search)) return false;
    switch (nodeTag(node)) {
        case T_LockingClause:
            return false;  // names aliases, not relations
        case T_RangeVar:
            VisitRelation(search, castNode(RangeVar, node));
            return false;
        case T_ParamRef:
            VisitParameter(search, castNode(ParamRef, node));
            return false;
        case T_TypeName:
            VisitType(search, castNode(TypeName, node));
            break;
        default:
            break;
    }
    return postgres::WalkRaw(node, VisitRawNode, search);
}

extern "C" {
static bool VisitRawNode(Node* node, void* context) {
    return postgres::Enter([&] { return VisitNode(node, static_cast<NameSearch*>(context)); });
}
static int ComparePlaces(const void* left, const void* right) {
    return static_cast<const NamePlace*>(left)->offset - static_cast<const NamePlace*>(right)->offset;
}
}

// The raw tree shares nodes, so a place may be found twice.
int SortAndDedupe(NamePlace* places, int count) {
    qsort(places, static_cast<size_t>(count), sizeof(NamePlace), ComparePlaces);
    int kept = 0;
    for (int i = 0; i < count; i++)
        if (kept == 0 || places[kept - 1].offset != places[i].offset) places[kept++] = places[i];
    return kept;
}

}  // namespace

plan::SqlTemplate MakeTemplate(const char* sql, IsHole is_hole, void* argument) {
    NameSearch search = {sql, is_hole, argument, nullptr, 0, 8};
    search.places = static_cast<NamePlace*>(palloc(sizeof(NamePlace) * static_cast<Size>(search.capacity)));
    ListCell* lc;
    foreach (lc, raw_parser(sql, RAW_PARSE_DEFAULT)) VisitNode(lfirst_node(RawStmt, lc)->stmt, &search);

    int count = SortAndDedupe(search.places, search.count);
    auto* holes = static_cast<plan::Hole*>(palloc(sizeof(plan::Hole) * static_cast<Size>(count + 1)));
    auto* text = static_cast<char*>(palloc(strlen(sql) + 1));
    const char* from = sql;
    char* to = text;
    for (int i = 0; i < count; i++) {
        size_t before = static_cast<size_t>(sql + search.places[i].offset - from);
        memcpy(to, from, before);
        to += before;
        from += before + static_cast<size_t>(search.places[i].length);
        holes[i] = plan::Hole{static_cast<int>(to - text), search.places[i].relid};
    }
    strcpy(to, from);
    return plan::SqlTemplate{text, count, holes};
}

}  // namespace herd::deparse
