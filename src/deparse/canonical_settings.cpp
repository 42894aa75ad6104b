#include "deparse/canonical_settings.h"

extern "C" {
#include <catalog/namespace.h>
#include <miscadmin.h>
#include <parser/parse_expr.h>
#include <parser/parser.h>
#include <utils/array.h>
#include <utils/builtins.h>
#include <utils/float.h>
#include <utils/guc.h>
#include <utils/xml.h>
}

namespace herd::deparse {

namespace {

void Set(int* guc_level, const char* name, const char* value) {
    if (*guc_level == 0) *guc_level = NewGUCNestLevel();
    set_config_option(name, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

}  // namespace

CanonicalSettings BeginCanonicalSettings() {
    int guc_level = 0;
    if (DateStyle != USE_ISO_DATES) Set(&guc_level, "DateStyle", "ISO");
    if (IntervalStyle != INTSTYLE_POSTGRES) Set(&guc_level, "IntervalStyle", "postgres");
    if (extra_float_digits < 1) Set(&guc_level, "extra_float_digits", "3");
    if (!standard_conforming_strings) Set(&guc_level, "standard_conforming_strings", "on");
    if (quote_all_identifiers) Set(&guc_level, "quote_all_identifiers", "off");

    OverrideSearchPath path = {};
    path.addCatalog = true;
    PushOverrideSearchPath(&path);
    return CanonicalSettings{guc_level};
}

void EndCanonicalSettings(CanonicalSettings settings) {
    PopOverrideSearchPath();
    if (settings.guc_level != 0) AtEOXact_GUC(true, settings.guc_level);
}

CanonicalSettings BeginCanonicalReading() {
    int guc_level = 0;
    if (!standard_conforming_strings) Set(&guc_level, "standard_conforming_strings", "on");
    if (Transform_null_equals) Set(&guc_level, "transform_null_equals", "off");
    if (!Array_nulls) Set(&guc_level, "array_nulls", "on");
    if (xmloption != XMLOPTION_CONTENT) Set(&guc_level, "xmloption", "content");
    return CanonicalSettings{guc_level};
}

void EndCanonicalReading(CanonicalSettings settings) {
    if (settings.guc_level != 0) AtEOXact_GUC(true, settings.guc_level);
}

}  // namespace herd::deparse
