// May the text of a value be read on another node, or must it be read here? Connections to nodes have the user's TimeZone, but
// dates in order MDY, IntervalStyle postgres, and settings and names of their own otherwise.
#pragma once

#include "postgres/pg.h"

namespace herd::commands {

enum class InputPlace : uint8 {
    kAnywhere,
    kAnywhereButWords,  // dates and times: "now" and "today" mean this transaction's
    kHere,
};

// For the settings of the moment; looks through domains.
InputPlace WhereToReadInput(Oid type);

// For kAnywhereButWords: is it a text that has to be read here?
bool BeginsWithWord(const char* text);

}  // namespace herd::commands
