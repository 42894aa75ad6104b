#include "guard/canonical_rows.h"

#include "guard/guard.h"
#include "postgres/canonical_style.h"
#include "postgres/entry.h"
#include "transaction/task_scope.h"

extern "C" {
#include <tcop/dest.h>
}

namespace herd::guard {

namespace {

struct CanonicalReceiver {
    DestReceiver head;  // first
    DestReceiver* receiver;
};

DestReceiver* Inner(DestReceiver* self) { return reinterpret_cast<CanonicalReceiver*>(self)->receiver; }

}  // namespace

extern "C" {

static bool HerdReceiveRow(TupleTableSlot* slot, DestReceiver* self) {
    return postgres::Enter([&]() -> bool {
        DestReceiver* receiver = Inner(self);
        postgres::UseCanonicalStyle();
        bool more = receiver->receiveSlot(slot, receiver);
        postgres::UseSessionStyle();
        return more;
    });
}

static void HerdReceiverStartup(DestReceiver* self, int operation, TupleDesc row_desc) {
    postgres::Enter([&]() { Inner(self)->rStartup(Inner(self), operation, row_desc); });
}

static void HerdReceiverShutdown(DestReceiver* self) {
    postgres::Enter([&]() { Inner(self)->rShutdown(Inner(self)); });
}

static void HerdReceiverDestroy(DestReceiver*) {}

}  // extern "C"

static bool IsTask() { return IsTaskSession() && transaction::IsTopLevel(); }

void SendRowsCanonically(QueryDesc* query_desc) {
    DestReceiver* receiver = query_desc->dest;
    if (!IsTask() || postgres::IsStyleCanonical()) return;
    if (receiver->mydest != DestRemote && receiver->mydest != DestRemoteExecute) return;
    auto* canonical = static_cast<CanonicalReceiver*>(
        MemoryContextAllocZero(query_desc->estate->es_query_cxt, sizeof(CanonicalReceiver)));
    canonical->head = {HerdReceiveRow, HerdReceiverStartup, HerdReceiverShutdown, HerdReceiverDestroy,
                       receiver->mydest};
    canonical->receiver = receiver;
    query_desc->dest = &canonical->head;
}

void SendKeptRowsCanonically(const QueryDesc* query_desc) {
    if (IsTask() && query_desc->dest->mydest == DestTuplestore) postgres::UseCanonicalStyle();
}

}  // namespace herd::guard
