"""Writes catalog/ancestors.toml: each model's nearest ancestor and what the descent rests on, which take long to find.

Usage: python -m tools.generate_ancestors [--check].
"""

from __future__ import annotations

import sys

from llm_gallery import lineage
from llm_gallery.catalog.ancestors import FILE
from tools.generated import MARK, settled


def main() -> int:
    tree = lineage()
    found = {model: step for model in tree.members if (step := tree.parent(model))}
    mark = MARK.format(tool="tools/generate_ancestors.py")
    rows = [
        f'"{model}" = ["{step.parent.id}", "{step.evidence.kind}"]'
        for model, step in sorted(found.items())
    ]
    text = "\n".join([f"# {mark}", *rows])
    return settled(__doc__ or "", "tools.generate_ancestors", {FILE: f"{text}\n"})


if __name__ == "__main__":
    sys.exit(main())
