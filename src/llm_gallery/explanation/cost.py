"""The costs of a model: weights in memory, cache at lengths that matter, compute, and the largest part of each."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary, gigaflop, short
from llm_gallery.architecture.block import Block, distinct
from llm_gallery.architecture.reach import reads_whole
from llm_gallery.comparison.mechanism_words import spelled
from llm_gallery.engines.released import Release, release
from llm_gallery.engines.subject import Subject
from llm_gallery.explanation.prose import Paragraph, Sentence, said

_UNEVEN = ("chunk", "selected")
MIDDLE = 32_768
"""Tokens of a long text, and of the longest where none says how long it may be, as in figures."""


def cost(subject: Subject, told: str = "") -> Paragraph:
    """Weights, cache, compute; what is kept or computed at the end of the context may be `told` already."""
    root = subject.root
    sentences = (
        *_weights(root, release(subject)),
        _cache_sentence(root, told),
        _computed(root, told),
    )
    return Paragraph("What it costs", sentences)


def _weights(root: Block, released: Release) -> Iterator[Sentence]:
    """Bytes of the weights as they are released, and the part that has most parameters."""
    counts = parameters(root)
    if released.bytes is None:
        yield said(
            f"How many bytes its weights take isn't known: they are released in {released.words}."
        )
    else:
        size = binary(released.bytes["total"])
        yield said(
            f"Released in {released.words}, its weights take {size}."
            if released.packed
            else f"Its weights take {size} in {released.words}."
        )
    if not counts.parts:
        return
    largest = max(counts.parts, key=lambda part: part.stored)
    of = percent(largest.stored, counts.total)
    runs = ""
    if counts.sparse:
        share = percent(largest.active, counts.active)
        runs = f" and {share} of the active parameters{', counted at most' * counts.varies}"
    name = largest.name.inline if largest.mechanism == "mlp" else spelled(largest.name.inline)
    yield said(f"The largest part, {name}, is {of} of the parameters{runs}.")
    if counts.beside_lookup is not None and largest.stored != counts.lookup:
        yield said(
            f"Lookup tables, of which a token reads a few rows, hold {short(counts.lookup)} of the parameters.",
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
        return said("It caches nothing.")
    first, later = kept.bytes_per_token, kept.bytes_per_token_long
    if not first:
        return said(f"Its state takes {binary(kept.state_bytes)} at any length.")
    grows = f"A token adds {binary(first)} to the cache"
    longest = max((row.window or 0 for row in kept.rows), default=0)
    if later != first:
        grows += f", {binary(later) if later else 'nothing'} past {longest:,} tokens"
    what = "cache and state take" if kept.state_bytes else "it takes"
    known = f"{binary(kept.at(last))} at {last:,} tokens;" in told
    lengths = [MIDDLE] if known and last > MIDDLE else [min(MIDDLE, last), last]
    sizes = [f"{binary(kept.at(n))} at {n:,}" for n in dict.fromkeys(lengths)]
    return said(f"{grows}; {what} {' and '.join(sizes)} tokens.")


def _computed(root: Block, told: str) -> Sentence:
    """Operations for a token at the end of the context, and how many of them are attention over the context."""
    last, costs = end(root), f"costs {parameters(root).bound_of_compute}".rstrip()
    first, there = flops_per_token(root, 1), flops_per_token(root, last)
    if there <= first:
        return said(f"A token {costs} {gigaflop(first)} at every position.")
    if reads_whole(root):
        others = percent(there - first, there)
        return said(
            f"At {last:,} tokens each step {costs} {gigaflop(there)} per token, {others} of it attention over the context."
        )
    even = _even(root, first, last)
    if even is None:
        whole = f"A token at position {last:,} {costs} {gigaflop(there)}"
        reads = percent(there - first, there)
        if f"{whole};" in told:
            return said(
                f"At position {last:,} attention over the context is {reads} of the compute."
            )
        return said(f"{whole}, {reads} of it attention over the context.")
    return said(
        f"A token {costs} {gigaflop(first)} at position 1 and {gigaflop(there).removesuffix(' GFLOP')} at {last:,}; "
        f"past {even:,} attention is most of it."
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
