#!/bin/bash
# Money moves between shards on all nodes, the coordinator's own among them, while others sum it: none is made or lost, nothing stays
# prepared, and with herd.snapshot = consistent not one sum is wrong.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2
sql coordinator "SELECT herd.set_node_holds_shards('coordinator', true)" >/dev/null
server() { echo "host=$DIR port=$((PORT + $1)) user=postgres dbname=postgres"; }
bank() {
    /usr/bin/python3 test/bank/bank.py --dsn "$(server 0)" --node "$(server 1)" --node "$(server 2)" "$@" >"$DIR/report"
    local status=$?
    sed 's/^/# /' "$DIR/report"
    return $status
}

succeeds "consistent sums" bank --seconds 6 --snapshot consistent
succeeds "consistent sums, two in a transaction" bank --seconds 4 --snapshot consistent --isolation "repeatable read"
succeeds "transfers" bank --seconds 2 --readers 0 --ledger
# Without it sums are wrong under the same load, so the first run has shown something.
succeeds "local sums" bank --seconds 2 --snapshot local
like "$(cat "$DIR/report")" "*wrong_sums*" "sums of each node's own snapshot are torn"

finish
