"""The gates over thousands of made-up architectures at every level: more than a test run has time for.

python -m benchmarks.gates [count] [first seed]
"""

from __future__ import annotations

import sys
from typing import get_args

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure import Detail, Heading, draw
from llm_gallery.figure.draw import Page
from tests.figure import generated
from tests.figure.page_gates import of_any_page
from tests.figure.test_generated import made_up


def main(count: int, first: int) -> int:
    """Prints every fault; the number of architectures that have one is the exit code's cause."""
    faulty = 0
    for seed in range(first, first + count):
        made, heading = made_up(seed), generated.heading(seed)
        found = [
            f"{detail}: {fault}"
            for detail in get_args(Page)
            for fault in _of(detail, made, heading)
        ]
        faulty += bool(found)
        for line in found:
            print(f"seed {seed}, {line}")
    print(f"{count:,} architectures, {faulty:,} with faults")
    return 1 if faulty else 0


def _of(detail: Detail, made: Architecture, heading: Heading) -> tuple[str, ...]:
    """The faults of one figure, in any theme."""
    return of_any_page(draw(made, heading, detail=detail).picture)


if __name__ == "__main__":
    sys.exit(main(*(int(given) for given in (*sys.argv[1:], *("5000", "0")[len(sys.argv) - 1 :]))))
