#!/usr/bin/env python3
"""Runs every statement on plain and on distributed tables and compares what a client sees.

    run.py --one-node-port P --cluster-port P [--worker-ports P,P]

The schemas plain and dist of the database are dropped and made again. --self-test leaves the tables in dist
undistributed, so that everything must pass without Herd.
"""
import argparse
import re
import sys
from pathlib import Path

import cases
import dataset
import generator
import keys
import selfcheck
from deep import cases as deep_cases
from report import Report
from runner import Runner
from side import Side

HERE = Path(__file__).parent
PARTS = ("selfcheck", "selects", "writes", "keys", "random", "deep")


def main():
    arguments = parse_arguments()
    report = Report("differential", arguments.verbose)
    if "selfcheck" in arguments.parts:
        selfcheck.run(report, *next(servers(arguments))[1:3])
    for name, host, port, workers in servers(arguments):
        for shard_count in arguments.shards:
            run_configuration(arguments, report, f"{name}, {shard_count} shards", host, [port] + workers, shard_count)
    return report.finish()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", default="127.0.0.1", help="of all servers: a name, or a socket's directory")
    parser.add_argument("--one-node-host", help="where --host is not right for it")
    parser.add_argument("--one-node-port", type=int, help="a coordinator without other nodes")
    parser.add_argument("--cluster-port", type=int, help="a coordinator with workers")
    parser.add_argument("--worker-ports", type=number_list, default=[], help="of the cluster: look for leftovers there too")
    parser.add_argument("--shards", type=number_list, default=[4, 32])
    parser.add_argument("--parts", default=",".join(PARTS), help="of: %(default)s")
    parser.add_argument("--only", default="", help="regular expression: run the cases with such names")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--random", type=int, default=300, help="random statements per configuration")
    parser.add_argument("--deep", type=int, default=150, help="statements of the deep part per configuration")
    parser.add_argument("--first", type=int, default=0, help="number of its first statement")
    parser.add_argument("--reduce", action="store_true", help="make those statements of it smaller that fail")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    return parser.parse_args()


def number_list(text):
    return [int(number) for number in text.split(",")]


def servers(arguments):
    """(name, host, port, ports of the workers)"""
    if arguments.one_node_port:
        yield "one node", arguments.one_node_host or arguments.host, arguments.one_node_port, []
    if arguments.cluster_port:
        yield "cluster", arguments.host, arguments.cluster_port, arguments.worker_ports


def run_configuration(arguments, report, name, host, ports, shard_count):
    plain, dist = Side("plain", host, ports[0]), Side("dist", host, ports[0])
    data = dataset.Dataset(plain, dist, shard_count, not arguments.self_test)
    data.drop()
    dataset.make_types(plain)
    for side in (plain, dist):
        side.read_types()
    if not {"selects", "writes", "random"}.isdisjoint(arguments.parts.split(",")):
        data.build()
        runner = Runner(data, report, name)
        runner.report_problems()
        run_parts(arguments, report, runner)
        data.drop()
    if "deep" in arguments.parts:
        run_deep(arguments, report, name, plain, dist, shard_count)
    if "keys" in arguments.parts:
        keys.run(plain, dist, shard_count, not arguments.self_test, report, name, arguments.only)
    report.add(f"nothing is left ({name})", leftovers(host, ports))
    plain.close()
    dist.close()


def run_parts(arguments, report, runner):
    for part in ("selects", "writes"):
        if part in arguments.parts:
            for path in sorted((HERE / part).glob("*.sql")):
                run_file(runner, path, arguments.only)
    if "random" in arguments.parts:
        generator.run(runner, report, arguments.seed, arguments.random, arguments.only)


def run_deep(arguments, report, name, plain, dist, shard_count):
    data = deep_cases.make_dataset(plain, dist, shard_count, not arguments.self_test)
    data.build()
    runner = Runner(data, report, name)
    runner.report_problems()
    for path in sorted((HERE / "deep").glob("*_cases.sql")):
        run_file(runner, path, arguments.only)
    deep_cases.run(runner, arguments.seed, arguments.first, arguments.deep, arguments.only, arguments.reduce)
    data.drop()


def run_file(runner, path, only):
    for case in cases.parse_file(path):
        if re.search(only, case.name):
            runner.run_case(case)


def leftovers(host, ports):
    """Prepared transactions and shard relations that outlive the tables."""
    lines = []
    for server in ports:
        side = Side("public", host, server)
        for gid, in side.query("SELECT gid FROM pg_prepared_xacts"):
            lines.append(f"port {server}: prepared transaction {gid}")
        for name, in side.query(
            "SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace::regnamespace::text ~ '^herd_[0-9]'"
        ):
            lines.append(f"port {server}: {name}")
        side.close()
    return lines


if __name__ == "__main__":
    sys.exit(main())
