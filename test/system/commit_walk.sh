#!/bin/bash
# At each message of a commit over two nodes a connection is cut or stalls, a node freezes or dies, the coordinator dies.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2 --no-nodes --set restart_after_crash=on --set herd.commit_timeout=1500 >/dev/null
/usr/bin/python3 test/fault/walk.py --dir "$DIR" --port "$PORT"
status=$?
cluster destroy
exit $status
