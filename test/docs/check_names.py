#!/usr/bin/env python3
"""Is everything that the extension installs in docs/sql-reference.md, and is there all that the page names?

Functions, views and tables of the schema herd, the columns of its views, and the settings. The cluster is one of scripts/cluster: --host is its
directory.
"""
import argparse
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sql-reference.md"
TEST_SETTINGS = {"herd.fault_point", "herd.pretended_release"}  # of builds with fault points


def query(arguments, statement):
    command = ["psql", "-h", arguments.host, "-p", str(arguments.port), "-U", "postgres", "-d", "postgres", "-XAtq", "-c", statement]
    return subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout.splitlines()


def sections(page):
    """What stands below each heading "### herd.name"."""
    parts = re.split(r"^###? (.*)$", page, flags=re.MULTILINE)
    return {heading[5:]: text for heading, text in zip(parts[1::2], parts[2::2]) if heading.startswith("herd.")}


def problems(arguments, page):
    described = sections(page)
    quoted = set(re.findall(r"`(?:herd\.)?(\w+)(?:\(\))?`", page))
    functions = set(query(arguments, "SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'herd'::regnamespace"))
    relations = dict(row.split("|") for row in query(
        arguments, "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'herd'::regnamespace AND relkind IN ('r', 'v')"))
    views = {name for name, kind in relations.items() if kind == "v"}
    for name in sorted(functions | set(relations)):
        if name not in described and (name in views or name not in quoted):
            yield f"herd.{name} is not described"
    for name in sorted(set(described) - functions - set(relations)):
        yield f"there is no herd.{name}"
    for row in query(arguments, "SELECT relname, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid "
                                "WHERE relnamespace = 'herd'::regnamespace AND relkind = 'v' AND attnum > 0"):
        view, column = row.split("|")
        if f"`{column}`" not in described.get(view, f"`{column}`"):
            yield f"column {column} of herd.{view} is not described"
    settings = {name for name in query(arguments, "SELECT name FROM pg_settings WHERE name LIKE 'herd.%'")} - TEST_SETTINGS
    listed = set(re.findall(r"^\| `(herd\.\w+)` \|", page, flags=re.MULTILINE))
    for name in sorted(settings ^ listed):
        yield f"{name} is not in the table of settings" if name in settings else f"there is no setting {name}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    found = list(problems(arguments, PAGE.read_text()))
    for problem in found:
        print(f"docs/{PAGE.name}: {problem}")
    print(f"docs_names: {0 if found else 1} passed, {len(found)} failed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
