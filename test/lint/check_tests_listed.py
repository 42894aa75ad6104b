#!/usr/bin/env python3
"""Checks that no test file is forgotten.

Every sql/*.sql is in test/regress_schedule once and has expected/*.out, and the reverse; the same for isolation specs
and test/isolation/schedule. Unit tests mirror src/: test/unit/<module>/<file>_test.cpp tests src/<module>/<file>.
Unit tests, test/tap/*.pl and test/system/*.sh are found by pattern, so only their names are checked.
"""
import re
import sys
from pathlib import Path


def scheduled(schedule):
    """Names on the "test:" lines of a schedule."""
    if not schedule.is_file():
        return []
    lines = (line.split("#")[0] for line in schedule.read_text().splitlines())
    return [name for line in lines if line.startswith("test:") for name in line[len("test:"):].split()]


def check_schedule(root, schedule, inputs, suffix, outputs):
    names = {path.stem for path in (root / inputs).glob("*" + suffix)}
    expected = {path.stem for path in (root / outputs).glob("*.out")}
    listed = scheduled(root / schedule)
    problems = [f"{inputs}/{name}{suffix}: not in {schedule}" for name in sorted(names - set(listed))]
    problems += [f"{schedule}: {name} has no {inputs}/{name}{suffix}" for name in sorted(set(listed) - names)]
    problems += [f"{schedule}: {name} is listed twice" for name in sorted(set(listed)) if listed.count(name) > 1]
    problems += [f"{inputs}/{name}{suffix}: no {outputs}/{name}.out" for name in sorted(names - expected)]
    problems += [f"{outputs}/{name}.out: no {inputs}/{name}{suffix}" for name in sorted(expected - names)]
    return problems


def check_unit(root):
    problems = []
    for path in sorted((root / "test/unit").glob("**/*.cpp")):
        relative = path.relative_to(root / "test/unit")
        if not path.stem.endswith("_test"):
            problems.append(f"{path.relative_to(root)}: unit tests are named <file>_test.cpp")
            continue
        tested = root / "src" / relative.parent / path.stem[: -len("_test")]
        if not any(tested.with_suffix(suffix).is_file() for suffix in (".h", ".cpp")):
            problems.append(f"{path.relative_to(root)}: no src/{relative.parent}/{tested.name}.h")
    return problems


def check_names(root, folder, suffix, pattern):
    return [
        f"{path.relative_to(root)}: name it like {pattern}"
        for path in sorted((root / folder).glob("*" + suffix))
        if not re.fullmatch(pattern, path.name)
    ]


def main():
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    problems = check_schedule(root, "test/regress_schedule", "sql", ".sql", "expected")
    problems += check_schedule(
        root, "test/isolation/schedule", "test/isolation/specs", ".spec", "test/isolation/expected"
    )
    problems += check_unit(root)
    problems += check_names(root, "test/tap", ".pl", r"[0-9]{3}_[a-z0-9_]+\.pl")
    problems += check_names(root, "test/system", ".sh", r"[a-z0-9_]+\.sh")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
