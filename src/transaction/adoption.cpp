#include "transaction/adoption.h"

#include "catalog/metadata.h"
#include "transaction/commit_records.h"
#include "transaction/node_visit.h"
#include "transaction/recovery.h"
#include "transaction/recovery_duty.h"

namespace herd::transaction {

namespace {

void FindInDoubt(Visit* visit) {
    char prefix[kGidSize];
    FormatGidPrefix(visit->coordinator, prefix);
    ListCell* cell;
    foreach (cell, ListPrepared(visit, prefix)) {
        const char* text = static_cast<const PreparedPart*>(lfirst(cell))->gid;
        std::optional<Gid> gid = ParseGid(visit->coordinator, text);
        if (gid && FindOutcome(*gid, text) != Outcome::kCommitted) visit->found = lappend(visit->found, pstrdup(text));
    }
}

void Register(Visit* visit) { ExecuteAlone(visit, "SELECT herd.replace_coordinator()"); }

template <class Action>
int EachNode(void (*step)(Visit* visit), Action action) {
    Coordinator coordinator = ThisCoordinator();
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    int visited = 0;
    for (int i = 0; i < count; i++) {
        if (nodes[i]->id == kOwnNode || !OidIsValid(nodes[i]->server)) continue;
        Visit visit{nodes[i], coordinator, step};
        TryVisit(&visit, ERROR);
        action(visit);
        visited++;
    }
    return visited;
}

}  // namespace

int RegisterOnNodes(bool roll_back_in_doubt) {
    EachNode(FindInDoubt, [&](const Visit& visit) {
        if (visit.found == NIL || roll_back_in_doubt) return;
        ereport(ERROR, (errcode(ERRCODE_OBJECT_IN_USE),
                        errmsg("node \"%s\" holds %d prepared transactions whose outcome is not known here",
                               visit.node->name, list_length(visit.found)),
                        errdetail("The first is \"%s\".", static_cast<const char*>(linitial(visit.found))),
                        errhint("The original coordinator finishes them if it is started once more. If it is lost, "
                                "SELECT herd.adopt_cluster(roll_back_in_doubt => true) rolls them back.")));
    });
    int count = EachNode(Register, [](const Visit&) {});
    RequestRecovery();
    return count;
}

}  // namespace herd::transaction
