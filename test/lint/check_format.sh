#!/bin/bash
# Checks the C++ sources against .clang-format, with the one version it is written for. --fix rewrites them.
set -euo pipefail
cd "$(dirname "$0")/../.."

formatter=$(command -v clang-format-14 || command -v clang-format || true)
case $("${formatter:-false}" --version 2>/dev/null) in
*"version 14."*) ;;
*) echo "clang-format 14 is needed (Debian package clang-format-14)" >&2; exit 1 ;;
esac

mapfile -t files < <(find src test -type f \( -name '*.h' -o -name '*.cpp' \) | sort)
if [ "${1:-}" = --fix ]; then
    exec "$formatter" -i "${files[@]}"
fi
exec "$formatter" --dry-run -Werror "${files[@]}"
