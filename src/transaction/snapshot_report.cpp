// [pure]
#include "transaction/snapshot_report.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/little_endian.h"

namespace herd::transaction {

namespace {

constexpr size_t kFixedEntrySize = 1 + 3 * sizeof(uint64_t) + 1;
constexpr uint8_t kTooMany = 255;

// What a node said of one transaction.
struct Saying {
    const ReportEntry* entry;
    size_t report;
};

// All that was said of one transaction: [first, last) of the sorted sayings.
struct Sayings {
    const Saying* first;
    const Saying* last;

    const ReportEntry* Of(size_t report) const {
        for (const Saying* saying = first; saying < last; saying++)
            if (saying->report == report) return saying->entry;
        return nullptr;
    }
    bool Any(Sight sight) const {
        return std::any_of(first, last, [&](const Saying& saying) { return saying.entry->sight == sight; });
    }
};

bool IsVisible(const ReportEntry* entry) {
    return entry != nullptr && (entry->sight == Sight::kNew || entry->sight == Sight::kVisible);
}

class WaitFinder {
  public:
    WaitFinder(uint64_t own, const NodeReport* reports, size_t report_count)
        : own_(own), reports_(reports), report_count_(report_count) {}

    bool MustWait(const Sayings& sayings, size_t report, bool is_settled) const {
        if (!MayTakePart(sayings, report)) return false;
        const ReportEntry* entry = sayings.Of(report);
        if (IsVisible(entry)) return false;
        if (entry == nullptr) return sayings.Any(Sight::kNew) && !is_settled;
        if (sayings.Any(Sight::kNew) || sayings.Any(Sight::kVisible)) return true;
        return entry->sight == Sight::kOverdue && SomebodyIsSilent(sayings, report);
    }

  private:
    bool MayTakePart(const Sayings& sayings, size_t report) const {
        const ReportEntry* any = sayings.first->entry;
        return any->key.coordinator != own_ || any->participants.MayInclude(reports_[report].node);
    }

    // Another participant says nothing of it: it may have finished it long ago.
    bool SomebodyIsSilent(const Sayings& sayings, size_t report) const {
        for (size_t other = 0; other < report_count_; other++)
            if (other != report && MayTakePart(sayings, other) && sayings.Of(other) == nullptr) return true;
        return false;
    }

    uint64_t own_;
    const NodeReport* reports_;
    size_t report_count_;
};

std::vector<Saying> SortedSayings(const NodeReport* reports, size_t report_count) {
    std::vector<Saying> sayings;
    for (size_t report = 0; report < report_count; report++)
        for (size_t i = 0; i < reports[report].count; i++) sayings.push_back({&reports[report].entries[i], report});
    std::sort(sayings.begin(), sayings.end(),
              [](const Saying& a, const Saying& b) { return a.entry->key < b.entry->key; });
    return sayings;
}

}  // namespace

Sight SightOf(const RingEntry& entry, bool visible, Microseconds now, Microseconds window) {
    if (visible) {
        bool is_new = entry.committed == 0 || now - entry.committed < window;
        return is_new ? Sight::kNew : Sight::kVisible;
    }
    bool is_young = entry.noted != 0 && now - entry.noted < window;
    return is_young ? Sight::kUnfinished : Sight::kOverdue;
}

bool Counts(Coverage coverage, Microseconds taken, Microseconds window) {
    if (coverage == Coverage::kIncomplete) return false;
    return taken < (coverage == Coverage::kQuiet ? kQuietWindow : window);
}

size_t MaxReportSize(size_t entry_count) {
    return 1 + entry_count * (kFixedEntrySize + kMaxParticipants * sizeof(int32_t));
}

size_t EncodeReport(Coverage coverage, const ReportEntry* entries, size_t count, unsigned char* out) {
    unsigned char* at = out;
    auto put = [&](auto value) {
        StoreLittleEndian(at, value);
        at += sizeof(value);
    };
    put(static_cast<uint8_t>(coverage));
    for (const ReportEntry* entry = entries; entry < entries + count; entry++) {
        put(static_cast<uint8_t>(entry->sight));
        put(entry->key.coordinator);
        put(entry->key.transaction_id);
        put(entry->key.nonce);
        const Participants& participants = entry->participants;
        put(participants.too_many ? kTooMany : static_cast<uint8_t>(participants.count));
        for (int i = 0; i < participants.count; i++) put(participants.nodes[i]);
    }
    return static_cast<size_t>(at - out);
}

size_t MaxReportEntries(size_t length) { return length / kFixedEntrySize; }

bool DecodeReport(const unsigned char* bytes, size_t length, Coverage* coverage, ReportEntry* entries, size_t* count) {
    const unsigned char* end = bytes + length;
    if (length == 0) return false;
    auto get = [&](auto* value) {
        *value = LoadLittleEndian<std::remove_pointer_t<decltype(value)>>(bytes);
        bytes += sizeof(*value);
    };
    uint8_t flag;
    get(&flag);
    if (flag > static_cast<uint8_t>(Coverage::kQuiet)) return false;
    *coverage = static_cast<Coverage>(flag);
    for (*count = 0; bytes < end; (*count)++) {
        if (static_cast<size_t>(end - bytes) < kFixedEntrySize) return false;
        ReportEntry* entry = &entries[*count];
        *entry = ReportEntry{};
        uint8_t sight, participants;
        get(&sight);
        entry->sight = static_cast<Sight>(sight);
        get(&entry->key.coordinator);
        get(&entry->key.transaction_id);
        get(&entry->key.nonce);
        get(&participants);
        entry->participants.too_many = participants == kTooMany;
        if (sight > static_cast<uint8_t>(Sight::kOverdue)) return false;
        if (entry->participants.too_many) continue;
        if (participants > kMaxParticipants || static_cast<size_t>(end - bytes) < participants * sizeof(int32_t))
            return false;
        entry->participants.count = participants;
        for (int i = 0; i < participants; i++) get(&entry->participants.nodes[i]);
    }
    return true;
}

size_t FindWaits(uint64_t own, const NodeReport* reports, size_t report_count, const Wait* settled,
                 size_t settled_count, Wait* waits, size_t capacity) {
    std::vector<Saying> all = SortedSayings(reports, report_count);
    WaitFinder finder(own, reports, report_count);
    size_t found = 0;
    const Saying* end = all.data() + all.size();
    for (const Saying *first = all.data(), *last = first; first < end; first = last) {
        const TransactionKey& key = first->entry->key;
        while (last < end && last->entry->key == key) last++;
        for (size_t report = 0; report < report_count; report++) {
            Wait wait{reports[report].node, key};
            bool is_settled = std::find(settled, settled + settled_count, wait) != settled + settled_count;
            if (!finder.MustWait({first, last}, report, is_settled)) continue;
            if (found < capacity) waits[found] = wait;
            found++;
        }
    }
    return found;
}

}  // namespace herd::transaction
