#!/usr/bin/python3
"""A bank: clients move money between accounts on all shards while others sum all balances.

Every sum must be the total that the bank was opened with, and so must the last one, when everybody has gone home.
README.md next to this file says what the options are for. Exit code 0: the bank is right; 1: it is not.
"""
import argparse
import json
import multiprocessing
import sys
import time

import clients
import ledger


def main():
    arguments = parse_arguments()
    arguments.run = int(time.time())
    if not arguments.keep:
        ledger.open_bank(arguments)
    report = run(arguments)
    ledger.audit(arguments, report)
    print(json.dumps(report) if arguments.json else as_text(report))
    return 0 if is_right(arguments, report) else 1


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dsn", required=True, help="where clients connect, as libpq has it")
    parser.add_argument("--node", action="append", default=[], metavar="DSN",
                        help="a server on which nothing may stay prepared; may be repeated")
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--clients", type=int, default=8, help="who move money (%(default)s)")
    parser.add_argument("--readers", type=int, default=2, help="who sum balances (%(default)s)")
    parser.add_argument("--snapshot", choices=["consistent", "local"], help="herd.snapshot of all clients")
    parser.add_argument("--isolation", choices=["read committed", "repeatable read"], default="read committed",
                        help="of those who sum; with repeatable read they sum twice in a transaction")
    parser.add_argument("--accounts", type=int, default=400, help="(%(default)s)")
    parser.add_argument("--shards", type=int, default=16, help="(%(default)s)")
    parser.add_argument("--pause", type=float, default=0, help="seconds between a client's transfers (%(default)s)")
    parser.add_argument("--plain", action="store_true", help="the table stays a plain one: the baseline")
    parser.add_argument("--unordered", action="store_true", help="lock accounts in any order: deadlocks happen")
    parser.add_argument("--ledger", action="store_true",
                        help="write each transfer down too, and check that no acknowledged one is lost")
    parser.add_argument("--tolerate", action="store_true", help="errors are counted and tried again, also of connections")
    parser.add_argument("--settle", type=float, default=10, help="seconds until nothing may be in doubt (%(default)s)")
    parser.add_argument("--grace", type=float, default=30, help="seconds for clients to end at the end (%(default)s)")
    parser.add_argument("--keep", action="store_true", help="go on with the bank that is there")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def run(arguments):
    """All clients at once, each a process; what they counted, summed up."""
    started = multiprocessing.Event()
    roles = [clients.move_money] * arguments.clients + [clients.sum_balances] * arguments.readers
    workers = []
    for number, role in enumerate(roles):
        receiver, sender = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.Process(target=clients.work, args=(role, number, arguments, started, sender), daemon=True)
        process.start()
        workers.append((process, receiver))
    time.sleep(0.2)
    started.set()
    report = {"stuck": 0, "failures": {}}
    deadline = time.monotonic() + arguments.seconds + arguments.grace
    for process, receiver in workers:
        add(report, result_of(process, receiver, deadline))
    report["transfers_per_second"] = round(report.get("transfers", 0) / arguments.seconds, 1)
    report["sums_per_second"] = round(report.get("sums", 0) / arguments.seconds, 1)
    return report


def result_of(process, receiver, deadline):
    try:
        result = receiver.recv() if receiver.poll(max(0, deadline - time.monotonic())) else {"stuck": 1}
    except EOFError:
        result = {"failures": {"a client died": 1}, "refused": 1}
    process.kill()
    return result


def add(report, result):
    for kind, count in result.pop("failures", {}).items():
        report["failures"][kind] = report["failures"].get(kind, 0) + count
    acknowledged = result.pop("acknowledged", [])
    report.setdefault("acknowledged", []).extend(acknowledged)
    for name, value in result.items():
        report[name] = report.get(name, 0) + value


def is_right(arguments, report):
    good = report.get("total_is_right", False) and report["in_doubt"] == 0 and report["lost"] == 0
    good = good and report["stuck"] == 0 and report.get("refused", 0) == 0
    return good and (arguments.snapshot == "local" or report.get("wrong_sums", 0) == 0)


def as_text(report):
    lines = [f"{name}: {value}" for name, value in report.items()]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
