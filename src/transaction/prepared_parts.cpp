#include "transaction/prepared_parts.h"

#include "transaction/commit_records.h"
#include "transaction/node_visit.h"
#include "transaction/recovery.h"

namespace herd::transaction {

namespace {

const char* StateOf(const Gid& gid, const char* text) {
    switch (FindOutcome(gid, text)) {
        case Outcome::kRunning:
            return "running";
        case Outcome::kCommitted:
            return "committed";
        default:
            return "aborted";
    }
}

void AddPart(Visit* visit, const PreparedPart* prepared) {
    std::optional<NamedGid> named = ParseAnyGid(prepared->gid);
    if (!named) return;
    bool is_own = named->coordinator == visit->coordinator;
    auto* part = static_cast<InDoubtPart*>(palloc(sizeof(InDoubtPart)));
    *part = {visit->node->name,
             prepared->gid,
             named->gid.transaction_id,
             named->coordinator.system_identifier,
             is_own,
             prepared->prepared_at,
             is_own ? StateOf(named->gid, prepared->gid) : nullptr};
    visit->found = lappend(visit->found, part);
}

void ListParts(Visit* visit) {
    char prefix[kGidSize];
    snprintf(prefix, sizeof(prefix), "herd_%s_", visit->coordinator.cluster_id);
    ListCell* cell;
    foreach (cell, ListPrepared(visit, prefix)) AddPart(visit, static_cast<const PreparedPart*>(lfirst(cell)));
}

}  // namespace

List* ListInDoubtParts() {
    Coordinator coordinator = ThisCoordinator();
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    List* parts = NIL;
    for (int i = 0; i < count; i++) {
        if (nodes[i]->id == kOwnNode || !OidIsValid(nodes[i]->server)) continue;
        Visit visit{nodes[i], coordinator, ListParts};
        TryVisit(&visit, WARNING);
        parts = list_concat(parts, visit.found);
    }
    return parts;
}

}  // namespace herd::transaction
