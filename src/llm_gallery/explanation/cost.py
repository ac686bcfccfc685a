"""The costs of a model: weights in memory, cache at lengths that matter, compute, and the largest part of each."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary, gigaflop, short
from llm_gallery.architecture.block import Architecture, Block, distinct
from llm_gallery.architecture.reach import reads_whole
from llm_gallery.comparison.mechanism_words import spelled
from llm_gallery.explanation.prose import Paragraph, Sentence, said

_UNEVEN = ("chunk", "selected")
MIDDLE = 32_768
"""Tokens of a long text, and of the longest where none says how long it may be, as in figures."""


def cost(architecture: Architecture, told: str = "") -> Paragraph:
    """Weights, cache, compute; what is kept or computed at the end of the context may be `told` already."""
    root = architecture.root
    sentences = (*_weights(root), _cache_sentence(root, told), _computed(root, told))
    return Paragraph("What it costs", sentences)


def _weights(root: Block) -> Iterator[Sentence]:
    """Bytes of the weights, and the part that is most of them."""
    counts = parameters(root)
    yield said(f"Its weights take {binary(2 * counts.total)} in bf16.")
    if not counts.parts:
        return
    largest = max(counts.parts, key=lambda part: part.stored)
    of = percent(largest.stored, counts.total)
    runs = ""
    if counts.sparse:
        share = percent(largest.active, counts.active)
        most = "of what runs at most" if counts.varies else "of what runs for a token"
        runs = f" and {share} {most}"
    name = largest.name.inline if largest.mechanism == "mlp" else spelled(largest.name.inline)
    yield said(f"The largest part, {name}, is {of} of them{runs}.")
    if counts.beside_lookup is not None and largest.stored != counts.lookup:
        yield said(
            f"Tables of which a token reads a few rows hold {short(counts.lookup)} of the parameters.",
            spare=1,
        )


def percent(part: int, whole: int) -> str:
    """A share in whole percent; what is there is never 0, and what is missing never 100."""
    if part == whole:
        return "all"
    share = 100 * part / whole
    if 0 < share < 1:
        return "less than 1%"
    return f"{min(round(share), 99)}%" if share else "none"


def end(root: Block) -> int:
    """Tokens at the end of the context."""
    context = root.value("context")
    return context if isinstance(context, int) else MIDDLE


def _cache_sentence(root: Block, told: str) -> Sentence:
    """What a token adds to what is kept, and what that is for long texts."""
    kept, last = cache(root), end(root)
    if not kept.at(last):
        return said("It keeps nothing of a text.")
    first, later = kept.bytes_per_token, kept.bytes_per_token_long
    if not first:
        return said(f"Its state takes {binary(kept.state_bytes)} whatever the length of the text.")
    grows = f"A token adds {binary(first)} to the cache"
    longest = max((row.window or 0 for row in kept.rows), default=0)
    if later != first:
        then = f"{binary(later)} once" if later else "nothing once"
        grows += f", {then} {longest:,} tokens are read"
    what = "cache and state take" if kept.state_bytes else "it takes"
    known = f"For {last:,} tokens it keeps {binary(kept.at(last))};" in told
    lengths = [MIDDLE] if known and last > MIDDLE else [min(MIDDLE, last), last]
    sizes = [f"{binary(kept.at(n))} at {n:,}" for n in dict.fromkeys(lengths)]
    return said(f"{grows}; {what} {' and '.join(sizes)} tokens.")


def _computed(root: Block, told: str) -> Sentence:
    """Operations for a token at the end of the context, and how many of them read the past."""
    last, takes = end(root), f"takes {parameters(root).bound_of_compute}".rstrip()
    first, there = flops_per_token(root, 1), flops_per_token(root, last)
    if there <= first:
        return said(f"A token {takes} {gigaflop(first)}, wherever in the text it stands.")
    if reads_whole(root):
        others = percent(there - first, there)
        return said(
            f"In a text of {last:,} each token {takes} {gigaflop(there)} at every step, {others} of it to read the others."
        )
    even = _even(root, first, last)
    if even is None:
        whole = f"The token at {last:,} {takes} {gigaflop(there)}"
        reads = percent(there - first, there)
        if f"{whole};" in told:
            return said(f"Of the compute for a token at {last:,}, {reads} reads the past.")
        return said(f"{whole}, {reads} of it to read the past.")
    return said(
        f"A token {takes} {gigaflop(first)} at first and {gigaflop(there)} at {last:,}; from {even:,} on, "
        "most of it reads the past."
    )


def _even(root: Block, first: int, last: int) -> int | None:
    """The first position from which on reading the past takes more than half; None where none does for good.

    What is read of chunks and by choice of an indexer doesn't grow with every token.
    """
    uneven = any(not block.facts.keys().isdisjoint(_UNEVEN) for block in distinct(root))
    if uneven or flops_per_token(root, last) <= 2 * first:
        return None
    low, high = 1, last
    while high - low > 1:
        middle = (low + high) // 2
        if flops_per_token(root, middle) > 2 * first:
            high = middle
        else:
            low = middle
    return high
