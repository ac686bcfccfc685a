"""Writes docs/images/: the figures that the documents show, drawn anew from the catalog.

Usage: python -m tools.generate_images [--check].
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from llm_gallery.catalog import figures
from llm_gallery.figure import Figure
from tools.generated import ROOT, settled

SHOWN: dict[str, Callable[..., Figure]] = {
    "qwen3-next-80b-a3b": figures.figure,
    "deepseek-v3 kimi-k2": figures.difference,
}
"""Models whose figure, or whose difference, stands in a document."""


def main() -> int:
    made = {
        ROOT / f"docs/images/{names.replace(' ', '-to-')}.svg": drawn(*names.split()).svg
        for names, drawn in SHOWN.items()
    }
    return settled(__doc__ or "", "tools.generate_images", made)


if __name__ == "__main__":
    sys.exit(main())
