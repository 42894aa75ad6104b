// [pure]
#include "transaction/gid.h"

#include <cinttypes>
#include <charconv>
#include <cstdio>
#include <cstring>

namespace herd::transaction {

namespace {

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// Reads a decimal number without sign and leading zeros up to `end`; null if there is none.
template <class Integer>
const char* ReadNumber(const char* text, Integer* value) {
    if (*text < '0' || *text > '9' || (text[0] == '0' && text[1] >= '0' && text[1] <= '9')) return nullptr;
    auto [end, error] = std::from_chars(text, text + strlen(text), *value);
    return error == std::errc() ? end : nullptr;
}

}  // namespace

bool SetClusterId(Coordinator* coordinator, const char* uuid) {
    size_t count = 0;
    for (const char* c = uuid; *c != '\0'; c++) {
        if (*c == '-') continue;
        if (!IsHexDigit(*c) || count == kClusterIdSize - 1) return false;
        coordinator->cluster_id[count++] = *c;
    }
    coordinator->cluster_id[count] = '\0';
    return count == kClusterIdSize - 1;
}

void FormatGid(const Coordinator& coordinator, Gid gid, char (&out)[kGidSize]) {
    snprintf(out, kGidSize, "herd_%s_%" PRIu64 "_%" PRIu64 "_%" PRId32 "_%" PRIu64, coordinator.cluster_id,
             coordinator.system_identifier, gid.transaction_id, gid.node.value, gid.nonce);
}

void FormatGidPrefix(const Coordinator& coordinator, char (&out)[kGidSize]) {
    snprintf(out, kGidSize, "herd_%s_%" PRIu64 "_", coordinator.cluster_id, coordinator.system_identifier);
}

std::optional<Gid> ParseGid(const Coordinator& coordinator, const char* text) {
    char prefix[kGidSize];
    FormatGidPrefix(coordinator, prefix);
    size_t length = strlen(prefix);
    if (strncmp(text, prefix, length) != 0) return std::nullopt;
    Gid gid{};
    const char* rest = ReadNumber(text + length, &gid.transaction_id);
    if (rest == nullptr || *rest != '_') return std::nullopt;
    rest = ReadNumber(rest + 1, &gid.node.value);
    if (rest == nullptr || *rest != '_') return std::nullopt;
    rest = ReadNumber(rest + 1, &gid.nonce);
    if (rest == nullptr || *rest != '\0') return std::nullopt;
    return gid;
}

}  // namespace herd::transaction
