"""What a model's mechanisms may have and haven't: a concept, its lesson, an ablation, a picture, a forward.

    python -m tools.absent titans/config.json

Nothing of it is needed for a figure or a number; without arguments all models of the catalog are looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from llm_gallery.analysis.concepts import concepts as shown
from llm_gallery.architecture.block import Block, walk
from llm_gallery.catalog.ablation import ablations
from llm_gallery.catalog.load import Model, entries, find
from llm_gallery.concepts import concepts
from llm_gallery.figure import pictures
from llm_gallery.figure.plan.plan import Use
from llm_gallery.figure.plan.planning import plan
from llm_gallery.lessons.lesson import lessons
from llm_gallery.mechanisms import DRAWN, concepts_of
from llm_gallery.mechanisms.forward import runs


def absent(models: Sequence[Model]) -> Iterator[str]:
    """A line for each optional thing that isn't there, kinds before concepts."""
    roots = [model.architecture.root for model in models]
    told = [part for root in roots for part in root.inside if not part.stands_apart]
    blocks = [block for part in told for _, block in walk(part) if not block.joins]
    uses = [use for root in roots for use in plan(root).uses]
    yield from _of_kinds(blocks, uses)
    for concept in dict.fromkeys(one for root in roots for one in shown(root)):
        yield from _of_concept(concept)


def _of_kinds(blocks: Sequence[Block], uses: Sequence[Use]) -> Iterator[str]:
    named = {block.kind for block in blocks if any(concepts_of(block))}
    mixing = [use.variants for use in uses if use.variants[0].block.mixes_tokens]
    bare = {
        variants[0].block.kind
        for variants in mixing
        if any(panel.draw is None for panel in pictures.panels(variants))
    }
    for kind in dict.fromkeys(block.kind for block in blocks):
        if kind in DRAWN and kind not in named:
            yield f"{kind}: no concept in its mechanism's `concepts`, its page says what it `does`"
        if kind in bare:
            yield f"{kind}: no picture in figure/pictures/, its sentences stand alone"
        if not runs(kind):
            yield f"{kind}: no forward in mechanisms/forward/{kind}.py"


def _of_concept(concept: str) -> Iterator[str]:
    if concept not in concepts():
        yield f"{concept}: no concept.toml, its id stands for its name"
        return
    if concept not in lessons():
        yield f"{concept}: no lesson.toml"
    if concept not in ablations():
        yield f"{concept}: no ablations.toml"


def main(names: Sequence[str]) -> None:
    """Prints the lines for some models, by id or path; for all of the catalog without any."""
    lines = list(absent([find(name) for name in names or [entry.id for entry in entries()]]))
    print("\n".join(("Not there:", *(f"  {line}" for line in lines))) if lines else "All is there.")


if __name__ == "__main__":
    main(sys.argv[1:])
