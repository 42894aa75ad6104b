#include "commands/copy_from.h"
#include "commands/ddl/handlers.h"
#include "executor/snapshots/snapshot_agreement.h"

extern "C" {
#include <parser/parse_node.h>
#include <utils/snapmgr.h>
}

namespace herd::commands {

static void CopyRows(UtilityCall& call) {
    ParseState* parse_state = make_parsestate(nullptr);
    parse_state->p_sourcetext = call.query_string;
    parse_state->p_queryEnv = call.environment;
    uint64 processed = 0;
    if (!HandleCopy(parse_state, reinterpret_cast<CopyStmt*>(call.statement->utilityStmt), &processed))
        return RunStandard(call);
    if (call.completion != nullptr) SetQueryCompletion(call.completion, CMDTAG_COPY, processed);
    free_parsestate(parse_state);
}

void HandleCopyStatement(UtilityCall& call) {
    bool pushed = executor::PushTransactionSnapshot();
    CopyRows(call);
    if (pushed) PopActiveSnapshot();
}

}  // namespace herd::commands
