"""The two sides of the comparison: servers started by scripts/cluster, and the CPU time all their processes used."""
import contextlib
import os
import re
import secrets
import subprocess
import time
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parents[2]
# The same for all servers. Autovacuum and timed checkpoints would hit one side's measurement and not the other's.
SETTINGS = ("autovacuum=off", "checkpoint_timeout=1h", "max_wal_size=8GB", "shared_buffers=512MB")


class Side:
    def __init__(self, name, directory, port, workers, fast, socket):
        self.name = name
        self.directory = directory
        self.port = port
        self.workers = workers
        self.fast = fast
        self.socket = socket
        self.password = secrets.token_hex(16)

    @property
    def is_herd(self):
        return self.workers > 0

    def start(self):
        options = []
        for setting in SETTINGS:
            options += ["--set", setting]
        options += ["--fast"] if self.fast else []
        options += [] if self.is_herd else ["--no-herd"]
        self.cluster("start", "--port", self.port, "--workers", self.workers, *options)
        self.execute(f"ALTER ROLE postgres PASSWORD '{self.password}'")
        if self.socket != "none":
            for worker in range(1, self.workers + 1):
                self.execute(f"ALTER SERVER worker{worker} OPTIONS (SET host '{self.directory}')")

    def destroy(self):
        self.cluster("destroy")

    def cluster(self, command, *options):
        subprocess.run([ROOT / "scripts/cluster", command, "--dir", self.directory, *map(str, options)],
                       check=True, stdout=subprocess.DEVNULL)

    def connect(self, port=None):
        connection = psycopg2.connect(host=str(self.directory), port=port or self.port, user="postgres",
                                      dbname="postgres")
        connection.autocommit = True
        return connection

    def execute(self, *statements):
        with contextlib.closing(self.connect()) as connection:
            for statement in statements:
                connection.cursor().execute(statement)

    def on_every_server(self, *statements):
        for port in range(self.port, self.port + self.workers + 1):
            with contextlib.closing(self.connect(port)) as connection:
                for statement in statements:
                    connection.cursor().execute(statement)

    def checkpoint(self):
        self.on_every_server("CHECKPOINT")

    def vacuum(self):
        """As a user does after loading; it reaches the shards."""
        self.execute("VACUUM ANALYZE")

    @contextlib.contextmanager
    def cpu_time(self):
        """CPU seconds of all processes of the side's servers, in .seconds after the block."""
        cpu = CpuTime()
        postmasters = self.postmasters()
        start = used(postmasters)
        yield cpu
        cpu.seconds = used(postmasters) - start

    def complaints(self):
        """What the servers' logs say of crashes and killed sessions."""
        lines = []
        for log in sorted(self.directory.glob("*/log")):
            lines += [f"{log.parent.name}: {line}" for line in log.read_text(errors="replace").splitlines()
                      if re.search(r"PANIC|FATAL|signal|shutdown request", line)]
        return lines[-20:]

    def postmasters(self):
        files = sorted(self.directory.glob("*/data/postmaster.pid"))
        return [int(file.read_text().split()[0]) for file in files]


class CpuTime:
    seconds = 0.0


def used(postmasters):
    """What the postmasters, their running children and the children that ended have used so far.

    A child that ends between two of our reads would be counted twice or not at all, so wait until none does.
    """
    while True:
        before = children(postmasters)
        time.sleep(0.2)
        after = children(postmasters)
        if before.keys() == after.keys():
            own = sum(sum(stat(pid)[2:6]) for pid in postmasters)
            return (own + sum(after.values())) / os.sysconf("SC_CLK_TCK")


def children(postmasters):
    """Clock ticks by process. All processes of a server are children of its postmaster."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                _, parent, user, system, *_ = stat(int(entry.name))
                if parent in postmasters:
                    found[int(entry.name)] = user + system
    return found


def stat(pid):
    """state, parent, utime, stime, cutime, cstime of /proc/<pid>/stat; the name may contain anything but ends in ")"."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return fields[0], int(fields[1]), *(int(field) for field in fields[11:15])
