# Installs the Debian packages that are missing, and nothing else. Sourced after common.sh.
# shellcheck shell=bash

BUILD_PACKAGES=(g++ make libc6-dev libxxhash-dev libpq-dev)
CHECK_PACKAGES=(cmake libgtest-dev libbenchmark-dev clang-format-14 clang-tidy-14 python3 python3-psycopg2 libipc-run-perl git pgbouncer openssl)

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing_packages() {
    local package
    for package in "$@"; do
        is_installed "$package" || echo "$package"
    done
}

# Debian's PostgreSQL, unless the caller's PG_CONFIG names another one.
postgres_packages() {
    case $PG_CONFIG in
    /usr/lib/postgresql/"$PG_MAJOR"/bin/pg_config) echo "postgresql-$PG_MAJOR postgresql-server-dev-$PG_MAJOR" ;;
    *) [ -x "$PG_CONFIG" ] || die "PG_CONFIG is $PG_CONFIG, which is not there" ;;
    esac
}

# ensure_packages NAME...
ensure_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    [ "${#missing[@]}" -gt 0 ] || return 0
    command -v apt-get >/dev/null || die "this is not Debian; install by hand: ${missing[*]}"
    is_root || command -v sudo >/dev/null || die "no sudo; as root: apt-get install ${missing[*]}"

    step "Installing ${missing[*]}"
    apt_get update
    without_main_cluster apt_get install -y --no-install-recommends "${missing[@]}"
}

apt_get() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 "$@" </dev/null; }

# Debian's server package makes and starts a cluster "main" when it is installed first. Nobody asked for one.
without_main_cluster() {
    local folder=/etc/postgresql-common/createcluster.d result=0
    as_root mkdir -p "$folder"
    echo "create_main_cluster = false" | as_root tee "$folder/herd-setup.conf" >/dev/null
    "$@" || result=$?
    as_root rm -f "$folder/herd-setup.conf"
    return $result
}
