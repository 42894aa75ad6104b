// herd.prepared_transactions(), which the view herd.transactions shows.
#include "postgres/entry.h"
#include "transaction/prepared_parts.h"

extern "C" {
#include <funcapi.h>
#include <miscadmin.h>
#include <utils/builtins.h>
#include <utils/timestamp.h>
}

namespace herd::observe {

static TimestampTz TimestampOf(int64 microseconds_since_1970) {
    return microseconds_since_1970 - (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * USECS_PER_DAY;
}

static void AddPart(ReturnSetInfo* result, const transaction::InDoubtPart* part) {
    Datum values[] = {CStringGetTextDatum(part->node_name),
                      CStringGetTextDatum(part->gid),
                      Int64GetDatum(static_cast<int64>(part->transaction_id)),
                      Int64GetDatum(static_cast<int64>(part->coordinator)),
                      BoolGetDatum(part->is_own),
                      TimestampTzGetDatum(TimestampOf(part->prepared_at)),
                      part->state == nullptr ? static_cast<Datum>(0) : CStringGetTextDatum(part->state)};
    bool nulls[] = {false, false, false, false, false, false, part->state == nullptr};
    tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

}  // namespace herd::observe

using namespace herd;

HERD_FUNCTION(herd_prepared_transactions) {
    InitMaterializedSRF(fcinfo, 0);
    ListCell* cell;
    foreach (cell, transaction::ListInDoubtParts())
        observe::AddPart(reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo),
                         static_cast<const transaction::InDoubtPart*>(lfirst(cell)));
    return static_cast<Datum>(0);
}
