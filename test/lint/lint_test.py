#!/usr/bin/env python3
"""The checks of this folder find what they are for: each mistake here is made in a small tree, and must be reported. So must be what fails in
any suite, by the summary of scripts/check."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCRIPTS = HERE.parents[1] / "scripts/lib"
TREE = {
    "src/layers.txt": "base:\npostgres: base\ncatalog: base postgres\n",
    "src/base/ids.h": "#include <cstdint>\n",
    "src/postgres/pg.h": "#include <postgres.h>\n",
    "src/catalog/tables.h": '#include "base/ids.h"\n#include "postgres/pg.h"\n',
    "src/catalog/names.h": '// [pure]\n#include "base/ids.h"\n',
    "sql/catalog_tables.sql": "",
    "expected/catalog_tables.out": "",
    "test/regress_schedule": "test: catalog_tables\n",
    "test/unit/catalog/names_test.cpp": "",
}


def run(script, changes):
    """The script's exit code and output on the tree with these files changed (None: left out)."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**TREE, **changes}.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is not None:
                path.write_text(text)
        result = subprocess.run([sys.executable, HERE / script, folder], stdout=subprocess.PIPE, text=True)
        return result.returncode, result.stdout


class Layers(unittest.TestCase):
    def test_accepts_good_tree(self):
        self.assertEqual(run("check_layers.py", {}), (0, ""))

    def assert_reported(self, path, text, problem):
        code, output = run("check_layers.py", {path: text})
        self.assertEqual(code, 1)
        self.assertIn(problem, output)

    def test_upward_include(self):
        self.assert_reported("src/postgres/pg.h", '#include "catalog/tables.h"\n', "postgres may include: base")

    def test_include_without_folder(self):
        self.assert_reported("src/catalog/a.cpp", '#include "tables.h"\n', "write the module folder")

    def test_missing_file(self):
        self.assert_reported("src/catalog/a.cpp", '#include "catalog/none.h"\n', "no such file")

    def test_module_not_listed(self):
        self.assert_reported("src/misc/a.h", "\n", "not in layers.txt")

    def test_cycle_in_the_list(self):
        self.assert_reported("src/layers.txt", "base: catalog\npostgres: base\ncatalog: base postgres\n", "listed above")

    def test_server_header_in_pure_module(self):
        self.assert_reported("src/base/ids.h", "#include <nodes/pg_list.h>\n", "PostgreSQL's headers")

    def test_oids_of_types_in_pure_file(self):
        self.assertEqual(run("check_layers.py", {"src/base/ids.h": "#include <catalog/pg_type_d.h>\n"}), (0, ""))

    def test_backend_file_in_pure_file(self):
        self.assert_reported("src/catalog/names.h", '// [pure]\n#include "catalog/tables.h"\n', "pure files only")


class ListedTests(unittest.TestCase):
    def test_accepts_good_tree(self):
        self.assertEqual(run("check_tests_listed.py", {}), (0, ""))

    def assert_reported(self, path, text, problem):
        code, output = run("check_tests_listed.py", {path: text})
        self.assertEqual(code, 1)
        self.assertIn(problem, output)

    def test_not_in_schedule(self):
        self.assert_reported("test/regress_schedule", "", "not in test/regress_schedule")

    def test_no_expected_output(self):
        self.assert_reported("expected/catalog_tables.out", None, "no expected/catalog_tables.out")

    def test_no_input(self):
        self.assert_reported("sql/catalog_tables.sql", None, "no sql/catalog_tables.sql")

    def test_unit_test_of_nothing(self):
        self.assert_reported("test/unit/catalog/gone_test.cpp", "", "no src/catalog/gone.h")

    def test_isolation_spec_not_in_schedule(self):
        self.assert_reported("test/isolation/specs/a_vs_b.spec", "", "not in test/isolation/schedule")


class Summary(unittest.TestCase):
    def assert_shown(self, log, shown):
        """The indented lines under a suite's name, if its test printed this log and failed."""
        with tempfile.TemporaryDirectory() as folder:
            commands = f"""set -euo pipefail
                . {SCRIPTS}/common.sh; . {SCRIPTS}/results.sh
                LOGS={folder}
                check_tap some bash -c 'cat; exit 1' >/dev/null
                summarize || true"""
            Path(folder, "some.log").write_text(log)
            output = subprocess.run(["bash", "-c", commands], stdout=subprocess.PIPE, text=True, check=True).stdout
        lines = [line[4:] for line in output.splitlines() if line.startswith("    ")]
        self.assertEqual(lines, shown)
        self.assertRegex(output, r"failed: some: [0-9]+ failed, see build/check/some.log\n(    .*\n)*[0-9]+ passed, [0-9]+ failed\n$")

    def test_failed_check_and_why(self):
        why = ["not ok 2 - b", "# got:", "# 1"]
        self.assert_shown("ok 1 - a\n" + "\n".join(why) + "\nok 3 - c\n# of c\nok 4 - d\n", why)

    def test_what_a_program_said_before(self):
        self.assert_shown("ok 1 - a\n# money lost\nnot ok 2 - b\n", ["# money lost", "not ok 2 - b"])

    def test_regression_test(self):
        self.assert_shown("test a ... ok\ntest b ... FAILED   3 ms\n", ["test b ... FAILED   3 ms"])

    def test_end_of_what_died(self):
        lines = [f"line {i}" for i in range(100)]
        self.assert_shown("\n".join(lines), lines[-20:])

    def test_no_more_than_somebody_reads(self):
        lines = [f"not ok {i}" for i in range(100)]
        self.assert_shown("\n".join(lines), lines[:60] + ["(and 40 lines more)"])


if __name__ == "__main__":
    unittest.main()
