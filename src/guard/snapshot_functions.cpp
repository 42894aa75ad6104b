// What a coordinator asks a node before it trusts the node's snapshot. README.md says why.
#include "postgres/pg.h"

#include "base/little_endian.h"
#include "postgres/entry.h"
#include "transaction/recent_commits.h"

extern "C" {
#include <fmgr.h>
#include <utils/snapmgr.h>
}

namespace herd::guard {

using transaction::Coverage;
using transaction::ReportEntry;
using transaction::TransactionKey;

static const int64 kMaxWindow = 60 * INT64CONST(1000000);
static const Size kKeySize = 3 * sizeof(uint64);

static bytea* MakeReport(transaction::Microseconds window) {
    if (window <= 0 || window > kMaxWindow)
        ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                        errmsg("the window must be between 1 and %lld µs", (long long)kMaxWindow)));
    ReportEntry* entries = nullptr;
    size_t count = 0;
    bool complete = transaction::ReportOn(GetActiveSnapshot(), window, &entries, &count);
    bytea* report = (bytea*)palloc(VARHDRSZ + transaction::MaxReportSize(count));
    Coverage coverage = complete ? Coverage::kComplete : Coverage::kIncomplete;
    size_t size = transaction::EncodeReport(coverage, entries, count, (unsigned char*)VARDATA(report));
    SET_VARSIZE(report, VARHDRSZ + size);
    return report;
}

static void AwaitAll(bytea* keys) {
    const unsigned char* at = (const unsigned char*)VARDATA_ANY(keys);
    for (const unsigned char* end = at + VARSIZE_ANY_EXHDR(keys); at + kKeySize <= end; at += kKeySize)
        transaction::AwaitFinish({LoadLittleEndian<uint64>(at), LoadLittleEndian<uint64>(at + sizeof(uint64)),
                                  LoadLittleEndian<uint64>(at + 2 * sizeof(uint64))});
}

}  // namespace herd::guard

HERD_FUNCTION(herd_snapshot_report) { PG_RETURN_BYTEA_P(herd::guard::MakeReport(PG_GETARG_INT64(0))); }

HERD_FUNCTION(herd_await_transactions) {
    herd::guard::AwaitAll(PG_GETARG_BYTEA_PP(0));
    PG_RETURN_BOOL(true);
}
