#!/bin/bash
# Servers of neighbouring releases work together, whichever is the older one; others refuse each other and say why. Test servers can pretend
# to be of another release (herd.pretended_release).
. "$(dirname "$0")/lib.sh"

start_cluster --workers 2
own=$(sql coordinator "SHOW herd.protocol")
sql coordinator "CREATE TABLE t (id int PRIMARY KEY, v int)" "SELECT herd.create_distributed_table('t', 'id', 4)" \
    "CREATE TABLE r (id int PRIMARY KEY)" "SELECT herd.create_reference_table('r')" "INSERT INTO r VALUES (1)" \
    "INSERT INTO t SELECT i, i FROM generate_series(1, 100) i" >/dev/null

# pretend NODE RELEASES: it comes back as one that is so many releases later.
pretend() {
    control "$1" -m fast -o "-c herd.pretended_release=$2" restart
    # A new coordinator asks its nodes; the old one finds out by and by.
    within 30 coordinator "SELECT count(*) FROM herd.node WHERE name = 'worker1' AND protocol <> $(sql worker1 "SHOW herd.protocol")" 0 \
        "$1 as release $2: the coordinator knows what worker1 speaks"
}
# work NAME: reads, writes, and commits over both nodes.
work() {
    is "$(sql coordinator "SELECT count(*), sum(v) FROM t" "SELECT v FROM t WHERE id = 7" "SELECT count(*) FROM t JOIN r ON t.id = r.id")" \
        "100|5050
7
1" "$1: reads"
    is "$(sql coordinator "BEGIN" "UPDATE t SET v = v + 1" "SAVEPOINT a" "DELETE FROM t" "ROLLBACK TO a" "COMMIT" "SELECT sum(v) FROM t")" 5150 \
        "$1: a transaction on both nodes"
    is "$(sql coordinator "UPDATE t SET v = v - 1" "INSERT INTO r VALUES (2)" "DELETE FROM r WHERE id = 2" "SELECT sum(v) FROM t")" 5050 \
        "$1: writes of one statement"
    is "$(sql coordinator "BEGIN ISOLATION LEVEL REPEATABLE READ" "SELECT count(*) FROM t" "SELECT sum(v) FROM t" "COMMIT")" "100
5050" "$1: several statements with one snapshot"
    like "$(sql coordinator "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT * FROM t WHERE v > 50")" "*Seq Scan on*" "$1: a node's plan"
    within 10 coordinator "SELECT count(*) FROM herd.transactions" 0 "$1: nothing stays prepared"
}
# refuses NAME THEIRS OURS: tasks are refused with these versions, and nothing is changed.
refuses() {
    like "$(sql coordinator "SELECT count(*) FROM t")" "ERROR:  HR002: the coordinator speaks another version of Herd's protocol
DETAIL:  It understands versions $2, this node $3.
HINT:  Install the same version of Herd on all nodes. Only one release and the next work together.*worker1*" "$1: reads"
    like "$(sql coordinator "UPDATE t SET v = 0")" "*HR002*" "$1: writes"
    like "$(sql coordinator "SELECT node, problem, object FROM herd.check_cluster()")" \
        "*worker1|node can not be asked|the coordinator speaks another version of Herd's protocol*" "$1: herd.check_cluster() says so"
}
problems() { sql coordinator "SELECT node, problem, object FROM herd.check_cluster()"; }
range() { echo "$((own - 1 + $1)) to $((own + $1))"; }

is "$(sql coordinator "SELECT DISTINCT protocol FROM herd.node WHERE node_id > 0")" "$own" "a new node's version is known"
work "one release"

pretend worker1 -1
work "an older node"
is "$(problems)" "worker1|node has another version|protocol $((own - 1))" "an older node is reported"
pretend worker1 1
work "a newer node"
is "$(problems)" "worker1|node has another version|protocol $((own + 1))" "a newer node is reported"

control worker1 -m fast -o "-c herd.pretended_release=-2" restart
refuses "a node two releases older" "$(range 0)" "$(range -2)"
control worker1 -m fast -o "-c herd.pretended_release=2" restart
refuses "a node two releases newer" "$(range 0)" "$(range 2)"
pretend worker1 0
work "the same again"
is "$(problems)" "" "nothing is reported"

# The other way round: the coordinator is the first to be upgraded, or the last.
pretend coordinator 1
work "a newer coordinator"
pretend coordinator -1
work "an older coordinator"
control coordinator -m fast -o "-c herd.pretended_release=2" restart
refuses "a coordinator two releases newer" "$(range 2)" "$(range 0)"
control coordinator -m fast -o "-c herd.pretended_release=-2" restart
refuses "a coordinator two releases older" "$(range -2)" "$(range 0)"
pretend coordinator 0

# New nodes: the next release may join, the one after that may not.
sql worker2 "CREATE DATABASE other TEMPLATE template0" >/dev/null
cluster psql --node worker2 -- -XAtq -d other -c "SET client_min_messages = warning; CREATE EXTENSION herd" >/dev/null
add="SELECT herd.add_node('127.0.0.1', $((PORT + 2)), 'third', 'other') > 0"
control worker2 -m fast -o "-c herd.pretended_release=2" restart
like "$(sql coordinator "$add")" "ERROR:  HR002: the coordinator speaks another version of Herd's protocol*" "a node two releases newer is not added"
control worker2 -m fast -o "-c herd.pretended_release=1" restart
is "$(sql coordinator "$add")" t "a node of the next release is added"
is "$(sql coordinator "SELECT protocol FROM herd.node WHERE name = 'third'")" $((own + 1)) "and its version is known"
finish
