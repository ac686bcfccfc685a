"""Writes docs/images/: the figures that the documents show, drawn anew from the catalog.

Usage: python -m tools.generate_images [--check].
"""

from __future__ import annotations

import sys

from llm_gallery.catalog.load import find
from llm_gallery.figure import draw
from tools.generated import ROOT, settled

SHOWN = ("qwen3-next-80b-a3b",)
"""Models whose figure stands in a document."""


def figure(identifier: str) -> str:
    """The standard figure on paper-white ground."""
    model = find(identifier)
    return draw(model.architecture, model.heading)


def main() -> int:
    made = {ROOT / f"docs/images/{name}.svg": figure(name) for name in SHOWN}
    return settled(__doc__ or "", "tools.generate_images", made)


if __name__ == "__main__":
    sys.exit(main())
