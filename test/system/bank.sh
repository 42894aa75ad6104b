#!/bin/bash
# Money moves between shards on all nodes, the coordinator's own among them: none is made or lost, nothing stays prepared.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2
server() { echo "host=$DIR port=$((PORT + $1)) user=postgres dbname=postgres"; }
bank() {
    /usr/bin/python3 test/bank/bank.py --dsn "$(server 0)" --node "$(server 1)" --node "$(server 2)" "$@" | sed 's/^/# /'
    return "${PIPESTATUS[0]}"
}

succeeds "transfers" bank --seconds 3 --readers 0 --ledger

finish
