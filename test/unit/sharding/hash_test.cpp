#include "sharding/hash.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace herd::sharding {
namespace {

uint32_t HashText(std::string_view text) { return HashBytes(text.data(), text.size()); }

uint32_t HashDigits(NumericSign sign, int weight, const std::vector<int>& digits) {
    std::vector<unsigned char> bytes;
    for (int digit : digits) {
        bytes.push_back(static_cast<unsigned char>(digit >> 8));
        bytes.push_back(static_cast<unsigned char>(digit));
    }
    return HashNumeric({sign, static_cast<int16_t>(weight), digits.size(), bytes.data()});
}

// Rows lie where these say: they never change. Computed by another program with libxxhash.
TEST(Hash, FixedVectors) {
    EXPECT_EQ(HashText(""), 755400709u);
    EXPECT_EQ(HashText("a"), 3871748790u);
    EXPECT_EQ(HashText(std::string(300, 'x')), 2781983840u);
    EXPECT_EQ(HashInteger(1), 800872757u);
    EXPECT_EQ(HashInteger(-1), 1360119780u);
    EXPECT_EQ(HashFloat(1.5), 627156104u);
    EXPECT_EQ(HashBool(true), 3777952210u);
    EXPECT_EQ(HashDigits(NumericSign::kPositive, 0, {1}), 2060120992u);
    EXPECT_EQ(HashDigits(NumericSign::kNegative, 1, {12, 3456, 7890}), 1884062186u);
    EXPECT_EQ(HashDigits(NumericSign::kNaN, 0, {}), 1439945100u);
    EXPECT_EQ(HashDigits(NumericSign::kPositive, 249, std::vector<int>(250, 1234)), 891239822u);
}

TEST(Hash, IntegersDiffer) {
    std::set<uint32_t> hashes;
    for (int64_t value = -500; value < 500; value++) hashes.insert(HashInteger(value));
    EXPECT_EQ(hashes.size(), 1000u);
}

TEST(Hash, NegativeZeroIsZero) {
    EXPECT_EQ(HashFloat(-0.0), HashFloat(0.0));
    EXPECT_NE(HashFloat(-1.0), HashFloat(1.0));
}

TEST(Hash, AllNaNsAreOne) {
    uint32_t hash = HashFloat(std::numeric_limits<double>::quiet_NaN());
    EXPECT_EQ(HashFloat(-std::numeric_limits<double>::quiet_NaN()), hash);
    EXPECT_EQ(HashFloat(std::nan("17")), hash);
    EXPECT_EQ(HashFloat(static_cast<double>(std::numeric_limits<float>::quiet_NaN())), hash);
}

TEST(Hash, FloatsHashAlikeInBothWidths) {
    EXPECT_EQ(HashFloat(static_cast<double>(1.5F)), HashFloat(1.5));
    EXPECT_NE(HashFloat(static_cast<double>(0.1F)), HashFloat(0.1));  // they are not equal either
}

TEST(Hash, BlankPaddingDoesNotCount) {
    auto hash = [](std::string_view text) { return HashBlankPadded(text.data(), text.size()); };
    EXPECT_EQ(hash("ab   "), hash("ab"));
    EXPECT_EQ(hash("   "), hash(""));
    EXPECT_NE(hash(" ab"), hash("ab"));
    EXPECT_EQ(hash("ab "), HashText("ab"));
}

TEST(Hash, ZeroDigitsAtTheEndsOfANumericDoNotCount) {
    auto plus = NumericSign::kPositive;
    EXPECT_EQ(HashDigits(plus, 0, {1, 0, 0}), HashDigits(plus, 0, {1}));
    EXPECT_EQ(HashDigits(plus, 2, {0, 0, 1}), HashDigits(plus, 0, {1}));
    EXPECT_EQ(HashDigits(plus, 1, {1, 0}), HashDigits(plus, 1, {1}));
    EXPECT_NE(HashDigits(plus, 1, {1}), HashDigits(plus, 0, {1}));
    EXPECT_NE(HashDigits(plus, 1, {1, 0, 1}), HashDigits(plus, 1, {1, 1}));
}

TEST(Hash, NumericZeroHasNeitherSignNorWeight) {
    uint32_t zero = HashDigits(NumericSign::kPositive, 0, {});
    EXPECT_EQ(HashDigits(NumericSign::kNegative, 5, {0, 0}), zero);
    EXPECT_EQ(HashDigits(NumericSign::kPositive, -3, {}), zero);
}

TEST(Hash, SpecialNumericsAreDistinctAndIgnoreDigits) {
    std::set<uint32_t> hashes;
    for (auto sign : {NumericSign::kPositive, NumericSign::kNegative, NumericSign::kNaN, NumericSign::kInfinity,
                      NumericSign::kNegativeInfinity})
        hashes.insert(HashDigits(sign, 0, {1}));
    EXPECT_EQ(hashes.size(), 5u);
    EXPECT_EQ(HashDigits(NumericSign::kNaN, 7, {1, 2}), HashDigits(NumericSign::kNaN, 0, {}));
}

// Long numerics are hashed in pieces; every digit must count at every length.
TEST(Hash, EveryDigitOfALongNumericCounts) {
    for (size_t length : {63u, 64u, 65u, 66u, 127u, 128u, 129u, 200u, 1000u}) {
        std::vector<int> digits(length, 1234);
        uint32_t hash = HashDigits(NumericSign::kPositive, 900, digits);
        for (size_t i = 0; i < length; i += (length > 200 ? 37 : 1)) {
            std::vector<int> other = digits;
            other[i] = 1235;
            EXPECT_NE(HashDigits(NumericSign::kPositive, 900, other), hash) << i << " of " << length;
        }
        std::vector<int> padded = digits;
        padded.push_back(0);
        EXPECT_EQ(HashDigits(NumericSign::kPositive, 900, padded), hash);
    }
}

}  // namespace
}  // namespace herd::sharding
