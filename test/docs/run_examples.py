#!/usr/bin/env python3
"""Runs the examples of the documentation and compares their output.

In each file, every ```sql block is fed to one psql on the coordinator, in order. If a ```text block follows it (only
blank lines between), the output must be equal; "…" in the text stands for anything within a line. Without one, no
error may occur. Each file gets a database of its own, on every node of the cluster. The cluster is one of
scripts/cluster: --host is its directory.
"""
import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_FILES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\s*$")
MARK = "=== example "


def read_examples(path):
    """(line, statements, expected output or None) of each ```sql block."""
    examples, kind, start, body = [], None, 0, []
    after_sql = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        fence = FENCE.match(line)
        if kind is None and fence:
            kind, start, body = fence.group(1), number, []
        elif kind is not None and line.strip() == "```":
            if kind == "sql":
                examples.append((start, body, None))
            elif kind == "text" and after_sql:
                examples[-1] = (*examples[-1][:2], body)
            after_sql, kind = kind == "sql", None
        elif kind is not None:
            body.append(line)
        elif line.strip():
            after_sql = False
    return examples


class Cluster:
    def __init__(self, host, port):
        self.host, self.port = host, port
        rows = self.query(port, "postgres", "SELECT name, port FROM herd.nodes WHERE NOT is_coordinator ORDER BY name")
        self.workers = [row.split("|") for row in rows]

    def psql(self, port, database, script):
        command = ["psql", "-h", self.host, "-p", str(port), "-U", "postgres", "-d", database, "-X", "-q"]
        return subprocess.run(command, input=script, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def query(self, port, database, script):
        output = self.psql(port, database, "\\set ON_ERROR_STOP 1\n\\pset format unaligned\n\\pset tuples_only\n" + script)
        if output.returncode != 0:
            sys.exit(f"setting up examples failed: {output.stdout}")
        return output.stdout.splitlines()

    def make_database(self, name):
        for port in [self.port, *(port for _, port in self.workers)]:
            self.query(port, "postgres", f"CREATE DATABASE {name};")
            self.query(port, name, "CREATE EXTENSION herd;")
        password = (Path(self.host) / "service_password").read_text()
        self.query(self.port, name, f"SELECT herd.set_service_role('herd', '{password}');")
        for worker, port in self.workers:
            self.query(self.port, name, f"SELECT herd.add_node('127.0.0.1', {port}, '{worker}');")

    def run(self, database, examples):
        """The output of each example."""
        script = "".join(f"\\echo {MARK}\n" + "\n".join(body) + "\n" for _, body, _ in examples)
        output = self.psql(self.port, database, script).stdout
        return output.split(MARK.strip() + "\n")[1:]


def matches(expected, output):
    expected = [line.rstrip() for line in expected]
    output = [line.rstrip() for line in output]
    return len(expected) == len(output) and all(
        re.fullmatch(".*".join(map(re.escape, want.split("…"))), got) for want, got in zip(expected, output)
    )


def check(path, example, output):
    """True if the example did what the page says; else prints why not."""
    line, body, expected = example
    output = output.strip("\n").splitlines()
    if expected is None:
        good = not any(re.match(r"(ERROR|FATAL|PANIC|psql):", got) for got in output)
    else:
        good = matches("\n".join(expected).strip("\n").splitlines(), output)
    if not good:
        print(f"{path.relative_to(ROOT)}:{line}: another output than the page says:", *output, sep="\n    ")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args()

    cluster = Cluster(arguments.host, arguments.port)
    passed = failed = 0
    for path in [file.resolve() for file in arguments.files] or DEFAULT_FILES:
        examples = read_examples(path)
        if not examples:
            continue
        database = "docs_" + re.sub(r"\W", "_", path.stem.lower())
        cluster.make_database(database)
        outputs = cluster.run(database, examples)
        # psql ends early when the server goes away: what has no output failed.
        outputs += ["psql: no output"] * (len(examples) - len(outputs))
        for example, output in zip(examples, outputs):
            if check(path, example, output):
                passed += 1
            else:
                failed += 1
    print(f"docs: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
