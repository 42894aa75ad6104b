#include "postgres/canonical_style.h"

extern "C" {
#include <miscadmin.h>
#include <utils/float.h>
}

namespace herd::postgres {

namespace {

struct Style {
    int dates;
    int intervals;
    int float_digits;
};

constexpr int kExactFloatDigits = 3;

bool canonical;
Style of_session;

}  // namespace

bool IsStyleCanonical() {
    return DateStyle == USE_ISO_DATES && IntervalStyle == INTSTYLE_POSTGRES && extra_float_digits >= 1;
}

void UseCanonicalStyle() {
    if (canonical || IsStyleCanonical()) return;
    of_session = {DateStyle, IntervalStyle, extra_float_digits};
    DateStyle = USE_ISO_DATES;
    IntervalStyle = INTSTYLE_POSTGRES;
    extra_float_digits = kExactFloatDigits;
    canonical = true;
}

void UseSessionStyle() {
    if (!canonical) return;
    DateStyle = of_session.dates;
    IntervalStyle = of_session.intervals;
    extra_float_digits = of_session.float_digits;
    canonical = false;
}

}  // namespace herd::postgres
