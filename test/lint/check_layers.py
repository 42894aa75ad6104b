#!/usr/bin/env python3
"""Checks who includes whom under src/.

src/layers.txt lists, for each module (folder of src/), the modules it may include; a module may only name modules
listed above it, so the list itself cannot hold a cycle. Pure files (all of src/base and src/sharding, and every
file whose first line is "// [pure]") include only pure files, and nothing of PostgreSQL but the OIDs of its types.
"""
import re
import sys
from pathlib import Path

PURE_MODULES = {"base", "sharding"}
PURE_MARKER = "// [pure]"
INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')
SERVER_HEADERS = {"postgres.h", "fmgr.h", "miscadmin.h", "pgstat.h", "funcapi.h", "libpq-fe.h"}
CLIENT_HEADERS = {"catalog/pg_type_d.h"}  # of PostgreSQL, but made for clients: constants only
SYSTEM_FOLDERS = {"sys", "arpa", "net", "netinet"}


def read_layers(path):
    layers, problems = {}, []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        module, _, allowed = line.partition(":")
        module = module.strip()
        for name in allowed.split():
            if name not in layers:
                problems.append(f"{path}:{number}: {module} may only name modules listed above it, not {name}")
        if module in layers:
            problems.append(f"{path}:{number}: {module} is listed twice")
        layers[module] = set(allowed.split())
    return layers, problems


def is_pure(src, path):
    if path.relative_to(src).parts[0] in PURE_MODULES:
        return True
    with path.open() as file:
        return file.readline().strip() == PURE_MARKER


def check_quoted(src, layers, module, pure, target):
    """The problem with #include "target" in a file of this module, or None."""
    parts = target.split("/")
    if len(parts) < 2:
        return "write the module folder too (\"module/file.h\")"
    if not (src / target).is_file():
        return "no such file under src/ (server headers go in angle brackets)"
    if parts[0] != module and parts[0] not in layers[module]:
        return f"{module} may include: {' '.join(sorted(layers[module])) or 'nothing'}"
    if pure and not is_pure(src, src / target):
        return "a pure file may include pure files only"
    return None


def check_angled(pure, target):
    if not pure or target in CLIENT_HEADERS:
        return None
    parts = target.split("/")
    if target in SERVER_HEADERS or (len(parts) > 1 and parts[0] not in SYSTEM_FOLDERS):
        return "a pure file may not include PostgreSQL's headers"
    return None


def check_file(src, layers, path):
    module = path.relative_to(src).parts[0]
    if module not in layers:
        return [f"{path}: module {module} is not in layers.txt"]
    pure = is_pure(src, path)
    problems = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quoted, angled = match.groups()
        problem = check_quoted(src, layers, module, pure, quoted) if quoted else check_angled(pure, angled)
        if problem:
            problems.append(f"{path}:{number}: {line.strip()}: {problem}")
    return problems


def main():
    src = (Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]) / "src"
    layers, problems = read_layers(src / "layers.txt")
    for path in sorted(src.glob("*/**/*")):
        if path.suffix in (".h", ".cpp"):
            problems += check_file(src, layers, path)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
