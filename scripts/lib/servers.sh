# The servers of a local cluster, one at a time. Sourced by scripts/cluster, whose DIR, PORT, WORKERS, MODE, FAST and
# SETTINGS these functions read.
#
# DIR belongs to the user the servers run as, and nobody else can enter it: that is what protects the sockets, where
# postgres needs no password. Over TCP everyone does.
# shellcheck shell=bash

node_names() {
    local i
    echo coordinator
    for ((i = 1; i <= WORKERS; i++)); do echo "worker$i"; done
}

node_port() { if [ "$1" = coordinator ]; then echo "$PORT"; else echo $((PORT + ${1#worker})); fi; }

pg_ctl() { as_server_user "$(pg_dir bindir)/pg_ctl" -s -D "$DIR/$1/data" "${@:2}"; }

is_running() { [ -f "$DIR/$1/data/PG_VERSION" ] && pg_ctl "$1" status >/dev/null 2>&1; }

# psql on one server, statements from stdin; nothing of them is logged, as some carry the service role's password.
run_sql() {
    "$(pg_dir bindir)/psql" -h "$DIR" -p "$(node_port "$1")" -U postgres -d postgres -XAtq -v ON_ERROR_STOP=1 \
        -c "SET log_statement = none" -c "SET log_min_error_statement = panic" -c "SET log_min_duration_statement = -1" \
        -f - >/dev/null
}

make_directory() {
    [ "${#DIR}" -le 80 ] || die "$DIR is too long for a socket's directory (at most 80 characters)"
    if [ ! -f "$DIR/layout" ]; then
        [ -z "$(ls -A "$DIR" 2>/dev/null)" ] || die "$DIR is not empty and holds no cluster"
        getent passwd "$(server_user)" >/dev/null || die "there is no user postgres to run the servers as"
        install -d -m 700 -o "$(server_user)" "$DIR"
    fi
    as_server_user test -x "$DIR" || die "the user $(server_user) can't enter $DIR"
    echo "$PORT $WORKERS $MODE $FAST" >"$DIR/layout"
    [ "${#SETTINGS[@]}" = 0 ] || printf '%s\n' "${SETTINGS[@]}" >>"$DIR/settings"
    if [ ! -f "$DIR/service_password" ]; then
        (umask 077 && od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$DIR/service_password")
    fi
}

start_server() {
    local node=$1 port
    port=$(node_port "$node")
    [ -f "$DIR/$node/data/PG_VERSION" ] || make_server "$node"
    if is_running "$node"; then
        return
    fi
    ! port_in_use "$port" || die "port $port of $node is in use; choose others with --port"
    write_settings "$node" "$port"
    pg_ctl "$node" -l "$DIR/$node/log" -w -t 60 start || {
        tail -20 "$DIR/$node/log" >&2
        die "$node did not start"
    }
}

stop_server() { ! is_running "$1" || pg_ctl "$1" -m fast -w -t 60 stop; }

make_server() {
    local folder=$DIR/$1 sync=()
    [ "$FAST" = no ] || sync=(--no-sync)
    rm -rf -- "$folder"
    install -d -m 700 -o "$(server_user)" "$folder"
    as_server_user "$(pg_dir bindir)/initdb" -D "$folder/data" -U postgres -E UTF8 --locale=C.UTF-8 \
        -A trust "${sync[@]}" >"$DIR/initdb.log" 2>&1 || {
        cat "$DIR/initdb.log" >&2
        die "initdb failed"
    }
    echo "include 'herd.conf'" >>"$folder/data/postgresql.conf"
    cat >"$folder/data/pg_hba.conf" <<'HBA'
local all         postgres              trust
local all         all                   scram-sha-256
host  all         all      127.0.0.1/32 scram-sha-256
host  replication all      127.0.0.1/32 scram-sha-256
HBA
}

write_settings() {
    {
        cat <<CONF
listen_addresses = '127.0.0.1'
port = $2
unix_socket_directories = '$DIR'
cluster_name = 'herd $1'
max_connections = 200
shared_buffers = 128MB
wal_level = logical
max_prepared_transactions = 200
log_line_prefix = '%m [%p] %q%u@%d '
CONF
        [ "$MODE" = no-herd ] || echo "shared_preload_libraries = 'herd'"
        [ "$FAST" = no ] || printf 'fsync = off\nfull_page_writes = off\n'
        [ ! -f "$DIR/settings" ] || sed "s/'/''/g; s/=\(.*\)/ = '\1'/" "$DIR/settings"
    } >"$DIR/$1/data/herd.conf"
    chown "$(server_user)" "$DIR/$1/data/herd.conf"
}

# The role as which the nodes connect to each other has the same password on all of them.
create_extension() {
    run_sql "$1" <<SQL
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS herd;
SELECT 'CREATE ROLE herd LOGIN SUPERUSER PASSWORD ''$(cat "$DIR/service_password")'''
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'herd') \gexec
SQL
}

add_nodes() {
    local node
    {
        echo "SET client_min_messages = warning;"
        echo "SELECT herd.set_service_role('herd', '$(cat "$DIR/service_password")');"
        for node in $(node_names | grep -v '^coordinator$'); do
            echo "SELECT herd.add_node('127.0.0.1', $(node_port "$node"), '$node')"
            echo "WHERE NOT EXISTS (SELECT FROM herd.nodes WHERE name = '$node');"
        done
    } | run_sql coordinator
}
