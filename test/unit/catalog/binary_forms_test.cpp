#include "catalog/binary_forms.h"

#include <catalog/pg_type_d.h>
#include <gtest/gtest.h>

namespace herd::catalog {

namespace {

constexpr uint32_t kUsersType = 16384;

TEST(BinaryForms, NumbersHaveTheirSizeAndSign) {
    EXPECT_EQ(BinaryFormOf(BOOLOID), BinaryForm::kByte);
    EXPECT_EQ(BinaryFormOf(INT2OID), BinaryForm::kInt16);
    EXPECT_EQ(BinaryFormOf(INT4OID), BinaryForm::kInt32);
    EXPECT_EQ(BinaryFormOf(OIDOID), BinaryForm::kUInt32);
    EXPECT_EQ(BinaryFormOf(INT8OID), BinaryForm::kInt64);
    EXPECT_EQ(BinaryFormOf(FLOAT4OID), BinaryForm::kInt32);
    EXPECT_EQ(BinaryFormOf(FLOAT8OID), BinaryForm::kInt64);
}

TEST(BinaryForms, TimesAreCountsButForThoseOfSeveralParts) {
    EXPECT_EQ(BinaryFormOf(DATEOID), BinaryForm::kInt32);
    for (uint32_t type : {TIMEOID, TIMESTAMPOID, TIMESTAMPTZOID})
        EXPECT_EQ(BinaryFormOf(type), BinaryForm::kInt64) << type;
    for (uint32_t type : {TIMETZOID, INTERVALOID}) EXPECT_EQ(BinaryFormOf(type), BinaryForm::kOther) << type;
}

TEST(BinaryForms, TextIsItsContentsButNotWhereTheBytesInMemoryAreMore) {
    for (uint32_t type : {TEXTOID, VARCHAROID, BPCHAROID, JSONOID, BYTEAOID})
        EXPECT_EQ(BinaryFormOf(type), BinaryForm::kContents) << type;
    EXPECT_EQ(BinaryFormOf(NAMEOID), BinaryForm::kText);
    EXPECT_EQ(BinaryFormOf(JSONBOID), BinaryForm::kJsonb);
    for (uint32_t type : {XMLOID, TSVECTOROID, TEXTARRAYOID}) EXPECT_EQ(BinaryFormOf(type), BinaryForm::kOther) << type;
}

TEST(BinaryForms, UnknownTypesNeedTheirFunctions) {
    EXPECT_EQ(BinaryFormOf(kUsersType), BinaryForm::kOther);
    EXPECT_FALSE(IsBinaryFreeOfText(kUsersType));
    EXPECT_FALSE(NamesObject(kUsersType));
}

TEST(BinaryForms, WhatHoldsTextDependsOnTheClientsEncoding) {
    for (uint32_t type : {TEXTOID, VARCHAROID, BPCHAROID, NAMEOID, JSONOID, JSONBOID, XMLOID, TSVECTOROID, TSQUERYOID,
                          JSONPATHOID, TEXTARRAYOID, REFCURSOROID})
        EXPECT_FALSE(IsBinaryFreeOfText(type)) << type;
    for (uint32_t type : {BOOLOID, CHAROID, INT2OID, INT8OID, OIDOID, NUMERICOID, MONEYOID, UUIDOID, BYTEAOID,
                          INTERVALOID, TIMETZOID, INETOID, BITOID, POINTOID})
        EXPECT_TRUE(IsBinaryFreeOfText(type)) << type;
}

TEST(BinaryForms, ObjectsAreNamedByAllRegTypes) {
    for (uint32_t type : {REGPROCOID, REGPROCEDUREOID, REGOPEROID, REGOPERATOROID, REGCLASSOID, REGTYPEOID, REGROLEOID,
                          REGNAMESPACEOID, REGCONFIGOID, REGDICTIONARYOID, REGCOLLATIONOID}) {
        EXPECT_TRUE(NamesObject(type)) << type;
        EXPECT_FALSE(IsBinaryFreeOfText(type)) << type;
        EXPECT_EQ(BinaryFormOf(type), BinaryForm::kOther) << type;
    }
    for (uint32_t type : {OIDOID, ACLITEMOID, TEXTOID}) EXPECT_FALSE(NamesObject(type)) << type;
}

}  // namespace

}  // namespace herd::catalog
