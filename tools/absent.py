"""What isn't there and may be: of a model's mechanisms a concept, lesson, ablation, picture or forward; of a concept its parts.

    python -m tools.absent titans/config.json
    python -m tools.absent neural-memory

No figure and no number needs any of it; without arguments all models of the catalog are looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from llm_gallery.analysis.concepts import concepts as shown
from llm_gallery.architecture.block import Block, walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.ablation import ablations
from llm_gallery.catalog.load import Model, entries, find
from llm_gallery.concepts import CONCEPTS, Concept, concepts, undo_of
from llm_gallery.figure import pictures
from llm_gallery.lessons.lesson import lessons
from llm_gallery.mechanisms import DRAWN, concepts_of
from llm_gallery.mechanisms.forward import runs
from llm_gallery.plan.plan import Use
from llm_gallery.plan.planning import plan

FILES = ("lesson.toml", "reading.toml", "ablations.toml")


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


def absent_of(concept: Concept) -> Iterator[str]:
    """The names of files and tables that aren't there."""
    yield from (name for name in FILES if not (CONCEPTS / concept.id / name).exists())
    held = {
        "formula": concept.formula,
        "drawn": concept.drawn,
        "first_open": concept.first_open,
        "[new] rank": concept.new.rank,
        "[new] before": concept.new.before is not None or concept.had,
        "[new] picture": concept.new.picture,
        "[had]": concept.had,
        "[saves]": concept.saves,
        "[[recipe]]": concept.recipe,
        "[[steps]]": concept.steps,
        "[without] or code": undo_of(concept.id),
    }
    yield from (name for name, value in held.items() if not value)


def main(names: Sequence[str]) -> None:
    """Prints the lines for concepts and models, by id or path; for all models of the catalog without any."""
    of_concepts = [name for name in names if name in concepts()]
    of_models = [name for name in names if name not in concepts()]
    lines = [f"{name}: no {part}" for name in of_concepts for part in absent_of(concepts()[name])]
    if of_models or not names:
        lines += absent([find(name) for name in of_models or [entry.id for entry in entries()]])
    print("\n".join(("Not there:", *(f"  {line}" for line in lines))) if lines else "All is there.")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refusal as refusal:
        raise SystemExit(str(refusal)) from None
