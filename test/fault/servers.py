"""The servers of a cluster that scripts/cluster made: killed, frozen, started again."""
import os
import pathlib
import signal
import subprocess
import time

import psycopg2


class Server:
    def __init__(self, directory, name, port):
        self.directory = pathlib.Path(directory)
        self.name = name
        self.port = port
        self.bindir = subprocess.check_output([os.environ.get("PG_CONFIG", "pg_config"), "--bindir"], text=True).strip()

    @property
    def dsn(self):
        return f"host={self.directory} port={self.port} user=postgres dbname=postgres"

    def connect(self, **options):
        connection = psycopg2.connect(self.dsn, connect_timeout=3, **options)
        connection.autocommit = True
        return connection

    def rows(self, sql, *arguments):
        connection = self.connect()
        try:
            cursor = connection.cursor()
            cursor.execute(sql, arguments)
            return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def value(self, sql, *arguments):
        return self.rows(sql, *arguments)[0][0]

    def processes(self):
        """The postmaster first."""
        try:
            postmaster = (self.directory / self.name / "data/postmaster.pid").read_text().split("\n", 1)[0]
        except FileNotFoundError:
            return []
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", postmaster], capture_output=True, text=True, check=False)
        return [int(postmaster)] + [int(pid) for pid in found.stdout.split()]

    def signal(self, number):
        for pid in self.processes():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def freeze(self):
        self.signal(signal.SIGSTOP)

    def thaw(self):
        self.signal(signal.SIGCONT)

    def kill(self):
        self.signal(signal.SIGKILL)

    def is_running(self):
        return self.control("status", check=False).returncode == 0

    def control(self, command, *options, check=True):
        arguments = [f"{self.bindir}/pg_ctl", "-s", "-w", "-D", str(self.directory / self.name / "data"), command, *options]
        if os.geteuid() == 0:
            arguments = ["runuser", "-u", "postgres", "--", *arguments]
        return subprocess.run(arguments, cwd="/", check=check, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)

    def ensure_up(self, seconds=30):
        """Starts it unless it runs. What a kill has left behind may still be there for a moment."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                return self.value("SELECT 1")
            except psycopg2.OperationalError:
                if time.monotonic() > deadline:
                    raise
            if not self.is_running():
                self.control("start", "-l", str(self.directory / self.name / "log"), check=False)
            time.sleep(0.05)


class Cluster:
    """A coordinator and workers, made by scripts/cluster start --no-nodes; the coordinator reaches each worker through a proxy."""

    def __init__(self, directory, port, workers, proxy_class):
        self.coordinator = Server(directory, "coordinator", port)
        self.workers = [Server(directory, f"worker{i}", port + i) for i in range(1, workers + 1)]
        self.proxies = [proxy_class(port + workers + i, server.port) for i, server in enumerate(self.workers, 1)]
        self.servers = [self.coordinator, *self.workers]

    def add_nodes(self):
        password = (self.coordinator.directory / "service_password").read_text().strip()
        self.coordinator.rows("SELECT herd.set_service_role('herd', %s)", password)
        for i, server in enumerate(self.workers, 1):
            port = server.port + len(self.workers)
            self.coordinator.rows("SELECT herd.add_node('127.0.0.1', %s, %s)", port, server.name)

    def heal(self):
        for proxy in self.proxies:
            proxy.heal()
        for server in self.servers:
            server.thaw()
        for server in self.servers:
            server.ensure_up()

    def in_doubt(self):
        """Prepared transactions and commit records, of all servers."""
        counts = [server.value("SELECT count(*) FROM pg_prepared_xacts") for server in self.servers]
        return sum(counts) + self.coordinator.value("SELECT count(*) FROM herd.transaction")

    def seconds_until_settled(self, limit):
        """None if the limit passes before."""
        start = time.monotonic()
        while True:
            if self.in_doubt() == 0:
                return time.monotonic() - start
            if time.monotonic() - start > limit:
                return None
            time.sleep(0.1)
