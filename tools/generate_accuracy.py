"""Writes docs/accuracy.md: every model's counts beside the published one, and the reason for what differs.

Usage: python -m tools.generate_accuracy [--check].
"""

from __future__ import annotations

import sys

from llm_gallery.catalog.accuracy import rows
from llm_gallery.catalog.accuracy_table import markdown
from tools.generated import MARK, ROOT, settled

TARGET = ROOT / "docs/accuracy.md"


def main() -> int:
    mark = f"<!-- {MARK.format(tool='tools/generate_accuracy.py')} -->"
    return settled(
        __doc__ or "", "tools.generate_accuracy", {TARGET: f"{mark}\n{markdown(rows())}"}
    )


if __name__ == "__main__":
    sys.exit(main())
