# The steps of scripts/demo, which sets DIR, PORT and DATA. Sourced after common.sh and packages.sh.
# shellcheck shell=bash

COMPARED=0 DIFFERENCES=0

coordinator() { scripts/cluster psql --dir "$DIR" -- -X -q -v ON_ERROR_STOP=1 "$@"; }

# Runs a statement with the distributed (demo) or the plain tables (plain) first in the search path.
in_schema() {
    local schema=$1
    shift
    PGOPTIONS="-c search_path=$schema -c client_min_messages=notice" coordinator "$@"
}

# Shows a statement and runs it on the distributed tables.
show() {
    say
    indent <<<"$1"
    in_schema demo -c '\timing on' -c "$1"
}

read_package_index() {
    local files
    step "Reading Debian's package index from this machine's apt lists"
    mapfile -t files < <(package_index_files)
    if [ "${#files[@]}" = 0 ]; then
        apt_get update
        mapfile -t files < <(package_index_files)
    fi
    [ "${#files[@]}" -gt 0 ] || die "apt has no package lists (apt-get update)"
    /usr/lib/apt/apt-helper cat-file "${files[@]}" | awk -v FOLDER="$DATA" -f scripts/lib/package_index.awk
    say "$(wc -l <"$DATA/package.tsv") packages, $(wc -l <"$DATA/dependency.tsv") dependencies," \
        "$(wc -l <"$DATA/section.tsv") sections"
}

package_index_files() {
    local file format='$(FILENAME)'
    while read -r file; do
        [ ! -f "$file" ] || echo "$file"
    done < <(apt-get indextargets --format "$format" 'Created-By: Packages')
}

