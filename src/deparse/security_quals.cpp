// Row-level security reaches the Query as securityQuals of a relation, which SQL has no words for. In a SELECT the relation
// becomes (SELECT * FROM relation WHERE quals). Where another condition could show rows before the quals hid them,
// OFFSET 0 keeps the planner from moving it inside.
#include "deparse/query_fixes.h"

#include "postgres/entry.h"
#include "postgres/error.h"
#include "postgres/walk.h"

extern "C" {
#include <access/htup_details.h>
#include <access/sysattr.h>
#include <catalog/heap.h>
#include <catalog/pg_attribute.h>
#include <catalog/pg_class.h>
#include <catalog/pg_type.h>
#include <nodes/makefuncs.h>
#include <optimizer/clauses.h>
#include <parser/parsetree.h>
#include <rewrite/rewriteManip.h>
#include <utils/lsyscache.h>
#include <utils/syscache.h>
}

namespace herd::deparse {

namespace {

extern "C" {
static bool FindLeakyNode(Node* node, void* context);
static bool RemapNode(Node* node, void* context);
}

bool Leaks(void* node) { return FindLeakyNode(static_cast<Node*>(node), nullptr); }

// The relations' own security quals may leak: they see all rows anyway.
bool QueryLeaks(Query* query, bool is_top) {
    if (contain_leaked_vars(query->havingQual)) return true;
    // A subquery may be pulled up, and what it computes then stands in the conditions of the outer level.
    if (!is_top && contain_leaked_vars(reinterpret_cast<Node*>(query->targetList))) return true;
    ListCell* lc;
    foreach (lc, query->rtable) {
        auto* rte = lfirst_node(RangeTblEntry, lc);
        if (Leaks(rte->subquery) || Leaks(rte->functions) || Leaks(rte->values_lists) || Leaks(rte->tablefunc))
            return true;
    }
    return postgres::WalkQuery(query, FindLeakyNode, nullptr, QTW_IGNORE_RANGE_TABLE);
}

bool IsLeakyNode(Node* node) {
    if (node == nullptr) return false;
    switch (nodeTag(node)) {
        case T_Query:
            return QueryLeaks(castNode(Query, node), false);
        case T_FromExpr:
            if (contain_leaked_vars(castNode(FromExpr, node)->quals)) return true;
            break;
        case T_JoinExpr:
            if (contain_leaked_vars(castNode(JoinExpr, node)->quals)) return true;
            break;
        default:
            break;
    }
    return postgres::WalkExpression(node, FindLeakyNode, nullptr);
}

bool IsLeaky(Leakiness* leakiness) {
    if (!leakiness->leaky) leakiness->leaky = QueryLeaks(leakiness->statement, true);
    return *leakiness->leaky;
}

// System columns and whole rows of the wrapped relation become columns of the subquery.
struct Remap {
    int relation_index;
    int level;
    Query* subquery;
};

TargetEntry* SubqueryColumn(Query* subquery, AttrNumber number, Oid type, int32 typmod, Oid collation,
                            const char* name) {
    Var* var = makeVar(1, number, type, typmod, collation, 0);
    auto resno = static_cast<AttrNumber>(list_length(subquery->targetList) + 1);
    TargetEntry* entry = makeTargetEntry(reinterpret_cast<Expr*>(var), resno, pstrdup(name), false);
    subquery->targetList = lappend(subquery->targetList, entry);
    return entry;
}

AttrNumber ColumnFor(Query* subquery, const Var* var) {
    ListCell* lc;
    foreach (lc, subquery->targetList) {
        auto* entry = lfirst_node(TargetEntry, lc);
        if (IsA(entry->expr, Var) && castNode(Var, entry->expr)->varattno == var->varattno) return entry->resno;
    }
    const char* name =
        var->varattno == InvalidAttrNumber ? "*row*" : NameStr(SystemAttributeDefinition(var->varattno)->attname);
    return SubqueryColumn(subquery, var->varattno, var->vartype, var->vartypmod, var->varcollid, name)->resno;
}

bool RemapVars(Node* node, Remap* remap) {
    if (node == nullptr) return false;
    if (IsA(node, Var)) {
        auto* var = castNode(Var, node);
        if (var->varno == remap->relation_index && static_cast<int>(var->varlevelsup) == remap->level &&
            var->varattno <= 0) {
            var->varattno = ColumnFor(remap->subquery, var);
            var->varnosyn = 0;
            var->varattnosyn = 0;
        }
        return false;
    }
    if (!IsA(node, Query)) return postgres::WalkExpression(node, RemapNode, remap);
    remap->level++;
    postgres::WalkQuery(castNode(Query, node), RemapNode, remap, 0);
    remap->level--;
    return false;
}

extern "C" {
static bool FindLeakyNode(Node* node, void*) {
    return postgres::Enter([&] { return IsLeakyNode(node); });
}
static bool RemapNode(Node* node, void* context) {
    return postgres::Enter([&] { return RemapVars(node, static_cast<Remap*>(context)); });
}
}

int CountAttributes(Oid relid) {
    HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
    if (!HeapTupleIsValid(tuple)) elog(ERROR, "cache lookup failed for relation %u", relid);
    int count = reinterpret_cast<Form_pg_class>(GETSTRUCT(tuple))->relnatts;
    ReleaseSysCache(tuple);
    return count;
}

// Columns keep their numbers: a NULL stands for a dropped one.
void AddRelationColumns(Query* subquery, Oid relid) {
    int count = CountAttributes(relid);
    for (int column = 1; column <= count; column++) {
        auto number = static_cast<AttrNumber>(column);
        HeapTuple tuple = SearchSysCache2(ATTNUM, ObjectIdGetDatum(relid), Int16GetDatum(number));
        if (!HeapTupleIsValid(tuple)) elog(ERROR, "attribute %d of relation %u not found", number, relid);
        auto* attribute = reinterpret_cast<Form_pg_attribute>(GETSTRUCT(tuple));
        TargetEntry* entry = SubqueryColumn(subquery, number, attribute->atttypid, attribute->atttypmod,
                                            attribute->attcollation, NameStr(attribute->attname));
        if (attribute->attisdropped) entry->expr = reinterpret_cast<Expr*>(makeNullConst(INT4OID, -1, InvalidOid));
        ReleaseSysCache(tuple);
    }
}

Query* FilteredRelation(const RangeTblEntry* rte, int index) {
    Query* subquery = makeNode(Query);
    subquery->commandType = CMD_SELECT;
    subquery->canSetTag = true;
    auto* relation = static_cast<RangeTblEntry*>(copyObjectImpl(rte));
    relation->alias = makeAlias(rte->eref->aliasname, NIL);
    relation->eref = relation->alias;
    relation->securityQuals = NIL;
    relation->inFromCl = true;
    subquery->rtable = list_make1(relation);

    auto* quals = reinterpret_cast<Node*>(make_ands_explicit(rte->securityQuals));
    ChangeVarNodes(quals, index, 1, 0);
    IncrementVarSublevelsUp(quals, 1, 1);
    RangeTblRef* reference = makeNode(RangeTblRef);
    reference->rtindex = 1;
    subquery->jointree = makeFromExpr(list_make1(reference), quals);
    subquery->hasSubLinks = true;
    return subquery;
}

void AddOptimizationBarrier(Query* subquery) {
    if (subquery->limitOffset != nullptr || subquery->limitCount != nullptr) return;
    subquery->limitOffset = reinterpret_cast<Node*>(
        makeConst(INT8OID, -1, InvalidOid, sizeof(int64), Int64GetDatum(0), false, FLOAT8PASSBYVAL));
}

// Names for all columns, as the relation's alias had them.
Alias* SubqueryAlias(const RangeTblEntry* rte, const Query* subquery) {
    const char* name = rte->alias ? rte->alias->aliasname : rte->eref->aliasname;
    List* columns = NIL;
    ListCell* lc;
    foreach (lc, subquery->targetList) {
        int position = foreach_current_index(lc);
        const char* column = lfirst_node(TargetEntry, lc)->resname;
        if (position < list_length(rte->eref->colnames)) {
            const char* alias = strVal(list_nth(rte->eref->colnames, position));
            if (alias[0] != '\0') column = alias;
        }
        columns = lappend(columns, makeString(pstrdup(column)));
    }
    return makeAlias(name, columns);
}

void WrapRelation(Query* query, int index, bool leaky) {
    RangeTblEntry* rte = rt_fetch(index, query->rtable);
    Query* subquery = FilteredRelation(rte, index);
    AddRelationColumns(subquery, rte->relid);
    rte->securityQuals = NIL;

    Remap remap = {index, 0, subquery};
    postgres::WalkQuery(query, RemapNode, &remap, 0);
    if (leaky) AddOptimizationBarrier(subquery);

    rte->alias = SubqueryAlias(rte, subquery);
    rte->eref = static_cast<Alias*>(copyObjectImpl(rte->alias));
    rte->rtekind = RTE_SUBQUERY;
    rte->subquery = subquery;
    rte->relid = InvalidOid;
    rte->relkind = '\0';
    rte->tablesample = nullptr;
    rte->security_barrier = true;
}

// CASE WHEN quals THEN conditions ELSE false END: nothing is evaluated before the quals have let the row pass.
Node* Shield(List* quals, List* conditions) {
    CaseWhen* when = makeNode(CaseWhen);
    when->expr = make_ands_explicit(quals);
    when->result = make_ands_explicit(conditions);
    CaseExpr* shield = makeNode(CaseExpr);
    shield->casetype = BOOLOID;
    shield->args = list_make1(when);
    shield->defresult = reinterpret_cast<Expr*>(makeBoolConst(false, false));
    return reinterpret_cast<Node*>(shield);
}

// DELETE: the target can't be a subquery, so the quals join the statement's own conditions. (UPDATE has check options too.)
void AddQualsToStatement(Query* query, RangeTblEntry* rte) {
    if (query->commandType == CMD_MERGE)
        postgres::RaiseNotSupported("MERGE into a distributed table under row-level security is not supported", nullptr,
                                    "Use INSERT, UPDATE and DELETE.");
    List* conditions = NIL;
    List* leaky = NIL;
    ListCell* lc;
    foreach (lc, make_ands_implicit(reinterpret_cast<Expr*>(query->jointree->quals))) {
        if (contain_leaked_vars(static_cast<Node*>(lfirst(lc))))
            leaky = lappend(leaky, lfirst(lc));
        else
            conditions = lappend(conditions, lfirst(lc));
    }
    if (leaky != NIL)
        conditions = lappend(conditions, Shield(rte->securityQuals, leaky));
    else
        conditions = list_concat(conditions, rte->securityQuals);
    query->jointree->quals = reinterpret_cast<Node*>(make_ands_explicit(conditions));
    rte->securityQuals = NIL;
}

}  // namespace

void WrapSecurityQuals(Query* query, Leakiness* leakiness) {
    int count = list_length(query->rtable);
    for (int index = 1; index <= count; index++) {
        RangeTblEntry* rte = rt_fetch(index, query->rtable);
        if (rte->rtekind == RTE_SUBQUERY && rte->security_barrier && IsLeaky(leakiness))
            AddOptimizationBarrier(rte->subquery);
        if (rte->securityQuals == NIL) continue;
        if (index == query->resultRelation)
            AddQualsToStatement(query, rte);
        else
            WrapRelation(query, index, IsLeaky(leakiness));
    }
}

}  // namespace herd::deparse
