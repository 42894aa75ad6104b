#!/bin/bash
# Reference tables: their copies stay equal, whatever is written at the same time.
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2
python_tests reference_tables.py
finish
