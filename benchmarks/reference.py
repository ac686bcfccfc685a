"""What a user of transformers does for the same number: the model without weights, and its parameters counted.

Usage: python -m benchmarks.reference CONFIG. Prints the total and the peak memory of the process, in bytes.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from tools import reference


def main() -> None:
    built = reference.model(json.loads(Path(sys.argv[1]).read_text("utf-8")))
    total = sum(parameter.numel() for parameter in built.parameters())
    print(total, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


if __name__ == "__main__":
    main()
