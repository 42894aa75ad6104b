#include "commands/simple_line.h"

#include <cctype>
#include <cstring>

namespace herd::commands {

static const char* Find(const char* begin, const char* end, char c) {
    return static_cast<const char*>(memchr(begin, c, end - begin));
}

static bool MayBeginWithWord(const char* begin, const char* end) {
    if (begin == end) return false;
    auto first = static_cast<unsigned char>(*begin);
    return isalpha(first) || isspace(first);
}

static bool HasUnusualCharacter(const LineSyntax& syntax, const char* begin, const char* end) {
    return Find(begin, end, '\\') != nullptr || Find(begin, end, '\r') != nullptr ||
           (syntax.quote != 0 && Find(begin, end, syntax.quote) != nullptr);
}

static bool TakeField(const LineSyntax& syntax, int field, const char* begin, const char* end, SimpleLine* line) {
    if (field >= syntax.field_count) return false;
    if (syntax.words[field] && MayBeginWithWord(begin, end)) return false;
    if (field == syntax.key_field) {
        line->key = begin;
        line->key_length = end - begin;
    }
    return true;
}

static bool TakeFields(const LineSyntax& syntax, SimpleLine* line) {
    const char* begin = line->text;
    const char* end = line->text + line->length;
    for (int field = 0;; field++) {
        const char* delimiter = Find(begin, end, syntax.delimiter);
        if (delimiter == nullptr) return TakeField(syntax, field, begin, end, line) && field + 1 == syntax.field_count;
        if (!TakeField(syntax, field, begin, delimiter, line)) return false;
        begin = delimiter + 1;
    }
}

bool FindSimpleLine(const LineSyntax& syntax, const char* input, size_t length, SimpleLine* line) {
    const char* newline = Find(input, input + length, '\n');
    if (newline == nullptr || HasUnusualCharacter(syntax, input, newline)) return false;
    *line = SimpleLine{input, static_cast<size_t>(newline - input), nullptr, 0};
    return TakeFields(syntax, line);
}

}  // namespace herd::commands
