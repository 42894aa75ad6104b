#include "plan/aggregate_definition.h"

extern "C" {
#include <catalog/pg_type.h>
#include <utils/builtins.h>
}

namespace herd::plan {

namespace {

enum StepField { kKind, kText, kExtension, kStepFields };
enum Field {
    kStateType,
    kInitialValue,
    kTransition,
    kOutput = kTransition + kStepFields,
    kFieldCount = kOutput + kStepFields
};

const AggregateStep kKinds[] = {{.text = "function"},
                                {.text = "function of arguments", .takes_arguments = true},
                                {.text = "expression", .is_expression = true},
                                {.text = "strict expression", .is_expression = true, .is_strict = true}};

}  // namespace

static void WriteStep(const AggregateStep& step, const char** texts) {
    if (step.text == nullptr) return;
    texts[kText] = step.text;
    texts[kExtension] = step.extension;
    for (const AggregateStep& kind : kKinds)
        if (kind.is_expression == step.is_expression && kind.is_strict == step.is_strict &&
            kind.takes_arguments == step.takes_arguments)
            texts[kKind] = kind.text;
}

// False if it is of no known kind.
static bool ReadStep(const char* const* texts, AggregateStep* step) {
    *step = {};
    if (texts[kText] == nullptr) return true;
    for (const AggregateStep& kind : kKinds) {
        if (texts[kKind] == nullptr || strcmp(kind.text, texts[kKind]) != 0) continue;
        *step = kind;
        step->text = texts[kText];
        step->extension = texts[kExtension];
        return true;
    }
    return false;
}

ArrayType* WriteAggregateDefinition(const AggregateDefinition& definition) {
    const char* texts[kFieldCount] = {};
    texts[kStateType] = definition.state_type;
    texts[kInitialValue] = definition.initial_value;
    WriteStep(definition.transition, texts + kTransition);
    WriteStep(definition.output, texts + kOutput);
    Datum values[kFieldCount];
    bool nulls[kFieldCount];
    for (int i = 0; i < kFieldCount; i++) {
        nulls[i] = texts[i] == nullptr;
        values[i] = nulls[i] ? (Datum)0 : CStringGetTextDatum(texts[i]);
    }
    int count = kFieldCount;
    int lower_bound = 1;
    return construct_md_array(values, nulls, 1, &count, &lower_bound, TEXTOID, -1, false, TYPALIGN_INT);
}

AggregateDefinition ReadAggregateDefinition(ArrayType* array) {
    Datum* values;
    bool* nulls;
    int count;
    deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &count);
    const char* texts[kFieldCount] = {};
    for (int i = 0; i < count && i < kFieldCount; i++)
        if (!nulls[i]) texts[i] = TextDatumGetCString(values[i]);
    AggregateDefinition definition;
    definition.state_type = texts[kStateType];
    definition.initial_value = texts[kInitialValue];
    bool is_complete = count == kFieldCount && definition.state_type != nullptr &&
                       ReadStep(texts + kTransition, &definition.transition) &&
                       ReadStep(texts + kOutput, &definition.output) && definition.transition.text != nullptr;
    if (!is_complete)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("malformed definition of an aggregate")));
    return definition;
}

}  // namespace herd::plan
