"""Counts what passed and shows what did not, briefly."""
import time

LONGEST = 20
WIDEST = 300


class Report:
    def __init__(self, title, verbose=False):
        self.title, self.verbose = title, verbose
        self.passed = self.failed = self.refused = 0
        self.last = time.monotonic()

    def add(self, name, lines, sql=None):
        """One result; it failed if there are lines to show."""
        seconds, self.last = time.monotonic() - self.last, time.monotonic()
        if not lines:
            self.passed += 1
            if self.verbose:
                print(f"ok     {seconds:6.2f} s  {name}", flush=True)
            return
        self.failed += 1
        shown = (sql.strip().splitlines()[:8] if sql else []) + lines
        print(f"FAILED {name}")
        for line in shown[:LONGEST]:
            print("    " + line[:WIDEST].replace("\n", " "))
        print(end="", flush=True)

    def finish(self):
        if self.refused:
            print(f"{self.refused} statements were refused with feature_not_supported, as they may be for now")
        print(f"{self.title}: {self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0
