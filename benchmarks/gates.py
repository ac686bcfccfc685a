"""The gates over thousands of made-up architectures at every level: more than a test run has time for.

python -m benchmarks.gates [count] [first seed]
"""

from __future__ import annotations

import sys
from typing import get_args

from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit.gates import faults
from tests.figure import generated


def main(count: int, first: int) -> int:
    """Prints every fault; the number of architectures that have one is the exit code's cause."""
    faulty = 0
    for seed in range(first, first + count):
        made, heading = generated.architecture(seed), generated.heading(seed)
        found = [
            f"{detail}: {fault}"
            for detail in get_args(Detail)
            for fault in faults(draw(made, heading, detail=detail).picture)
        ]
        faulty += bool(found)
        for line in found:
            print(f"seed {seed}, {line}")
    print(f"{count:,} architectures, {faulty:,} with faults")
    return 1 if faulty else 0


if __name__ == "__main__":
    sys.exit(main(*(int(given) for given in (*sys.argv[1:], *("5000", "0")[len(sys.argv) - 1 :]))))
