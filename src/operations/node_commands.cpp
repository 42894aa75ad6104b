#include "operations/node_commands.h"

#include "operations/local_sql.h"
#include "transaction/session.h"

namespace herd::operations {

struct NodeScript {
    NodeId node;
    StringInfoData sql;
};

struct NodeCommands {
    List* scripts;
};

NodeCommands* MakeNodeCommands() { return static_cast<NodeCommands*>(palloc0(sizeof(NodeCommands))); }

static NodeScript* ScriptOfNode(NodeCommands* commands, NodeId node) {
    ListCell* cell;
    foreach (cell, commands->scripts) {
        auto script = static_cast<NodeScript*>(lfirst(cell));
        if (script->node == node) return script;
    }
    auto script = static_cast<NodeScript*>(palloc(sizeof(NodeScript)));
    script->node = node;
    initStringInfo(&script->sql);
    commands->scripts = lappend(commands->scripts, script);
    return script;
}

void AddNodeCommand(NodeCommands* commands, NodeId node, const char* sql) {
    StringInfo script = &ScriptOfNode(commands, node)->sql;
    appendStringInfoString(script, sql);
    appendStringInfoString(script, ";\n");
}

void AddShardCommand(NodeCommands* commands, const catalog::Shard* shard, const char* sql) {
    for (int i = 0; i < shard->node_count; i++) AddNodeCommand(commands, shard->nodes[i], sql);
}

void AddCommandForOtherNodes(NodeCommands* commands, const char* sql) {
    int count;
    const catalog::NodeInfo* const* nodes = catalog::AllNodes(&count);
    for (int i = 0; i < count; i++)
        if (nodes[i]->id != kOwnNode) AddNodeCommand(commands, nodes[i]->id, sql);
}

// Notices about what is there already are not for the user.
void RunNodeCommands(NodeCommands* commands) {
    int script_count = list_length(commands->scripts);
    auto nodes = static_cast<NodeId*>(palloc(sizeof(NodeId) * (script_count + 1)));
    auto sqls = static_cast<const char**>(palloc(sizeof(char*) * (script_count + 1)));
    const char* own = nullptr;
    int count = 0;
    ListCell* cell;
    foreach (cell, commands->scripts) {
        auto script = static_cast<NodeScript*>(lfirst(cell));
        if (script->node == kOwnNode) {
            own = script->sql.data;
            continue;
        }
        nodes[count] = script->node;
        sqls[count++] = psprintf(
            "SET LOCAL client_min_messages TO warning;\n%sSET LOCAL client_min_messages TO DEFAULT", script->sql.data);
    }
    commands->scripts = NIL;
    if (count > 0) transaction::ExecuteOnNodes(nodes, sqls, count);
    if (own != nullptr) RunLocalSql(own);
}

}  // namespace herd::operations