start_cluster() {
    step "Starting a coordinator and two workers in $DIR"
    scripts/cluster destroy --dir "$DIR" >/dev/null
    PORT=${PORT:-$(find_ports 15500 3)}
    scripts/cluster start --dir "$DIR" --port "$PORT" --workers 2 --no-nodes
    step "The extension is there; now the workers become nodes"
    # The role as which nodes log in to each other; its password stays out of command lines and logs.
    coordinator <<SQL
\set password \`cat '$DIR/service_password'\`
SET log_statement = none;
SELECT herd.set_service_role('herd', :'password') \g /dev/null
SQL
    show "SELECT herd.add_node('127.0.0.1', $((PORT + 1)), 'worker1')"
    show "SELECT herd.add_node('127.0.0.1', $((PORT + 2)), 'worker2')"
    show "SELECT * FROM herd.nodes"
}

make_tables() {
    local schema
    step "The tables, twice: to be distributed (schema demo), and plain (schema plain)"
    sed '/^--/d' scripts/lib/demo_tables.sql
    for schema in plain demo; do
        coordinator -c "CREATE SCHEMA $schema"
        in_schema $schema -f scripts/lib/demo_tables.sql
        in_schema $schema -c "\\copy section FROM '$DATA/section.tsv'" -c "\\copy package FROM '$DATA/package.tsv'"
    done
    step "section becomes a reference table; package already has its rows, they move to the shards"
    show "SELECT herd.create_reference_table('section')"
    show "SELECT herd.create_distributed_table('package', 'name')"
    show "SELECT herd.create_distributed_table('dependency', 'package', colocate_with => 'package')"

    step "Foreign keys hold inside the shards"
    for schema in plain demo; do
        local show=show
        [ $schema = demo ] || show="in_schema plain -c"
        $show "ALTER TABLE package ADD FOREIGN KEY (section) REFERENCES section"
        $show "ALTER TABLE dependency ADD FOREIGN KEY (package) REFERENCES package"
    done
}

load_dependencies() {
    step "COPY loads dependency through the coordinator into the shards"
    show "\\copy dependency FROM '$DATA/dependency.tsv'"
    say "-> plain: $(in_schema plain -c '\timing on' -c "\\copy dependency FROM '$DATA/dependency.tsv'" | sed 's/^Time: //')"
    in_schema demo -c "ANALYZE package" -c "ANALYZE dependency" -c "ANALYZE section"
    in_schema plain -c "ANALYZE package" -c "ANALYZE dependency" -c "ANALYZE section"
}

show_shards() {
    step "Where the rows are"
    show "SELECT * FROM herd.tables"
    show "SELECT * FROM herd.shards WHERE table_name::text LIKE '%package' ORDER BY shard_id LIMIT 6"
}

# run_queries FILE: statements that start with a line "-- # TITLE".
run_queries() {
    local line title='' statement=''
    while IFS= read -r line; do
        case $line in
        '-- # '*)
            [ -z "$title" ] || compare "$title" "$statement"
            title=${line#-- # } statement=''
            ;;
        --*) ;;
        *) statement+=$line$'\n' ;;
        esac
    done <"$1"
    compare "$title" "$statement"
}

# compare TITLE STATEMENT: EXPLAIN, the answer, and whether plain PostgreSQL says the same.
compare() {
    local statement
    statement=$(sed '/^$/d' <<<"$2")
    step "$1"
    indent <<<"$statement"
    if ! in_schema demo -c "EXPLAIN (COSTS OFF) $statement" | shorten 40 || ! timed demo "$statement"; then
        say "-> FAILED on the distributed table"
        DIFFERENCES=$((DIFFERENCES + 1))
        return
    fi
    timed plain "$statement"
    cat "$DATA/demo.out"
    COMPARED=$((COMPARED + 1))
    if diff <(grep -v '^Time: ' "$DATA/plain.out") <(grep -v '^Time: ' "$DATA/demo.out"); then
        say "-> equal to the plain table's answer (plain: $(sed -n 's/^Time: //p' "$DATA/plain.out"))"
    else
        say "-> DIFFERENT from the plain table's answer (< plain, > distributed)"
        DIFFERENCES=$((DIFFERENCES + 1))
    fi
}

# timed SCHEMA STATEMENT: into $DATA/SCHEMA.out, with its time in a session that has its connections already: reads run
# twice, and a small read goes before a write.
timed() {
    local warm_up="SELECT count(installed_kb) FROM package WHERE size_bytes < 0"
    case $2 in SELECT* | WITH*) warm_up=$2 ;; esac
    in_schema "$1" -c '\o /dev/null' -c "$warm_up" -c '\o' -c '\timing on' -c "$2" >"$DATA/$1.out"
}

indent() { sed 's/^/    /'; }

shorten() { awk -v most="$1" 'NR <= most { print } NR == most + 1 { print " ..." }'; }

# Two rows that lie on different nodes change together, or not at all.
show_transaction() {
    step "A transaction over several nodes, rolled back and then committed"
    local changes="UPDATE package SET installed_kb = installed_kb + 1 WHERE name = 'bash'
UPDATE package SET installed_kb = installed_kb - 1 WHERE name = 'coreutils'
UPDATE package SET installed_kb = installed_kb + 5 WHERE name = 'dpkg'"
    local schema end arguments=() change
    while IFS= read -r change; do arguments+=(-c "$change"); done <<<"$changes"
    for end in ROLLBACK COMMIT; do
        sed "1i BEGIN
            \$a $end" <<<"$changes" | indent
        for schema in demo plain; do
            in_schema $schema -c BEGIN "${arguments[@]}" -c $end
        done
        compare "After the $end" "SELECT name, installed_kb FROM package
WHERE name IN ('bash', 'coreutils', 'dpkg') ORDER BY name"
    done
}

# Every row of every table, not only what the queries looked at.
compare_tables() {
    local table key schema sums
    step "All rows, compared with the plain tables"
    while read -r table key; do
        sums=()
        for schema in plain demo; do
            sums+=("$(in_schema $schema -c "COPY (SELECT * FROM $table ORDER BY $key) TO STDOUT" | sha256sum)")
        done
        COMPARED=$((COMPARED + 1))
        if [ "${sums[0]}" = "${sums[1]}" ]; then
            say "-> $table: equal"
        else
            say "-> $table: DIFFERENT"
            DIFFERENCES=$((DIFFERENCES + 1))
        fi
    done <<'TABLES'
section name
package name
dependency package, kind, position, alternative
TABLES
}

finish() {
    step "Done: $COMPARED comparisons with plain tables, $DIFFERENCES differences"
    say "The cluster goes on running. From here:"
    say "  connect   scripts/cluster psql --dir $DIR"
    say "            SET search_path = demo;   (plain has the same tables, not distributed)"
    say "  stop      scripts/cluster stop --dir $DIR"
    say "  start     scripts/cluster start --dir $DIR"
    say "  delete    scripts/cluster destroy --dir $DIR"
    [ "$DIFFERENCES" = 0 ]
}
