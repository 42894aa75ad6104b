#!/bin/bash
# Shards move to and fro while sessions that hear nothing of it write and read them: no write is lost, no row is missing or read twice.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 3
python_tests moves_under_load.py
is "$(sql coordinator "SELECT * FROM herd.check_cluster()")" "" "nodes and metadata agree"
is "$(sql coordinator "SELECT count(*) FROM herd.transactions")" 0 "nothing is left prepared"
finish
