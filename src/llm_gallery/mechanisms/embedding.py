"""Both ends of a model: tables of tokens and of positions, and the output head."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Mechanism, Names, keeps_nothing, no_work


def scores(block: Block, position: int) -> int:
    """One score for each token of the vocabulary."""
    return block.number("vocabulary") * block.number("width")


MECHANISMS = (
    Mechanism(
        kind="embedding",
        names=Names("embedding"),
        colour="embedding",
        concepts=(),
        does="A table with a row for each token of the vocabulary; the row of a token is where its stream begins.",
        kept=keeps_nothing,
        work=no_work,
    ),
    Mechanism(
        kind="position_embedding",
        names=Names("position embedding"),
        colour="position",
        concepts=(),
        does="A table with a row for each position, added to the token's row.",
        kept=keeps_nothing,
        work=no_work,
    ),
    Mechanism(
        kind="head",
        names=Names("output head"),
        colour="embedding",
        concepts=(),
        does="Turns the end of the stream into a score for each token of the vocabulary.",
        kept=keeps_nothing,
        work=scores,
    ),
)
