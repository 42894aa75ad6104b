#include "plan/task_header.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace herd::plan {
namespace {

std::vector<unsigned char> Encode(std::string_view user, const std::vector<TaskShard>& shards, uint16_t flags = 0,
                                  int version = kProtocols.newest) {
    TaskHeader header;
    header.version = version;
    header.flags = flags;
    header.user_name = user.data();
    header.user_name_length = user.size();
    header.shards = shards.data();
    header.shard_count = shards.size();
    std::vector<unsigned char> bytes(TaskHeaderSize(header));
    EncodeTaskHeader(header, bytes.data());
    return bytes;
}

std::vector<unsigned char> EncodeWithStatement(StatementToken statement, const std::vector<uint32_t>& finished,
                                               uint32_t report_window = 0, uint8_t connections = 1,
                                               int version = kProtocols.newest) {
    std::vector<TaskShard> shards = {{{101}, 1}};
    TaskHeader header;
    header.user_name = "u";
    header.user_name_length = 1;
    header.shards = shards.data();
    header.shard_count = shards.size();
    header.report_window = report_window;
    header.connections = connections;
    header.version = version;
    header.statement = statement;
    header.finished = finished.data();
    header.finished_count = finished.size();
    std::vector<unsigned char> bytes(TaskHeaderSize(header));
    EncodeTaskHeader(header, bytes.data());
    return bytes;
}

DecodeResult Decode(const std::vector<unsigned char>& bytes, TaskHeader* header) {
    return DecodeTaskHeader(bytes.data(), bytes.size(), kProtocols, header);
}

TEST(TaskHeader, SurvivesTheRoundTrip) {
    std::vector<TaskShard> shards = {{{101}, 1}, {{int64_t{1} << 40}, 0xFFFFFFFF}, {{-1}, 0}};
    auto bytes = Encode("anna \"o'x\"", shards, kTaskWrites);
    TaskHeader header;
    ASSERT_EQ(Decode(bytes, &header), DecodeResult::kOk);
    EXPECT_EQ(header.flags, kTaskWrites);
    EXPECT_EQ(std::string_view(header.user_name, header.user_name_length), "anna \"o'x\"");
    ASSERT_EQ(header.shard_count, shards.size());
    for (size_t i = 0; i < shards.size(); i++) EXPECT_EQ(TaskHeaderShard(header, i), shards[i]);
}

TEST(TaskHeader, MayHaveNoShardsAndNoUser) {
    TaskHeader header;
    ASSERT_EQ(Decode(Encode("", {}), &header), DecodeResult::kOk);
    EXPECT_EQ(header.user_name_length, 0u);
    EXPECT_EQ(header.shard_count, 0u);
}

TEST(TaskHeader, LayoutIsTheDocumentedOne) {
    std::vector<unsigned char> expected = {'H', 'E', 'R', 'D', 4, kTaskWrites, 2, 1, 0, 'u', 1, 0};
    expected.insert(expected.end(), {102, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0});
    EXPECT_EQ(Encode("u", {{{102}, 7}}, 0x0200 | kTaskWrites), expected);
}

TEST(TaskHeader, BeforeVersion4FlagsHaveOneByte) {
    std::vector<unsigned char> expected = {'H', 'E', 'R', 'D', 3, kTaskWrites, 1, 0, 'u', 1, 0};
    expected.insert(expected.end(), {102, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0});
    auto bytes = Encode("u", {{{102}, 7}}, 0x0200 | kTaskWrites, 3);
    EXPECT_EQ(bytes, expected);
    TaskHeader header;
    ASSERT_EQ(Decode(bytes, &header), DecodeResult::kOk);
    EXPECT_EQ(header.version, 3);
    EXPECT_EQ(header.flags, kTaskWrites);
    EXPECT_EQ(std::string_view(header.user_name, header.user_name_length), "u");
    EXPECT_EQ(TaskHeaderShard(header, 0), (TaskShard{{102}, 7}));
}

TEST(TaskHeader, SaysOverHowManyConnectionsTheStatementComes) {
    std::vector<uint32_t> finished = {7};
    auto one = EncodeWithStatement({5, 6}, finished, 9);
    TaskHeader header;
    ASSERT_EQ(Decode(one, &header), DecodeResult::kOk);
    EXPECT_EQ(header.connections, 1);

    auto two = EncodeWithStatement({5, 6}, finished, 9, 2);
    EXPECT_EQ(two.size(), one.size() + 1);
    ASSERT_EQ(Decode(two, &header), DecodeResult::kOk);
    EXPECT_EQ(header.connections, 2);
    EXPECT_EQ(header.report_window, 9u);
    EXPECT_EQ(header.statement.number, 6u);
    EXPECT_EQ(TaskHeaderFinished(header, 0), 7u);

    auto before = EncodeWithStatement({5, 6}, finished, 9, 2, 3);
    ASSERT_EQ(Decode(before, &header), DecodeResult::kOk);
    EXPECT_EQ(header.connections, 1);
}

TEST(TaskHeader, EveryTruncationIsNoticed) {
    auto whole = Encode("anna", {{{101}, 1}, {{102}, 1}});
    for (size_t length = 0; length < whole.size(); length++) {
        // An exact-size copy, so that the sanitizer sees a read behind the end.
        std::vector<unsigned char> bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        TaskHeader header;
        EXPECT_EQ(Decode(bytes, &header), length < 4 ? DecodeResult::kNotAHeader : DecodeResult::kMalformed) << length;
    }
}

TEST(TaskHeader, CarriesTheStatementAndFinishedOnes) {
    TaskHeader header;
    auto bytes = EncodeWithStatement({0xFEDCBA9876543210, 7}, {5, 0xFFFFFFFF});
    ASSERT_EQ(Decode(bytes, &header), DecodeResult::kOk);
    EXPECT_EQ(header.flags, kTaskHasStatement);
    EXPECT_EQ(header.statement.session, 0xFEDCBA9876543210);
    EXPECT_EQ(header.statement.number, 7u);
    ASSERT_EQ(header.finished_count, 2u);
    EXPECT_EQ(TaskHeaderFinished(header, 0), 5u);
    EXPECT_EQ(TaskHeaderFinished(header, 1), 0xFFFFFFFF);
    EXPECT_EQ(TaskHeaderShard(header, 0), (TaskShard{{101}, 1}));
}

TEST(TaskHeader, MayNameFinishedStatementsAlone) {
    TaskHeader header;
    auto bytes = EncodeWithStatement({1, 0}, {5});
    ASSERT_EQ(Decode(bytes, &header), DecodeResult::kOk);
    EXPECT_EQ(header.statement.number, 0u);
    EXPECT_EQ(header.finished_count, 1u);
}

TEST(TaskHeader, TakesNoByteForAStatementThatNeedsNoToken) {
    TaskHeader header;
    auto bytes = EncodeWithStatement({1, 0}, {});
    EXPECT_EQ(bytes, Encode("u", {{{101}, 1}}));
    ASSERT_EQ(Decode(bytes, &header), DecodeResult::kOk);
    EXPECT_EQ(header.statement.number, 0u);
    EXPECT_EQ(header.finished_count, 0u);
}

TEST(TaskHeader, MayAskForAReport) {
    TaskHeader header;
    auto bytes = EncodeWithStatement({1, 7}, {5}, 20000);
    ASSERT_EQ(Decode(bytes, &header), DecodeResult::kOk);
    EXPECT_EQ(header.flags, kTaskHasStatement | kTaskReports);
    EXPECT_EQ(header.report_window, 20000u);
    EXPECT_EQ(header.statement.number, 7u);
    EXPECT_EQ(TaskHeaderFinished(header, 0), 5u);
    EXPECT_EQ(TaskHeaderShard(header, 0), (TaskShard{{101}, 1}));
    ASSERT_EQ(Decode(EncodeWithStatement({}, {}, 1), &header), DecodeResult::kOk);
    EXPECT_EQ(header.flags, kTaskReports);
    EXPECT_EQ(header.report_window, 1u);
}

TEST(TaskHeader, EveryTruncationOfTheStatementIsNoticed) {
    auto whole = EncodeWithStatement({1, 2}, {3, 4}, 20000);
    for (size_t length = 4; length < whole.size(); length++) {
        std::vector<unsigned char> bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        TaskHeader header;
        EXPECT_EQ(Decode(bytes, &header), DecodeResult::kMalformed) << length;
    }
    whole.push_back(0);
    TaskHeader header;
    EXPECT_EQ(Decode(whole, &header), DecodeResult::kMalformed);
}

TEST(TaskHeader, TrailingBytesAreMalformed) {
    auto bytes = Encode("anna", {{{101}, 1}});
    bytes.push_back(0);
    TaskHeader header;
    EXPECT_EQ(Decode(bytes, &header), DecodeResult::kMalformed);
}

TEST(TaskHeader, OtherMagicIsNotAHeader) {
    auto bytes = Encode("anna", {{{101}, 1}});
    bytes[0] = 'h';
    TaskHeader header;
    EXPECT_EQ(Decode(bytes, &header), DecodeResult::kNotAHeader);
}

TEST(TaskHeader, VersionsOutsideTheRangeAreUnknown) {
    auto bytes = Encode("anna", {{{101}, 1}});
    for (int version : {0, kProtocols.oldest - 1, kProtocols.newest + 1, 255}) {
        bytes[4] = static_cast<unsigned char>(version);
        TaskHeader header;
        EXPECT_EQ(Decode(bytes, &header), DecodeResult::kUnknownVersion);
        EXPECT_EQ(header.version, version);
    }
}

TEST(TaskHeader, LongestLengthsDoNotOverrun) {
    auto bytes = Encode("anna", {{{101}, 1}});
    bytes[7] = bytes[8] = 0xFF;
    TaskHeader header;
    EXPECT_EQ(Decode(bytes, &header), DecodeResult::kMalformed);
}

}  // namespace
}  // namespace herd::plan
