# Builds and installs the extension. Sourced after common.sh.
# shellcheck shell=bash

# build_and_install [VARIABLE=value ...]: the arguments go to make.
build_and_install() {
    make -s -j2 -C "$ROOT" PG_CONFIG="$PG_CONFIG" "$@"
    if [ -w "$(pg_dir pkglibdir)" ]; then
        make -s -C "$ROOT" PG_CONFIG="$PG_CONFIG" "$@" install
    else
        as_root make -s -C "$ROOT" PG_CONFIG="$PG_CONFIG" "$@" install
    fi
}
