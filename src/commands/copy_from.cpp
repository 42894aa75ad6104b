#include "commands/copy_from.h"

#include "catalog/metadata.h"
#include "commands/copy_rows.h"
#include "planner/reference_writes.h"
#include "postgres/error.h"

extern "C" {
#include <access/table.h>
#include <access/xact.h>
#include <catalog/namespace.h>
#include <catalog/pg_authid_d.h>
#include <commands/copy.h>
#include <commands/copyfrom_internal.h>
#include <executor/executor.h>
#include <miscadmin.h>
#include <nodes/makefuncs.h>
#include <optimizer/optimizer.h>
#include <parser/parse_coerce.h>
#include <parser/parse_collate.h>
#include <parser/parse_expr.h>
#include <parser/parse_relation.h>
#include <pgstat.h>
#include <utils/acl.h>
#include <utils/rel.h>
#include <utils/rls.h>
}

namespace herd::commands {

static void CheckFileAccess(const CopyStmt* statement) {
    if (statement->filename == nullptr) return;
    Oid role = statement->is_program ? ROLE_PG_EXECUTE_SERVER_PROGRAM : ROLE_PG_READ_SERVER_FILES;
    if (has_privs_of_role(GetUserId(), role)) return;
    const char* message =
        statement->is_program
            ? "must be superuser or have privileges of the pg_execute_server_program role to COPY to or from an "
              "external program"
            : "must be superuser or have privileges of the pg_read_server_files role to COPY from a file";
    ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE), errmsg("%s", _(message)),
                    errhint("Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone.")));
}

// As PostgreSQL's COPY prepares its WHERE: a list of quals, implicitly ANDed.
static Node* TransformWhere(ParseState* pstate, ParseNamespaceItem* target, Node* clause) {
    if (clause == nullptr) return nullptr;
    addNSItemToQuery(pstate, target, false, true, true);
    Node* where = transformExpr(pstate, clause, EXPR_KIND_COPY_WHERE);
    where = coerce_to_boolean(pstate, where, "WHERE");
    assign_expr_collations(pstate, where);
    where = eval_const_expressions(nullptr, where);
    where = reinterpret_cast<Node*>(canonicalize_qual(reinterpret_cast<Expr*>(where), false));
    return reinterpret_cast<Node*>(make_ands_implicit(reinterpret_cast<Expr*>(where)));
}

static void CheckInsertPermission(ParseState* pstate, RangeTblEntry* target, Relation shell, List* column_names) {
    List* attnums = CopyGetAttnums(RelationGetDescr(shell), shell, column_names);
    ListCell* cell;
    foreach (cell, attnums)
        target->insertedCols =
            bms_add_member(target->insertedCols, lfirst_int(cell) - FirstLowInvalidHeapAttributeNumber);
    ExecCheckRTPerms(pstate->p_rtable, true);
    if (check_enable_rls(target->relid, InvalidOid, false) == RLS_ENABLED)
        ereport(ERROR,
                (errcode(ERRCODE_FEATURE_NOT_SUPPORTED), errmsg("COPY FROM not supported with row-level security"),
                 errhint("Use INSERT statements instead.")));
}

// Before the client is asked for data.
static void CheckOptions(ParseState* pstate, List* options) {
    CopyFormatOptions parsed{};
    ProcessCopyOptions(pstate, &parsed, true, options);
    if (parsed.freeze)
        postgres::RaiseNotSupported("COPY FREEZE into a distributed table is not supported",
                                    "The shards were not created in this transaction.", "Leave out FREEZE.");
}

static uint64 CopyIntoShards(CopyFromState input, Relation shell) {
    const catalog::DistributedTable* table = catalog::GetTable(RelationGetRelid(shell));
    planner::LockCopyToWrite(table);
    uint64 rows = CanCopyLines(input, table) ? CopyLines(input, table) : CopyValues(input, table);
    // Counted on the shell, so that autovacuum analyzes it.
    pgstat_count_heap_insert(shell, static_cast<PgStat_Counter>(rows));
    return rows;
}

static Oid FindTargetShell(const CopyStmt* statement) {
    if (!statement->is_from || statement->relation == nullptr) return InvalidOid;
    Oid relid = RangeVarGetRelid(statement->relation, NoLock, true);
    return OidIsValid(relid) && catalog::IsShell(relid) ? relid : InvalidOid;
}

bool HandleCopy(ParseState* pstate, const CopyStmt* statement, uint64* processed) {
    if (!OidIsValid(FindTargetShell(statement))) return false;
    CheckFileAccess(statement);
    Relation shell = table_openrv(statement->relation, RowExclusiveLock);
    catalog::GetTable(RelationGetRelid(shell));
    ParseNamespaceItem* target = addRangeTableEntryForRelation(pstate, shell, RowExclusiveLock, nullptr, false, false);
    target->p_rte->requiredPerms = ACL_INSERT;
    Node* where = TransformWhere(pstate, target, statement->whereClause);
    CheckInsertPermission(pstate, target->p_rte, shell, statement->attlist);
    if (XactReadOnly) PreventCommandIfReadOnly("COPY FROM");
    CheckOptions(pstate, statement->options);
    CopyFromState input = BeginCopyFrom(pstate, shell, where, statement->filename, statement->is_program, nullptr,
                                        statement->attlist, statement->options);
    *processed = CopyIntoShards(input, shell);
    EndCopyFrom(input);
    table_close(shell, NoLock);
    return true;
}

}  // namespace herd::commands
