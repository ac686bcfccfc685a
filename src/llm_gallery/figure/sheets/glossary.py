"""The words and letters of figures, each with a plain line: for the legend, and for the page under one figure.

What a concept of the catalog explains is taken from there: `texts` maps its id to its name and its sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import cache, partial
from typing import get_args

from llm_gallery.architecture.block import Block, walk
from llm_gallery.architecture.kinds import Place, kinds
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.kit.text import wrap
from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.mechanisms.legend import Term
from llm_gallery.novelty.leading import concepts_inside
from llm_gallery.plan.plan import Plan

Texts = Mapping[str, tuple[str, str]]
Where = Callable[[Block], bool]


def _has(*facts: str) -> Where:
    """Blocks with one of these facts, where it isn't none, no or nothing."""
    return lambda block: any(block.value(fact) not in (None, False, 0) for fact in facts)


def _is_of(alike: Set[str], block: Block) -> bool:
    return block.kind in alike


def _partly_rotated(block: Block) -> bool:
    return "rotated" in block.facts and block.value("rotated") != block.value("head_dim")


def _without_positions(block: Block) -> bool:
    return block.value("position") == "none"


GENERAL = (
    Term("Token", "A piece of text: a word or a part of one. What a model reads and writes."),
    Term("Embedding", "A table with a row of numbers for each token of the vocabulary."),
    Term("Head", "At the end: gives each token of the vocabulary a score. The best may come next."),
    Term("Stream", "The numbers of a token that run past all layers. Branches read it and add to it."),
    Term("Width", "How many numbers the stream has."),
    Term("Layer", "A token mixer, then a part that works on each token alone."),
    Term("Branch", "What is beside the stream: it reads, computes, and adds its result."),
    Term("RMSNorm", "Divides numbers by their root mean square, so that their size is known."),
    Term("4,096 → 1,024", "A matrix: so many numbers come in, so many go out."),
    Term("Active", "The parameters that work on one token; in a mixture not all do."),
    Term("Kept", "What stays of a token for all later ones: the cache, or a state."),
    Term("Cache", "What is kept of every token; it grows with the text."),
    Term("Context", "The longest text that the model is made for, in tokens."),
)  # fmt: skip
"""What any figure has."""
OF_FACTS: Mapping[Place, tuple[tuple[Term, Where], ...]] = {
    "attends": (
        (Term("RoPE base", "Sets how slowly the slowest channels turn; larger for longer texts."), _has("rope_base")),
        (Term("RoPE 50%", "Half of a head's channels are rotated; the others don't know positions."), _partly_rotated),
        (Term("No positions", "Queries and keys don't say where a token stands."), _without_positions),
        (Term("Window", "Only so many of the last tokens are read."), _has("window")),
        (Term("Chunk", "Tokens are read in stretches of fixed length; none looks into an earlier one."), _has("chunk")),
        (Term("Global, window", "A layer that reads every token, and one that reads only the last ones."), _has("window", "chunk")),
        (Term("Sink", "A score that leads to nothing, so that a head needn't look at anything."), _has("sinks")),
        (Term("Gate", "Numbers from 0 to 1 that say how much passes."), _has("gate", "gated")),
        (Term("± 30", "A tanh keeps the numbers between −30 and 30; at most 7 cuts them off there."), _has("softcap", "gate_softcap", "limit", "logit_softcap")),
        (Term("128 : 1", "One entry stands for 128 tokens."), _has("ratio")),
        (Term("Compressed", "Entries for groups of tokens are kept in place of the tokens."), _has("ratio")),
        (Term("Sparse", "Not all is read that could be, but the best by a score."), _has("selected")),
        (Term("Taken over", "An earlier layer made it; this one reads the same."), _has("shared_index", "shared_stream", "shared_kv")),
    ),
    "recurs": (
        (Term("Tokens convolved", "The last few tokens are added, with a weight for each token and channel."), _has("taps")),
        (Term("Gated MLP", "Two matrices side by side, one of which gates the other, and one back."), _has("gated")),
    ),
    "mixes channels": (
        (Term("By score, by token id", "A router chooses the experts, or a table has a choice for each token."), _has("hashed")),
        (Term("Shared", "An expert that runs for every token."), _has("shared")),
    ),
    "connects": (
        (Term("Streams", "Several streams side by side in place of one."), _has("streams")),
        (Term("Sinkhorn", "Rows and columns are divided by their sums in turn, until both add up to 1."), _has("rounds")),
    ),
}  # fmt: skip
"""What blocks have that state a fact, behind the terms of which kinds it stands."""


@cache
def terms() -> tuple[tuple[Term, Where], ...]:
    """Those that no concept explains, in the order in which a figure shows them, and the blocks that have each."""
    found: list[tuple[Term, Where]] = [(term, lambda _: True) for term in GENERAL]
    of_kind: dict[Term, set[str]] = {}
    for place in get_args(Place):
        for kind in kinds(place):
            for term in MECHANISMS[kind].legend:
                if term not in of_kind:
                    of_kind[term] = set()
                    found.append((term, partial(_is_of, of_kind[term])))
                of_kind[term].add(kind)
        found += OF_FACTS.get(place, ())
    return tuple(found)


def rows(texts: Texts) -> tuple[Term, ...]:
    """All of them, then the concepts by name."""
    return (*(term for term, _ in terms()), *_by_name(Term(*text) for text in texts.values()))


def glossary_of(plan: Plan, root: Block, texts: Texts) -> tuple[Term, ...]:
    """Those of one figure: words of its blocks and of what stands beside them, and the concepts that they show."""
    blocks = list(_blocks(plan))
    parts = [root, *root.inside, *(part for block in blocks for _, part in walk(block))]
    shown = {concept for block in blocks for concept in concepts_inside(block)}
    explained = (Term(*text) for concept, text in texts.items() if concept in shown)
    return (*(term for term, where in terms() if any(map(where, parts))), *_by_name(explained))


def _by_name(explained: Iterator[Term]) -> list[Term]:
    return sorted(explained, key=lambda one: one.term.lower())


def _blocks(plan: Plan) -> Iterator[Block]:
    """Every block of its drawings."""
    uses = (*plan.uses, *(() if plan.wiring is None else (plan.wiring,)))
    yield from (variant.block for use in uses for variant in use.variants)


TERM, LEADING, GAP = 128.0, 15.5, 32.0
"""Px of the column of terms, of a line, and between two columns."""


def columns(shown: Sequence[Term], wide: float, count: int = 2) -> Picture:
    """Rows in columns of like height, as wide as that; a meaning takes as many lines as it needs."""
    each = (wide - GAP * (count - 1)) / count
    lines = [
        (wrap(row.term, TERM - 10, 12, 600, lines=3), wrap(row.meaning, each - TERM, 12, lines=4))
        for row in shown
    ]
    highs = [LEADING * max(map(len, pair)) + 5 for pair in lines]
    sheet, share = Sheet(), sum(highs) / count
    x = y = bottom = 0.0
    for (term, meaning), high in zip(lines, highs, strict=True):
        if y + high / 2 > share and x + each < wide - 1:
            x, y = x + each + GAP, 0.0
        sheet.lines(x, y + 12, term, LEADING, size=12, weight=600, role="ink")
        sheet.lines(x + TERM, y + 12, meaning, LEADING, size=12)
        y += high
        bottom = max(bottom, y)
    return sheet.picture(wide, bottom)
