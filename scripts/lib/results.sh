# Counts passed and failed tests over all suites. Sourced after common.sh.
# shellcheck shell=bash

PASSED=0 FAILED=0 FAILURES=()
LOGS=$ROOT/build/check

pass() {
    PASSED=$((PASSED + 1))
    printf 'ok      %s\n' "$1"
}

# fail NAME [EXPLANATION]
fail() {
    FAILED=$((FAILED + 1))
    FAILURES+=("$1${2:+: $2}")
    printf 'FAILED  %s\n' "$1${2:+: $2}"
}

# count SUITE PASSED FAILED: the result of a suite that counts by itself.
count() {
    PASSED=$((PASSED + $2)) FAILED=$((FAILED + $3))
    [ "$3" = 0 ] || FAILURES+=("$1: $3 failed, see build/check/$1.log")
    printf '%s: %s passed, %s failed\n' "$1" "$2" "$3"
}

# logged SUITE COMMAND...: runs it, output to the suite's log; shows the log when it fails.
logged() {
    local log=$LOGS/$1.log result=0
    "${@:2}" >>"$log" 2>&1 </dev/null || result=$?
    [ "$result" = 0 ] || tail -n 150 "$log"
    return $result
}

# One test: passes if the command succeeds.
check() {
    local name=$1
    if logged "$name" "${@:2}"; then pass "$name"; else fail "$name"; fi
}

# A command that ends with lines "…: N passed, N failed".
check_counting() {
    local name=$1 result=0 sums
    logged "$name" "${@:2}" || result=$?
    read -r -a sums < <(awk 'NF >= 4 && $(NF-2) == "passed," && $NF == "failed" { p += $(NF-3); f += $(NF-1) }
        END { print p + 0, f + 0 }' "$LOGS/$name.log")
    count_exit "$name" "${sums[@]}" $result
}

# A command that prints TAP: lines "ok …" and "not ok …".
check_tap() {
    local name=$1 result=0
    logged "$name" "${@:2}" || result=$?
    count_exit "$name" "$(grep -c '^ok\b' "$LOGS/$name.log")" "$(grep -c '^not ok\b' "$LOGS/$name.log")" $result
}

# count_exit SUITE PASSED FAILED EXIT: a command that fails, or tests nothing, is a failure whatever it counted.
count_exit() {
    local failed=$3
    if [ "$failed" = 0 ] && { [ "$4" != 0 ] || [ "$2" = 0 ]; }; then failed=1; fi
    count "$1" "$2" "$failed"
}

# show_failed SUITE: the lines of its logs that say what failed, indented.
show_failed() {
    local log=$LOGS/$1.log diffs=$LOGS/$1/regression.diffs
    [ ! -f "$log" ] || awk -f "$ROOT/scripts/lib/failed_lines.awk" "$log" | sed 's/^/    /'
    [ ! -s "$diffs" ] || head -n 60 "$diffs" | sed 's/^/    /'
}

# Names what failed and says how, so that nobody needs the logs themselves. A failure's name begins with its suite's.
summarize() {
    local failure suite shown=' '
    step "Summary"
    for failure in "${FAILURES[@]}"; do
        say "failed: $failure"
        suite=${failure%%[: ]*}
        [[ $shown == *" $suite "* ]] || show_failed "$suite"
        shown+="$suite "
    done
    say "$PASSED passed, $FAILED failed"
    [ "$FAILED" = 0 ]
}
