#include "deparse/assigned_parts.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <nodes/parsenodes.h>
}

namespace herd::deparse {

namespace {

// The value that an assignment to a part of a column starts from; null if the node isn't such an assignment.
Expr* AssignmentInput(Expr* expr) {
    if (expr == nullptr) return nullptr;
    if (IsA(expr, FieldStore)) return castNode(FieldStore, expr)->arg;
    if (IsA(expr, SubscriptingRef) && castNode(SubscriptingRef, expr)->refassgnexpr != nullptr)
        return castNode(SubscriptingRef, expr)->refexpr;
    return nullptr;
}

bool IsPartAssignment(Expr* expr) { return AssignmentInput(expr) != nullptr; }

Expr* InnermostInput(Expr* expr) {
    while (IsPartAssignment(expr)) expr = AssignmentInput(expr);
    return expr;
}

List* SplitFieldStore(FieldStore* store) {
    List* parts = NIL;
    ListCell* value;
    ListCell* field;
    forboth(value, store->newvals, field, store->fieldnums) {
        FieldStore* part = makeNode(FieldStore);
        *part = *store;
        part->arg = InnermostInput(store->arg);
        part->newvals = list_make1(lfirst(value));
        part->fieldnums = list_make1_int(lfirst_int(field));
        parts = lappend(parts, part);
    }
    return parts;
}

// a[1] and a[2], c.x and c.y were merged into one expression, first assignment innermost.
List* SplitAssignments(Expr* expr) {
    if (IsA(expr, CoerceToDomain) && IsPartAssignment(castNode(CoerceToDomain, expr)->arg)) {
        List* parts = SplitAssignments(castNode(CoerceToDomain, expr)->arg);
        ListCell* lc;
        foreach (lc, parts) {
            CoerceToDomain* coerced = makeNode(CoerceToDomain);
            *coerced = *castNode(CoerceToDomain, expr);
            coerced->arg = static_cast<Expr*>(lfirst(lc));
            lfirst(lc) = coerced;
        }
        return parts;
    }
    Expr* input = AssignmentInput(expr);
    if (input == nullptr) return list_make1(expr);
    List* parts = IsPartAssignment(input) ? SplitAssignments(input) : NIL;
    if (IsA(expr, FieldStore)) return list_concat(parts, SplitFieldStore(castNode(FieldStore, expr)));
    castNode(SubscriptingRef, expr)->refexpr = InnermostInput(input);
    return lappend(parts, expr);
}

}  // namespace

List* SplitTargetList(List* target_list) {
    List* split = NIL;
    ListCell* lc;
    foreach (lc, target_list) {
        auto* entry = lfirst_node(TargetEntry, lc);
        ListCell* part;
        foreach (part, SplitAssignments(entry->expr)) {
            TargetEntry* single = flatCopyTargetEntry(entry);
            single->expr = static_cast<Expr*>(lfirst(part));
            split = lappend(split, single);
        }
    }
    return split;
}

Node* AssignedValue(const TargetEntry* entry) {
    auto* node = reinterpret_cast<Node*>(entry->expr);
    for (;;) {
        if (node != nullptr && IsA(node, FieldStore)) {
            node = static_cast<Node*>(linitial(castNode(FieldStore, node)->newvals));
        } else if (node != nullptr && IsA(node, SubscriptingRef) && castNode(SubscriptingRef, node)->refassgnexpr) {
            node = reinterpret_cast<Node*>(castNode(SubscriptingRef, node)->refassgnexpr);
        } else if (node != nullptr && IsA(node, CoerceToDomain) &&
                   castNode(CoerceToDomain, node)->coercionformat == COERCE_IMPLICIT_CAST &&
                   IsPartAssignment(castNode(CoerceToDomain, node)->arg)) {
            node = reinterpret_cast<Node*>(castNode(CoerceToDomain, node)->arg);
        } else {
            return node;
        }
    }
}

}  // namespace herd::deparse
