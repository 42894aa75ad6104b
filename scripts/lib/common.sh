# What every script shares. Sourced, after "set -euo pipefail", by scripts in scripts/.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PG_MAJOR=15
PG_CONFIG=${PG_CONFIG:-/usr/lib/postgresql/$PG_MAJOR/bin/pg_config}
export PG_CONFIG
export LC_ALL=C.UTF-8

say() { printf '%s\n' "$*"; }
step() { printf '\n== %s\n' "$*"; }
die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }

# Runs a command as root: directly, or through sudo.
as_root() {
    if is_root; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "needs root or sudo for: $*"
    fi
}

# PostgreSQL's servers refuse to run as root: then they belong to the user postgres.
server_user() { if is_root; then echo postgres; else id -un; fi; }

as_server_user() {
    if is_root; then
        (cd / && exec runuser -u postgres -- "$@")
    else
        "$@"
    fi
}

# A directory of PostgreSQL's installation: pg_dir bindir.
pg_dir() {
    [ -x "$PG_CONFIG" ] || die "no pg_config at $PG_CONFIG (set PG_CONFIG, or run scripts/demo, which installs PostgreSQL)"
    "$PG_CONFIG" "--$1"
}

port_in_use() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# The first port from $1 on that starts a run of $2 unused ports.
find_ports() {
    local base=$1 count=$2 port
    while [ "$base" -lt 60000 ]; do
        for ((port = base; port < base + count; port++)); do
            port_in_use "$port" && break
        done
        [ "$port" -lt $((base + count)) ] || break
        base=$((port + 1))
    done
    echo "$base"
}
