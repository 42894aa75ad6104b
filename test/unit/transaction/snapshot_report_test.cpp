#include "transaction/snapshot_report.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

namespace herd::transaction {
namespace {

constexpr uint64_t kOwn = 1;
constexpr uint64_t kForeign = 2;

Participants Nodes(std::initializer_list<int32_t> nodes) {
    Participants participants;
    for (int32_t node : nodes) participants.Add(NodeId{node});
    return participants;
}

ReportEntry Saw(Sight sight, uint64_t id = 7, Participants participants = Nodes({1, 2}), uint64_t coordinator = kOwn) {
    return {{coordinator, id, 0}, participants, sight};
}

// Of what nodes 1, 2, 3 say of recent transactions.
std::vector<Wait> WaitsOf(const std::vector<std::vector<ReportEntry>>& said, const std::vector<Wait>& settled = {}) {
    std::vector<NodeReport> reports;
    for (size_t i = 0; i < said.size(); i++)
        reports.push_back({NodeId{static_cast<int32_t>(i) + 1}, said[i].data(), said[i].size()});
    std::vector<Wait> waits(100);
    waits.resize(FindWaits(kOwn, reports.data(), reports.size(), settled.data(), settled.size(), waits.data(), 100));
    return waits;
}

std::vector<int32_t> WhoWaits(const std::vector<std::vector<ReportEntry>>& said,
                              const std::vector<Wait>& settled = {}) {
    std::vector<int32_t> nodes;
    for (const Wait& wait : WaitsOf(said, settled)) nodes.push_back(wait.node.value);
    return nodes;
}

using Nobody = std::vector<int32_t>;

TEST(SnapshotReport, IsReadBack) {
    std::vector<ReportEntry> entries{Saw(Sight::kNew, UINT64_MAX, Nodes({0, 1, 2, 3, 4, 5, 6, 7}), UINT64_MAX),
                                     Saw(Sight::kOverdue, 1, Nodes({0, 1, 2, 3, 4, 5, 6, 7, 8})),
                                     Saw(Sight::kVisible, 2, Nodes({}))};
    std::vector<unsigned char> bytes(MaxReportSize(entries.size()));
    bytes.resize(EncodeReport(Coverage::kComplete, entries.data(), entries.size(), bytes.data()));
    std::vector<ReportEntry> decoded(MaxReportEntries(bytes.size()));
    Coverage coverage = Coverage::kIncomplete;
    size_t count;
    ASSERT_TRUE(DecodeReport(bytes.data(), bytes.size(), &coverage, decoded.data(), &count));
    EXPECT_EQ(coverage, Coverage::kComplete);
    ASSERT_EQ(count, entries.size());
    for (size_t i = 0; i < count; i++) {
        EXPECT_EQ(decoded[i].key, entries[i].key);
        EXPECT_EQ(decoded[i].participants, entries[i].participants);
        EXPECT_EQ(decoded[i].sight, entries[i].sight);
    }
    for (size_t length = 0; length < bytes.size(); length++) {
        std::vector<ReportEntry> part(MaxReportEntries(length));
        bool is_report = DecodeReport(bytes.data(), length, &coverage, part.data(), &count);
        EXPECT_TRUE(!is_report || count < entries.size());
    }
}

TEST(FindWaits, NobodyWaitsIfAllSeeTheSame) {
    EXPECT_EQ(WhoWaits({{}, {}, {}}), Nobody());
    EXPECT_EQ(WhoWaits({{Saw(Sight::kNew)}, {Saw(Sight::kVisible)}}), Nobody());
    EXPECT_EQ(WhoWaits({{Saw(Sight::kUnfinished)}, {Saw(Sight::kOverdue)}}), Nobody());
}

TEST(FindWaits, WhoDoesNotSeeYetWhatAnotherSeesWaits) {
    EXPECT_EQ(WhoWaits({{Saw(Sight::kNew)}, {Saw(Sight::kUnfinished)}}), Nobody({2}));
    EXPECT_EQ(WhoWaits({{Saw(Sight::kOverdue)}, {Saw(Sight::kVisible)}}), Nobody({1}));
}

TEST(FindWaits, WhoHadNotHeardOfWhatAnotherSeesWaits) {
    EXPECT_EQ(WhoWaits({{Saw(Sight::kNew)}, {}}), Nobody({2}));
    EXPECT_EQ(WhoWaits({{Saw(Sight::kVisible)}, {}}), Nobody());
}

TEST(FindWaits, ASilentNodeMayHaveFinishedWhatIsOverdueElsewhere) {
    EXPECT_EQ(WhoWaits({{Saw(Sight::kOverdue)}, {}}), Nobody({1}));
    EXPECT_EQ(WhoWaits({{Saw(Sight::kUnfinished)}, {}}), Nobody());
    EXPECT_EQ(WhoWaits({{Saw(Sight::kOverdue)}, {Saw(Sight::kOverdue)}, {}}), Nobody());
}

TEST(FindWaits, OthersThanParticipantsDoNotWait) {
    EXPECT_EQ(WhoWaits({{Saw(Sight::kNew)}, {Saw(Sight::kNew)}, {}}), Nobody());
    EXPECT_EQ(WhoWaits({{Saw(Sight::kNew, 7, Nodes({1, 5}))}, {}, {}}), Nobody());
}

TEST(FindWaits, OfTooManyParticipantsEveryNodeIsOne) {
    Participants many;
    many.too_many = true;
    EXPECT_EQ(WhoWaits({{Saw(Sight::kNew, 7, many)}, {}, {Saw(Sight::kVisible, 7, many)}}), Nobody({2}));
}

TEST(FindWaits, OfAnotherCoordinatorsTransactionEveryNodeMayBeAParticipant) {
    ReportEntry foreign = Saw(Sight::kNew, 7, Nodes({0, 5}), kForeign);
    EXPECT_EQ(WhoWaits({{foreign}, {}}), Nobody({2}));
    EXPECT_EQ(WhoWaits({{foreign}, {}}, {{NodeId{2}, foreign.key}}), Nobody());
}

TEST(FindWaits, SettledIsNotVisible) {
    EXPECT_EQ(WhoWaits({{Saw(Sight::kNew)}, {Saw(Sight::kUnfinished)}}, {{NodeId{2}, {kOwn, 7, 0}}}), Nobody({2}));
}

TEST(FindWaits, EachTransactionIsJudgedByItself) {
    EXPECT_EQ(WhoWaits({{Saw(Sight::kNew, 8), Saw(Sight::kNew, 7)},
                        {Saw(Sight::kUnfinished, 7), Saw(Sight::kUnfinished, 8)}}),
              Nobody({2, 2}));
}

TEST(Counts, OnlyWithinTheWindowUnlessItIsQuiet) {
    EXPECT_TRUE(Counts(Coverage::kComplete, 19, 20));
    EXPECT_FALSE(Counts(Coverage::kComplete, 20, 20));
    EXPECT_FALSE(Counts(Coverage::kIncomplete, 0, 20));
    EXPECT_TRUE(Counts(Coverage::kQuiet, kQuietWindow - 1, 20));
    EXPECT_FALSE(Counts(Coverage::kQuiet, kQuietWindow, 20));
}

// A random history: transactions over three nodes, some of which are slow, and snapshots taken and reported within one window, or within
// the window of quiet reports if `late`.
class History {
  public:
    explicit History(uint32_t seed, uint64_t transactions = 12, bool late = false) : random_(seed) {
        for (uint64_t id = 1; id <= transactions; id++) AddTransaction(id);
        Microseconds start = 1000;
        for (int node = 1; node <= kNodes; node++) {
            Microseconds window = late && Below(2) == 0 ? kQuiet : kWindow;
            windows_.push_back(window);
            Microseconds snapshot = start + Below(window - 2);
            snapshots_.push_back(snapshot);
            reports_.push_back(snapshot + Below(start + window - 1 - snapshot));
        }
    }

