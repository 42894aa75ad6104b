# The test suites, one function each. Sourced by scripts/check after common.sh and results.sh.
# shellcheck shell=bash

suite_lint() {
    check format test/lint/check_format.sh
    check tidy test/lint/check_tidy.sh
    check layers "$PYTHON" test/lint/check_layers.py
    check listed_tests "$PYTHON" test/lint/check_tests_listed.py
    check lint_test "$PYTHON" test/lint/lint_test.py
    check shell_syntax each_shell_script bash -n
}

# each_shell_script COMMAND...: runs it on every shell script of the project.
each_shell_script() {
    local file result=0
    while read -r file; do
        "$@" "$file" || result=1
    done < <(grep -rlE '^#!/bin/bash|shellcheck shell=bash' scripts test .ci)
    return $result
}

# Not a suite of its own: what all suites with a cluster need. Warnings are errors here as everywhere.
build() { logged build build_and_install FAULT_POINTS=1; }

suite_unit() {
    local result=0 log=$LOGS/unit.log
    [ -f CMakeLists.txt ] || return 0
    if ! logged unit cmake -S . -B build/asan -DHERD_SANITIZE=ON -DCMAKE_BUILD_TYPE=Debug ||
        ! logged unit cmake --build build/asan -j2; then
        fail "unit (build)"
        return
    fi
    logged unit ctest --test-dir build/asan --output-on-failure -j2 || result=$?
    # "98% tests passed, 1 tests failed out of 57"
    read -r -a sums < <(sed -n 's/.*tests passed, \([0-9]*\) tests failed out of \([0-9]*\)/\2 \1/p' "$log" | tail -1) || true
    count_exit unit $((${sums[0]:-0} - ${sums[1]:-0})) "${sums[1]:-0}" $result
}

suite_regress() {
    [ -f test/regress_schedule ] || return 0
    with_cluster regress run_pg_regress regress "$ROOT" test/regress_schedule "$PGXS/../test/regress/pg_regress"
}

# The same specs on plain PostgreSQL, on one node and on a cluster: what the first does is what the others must do.
suite_isolation() {
    [ -f test/isolation/schedule ] || return 0
    start_isolation_server isolation_plain --no-herd plain.sql &&
        run_isolation isolation_plain test/isolation/schedule
    stop_isolation_server isolation_plain
    start_isolation_server isolation_one_node --no-nodes &&
        run_isolation isolation_one_node test/isolation/schedule
    stop_isolation_server isolation_one_node
    WORKERS=3 with_cluster isolation run_cluster_isolation
}

# start_isolation_server SUITE MODE [SCRIPT]
start_isolation_server() {
    CLUSTER=$SCRATCH/$1
    logged "$1" scripts/cluster start --fast --dir "$CLUSTER" --port "$PORT" --workers 0 "$2" &&
        { [ -z "${3:-}" ] || prepare_isolation "$1" "$3"; } && return 0
    fail "$1 (start)"
    return 1
}

stop_isolation_server() {
    keep_server_logs "$1"
    logged "$1" scripts/cluster destroy --dir "$CLUSTER" || fail "$1 (stop)"
}

run_cluster_isolation() {
    prepare_isolation isolation node_waits.sql || { fail "isolation (node_waits.sql)" && return; }
    run_isolation isolation test/isolation/schedule
}

# prepare_isolation SUITE SCRIPT
prepare_isolation() {
    logged "$1" scripts/cluster psql --dir "$CLUSTER" -- -Xq -v ON_ERROR_STOP=1 -f "test/isolation/$2"
}

# run_isolation SUITE SCHEDULE; a session that waits for longer than this is a failure.
run_isolation() {
    PGISOLATIONTIMEOUT=30 run_pg_regress "$1" "$ROOT/test/isolation" "$2" "$PGXS/../test/isolation/pg_isolation_regress"
}

