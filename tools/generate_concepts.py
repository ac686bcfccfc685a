"""Writes catalog/shown_concepts.toml: of each model its name, makers, series, day and concepts; to know them all are described.

Usage: python -m tools.generate_concepts [--check].
"""

from __future__ import annotations

import sys

from llm_gallery.analysis.concepts import concepts
from llm_gallery.catalog.family_members import members
from llm_gallery.catalog.rarity import FILE
from llm_gallery.lineage.series import series
from tools.generated import MARK, settled


def main() -> int:
    rows = (
        f'"{one.id}" = {{ name = "{one.name}", makers = "{one.house}", series = "{series(one)}", '
        f"released = {one.released}, concepts = [{listed(concepts(one.architecture.root))}] }}"
        for one in sorted(members(), key=lambda one: one.id)
    )
    text = "\n".join([f"# {MARK.format(tool='tools/generate_concepts.py')}", *rows])
    return settled(__doc__ or "", "tools.generate_concepts", {FILE: f"{text}\n"})


def listed(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in sorted(names))


if __name__ == "__main__":
    sys.exit(main())
