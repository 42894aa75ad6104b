#!/bin/bash
# Reference tables: their copies stay equal, whatever is written at the same time.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2 >/dev/null
/usr/bin/python3 test/system/reference_tables.py "$DIR" "$PORT"
cluster destroy >/dev/null
