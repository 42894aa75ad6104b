#!/bin/bash
# Transactions that wait for each other on several nodes: one of them gives way.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 3
python_tests deadlocks.py
finish
