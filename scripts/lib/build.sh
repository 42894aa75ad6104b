# Builds and installs the extension. Sourced after common.sh.
# shellcheck shell=bash

# build_and_install [VARIABLE=value ...]: the arguments go to make. Objects made with other arguments, or for another
# PostgreSQL, are thrown away first: make does not see such a difference.
build_and_install() {
    local stamp=$ROOT/build/make-arguments arguments="PG_CONFIG=$PG_CONFIG $*"
    mkdir -p "$ROOT/build"
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" != "$arguments" ]; then
        make -s -C "$ROOT" PG_CONFIG="$PG_CONFIG" clean
    fi
    echo "$arguments" >"$stamp"
    make -s -j2 -C "$ROOT" PG_CONFIG="$PG_CONFIG" "$@"
    if [ -w "$(pg_dir pkglibdir)" ]; then
        make -s -C "$ROOT" PG_CONFIG="$PG_CONFIG" "$@" install
    else
        as_root make -s -C "$ROOT" PG_CONFIG="$PG_CONFIG" "$@" install
    fi
}
