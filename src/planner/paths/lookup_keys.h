// A lookup's rows, fetched for some values of its column at a time: column = ANY (array).
#pragma once

#include "postgres/pg.h"

#include "planner/paths/lookup.h"

namespace herd::planner {

// The condition, of the same place among security barriers as the one that it stands for. The array is a placeholder. Null if there is none.
RestrictInfo* KeysCondition(PlannerInfo* root, const Lookup* lookup);

// The placeholder in a Query that has the condition, as constants that ShipQuery() is to lift; and its number among the parameters.
List* KeysPlaceholders(const Query* query);
int NumberOfKeys(List* parameters);
// Is that the key of a pruning?
bool IsKeysPlaceholder(const Node* node);

// Of a lookup whose requests bring rows_of_key rows each, and all_rows if they are fetched at once.
plan::LookupCosts CostsOfLookup(RelOptInfo* rel, const catalog::DistributedTable* table, const Lookup* lookup,
                                double rows_of_key, double all_rows, int width);

}  // namespace herd::planner