# Modules that exist for tests only, each with its own pg_regress tests, on plain PostgreSQL.
suite_modules() {
    local module name
    for module in test/modules/*/; do
        name=$(basename "$module")
        if logged "$name" make -s -j2 -C "$module" PG_CONFIG="$PG_CONFIG" &&
            logged "$name" install_files make -s -C "$module" PG_CONFIG="$PG_CONFIG" install; then
            run_module "$name" "$module"
        else
            fail "$name (build)"
        fi
    done
}

# run_module NAME FOLDER
run_module() {
    CLUSTER=$SCRATCH/$1
    if logged "$1" scripts/cluster start --fast --dir "$CLUSTER" --port "$PORT" --workers 0 --no-herd; then
        sed -n 's/^REGRESS = /test: /p' "$2/Makefile" | xargs -n1 | sed '1d; s/^/test: /' >"$LOGS/$1_schedule"
        run_pg_regress "$1" "$ROOT/$2" "$LOGS/$1_schedule" "$PGXS/../test/regress/pg_regress"
    else
        fail "$1 (start)"
    fi
    keep_server_logs "$1"
    logged "$1" scripts/cluster destroy --dir "$CLUSTER" || fail "$1 (stop)"
}

# run_pg_regress SUITE INPUTS SCHEDULE PROGRAM
run_pg_regress() {
    local suite=$1 output=$LOGS/$1 result=0
    rm -rf "$output" && mkdir -p "$output"
    logged "$suite" "$4" --inputdir="$2" --outputdir="$output" --schedule="$3" --bindir="$(pg_dir bindir)" \
        --host="$CLUSTER" --port="$PORT" --user=postgres --dbname=postgres --use-existing || result=$?
    [ ! -s "$output/regression.diffs" ] || head -n 300 "$output/regression.diffs"
    count_exit "$suite" "$(grep -c ' \.\.\. ok' "$LOGS/$suite.log")" \
        "$(grep -c ' \.\.\. FAILED' "$LOGS/$suite.log")" $result
}

suite_differential() {
    [ ! -f test/differential/run.py ] || with_cluster differential run_differential
    [ ! -f test/tpch/run.py ] || with_cluster tpch run_python tpch test/tpch/run.py
    [ ! -f test/tpcds/run.py ] || with_cluster tpcds run_python tpcds test/tpcds/run.py
    [ ! -f test/differential/bad_input.py ] || with_cluster bad_input run_python bad_input test/differential/bad_input.py
}

# On the cluster, and on a coordinator without other nodes.
run_differential() {
    local alone=$SCRATCH/differential_alone port=$((PORT + 5)) run=test/differential/run.py
    check_counting differential_cluster "$PYTHON" $run --host "$CLUSTER" --cluster-port "$PORT" \
        --worker-ports $((PORT + 1)),$((PORT + 2))
    logged differential scripts/cluster start --fast --dir "$alone" --port $port --workers 0 || true
    check_counting differential_one_node "$PYTHON" $run --host "$alone" --one-node-port $port
    logged differential scripts/cluster destroy --dir "$alone" || fail "differential (stop)"
}

suite_privileges() {
    [ ! -f test/privileges/run.py ] || with_cluster privileges run_privileges
}

# On the cluster, and on a coordinator without other nodes.
run_privileges() {
    local alone=$SCRATCH/privileges_alone port=$((PORT + 5)) run=test/privileges/run.py
    check_counting privileges_cluster "$PYTHON" $run --host "$CLUSTER" --port "$PORT" \
        --worker-ports $((PORT + 1)),$((PORT + 2))
    logged privileges scripts/cluster start --fast --dir "$alone" --port $port --workers 0 || true
    check_counting privileges_one_node "$PYTHON" $run --host "$alone" --port $port
    logged privileges scripts/cluster destroy --dir "$alone" || fail "privileges (stop)"
}

suite_docs() {
    [ -f test/docs/run_examples.py ] || return 0
    with_cluster docs run_docs
}

run_docs() {
    run_python docs test/docs/run_examples.py
    run_python docs_names test/docs/check_names.py
}

# run_python SUITE FILE
run_python() { check_counting "$1" "$PYTHON" "$2" --host "$CLUSTER" --port "$PORT"; }

# Each of these starts what it needs in $HERD_TEST_DIR, from port $HERD_TEST_PORT on, and leaves its servers' logs beside $HERD_TEST_LOGS.
suite_system() {
    local script name
    for script in test/system/*.sh; do
        name=$(basename "$script" .sh)
        # lib.sh holds what they share.
        if [ ! -f "$script" ] || [ "$name" = lib ]; then continue; fi
        mkdir -p "$SCRATCH/$name"
        check_tap "$name" env HERD_TEST_DIR="$SCRATCH/$name" HERD_TEST_PORT="$PORT" HERD_TEST_LOGS="$LOGS/$name" bash "$script"
    done
}

# with_cluster SUITE COMMAND...: runs it with one coordinator and two workers, $CLUSTER and $PORT, then looks for leftovers.
with_cluster() {
    local suite=$1
    CLUSTER=$SCRATCH/$suite
    if ! logged "$suite" scripts/cluster start --fast --dir "$CLUSTER" --port "$PORT" --workers "${WORKERS:-2}"; then
        tail -n 30 "$CLUSTER"/*/log 2>/dev/null || true
        fail "$suite (cluster start)"
    else
        "${@:2}"
        check_leftovers "$suite"
    fi
    keep_server_logs "$suite"
    logged "$suite" scripts/cluster destroy --dir "$CLUSTER" || fail "$suite (cluster stop)"
}

# After a suite every server must still run, none may have crashed, and no transaction may hang in between.
check_leftovers() {
    local found crashes='was terminated by signal|terminated by exception|PANIC:|TRAP:|terminating any other active server'
    found=$(grep -HE "$crashes" "$CLUSTER"/*/log) || true
    logged "$1" scripts/cluster status --dir "$CLUSTER" || found+=" not all servers run"
    passes_without "$1 (no crash)" "${found:0:2000}"
    passes_without "$1 (nothing left prepared)" "$(wait_for_no_prepared_transactions)"
    passes_without "$1 (nodes agree with the metadata)" "$(wait_for_agreeing_nodes)"
}

# passes_without NAME PROBLEM: a test that passes if there is none.
passes_without() { if [ -z "$2" ]; then pass "$1"; else fail "$1" "$2"; fi; }

# What the nodes still disagree in after some time: sessions of backends that have just ended may take a moment to notice.
wait_for_agreeing_nodes() {
    local try problems
    for try in 1 2 3 4 5 6 7 8 9 10; do
        problems=$(scripts/cluster psql --dir "$CLUSTER" -- -XAtc "SELECT * FROM herd.check_cluster()" 2>&1) || true
        [ -n "$problems" ] || return 0
        sleep 1
    done
    say "$problems"
}

wait_for_no_prepared_transactions() {
    local try node left
    for try in 1 2 3 4 5 6 7 8 9 10; do
        left=
        for node in coordinator worker1 worker2; do
            left+=$(scripts/cluster psql --dir "$CLUSTER" --node "$node" -- -XAtc "SELECT gid FROM pg_prepared_xacts") ||
                left+="$node does not answer"
        done
        [ -n "$left" ] || return 0
        sleep 1
    done
    say "$left"
}

keep_server_logs() {
    local log
    for log in "$CLUSTER"/*/log; do
        [ ! -f "$log" ] || cp "$log" "$LOGS/$1-$(basename "$(dirname "$log")").server.log"
    done
}
