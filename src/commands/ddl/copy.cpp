#include "commands/copy_from.h"
#include "commands/ddl/handlers.h"

extern "C" {
#include <parser/parse_node.h>
}

namespace herd::commands {

void HandleCopyStatement(UtilityCall& call) {
    ParseState* parse_state = make_parsestate(nullptr);
    parse_state->p_sourcetext = call.query_string;
    parse_state->p_queryEnv = call.environment;
    uint64 processed = 0;
    if (!HandleCopy(parse_state, reinterpret_cast<CopyStmt*>(call.statement->utilityStmt), &processed))
        return RunStandard(call);
    if (call.completion != nullptr) SetQueryCompletion(call.completion, CMDTAG_COPY, processed);
    free_parsestate(parse_state);
}

}  // namespace herd::commands
