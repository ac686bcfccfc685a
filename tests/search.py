"""Looks at random for what the fixed seeds of `make test` don't meet: `make search SECONDS=600`.

Round after round, every property-based test runs with a new seed, until the time is over. What fails is printed
once, with the example to paste above its test, and makes the exit code 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO
from random import SystemRandom
from time import monotonic

import pytest

PROPERTIES = "hypothesis"
"""The mark that Hypothesis gives its tests."""


class Round:
    """What one run of the tests reports."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.failed: dict[str, pytest.TestReport] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            self.ran.append(report.nodeid)
        if report.failed:
            self.failed[report.nodeid] = report


def search(seconds: float, places: Sequence[str]) -> int:
    """1 where something was found, else 0; pytest's own code where the tests can't run."""
    until, found, rounds = monotonic() + seconds, set[str](), 0
    while not rounds or (places and monotonic() < until):
        rounds += 1
        seed = SystemRandom().randrange(2**32)
        chosen = ["-n", "auto", "-m", PROPERTIES, "--hypothesis-profile", "search"]
        this, told = Round(), StringIO()
        with redirect_stdout(told):
            code = pytest.main([*chosen, "--hypothesis-seed", str(seed), *places], [this])
        if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            print(told.getvalue(), file=sys.stderr)
            return int(code)
        for name, report in this.failed.items():
            print(f"\n{name}\n{report.longreprtext}")
            for title, text in report.sections:
                print(f"{title}:\n{text}\n")
        left = max(0, until - monotonic())
        ran = f"round {rounds}, seed {seed}: {len(this.ran)} tests, {len(this.failed)} failed"
        print(f"{ran}; {left:.0f} s left", flush=True)
        found |= this.failed.keys()
        places = [name for name in this.ran if name not in found]
    print(f"{len(found)} tests failed in {rounds} rounds", *sorted(found), sep="\n  ")
    return int(bool(found))


def main() -> int:
    """Searches for as long as the command line says, in all tests or in those of the files that it names."""
    parser = argparse.ArgumentParser(description="Looks at random for examples that fail.")
    parser.add_argument("seconds", type=float)
    parser.add_argument("places", nargs="*", default=["tests"])
    asked = parser.parse_args()
    return search(asked.seconds, asked.places)


if __name__ == "__main__":
    sys.exit(main())
