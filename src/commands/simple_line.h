// Finding one line of COPY's input that has nothing to be unescaped, unquoted or looked at closely. Everything else
// (backslashes, quotes, carriage returns, a wrong number of fields, a line that isn't complete yet) is left to PostgreSQL's own reader.
#pragma once

#include <cstddef>

namespace herd::commands {

struct LineSyntax {
    char delimiter;
    char quote;  // CSV; 0 for text
    int field_count;
    int key_field;      // -1: none
    const bool* words;  // by field: a letter at its beginning makes the line unusual
};

struct SimpleLine {
    const char* text;
    size_t length;    // without the newline
    const char* key;  // not terminated; null if there is no key field
    size_t key_length;
};

// Does the input begin with a simple line, ended by a newline?
bool FindSimpleLine(const LineSyntax& syntax, const char* input, size_t length, SimpleLine* line);

}  // namespace herd::commands
