#include "transaction/commit_ring.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <vector>

namespace herd::transaction {
namespace {

class Ring {
  public:
    Ring(int32_t unfinished, int32_t finished) : memory_(calloc(1, CommitRingSize(unfinished, finished)), &free) {
        InitCommitRing(get(), unfinished, finished);
    }
    CommitRing* get() { return static_cast<CommitRing*>(memory_.get()); }

    std::vector<RingEntry> Since(Microseconds since) {
        std::vector<RingEntry> entries(static_cast<size_t>(CopyRecent(get(), since, nullptr, 0)));
        CopyRecent(get(), since, entries.data(), static_cast<int32_t>(entries.size()));
        return entries;
    }

  private:
    std::unique_ptr<void, decltype(&free)> memory_;
};

TransactionKey Key(uint64_t id) { return {1, id, 0}; }

RingEntry Entry(uint64_t id, Microseconds noted) {
    RingEntry entry{};
    entry.key = Key(id);
    entry.node = NodeId{2};
    entry.noted = noted;
    return entry;
}

TEST(CommitRing, ShowsUnfinishedOnesOfAnyAge) {
    Ring ring(2, 2);
    EXPECT_TRUE(NoteUnfinished(ring.get(), Entry(7, 10)));
    ASSERT_EQ(ring.Since(1000000).size(), 1U);
    EXPECT_EQ(ring.Since(1000000)[0].key, Key(7));
    EXPECT_EQ(ring.Since(1000000)[0].committed, 0);
}

TEST(CommitRing, ShowsFinishedOnesThatAreYoungEnough) {
    Ring ring(2, 2);
    NoteUnfinished(ring.get(), Entry(7, 10));
    NoteCommitted(ring.get(), Key(7), NodeId{2}, 20);
    ASSERT_EQ(ring.Since(19).size(), 1U);
    EXPECT_EQ(ring.Since(19)[0].committed, 20);
    EXPECT_TRUE(ring.Since(20).empty());
}

TEST(CommitRing, ForgetsWhatWasRolledBack) {
    Ring ring(2, 2);
    NoteUnfinished(ring.get(), Entry(7, 10));
    NoteUnfinished(ring.get(), Entry(8, 10));
    NoteRolledBack(ring.get(), Key(7), NodeId{2});
    ASSERT_EQ(ring.Since(0).size(), 1U);
    EXPECT_EQ(ring.Since(0)[0].key, Key(8));
}

TEST(CommitRing, OfTwoNodesOnOneServerFinishesTheRightPart) {
    Ring ring(2, 2);
    NoteUnfinished(ring.get(), Entry(7, 10));
    RingEntry other = Entry(7, 10);
    other.node = NodeId{3};
    NoteUnfinished(ring.get(), other);
    NoteCommitted(ring.get(), Key(7), NodeId{3}, 20);
    ASSERT_EQ(ring.Since(20).size(), 1U);
    EXPECT_EQ(ring.Since(20)[0].node, NodeId{2});
}

TEST(CommitRing, IsFullWhenNoUnfinishedOneFits) {
    Ring ring(2, 2);
    EXPECT_TRUE(NoteUnfinished(ring.get(), Entry(1, 10)));
    EXPECT_TRUE(NoteUnfinished(ring.get(), Entry(2, 10)));
    EXPECT_FALSE(NoteUnfinished(ring.get(), Entry(3, 10)));
    EXPECT_TRUE(NoteUnfinished(ring.get(), Entry(2, 30)));
    NoteCommitted(ring.get(), Key(1), NodeId{2}, 40);
    EXPECT_TRUE(NoteUnfinished(ring.get(), Entry(3, 50)));
}

TEST(CommitRing, KnowsWhenItBeganToForget) {
    Ring ring(4, 2);
    for (uint64_t id = 1; id <= 4; id++) {
        NoteUnfinished(ring.get(), Entry(id, 10));
        NoteCommitted(ring.get(), Key(id), NodeId{2}, static_cast<Microseconds>(100 * id));
    }
    EXPECT_EQ(ring.get()->complete_since, 200);  // of number 2, the youngest that is gone
    ASSERT_EQ(ring.Since(0).size(), 2U);
    EXPECT_EQ(ring.Since(0)[0].key, Key(4));
    EXPECT_EQ(ring.Since(0)[1].key, Key(3));
}

TEST(CommitRing, IsQuietIfNothingIsUnfinishedOrYoung) {
    Ring ring(2, 2);
    EXPECT_TRUE(IsQuietSince(ring.get(), 0));
    NoteUnfinished(ring.get(), Entry(7, 10));
    EXPECT_FALSE(IsQuietSince(ring.get(), 1000));
    NoteCommitted(ring.get(), Key(7), NodeId{2}, 20);
    EXPECT_TRUE(IsQuietSince(ring.get(), 20));
    EXPECT_FALSE(IsQuietSince(ring.get(), 19));
    ring.get()->complete_since = 30;
    EXPECT_FALSE(IsQuietSince(ring.get(), 29));
}

TEST(CommitRing, FinishingTheUnknownDoesNothing) {
    Ring ring(2, 2);
    NoteCommitted(ring.get(), Key(7), NodeId{2}, 20);
    NoteRolledBack(ring.get(), Key(7), NodeId{2});
    EXPECT_TRUE(ring.Since(0).empty());
}

}  // namespace
}  // namespace herd::transaction
