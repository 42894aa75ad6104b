// The values of a fragment's parameters, and their form on the wire.
#pragma once

#include "postgres/pg.h"

#include "base/ids.h"
#include "cluster/remote_statement.h"
#include "transaction/statement_token.h"

extern "C" {
#include <executor/executor.h>
#include <nodes/params.h>
}

namespace herd::executor {

// Evaluates the first `count` expressions in the current memory context. Null for count 0.
ParamListInfo EvaluateParameters(List* expression_states, int count, ExprContext* econtext);

struct TaskIdentity {
    NodeId node;
    uint16 flags;
    const plan::TaskShard* shards;
    int shard_count;
    transaction::StatementMarks statement = {};
    uint32 report_window = 0;  // as in the header
    int connections = 1;       // to the node, over which the statement's tasks come
};

// The parameters in wire form with the task header behind them, in the current memory context.
// Independent of this session's client encoding: text travels in the server's.
cluster::WireParameters WireFormOf(ParamListInfo parameters, const TaskIdentity& identity);

}  // namespace herd::executor
