#include "guard/task_report.h"

#include "base/sqlstates.h"
#include "postgres/client_messages.h"
#include "transaction/recent_commits.h"

extern "C" {
#include <libpq/pqformat.h>
#include <postgres_ext.h>
#include <tcop/tcopprot.h>
#include <utils/builtins.h>
}

namespace herd::guard {

using transaction::Coverage;

// Rather less: a plan that costs more may let its first row wait for seconds.
static const Cost kCostOfSeconds = 10000;

// Past elog: neither a setting nor the log has to do with it.
static void SendNotice(const unsigned char* report, size_t size) {
    StringInfoData message;
    pq_beginmessage(&message, 'N');
    pq_sendbyte(&message, PG_DIAG_SQLSTATE);
    appendBinaryStringInfo(&message, kSnapshotReportCode, sizeof(kSnapshotReportCode));
    pq_sendbyte(&message, PG_DIAG_MESSAGE_PRIMARY);
    enlargeStringInfo(&message, (int)(2 * size));
    message.len += (int)hex_encode((const char*)report, size, message.data + message.len);
    pq_sendbyte(&message, '\0');
    pq_sendbyte(&message, '\0');
    pq_endmessage(&message);
}

static Coverage SendReport(Snapshot snapshot, uint32 window) {
    Coverage coverage = Coverage::kQuiet;
    transaction::ReportEntry* entries = nullptr;
    size_t count = 0;
    if (!transaction::IsQuiet()) {
        bool complete = transaction::ReportOn(snapshot, window, &entries, &count);
        coverage = complete ? Coverage::kComplete : Coverage::kIncomplete;
    }
    unsigned char* report = (unsigned char*)palloc(transaction::MaxReportSize(count));
    SendNotice(report, transaction::EncodeReport(coverage, entries, count, report));
    return coverage;
}

void SendSnapshotReport(const QueryDesc* query_desc, uint32 window) {
    if (whereToSendOutput != DestRemote) return;
    bool is_quiet = SendReport(query_desc->snapshot, window) == Coverage::kQuiet;
    // A quiet report counts for seconds, others only for a moment, and the first row may be far.
    if (!is_quiet || query_desc->plannedstmt->planTree->total_cost >= kCostOfSeconds) postgres::FlushToClient();
}

}  // namespace herd::guard
