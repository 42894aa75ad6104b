// [pure]
#include "cluster/shard_messages.h"

#include <cstring>

namespace herd::cluster {

namespace {

constexpr char kPrefix[] = "herd_";
constexpr size_t kPrefixLength = sizeof(kPrefix) - 1;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsNameByte(char c) {
    return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || (c & 0x80) != 0;
}

size_t CountDigits(const char* text) {
    size_t count = 0;
    while (IsDigit(text[count])) count++;
    return count;
}

// Length of a shard schema's name at the start of text, 0 if there is none.
size_t NameLength(const char* text) {
    if (strncmp(text, kPrefix, kPrefixLength) != 0) return 0;
    size_t shard = CountDigits(text + kPrefixLength);
    if (shard == 0 || text[kPrefixLength + shard] != '_') return 0;
    size_t number = CountDigits(text + kPrefixLength + shard + 1);
    size_t length = kPrefixLength + shard + 1 + number;
    return number == 0 || IsNameByte(text[length]) ? 0 : length;
}

}  // namespace

bool FindShardSchema(const char* text, size_t from, SchemaMention* mention) {
    for (const char* at = strstr(text + from, kPrefix); at != nullptr; at = strstr(at + 1, kPrefix)) {
        if (at > text && IsNameByte(at[-1])) continue;
        size_t length = NameLength(at);
        if (length == 0) continue;
        *mention = {static_cast<size_t>(at - text), length};
        return true;
    }
    return false;
}

}  // namespace herd::cluster
