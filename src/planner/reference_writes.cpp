#include "planner/reference_writes.h"

#include "postgres/walk.h"

extern "C" {
#include <access/table.h>
#include <catalog/pg_class.h>
#include <nodes/makefuncs.h>
#include <parser/parsetree.h>
#include <storage/lmgr.h>
#include <utils/fmgroids.h>
#include <utils/lsyscache.h>
#include <utils/rel.h>
}

namespace herd::planner {

// Conflicts with itself, not with readers or with the checks of foreign keys.
static constexpr LOCKMODE kWriterLock = ShareRowExclusiveLock;
static constexpr LOCKMODE kReaderLock = ShareLock;

static const catalog::DistributedTable* FindReferenceTable(Oid relid) {
    if (!catalog::IsShell(relid)) return nullptr;
    const catalog::DistributedTable* table = catalog::FindTable(relid);
    return table != nullptr && table->is_reference() ? table : nullptr;
}

static Oid CopyOf(const catalog::DistributedTable* table) {
    return catalog::LocalShardRelation(table, table->group->shards[0].id);
}

static RangeTblEntry* EntryOf(Oid copy, LOCKMODE mode) {
    RangeTblEntry* entry = makeNode(RangeTblEntry);
    entry->rtekind = RTE_RELATION;
    entry->relid = copy;
    entry->relkind = RELKIND_RELATION;
    entry->rellockmode = mode;
    entry->eref = makeAlias(get_rel_name(copy), NIL);
    return entry;
}

// False if the copy is among the entries already, at least as strongly.
static bool AddCopy(List** entries, const catalog::DistributedTable* table, LOCKMODE mode) {
    Oid copy = CopyOf(table);
    ListCell* cell;
    foreach (cell, *entries) {
        RangeTblEntry* entry = (RangeTblEntry*)lfirst(cell);
        if (entry->relid != copy) continue;
        if (entry->rellockmode >= mode) return false;
        entry->rellockmode = mode;
        return true;
    }
    *entries = lappend(*entries, EntryOf(copy, mode));
    return true;
}

static bool ChangesReferencingRows(const Trigger& trigger) {
    switch (trigger.tgfoid) {
        case F_RI_FKEY_CASCADE_DEL:
        case F_RI_FKEY_CASCADE_UPD:
        case F_RI_FKEY_SETNULL_DEL:
        case F_RI_FKEY_SETNULL_UPD:
        case F_RI_FKEY_SETDEFAULT_DEL:
        case F_RI_FKEY_SETDEFAULT_UPD:
            return true;
        default:
            return false;
    }
}

// The table, and what its foreign keys change with it.
static void AddWritten(List** entries, const catalog::DistributedTable* table) {
    if (!AddCopy(entries, table, kWriterLock)) return;
    Relation relation = table_open(table->relid, AccessShareLock);
    for (int i = 0; relation->trigdesc != nullptr && i < relation->trigdesc->numtriggers; i++) {
        const Trigger& trigger = relation->trigdesc->triggers[i];
        if (!ChangesReferencingRows(trigger)) continue;
        const catalog::DistributedTable* referencing = FindReferenceTable(trigger.tgconstrrelid);
        if (referencing != nullptr) AddWritten(entries, referencing);
    }
    table_close(relation, NoLock);
}

extern "C" {

static bool AddReadWalker(Node* node, void* entries) {
    if (node == nullptr) return false;
    if (IsA(node, Query)) return postgres::WalkQuery((Query*)node, AddReadWalker, entries, QTW_EXAMINE_RTES_BEFORE);
    if (!IsA(node, RangeTblEntry)) return postgres::WalkExpression(node, AddReadWalker, entries);
    RangeTblEntry* rte = (RangeTblEntry*)node;
    if (rte->rtekind != RTE_RELATION) return false;
    const catalog::DistributedTable* table = FindReferenceTable(rte->relid);
    if (table != nullptr) AddCopy((List**)entries, table, kReaderLock);
    return false;
}

static bool WaitsLikeWriter(const RowMarkClause* mark) {
    return mark->strength >= LCS_FORNOKEYUPDATE && mark->waitPolicy == LockWaitBlock;
}

static bool AddLockedWalker(Node* node, void* entries) {
    if (node == nullptr) return false;
    if (!IsA(node, Query)) return postgres::WalkExpression(node, AddLockedWalker, entries);
    Query* query = (Query*)node;
    ListCell* cell;
    foreach (cell, query->rowMarks) {
        RowMarkClause* mark = (RowMarkClause*)lfirst(cell);
        RangeTblEntry* rte = rt_fetch(mark->rti, query->rtable);
        if (rte->rtekind != RTE_RELATION || !WaitsLikeWriter(mark)) continue;
        const catalog::DistributedTable* table = FindReferenceTable(rte->relid);
        if (table != nullptr) AddCopy((List**)entries, table, kWriterLock);
    }
    return postgres::WalkQuery(query, AddLockedWalker, entries, 0);
}

static int CompareCopies(const ListCell* a, const ListCell* b) {
    Oid left = ((RangeTblEntry*)lfirst(a))->relid;
    Oid right = ((RangeTblEntry*)lfirst(b))->relid;
    return left < right ? -1 : left > right;
}

}  // extern "C"

static void LockCopies(List* entries) {
    list_sort(entries, CompareCopies);
    ListCell* cell;
    foreach (cell, entries) {
        RangeTblEntry* entry = (RangeTblEntry*)lfirst(cell);
        LockRelationOid(entry->relid, entry->rellockmode);
    }
}

List* LockCopiesToWrite(Query* query) {
    const catalog::DistributedTable* target = FindReferenceTable(rt_fetch(query->resultRelation, query->rtable)->relid);
    if (target == nullptr) return NIL;
    List* entries = NIL;
    AddWritten(&entries, target);
    AddReadWalker((Node*)query, &entries);
    LockCopies(entries);
    return entries;
}

List* LockCopiesToLockRows(Query* query) {
    List* entries = NIL;
    AddLockedWalker((Node*)query, &entries);
    LockCopies(entries);
    return entries;
}

void KeepLocks(PlannedStmt* statement, List* locked_copies) {
    ListCell *locked, *cell;
    foreach (locked, locked_copies) {
        const RangeTblEntry* copy = (const RangeTblEntry*)lfirst(locked);
        // The plan may read the copy, too. Its first lock must be the strong one, or two sessions wait for each other.
        foreach (cell, statement->rtable) {
            RangeTblEntry* rte = (RangeTblEntry*)lfirst(cell);
            if (rte->rtekind == RTE_RELATION && rte->relid == copy->relid) rte->rellockmode = copy->rellockmode;
        }
    }
    statement->rtable = list_concat(statement->rtable, locked_copies);
}

void LockCopyToWrite(const catalog::DistributedTable* table) {
    if (table->is_reference()) LockRelationOid(CopyOf(table), kWriterLock);
}

void LockCopiesOfLockedRows(Query* query, List* copies) {
    ListCell* cell;
    foreach (cell, query->rowMarks) {
        RowMarkClause* mark = (RowMarkClause*)lfirst(cell);
        RangeTblEntry* rte = rt_fetch(mark->rti, query->rtable);
        if (!WaitsLikeWriter(mark) || rte->rtekind != RTE_RELATION || !list_member_oid(copies, rte->relid)) continue;
        rte->rellockmode = kWriterLock;
        LockRelationOid(rte->relid, rte->rellockmode);
    }
}

}  // namespace herd::planner
