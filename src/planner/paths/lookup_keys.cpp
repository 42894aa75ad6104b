#include "planner/paths/lookup_keys.h"

#include "planner/paths/gather_path.h"
#include "planner/pruning.h"
#include "planner/shipping.h"
#include "postgres/walk.h"

extern "C" {
#include <access/transam.h>
#include <nodes/makefuncs.h>
#include <nodes/nodeFuncs.h>
#include <optimizer/restrictinfo.h>
#include <utils/lsyscache.h>
}

namespace herd::planner {

// Tells the array from the user's constants, as its type modifier.
static const int32 kKeysMark = 1500000;

// Finding a row by an index, in one shard.
static const double kIndexCost = 0.5;
// Sending a value, and keeping what it brings.
static const double kKeyCost = 1;

// Arrays of other types than PostgreSQL's own travel as text.
static Oid ArrayTypeOf(const Lookup* lookup) {
    Oid array = get_array_type(exprType(lookup->value));
    return array < FirstNormalObjectId ? array : InvalidOid;
}

RestrictInfo* KeysCondition(PlannerInfo* root, const Lookup* lookup) {
    Oid array = ArrayTypeOf(lookup);
    Oid operator_id = lookup->column_is_left ? lookup->operator_id : get_commutator(lookup->operator_id);
    if (!OidIsValid(array) || !OidIsValid(operator_id)) return nullptr;
    Const* keys = makeConst(array, kKeysMark, exprCollation(lookup->value), -1, (Datum)0, true, false);
    ScalarArrayOpExpr* condition = makeNode(ScalarArrayOpExpr);
    condition->opno = operator_id;
    condition->opfuncid = get_opcode(operator_id);
    condition->useOr = true;
    condition->inputcollid = lookup->collation;
    condition->args = list_make2(copyObject(lookup->column), keys);
    condition->location = -1;
    if (!IsShippableExpression((Node*)condition)) return nullptr;
    RestrictInfo* info = make_simple_restrictinfo(root, (Expr*)condition);
    info->security_level = lookup->condition->security_level;
    info->leakproof = lookup->condition->leakproof;
    return info;
}

bool IsKeysPlaceholder(const Node* node) {
    return node != nullptr && IsA(node, Const) && ((const Const*)node)->consttypmod == kKeysMark &&
           ((const Const*)node)->constisnull;
}

static bool PlaceholderWalker(Node* node, void* context) {
    if (node == nullptr) return false;
    if (IsA(node, Query)) return postgres::WalkQuery((Query*)node, PlaceholderWalker, context, 0);
    if (IsKeysPlaceholder(node)) {
        List** placeholders = (List**)context;
        *placeholders = lappend(*placeholders, node);
        return false;
    }
    return postgres::WalkExpression(node, PlaceholderWalker, context);
}

List* KeysPlaceholders(const Query* query) {
    List* placeholders = NIL;
    PlaceholderWalker((Node*)query, &placeholders);
    return placeholders;
}

int NumberOfKeys(List* parameters) {
    ListCell* cell;
    foreach (cell, parameters)
        if (IsKeysPlaceholder((const Node*)lfirst(cell))) return foreach_current_index(cell) + 1;
    elog(ERROR, "the values to look up are not among the parameters");
}

static bool IsIndexed(const RelOptInfo* rel, const Var* column) {
    ListCell* cell;
    foreach (cell, rel->indexlist) {
        const IndexOptInfo* index = (const IndexOptInfo*)lfirst(cell);
        if (index->indpred == NIL && index->indexkeys[0] == column->varattno) return true;
    }
    return false;
}

static bool Prunes(RelOptInfo* rel, const catalog::DistributedTable* table, const Lookup* lookup) {
    plan::Pruning pruning = plan::Pruning::kAllShards;
    Node* key = nullptr;
    FindPruning(table, rel->relid, list_make1(lookup->condition), &pruning, &key);
    return pruning == plan::Pruning::kByKey;
}

plan::LookupCosts CostsOfLookup(RelOptInfo* rel, const catalog::DistributedTable* table, const Lookup* lookup,
                                double rows_of_key, double all_rows, int width) {
    double shards = Max(1, table->group->shard_count);
    double shards_of_key = Prunes(rel, table, lookup) ? 1 : shards;
    double scan = rel->tuples * kTupleCost / kParallelNodes;
    double finding = shards_of_key * kIndexCost / (shards_of_key > 1 ? kParallelNodes : 1);
    bool indexed = IsIndexed(rel, lookup->column);
    double bringing = TransferCost(rows_of_key, width);
    plan::LookupCosts costs;
    costs.single = kRoundTripCost + (indexed ? finding : scan * shards_of_key / shards) + bringing;
    costs.all = kRoundTripCost + scan + TransferCost(all_rows, width);
    costs.batch = kRoundTripCost + (indexed ? 0 : scan);
    costs.key = kKeyCost + (indexed ? finding : 0) + bringing;
    return costs;
}

}  // namespace herd::planner
