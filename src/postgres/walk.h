// PostgreSQL's tree walkers and mutators with the types that C++ wants.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <nodes/nodeFuncs.h>
}

namespace herd::postgres {

using Walker = bool (*)(Node* node, void* context);
using Mutator = Node* (*)(Node* node, void* context);

inline bool WalkExpression(Node* node, Walker walker, void* context) {
    return expression_tree_walker(node, (bool (*)())(void (*)(void))walker, context);
}
inline bool WalkQuery(Query* query, Walker walker, void* context, int flags) {
    return query_tree_walker(query, (bool (*)())(void (*)(void))walker, context, flags);
}
inline bool WalkRaw(Node* node, Walker walker, void* context) {
    return raw_expression_tree_walker(node, (bool (*)())(void (*)(void))walker, context);
}
inline Node* MutateExpression(Node* node, Mutator mutator, void* context) {
    return expression_tree_mutator(node, (Node * (*)())(void (*)(void))mutator, context);
}
inline Query* MutateQuery(Query* query, Mutator mutator, void* context, int flags) {
    return query_tree_mutator(query, (Node * (*)())(void (*)(void))mutator, context, flags);
}

}  // namespace herd::postgres
