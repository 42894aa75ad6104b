// [pure]
#include "transaction/gid.h"

#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <cstring>

namespace herd::transaction {

namespace {

constexpr char kHead[] = "herd_";

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// Reads a decimal number without sign and leading zeros; null if there is none, or if `text` is null.
template <class Integer>
const char* ReadNumber(const char* text, Integer* value) {
    if (text == nullptr) return nullptr;
    if (*text < '0' || *text > '9' || (text[0] == '0' && text[1] >= '0' && text[1] <= '9')) return nullptr;
    auto [end, error] = std::from_chars(text, text + strlen(text), *value);
    return error == std::errc() ? end : nullptr;
}

const char* SkipUnderscore(const char* text) { return text != nullptr && *text == '_' ? text + 1 : nullptr; }

const char* ReadCoordinator(const char* text, Coordinator* coordinator) {
    if (strncmp(text, kHead, strlen(kHead)) != 0) return nullptr;
    text += strlen(kHead);
    for (size_t i = 0; i < kClusterIdSize - 1; i++, text++) {
        if (!IsHexDigit(*text)) return nullptr;
        coordinator->cluster_id[i] = *text;
    }
    return ReadNumber(SkipUnderscore(text), &coordinator->system_identifier);
}

const char* ReadParticipants(const char* text, Participants* participants) {
    if (text == nullptr) return nullptr;
    if (*text == '*') {
        participants->too_many = true;
        return text + 1;
    }
    for (;; text++) {
        NodeId node;
        text = ReadNumber(text, &node.value);
        if (text == nullptr || participants->count == kMaxParticipants) return nullptr;
        participants->Add(node);
        if (*text != '.') return text;
    }
}

void FormatParticipants(const Participants& participants, char* out, size_t size) {
    size_t length = static_cast<size_t>(snprintf(out, size, "%s", participants.too_many ? "*" : ""));
    for (int i = 0; i < participants.count && length < size; i++)
        length += static_cast<size_t>(
            snprintf(out + length, size - length, "%s%" PRId32, i > 0 ? "." : "", participants.nodes[i]));
}

}  // namespace

bool Coordinator::operator==(const Coordinator& other) const {
    return system_identifier == other.system_identifier && strcmp(cluster_id, other.cluster_id) == 0;
}

// Four digits are enough for any cluster; longer numbers might make the gid too long.
void Participants::Add(NodeId node) {
    if (too_many) return;
    if (count < kMaxParticipants && node.value < 10000) {
        nodes[count++] = node.value;
        return;
    }
    *this = Participants{};
    too_many = true;
}

bool Participants::MayInclude(NodeId node) const {
    for (int i = 0; i < count; i++)
        if (nodes[i] == node.value) return true;
    return too_many;
}

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

void FormatGid(const Coordinator& coordinator, const Gid& gid, char (&out)[kGidSize]) {
    char participants[48];
    FormatParticipants(gid.participants, participants, sizeof(participants));
    snprintf(out, kGidSize, "%s%s_%" PRIu64 "_%" PRIu64 "_%" PRId32 "_%" PRIu64 "_%s", kHead, coordinator.cluster_id,
             coordinator.system_identifier, gid.transaction_id, gid.node.value, gid.nonce, participants);
}

void FormatGidPrefix(const Coordinator& coordinator, char (&out)[kGidSize]) {
    snprintf(out, kGidSize, "%s%s_%" PRIu64 "_", kHead, coordinator.cluster_id, coordinator.system_identifier);
}

std::optional<NamedGid> ParseAnyGid(const char* text) {
    NamedGid named{};
    Gid& gid = named.gid;
    const char* rest = ReadCoordinator(text, &named.coordinator);
    rest = ReadNumber(SkipUnderscore(rest), &gid.transaction_id);
    rest = ReadNumber(SkipUnderscore(rest), &gid.node.value);
    rest = ReadNumber(SkipUnderscore(rest), &gid.nonce);
    rest = ReadParticipants(SkipUnderscore(rest), &gid.participants);
    if (rest == nullptr || *rest != '\0') return std::nullopt;
    return named;
}

std::optional<Gid> ParseGid(const Coordinator& coordinator, const char* text) {
    std::optional<NamedGid> named = ParseAnyGid(text);
    if (!named || !(named->coordinator == coordinator)) return std::nullopt;
    return named->gid;
}

}  // namespace herd::transaction
