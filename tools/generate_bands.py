"""Writes catalog/measured_bands.toml: in which part of the bound the runs of catalog/measured lie.

Usage: python -m tools.generate_bands [--check].
"""

from __future__ import annotations

import sys

from llm_gallery.catalog.measured_bands import DENSE, FILE, MIXTURE, band_of, text
from llm_gallery.catalog.measured_beside import speeds_beside
from tools.generated import MARK, settled


def made() -> str:
    """The file's text."""
    runs = speeds_beside()
    found = {
        name: band_of(run.ratio for run in runs if run.mixture == mixture)
        for name, mixture in ((DENSE, False), (MIXTURE, True))
    }
    return f"# {MARK.format(tool='tools/generate_bands.py')}\n{text(found)}"


def main() -> int:
    return settled(__doc__ or "", "tools.generate_bands", {FILE: made()})


if __name__ == "__main__":
    sys.exit(main())
