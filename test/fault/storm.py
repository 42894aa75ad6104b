#!/usr/bin/python3
"""A bank (test/bank) while its servers are killed with -9 and started again, frozen, and cut off, at random. Afterwards no
money may be made or lost, no acknowledged transfer missing, nothing in doubt 10 s after all are back, no session stuck."""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import time

from proxy import Proxy
from servers import Cluster

SETTLE_SECONDS = 10
BANK = pathlib.Path(__file__).resolve().parent.parent / "bank" / "bank.py"


KINDS = ["kill_worker", "kill_coordinator", "freeze_worker", "cut", "stall", "delay", "refuse"]


class Storm:
    def __init__(self, cluster, seed, kinds):
        self.cluster = cluster
        self.kinds = kinds
        self.random = random.Random(seed)
        self.counts = {}
        self.slowest_start = 0

    def rage(self, seconds):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            time.sleep(self.random.uniform(0.3, 2))
            kind = self.random.choice(self.kinds)
            getattr(self, kind)()
            self.counts[kind] = self.counts.get(kind, 0) + 1
            self.heal()

    def heal(self):
        start = time.monotonic()
        self.cluster.heal()
        self.slowest_start = max(self.slowest_start, time.monotonic() - start)

    def pause(self, longest):
        time.sleep(self.random.uniform(0, longest))

    def kill_worker(self):
        self.random.choice(self.cluster.workers).kill()
        self.pause(1)

    def kill_coordinator(self):
        self.cluster.coordinator.kill()
        self.pause(0.5)

    def freeze_worker(self):
        self.random.choice(self.cluster.workers).freeze()
        self.pause(4)

    def cut(self):
        self.random.choice(self.cluster.proxies).cut_all()

    def stall(self):
        self.random.choice(self.cluster.proxies).freeze()
        self.pause(4)

    def delay(self):
        self.random.choice(self.cluster.proxies).delay = self.random.uniform(0.001, 0.05)
        self.pause(2)

    def refuse(self):
        proxy = self.random.choice(self.cluster.proxies)
        proxy.refusing = True
        proxy.cut_all()
        self.pause(2)


def start_bank(cluster, arguments):
    command = [sys.executable, BANK, "--dsn", cluster.coordinator.dsn, "--seconds", str(arguments.seconds - 1), "--tolerate", "--ledger",
               "--json", "--settle", "30", "--clients", str(arguments.clients), "--readers", "2", "--pause", "0.005"]
    if arguments.snapshot:
        command += ["--snapshot", arguments.snapshot]
    for server in cluster.workers:
        command += ["--node", server.dsn]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def remaining_sessions(cluster):
    """Client sessions still there after the clients have gone."""
    deadline = time.monotonic() + 10
    while True:
        count = cluster.coordinator.value("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                                          " AND pid <> pg_backend_pid()")
        if count == 0 or time.monotonic() > deadline:
            return count
        time.sleep(0.2)


def judge(cluster, report, snapshot):
    problems = []
    if not report.get("total_is_right"):
        problems.append("money was made or lost")
    if report["lost"] > 0:
        problems.append(f"{report['lost']} acknowledged transfers are lost")
    if report["in_doubt"] > 0:
        problems.append(f"{report['in_doubt']} transactions are in doubt")
    if report["stuck"] > 0 or report.get("refused", 0) > 0:
        problems.append("clients are stuck")
    if snapshot == "consistent" and report.get("wrong_sums", 0) > 0:
        problems.append(f"{report['wrong_sums']} sums were torn")
    sessions = remaining_sessions(cluster)
    if sessions > 0:
        problems.append(f"{sessions} sessions are stuck")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", required=True, help="of the cluster, made with --no-nodes")
    parser.add_argument("--port", type=int, required=True, help="of its coordinator")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--snapshot", choices=["consistent", "local"], help="herd.snapshot of the bank's clients")
    parser.add_argument("--kinds", default=",".join(KINDS), help="what may happen (%(default)s)")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    print(f"# seed {arguments.seed}", flush=True)
    cluster = Cluster(arguments.dir, arguments.port, arguments.workers, Proxy)
    cluster.add_nodes()
    storm = Storm(cluster, arguments.seed, arguments.kinds.split(","))
    bank = start_bank(cluster, arguments)
    time.sleep(2)
    storm.rage(arguments.seconds - 2)
    # The clients have just ended, or are about to.
    settled = cluster.seconds_until_settled(SETTLE_SECONDS)
    output = bank.communicate(timeout=120)[0]
    report = json.loads(output.strip().splitlines()[-1])
    problems = judge(cluster, report, arguments.snapshot)
    if settled is None:
        problems.append(f"in doubt after {SETTLE_SECONDS} s")
    print(f"# storm: {storm.counts}, longest until all servers were up: {storm.slowest_start:.1f} s")
    print(f"# bank: {report}")
    print(f"# in doubt for {settled:.1f} s" if settled is not None else "# in doubt")
    print("\n".join(problems) or "all is right")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