    // Is every node quiet that has taken longer?
    bool Counts() const {
        for (int node = 0; node < kNodes; node++)
            if (windows_[static_cast<size_t>(node)] > kWindow && !IsQuiet(node)) return false;
        return true;
    }

    // Transactions that one snapshot sees and another does not.
    std::set<uint64_t> Torn() const {
        std::set<uint64_t> torn;
        for (const Transaction& transaction : transactions_) {
            int seen = 0, missed = 0;
            for (int node = 0; node < kNodes; node++) {
                if (!transaction.takes_part[node]) continue;
                (IsVisible(transaction, node) ? seen : missed)++;
            }
            if (seen > 0 && missed > 0) torn.insert(transaction.entry.key.transaction_id);
        }
        return torn;
    }

    // Transactions that somebody is told to wait for.
    std::set<uint64_t> WaitedFor() const {
        std::vector<std::vector<ReportEntry>> said(kNodes);
        for (int node = 0; node < kNodes; node++)
            for (const Transaction& transaction : transactions_)
                Say(transaction, node, &said[static_cast<size_t>(node)]);
        std::set<uint64_t> waited_for;
        for (const Wait& wait : WaitsOf(said)) waited_for.insert(wait.key.transaction_id);
        return waited_for;
    }

  private:
    static constexpr int kNodes = 3;
    static constexpr Microseconds kWindow = 50;
    static constexpr Microseconds kQuiet = 200;

