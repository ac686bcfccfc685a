"""Writes catalog/ancestors.toml, each model's nearest ancestor, what that rests on and its sibling, and recipes.toml, the models whose
recipe others follow: both take long to find.

Usage: python -m tools.generate_ancestors [--check].
"""

from __future__ import annotations

import json
import sys

from llm_gallery import lineage
from llm_gallery.catalog.ancestors import FILE
from llm_gallery.catalog.followers import FILE as RECIPES
from llm_gallery.catalog.followers import followers
from llm_gallery.lineage import Lineage, Step
from tools.generated import MARK, settled

FOLLOWERS = 3
"""Designs that follow a recipe which has a page of its own."""


def main() -> int:
    tree = lineage()
    found = {model: step for model in tree.members if (step := tree.parent(model))}
    mark = MARK.format(tool="tools/generate_ancestors.py")
    rows = [
        f'"{model}" = {json.dumps([step.parent.id, step.evidence.kind, *_elder(step)])}'
        for model, step in sorted(found.items())
    ]
    text = "\n".join([f"# {mark}", *rows])
    roots = "".join(f'  "{root}",\n' for root in recipes(tree))
    files = {FILE: f"{text}\n", RECIPES: f"# {mark}\nroots = [\n{roots}]\n"}
    return settled(__doc__ or "", "tools.generate_ancestors", files)


def _elder(step: Step) -> list[str]:
    return [] if step.elder is None else [step.elder.id]


def recipes(tree: Lineage) -> list[str]:
    """The first models of designs whose recipe at least three others follow, oldest first."""
    designs = (model for model, original in tree.originals.items() if model == original)
    return [one for one in designs if len(followers(tree, one).followers) >= FOLLOWERS]


if __name__ == "__main__":
    sys.exit(main())
