#include "transaction/gid.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace herd::transaction {
namespace {

Coordinator MakeCoordinator() {
    Coordinator coordinator{};
    EXPECT_TRUE(SetClusterId(&coordinator, "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"));
    coordinator.system_identifier = 7711627726390151153;
    return coordinator;
}

Participants Nodes(std::initializer_list<int32_t> nodes) {
    Participants participants;
    for (int32_t node : nodes) participants.Add(NodeId{node});
    return participants;
}

std::string Format(const Coordinator& coordinator, Gid gid) {
    char text[kGidSize];
    FormatGid(coordinator, gid, text);
    return text;
}

TEST(Gid, NamesClusterCoordinatorTransactionNodeAndParticipants) {
    EXPECT_EQ(Format(MakeCoordinator(), {728, NodeId{2}, 99, Nodes({0, 2})}),
              "herd_0a1b2c3d4e5f60718293a4b5c6d7e8f9_7711627726390151153_728_2_99_0.2");
}

TEST(Gid, IsReadBack) {
    Coordinator coordinator = MakeCoordinator();
    for (Gid gid : {Gid{0, NodeId{1}, 0, Nodes({1})}, Gid{728, NodeId{2}, 99, Nodes({0, 1, 2, 3, 4, 5, 6, 7})},
                    Gid{UINT64_MAX, NodeId{INT32_MAX}, UINT64_MAX, Nodes({0, 1, 2, 3, 4, 5, 6, 7, 8})}}) {
        auto parsed = ParseGid(coordinator, Format(coordinator, gid).c_str());
        ASSERT_TRUE(parsed);
        EXPECT_EQ(*parsed, gid);
    }
}

TEST(Gid, LongestFits) {
    Coordinator coordinator = MakeCoordinator();
    coordinator.system_identifier = UINT64_MAX;
    std::string text = Format(coordinator, {UINT64_MAX, NodeId{INT32_MAX}, UINT64_MAX,
                                            Nodes({9992, 9993, 9994, 9995, 9996, 9997, 9998, 9999})});
    EXPECT_LT(text.size(), kGidSize - 1);
    EXPECT_TRUE(ParseGid(coordinator, text.c_str()));
}

TEST(Gid, BeginsWithThePrefix) {
    char prefix[kGidSize];
    FormatGidPrefix(MakeCoordinator(), prefix);
    EXPECT_EQ(Format(MakeCoordinator(), {5, NodeId{1}, 7, Nodes({1, 2})}).rfind(prefix, 0), 0U);
}

TEST(Gid, OfAnotherCoordinatorIsNotOurs) {
    Coordinator other = MakeCoordinator();
    other.system_identifier++;
    EXPECT_FALSE(ParseGid(MakeCoordinator(), Format(other, {728, NodeId{2}, 99, Nodes({2, 3})}).c_str()));
    other = MakeCoordinator();
    other.cluster_id[0] = 'f';
    EXPECT_FALSE(ParseGid(MakeCoordinator(), Format(other, {728, NodeId{2}, 99, Nodes({2, 3})}).c_str()));
}

TEST(Gid, AnythingElseIsNotOurs) {
    Coordinator coordinator = MakeCoordinator();
    std::string good = Format(coordinator, {728, NodeId{2}, 99, Nodes({2})});
    std::string prefix = good.substr(0, good.size() - strlen("728_2_99_2"));
    for (const char* rest :
         {"", "728", "728_", "728_2", "728_2_", "728_2_99", "728_2_99_", "728_2_99_2x", "728_2_99_2.", "728_2_99_2_1",
          "728_2_99_*2", "728_2_99_1.2.3.4.5.6.7.8.9", "-1_2_99_2", "+1_2_99_2", " 1_2_99_2", "0728_2_99_2",
          "728_-2_99_2", "728_2147483648_99_2", "99999999999999999999_2_99_2"})
        EXPECT_FALSE(ParseGid(coordinator, (prefix + rest).c_str())) << rest;
    EXPECT_FALSE(ParseGid(coordinator, "mine"));
    EXPECT_FALSE(ParseGid(coordinator, ""));
}

TEST(Gid, OfAnyCoordinatorCanBeRead) {
    Coordinator other = MakeCoordinator();
    other.system_identifier++;
    Gid gid{728, NodeId{2}, 99, Nodes({2, 3})};
    std::optional<NamedGid> named = ParseAnyGid(Format(other, gid).c_str());
    ASSERT_TRUE(named);
    EXPECT_TRUE(named->coordinator == other);
    EXPECT_EQ(named->gid, gid);
}

TEST(Participants, AreEveryNodeWhenTheyAreTooMany) {
    EXPECT_TRUE(Nodes({0, 7}).MayInclude(NodeId{7}));
    EXPECT_FALSE(Nodes({0, 7}).MayInclude(NodeId{1}));
    EXPECT_TRUE(Nodes({0, 1, 2, 3, 4, 5, 6, 7, 8}).MayInclude(NodeId{11}));
    EXPECT_TRUE(Nodes({10000}).MayInclude(NodeId{11}));
}

TEST(ClusterId, MustBeAUuid) {
    Coordinator coordinator{};
    EXPECT_FALSE(SetClusterId(&coordinator, ""));
    EXPECT_FALSE(SetClusterId(&coordinator, "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f"));
    EXPECT_FALSE(SetClusterId(&coordinator, "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f90"));
    EXPECT_FALSE(SetClusterId(&coordinator, "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8g9"));
}

}  // namespace
}  // namespace herd::transaction