    struct Transaction {
        RingEntry entry;
        bool takes_part[kNodes];
        Microseconds noted[kNodes];
        Microseconds committed[kNodes];  // visible from then on
        Microseconds known[kNodes];      // in the ring as committed
    };

    Microseconds Below(Microseconds limit) {
        return limit <= 0 ? 0 : std::uniform_int_distribution<Microseconds>(0, limit - 1)(random_);
    }
    // Mostly short, sometimes much longer than the window.
    Microseconds Delay() { return Below(4) == 0 ? Below(400) : Below(20); }

    void AddTransaction(uint64_t id) {
        Transaction transaction{};
        transaction.entry.key = {kOwn, id, 0};
        Microseconds start = 500 + Below(600), decided = start;
        for (int node = 0; node < kNodes; node++) {
            transaction.takes_part[node] = Below(3) > 0;
            if (!transaction.takes_part[node]) continue;
            transaction.entry.participants.Add(NodeId{node + 1});
            transaction.noted[node] = start + Delay();
            decided = std::max(decided, transaction.noted[node] + 1);
        }
        for (int node = 0; node < kNodes; node++) {
            transaction.committed[node] = decided + 1 + Delay();
            transaction.known[node] = transaction.committed[node] + Below(5);
        }
        transactions_.push_back(transaction);
    }

    bool IsVisible(const Transaction& transaction, int node) const {
        return transaction.committed[node] <= snapshots_[static_cast<size_t>(node)];
    }

    bool IsQuiet(int node) const {
        Microseconds now = reports_[static_cast<size_t>(node)];
        for (const Transaction& transaction : transactions_) {
            bool is_there = transaction.takes_part[node] && transaction.noted[node] <= now;
            if (is_there && transaction.known[node] > now - 2 * kQuiet) return false;
        }
        return true;
    }

    void Say(const Transaction& transaction, int node, std::vector<ReportEntry>* said) const {
        Microseconds now = reports_[static_cast<size_t>(node)];
        if (!transaction.takes_part[node] || transaction.noted[node] > now) return;
        RingEntry entry = transaction.entry;
        entry.noted = transaction.noted[node];
        entry.committed = transaction.known[node] <= now ? transaction.known[node] : 0;
        if (entry.committed != 0 && now - entry.committed >= 2 * kWindow) return;
        said->push_back({entry.key, entry.participants, SightOf(entry, IsVisible(transaction, node), now, kWindow)});
    }

    std::mt19937 random_;
    std::vector<Transaction> transactions_;
    std::vector<Microseconds> snapshots_;
    std::vector<Microseconds> reports_;
    std::vector<Microseconds> windows_;
};

TEST(FindWaits, MissesNoTornReadOfRandomHistories) {
    size_t torn = 0, in_vain = 0;
    for (uint32_t seed = 0; seed < 10000; seed++) {
        History history(seed);
        std::set<uint64_t> must_wait = history.Torn();
        std::set<uint64_t> waits = history.WaitedFor();
        for (uint64_t id : must_wait) ASSERT_TRUE(waits.contains(id)) << "seed " << seed << " transaction " << id;
        torn += must_wait.size();
        in_vain += waits.size() - must_wait.size();
    }
    EXPECT_GT(torn, 5000U);
    EXPECT_LT(in_vain, torn);
}

TEST(FindWaits, MissesNoTornReadWhereQuietNodesReportLate) {
    size_t torn = 0;
    for (uint32_t seed = 0; seed < 30000; seed++) {
        History history(seed, 2, true);
        if (!history.Counts()) continue;
        std::set<uint64_t> waits = history.WaitedFor();
        for (uint64_t id : history.Torn()) {
            ASSERT_TRUE(waits.contains(id)) << "seed " << seed << " transaction " << id;
            torn++;
        }
    }
    EXPECT_GT(torn, 500U);
}

}  // namespace
}  // namespace herd::transaction
