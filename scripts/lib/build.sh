# Builds and installs the extension. Sourced after common.sh.
# shellcheck shell=bash

# build_and_install [VARIABLE=value ...]: the arguments go to make.
build_and_install() {
    make -s -j2 -C "$ROOT" PG_CONFIG="$PG_CONFIG" "$@"
    install_files make -s -C "$ROOT" PG_CONFIG="$PG_CONFIG" "$@" install
}

# Runs a command that writes to PostgreSQL's directories, as root if need be.
install_files() { if [ -w "$(pg_dir pkglibdir)" ]; then "$@"; else as_root "$@"; fi; }
