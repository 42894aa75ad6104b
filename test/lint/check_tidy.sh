#!/bin/bash
# Runs clang-tidy, in the one version .clang-tidy is written for, on all C++ sources (pure and backend).
set -euo pipefail
cd "$(dirname "$0")/../.."

tidy=$(command -v clang-tidy-14 || true)
[ -n "$tidy" ] || { echo "clang-tidy 14 is needed (Debian package clang-tidy-14)" >&2; exit 1; }

mkdir -p build
build=build/tidy
cmake -S . -B $build -DHERD_BACKEND_OBJECTS=ON -DHERD_BENCHMARKS=OFF -DBUILD_TESTING=OFF \
    -DPG_CONFIG="${PG_CONFIG:-/usr/lib/postgresql/15/bin/pg_config}" >build/tidy.log 2>&1 || { cat build/tidy.log; exit 1; }
# Its counts of suppressed warnings go to stderr and say nothing.
find src -name '*.cpp' -print0 | xargs -0 -P2 -n8 "$tidy" -p $build --quiet --extra-arg=-Wno-deprecated-volatile 2>/dev/null
