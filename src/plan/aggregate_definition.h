// What a node must know of an aggregate that it doesn't have, to compute it.
#pragma once

#include "postgres/pg.h"

extern "C" {
#include <utils/array.h>
}

namespace herd::plan {

// A transition, or what makes the result of the last state: a function as regprocedure writes it, or an expression over $1 (the state),
// $2 … in pg_catalog's names.
struct AggregateStep {
    const char* text = nullptr;  // null: there is no such step
    bool is_expression = false;
    bool is_strict = false;           // an expression that is not for NULLs
    const char* extension = nullptr;  // name and version, of a function that is not built in
    bool takes_arguments = false;     // a last step: a function with FINALFUNC_EXTRA, called with a NULL per argument
};

struct AggregateDefinition {
    const char* state_type = nullptr;
    const char* initial_value = nullptr;  // null: the state is NULL at first
    AggregateStep transition = {};
    AggregateStep output = {};  // none: the state is the result
};

// As text[], which is how it travels.
ArrayType* WriteAggregateDefinition(const AggregateDefinition& definition);
// Raises if it is none.
AggregateDefinition ReadAggregateDefinition(ArrayType* array);

}  // namespace herd::plan
