"""Which weights of a model's drawn blocks a picture leaves out."""

from __future__ import annotations

from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.internals._ledger import entries, said
from llm_gallery.figure.kit.shapes import Picture, Text, flat
from llm_gallery.plan.plan import Plan, Use
from llm_gallery.plan.planning import plan
from tests.figure.gates import words


def drawn_uses(shown: Plan) -> tuple[Use, ...]:
    """The mechanisms of a plan that have a drawing."""
    return (*shown.uses, *(() if shown.wiring is None else (shown.wiring,)))


def unsaid_of(block: Block, full: Picture) -> tuple[str, ...]:
    """Everything that a block stores whose parameters no text of a picture says."""
    texts = " ".join(words(shape) for shape in flat(full) if isinstance(shape, Text)).split()
    return tuple(
        f"{entry.name} {entry.stored:,}"
        for entry in entries(block)
        if not {short(entry.stored), said(entry.stored)} & set(texts)
    )


def unsaid(root: Block, full: Picture) -> tuple[str, ...]:
    """The same of every drawn block of a model, in its whole figure."""
    blocks = (use.variants[0].block for use in drawn_uses(plan(root)))
    return tuple(missing for block in blocks for missing in unsaid_of(block, full))
