#include "planner/paths/subquery_gather.h"

#include "planner/local_copies.h"
#include "planner/paths/gather_path.h"
#include "planner/paths/hoisted_values.h"
#include "planner/paths/limit_rules.h"
#include "planner/pruning.h"
#include "planner/router/pins.h"
#include "planner/subqueries/fragment_subqueries.h"
#include "postgres/walk.h"

extern "C" {
#include <nodes/makefuncs.h>
#include <optimizer/optimizer.h>
#include <optimizer/pathnode.h>
#include <optimizer/paths.h>
}

namespace herd::planner {

// ---- the entry ----

static bool ShellWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, Query)) return postgres::WalkQuery((Query*)node, ShellWalker, context, QTW_EXAMINE_RTES_BEFORE);
    if (!IsA(node, RangeTblEntry)) return postgres::WalkExpression(node, ShellWalker, context);
    RangeTblEntry* rte = (RangeTblEntry*)node;
    if (rte->rtekind != RTE_RELATION) return false;
    rte->relid = ShellOf(rte->relid);
    rte->requiredPerms = 0;
    return false;
}

RangeTblEntry* SubqueryEntry(const RangeTblEntry* rte) {
    RangeTblEntry* entry = (RangeTblEntry*)copyObject(rte);
    RemoveMark(entry->subquery);
    ShellWalker((Node*)entry->subquery, nullptr);
    entry->alias = makeAlias(rte->eref->aliasname, (List*)copyObject(rte->eref->colnames));
    entry->inFromCl = true;
    return entry;
}

// ---- the fragment ----

double TuplesOf(const PlannerInfo* root) {
    double tuples = 0;
    for (int i = 1; i < root->simple_rel_array_size; i++) {
        const RelOptInfo* rel = root->simple_rel_array[i];
        if (rel == nullptr || rel->reloptkind != RELOPT_BASEREL) continue;
        tuples += rel->subroot != nullptr ? TuplesOf(rel->subroot) : rel->tuples;
    }
    return tuples;
}

List* SubqueryKeys(const RelOptInfo* rel, const Spread* spread, bool nullable) {
    List* keys = NIL;
    ListCell* cell;
    foreach (cell, spread->keys) {
        const LevelKey* output = (const LevelKey*)lfirst(cell);
        KeyColumn* key = (KeyColumn*)palloc0(sizeof(KeyColumn));
        *key = {rel->relid, output->attno, nullable || output->may_be_null};
        keys = lappend(keys, key);
    }
    return keys;
}

// By what is said inside, or else by conditions on its columns.
static void PruneSubquery(const RelOptInfo* rel, const RangeTblEntry* rte, Fragment* fragment) {
    Pins pins = FindPins(rte->subquery, fragment->group, false);
    if (pins.result == PinResult::kOne) {
        fragment->pruning = pins.null_key ? plan::Pruning::kNullKey : plan::Pruning::kByKey;
        fragment->key = pins.null_key ? nullptr : pins.value;
        return;
    }
    ListCell* cell;
    foreach (cell, fragment->keys) {
        const KeyColumn* key = (const KeyColumn*)lfirst(cell);
        if (key->may_be_null) continue;
        catalog::DistributedTable table = *catalog::GetTable(fragment->anchor);
        table.key_attno = key->attno;
        FindPruning(&table, rel->relid, rel->baserestrictinfo, &fragment->pruning, &fragment->key);
    }
}

// Complete if it does all that is asked of the relation.
static Fragment* SubqueryFragment(PlannerInfo* root, const RelOptInfo* rel, const RangeTblEntry* rte,
                                  List** local_quals) {
    const Spread* spread = MarkedSpread(rte->subquery);
    if (spread == nullptr || spread->residence != Residence::kSharded || rel->reloptkind != RELOPT_BASEREL ||
        !bms_is_empty(rel->lateral_relids))
        return nullptr;
    Fragment* fragment = (Fragment*)palloc0(sizeof(Fragment));
    RangeTblRef* ref = makeNode(RangeTblRef);
    ref->rtindex = (int)rel->relid;
    fragment->from = list_make1(ref);
    ListCell* cell;
    foreach (cell, rel->baserestrictinfo) {
        RestrictInfo* condition = (RestrictInfo*)lfirst(cell);
        List** place = ConditionTravels(root, condition) ? &fragment->quals : local_quals;
        if (!condition->pseudoconstant) *place = lappend(*place, condition->clause);
    }
    fragment->group = spread->group;
    fragment->anchor = spread->anchor;
    fragment->keys = SubqueryKeys(rel, spread, false);
    fragment->tuples = TuplesOf(rel->subroot);
    PruneSubquery(rel, rte, fragment);
    return fragment;
}

// The plain columns in these expressions, computed below outer joins or not; false if there is something else.
static bool CollectColumns(List* expressions, List** columns) {
    List* vars = pull_var_clause((Node*)expressions, PVC_RECURSE_PLACEHOLDERS);
    ListCell* cell;
    foreach (cell, vars) {
        if (((Var*)lfirst(cell))->varattno <= 0) return false;
        *columns = list_append_unique(*columns, lfirst(cell));
    }
    return true;
}

void AddSubqueryGather(PlannerInfo* root, RelOptInfo* rel, RangeTblEntry* rte) {
    if (rte->rtekind != RTE_SUBQUERY || rel->subroot == nullptr || IS_DUMMY_REL(rel)) return;
    if (MarkedSpread(rte->subquery) == nullptr || !HoistValues(root, rte)) return;
    FragmentOutput output;
    Fragment* fragment = SubqueryFragment(root, rel, rte, &output.local_quals);
    if (fragment == nullptr) return;
    if (ConditionsTravel(root, rel->baserestrictinfo) && DeliversPlainColumns(rel)) SetFragment(rel, fragment);
    if (!CollectColumns(rel->reltarget->exprs, &output.targets) || !CollectColumns(output.local_quals, &output.targets))
        return;
    double rows = rel->rows;
    if (HasSimpleLimit(root) && RowsAreStatements(root) && output.local_quals == NIL) {
        output.limit = LimitPlusOffset(root);
        if (root->limit_tuples > 0) rows = Min(rows, root->limit_tuples * VisitedShards(fragment));
    }
    add_path(rel, MakeGatherPath(rel, rel->reltarget, fragment, output, rows));
}

}  // namespace herd::planner
