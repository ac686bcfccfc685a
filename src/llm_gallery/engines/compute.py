"""Operations at least: of a decoding step, and of a text that is read, summed exactly.

Definitions: docs/definitions.md#compute-per-token
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain, pairwise
from math import lcm

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.once import once_a_tree_and
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.engines.keeping import runs, runs_of_text
from llm_gallery.mechanisms import MECHANISMS, label
from llm_gallery.mechanisms.attended import COARSER

FAR = 2**20 + 1
"""A position at which what grows with the text has grown."""


@once_a_tree_and
def step_flops(root: Block, position: int) -> int:
    """Operations of one decoding step for the token at `position` (1 is the first), with the fewest experts."""
    return 2 * sum(run.times * _work(run.block)(position) for run in runs(root))


@once_a_tree_and
def text_flops(root: Block, tokens: int) -> int:
    """Operations to read a text of so many tokens: of all but the last only what later ones need.

    Raises Refusal for a mixer of which isn't known how its work grows.
    """
    before = sum(run.times * work_until(run.block, tokens - 1) for run in runs_of_text(root))
    return 2 * before + step_flops(root, tokens)


def _work(block: Block) -> Callable[[int], int]:
    work = MECHANISMS[block.kind].work
    return lambda position: work(block, position)


def work_until(block: Block, last: int) -> int:
    """Multiply-adds of a block itself at all positions up to the last. Raises Refusal as `text_flops` does."""
    work = _work(block)
    if "chunk" in block.facts and "selected" not in block.facts:  # each chunk takes as much
        chunks, rest = divmod(last, block.number("chunk"))
        within = block.lacking("chunk")
        return chunks * work_until(within, block.number("chunk")) + work_until(within, rest)
    if block.kind in GROWING:
        return summed(work, last, period(block), GROWING[block.kind](block))
    if work(1) != work(FAR):
        raise Refusal(
            f"the work of {label(block)} grows with the text, expected a mixer of which is known how; "
            "this model has no bound for reading yet"
        )
    return last * work(1)


def summed(work: Callable[[int], int], last: int, period: int, bends: Iterable[int]) -> int:
    """The sum of `work` at positions 1 to `last`, exactly.

    Away from its bends the work grows by the same amount with every period: of so long a stretch two periods
    are asked for, and all positions within a period of a bend.
    """
    near = [(bend - period, bend + period + 1) for bend in bends]
    cuts = {1, last + 1, *chain.from_iterable(near)}
    within = sorted(cut for cut in cuts if 1 <= cut <= last + 1)
    total = 0
    for start, end in pairwise(within):
        if end - start <= 2 * period or any(low <= start < high for low, high in near):
            total += sum(map(work, range(start, end)))
        else:
            total += _straight(work, start, end, period)
    return total


def _straight(work: Callable[[int], int], start: int, end: int, period: int) -> int:
    """The sum from `start` to before `end`, where no bend is."""
    total = 0
    for first in range(start, start + period):
        count = len(range(first, end, period))
        at = work(first)
        total += count * at + (work(first + period) - at) * (count * (count - 1) // 2)
    return total


def period(block: Block) -> int:
    """Tokens after which the work of a block repeats but for what it grew by."""
    sizes = [block.number(name) for name in ("ratio", "pooled", "chunk") if name in block.facts]
    indexer = block.child("indexer")
    if indexer is not None:
        groups = ("pooled", "block_size")
        sizes += [indexer.number(name) for name in groups if name in indexer.facts]
    if "sparse_block" in block.facts:
        stride = block.number("sparse_stride") if "sparse_stride" in block.facts else 1
        sizes.append(block.number("sparse_block") * stride)
    if "sparse_every" in block.facts:
        sizes.append(block.number("sparse_every") * COARSER)
    return lcm(*sizes)


def _of_attention(block: Block) -> tuple[int, ...]:
    bends = [block.number(name) for name in ("window", "selected") if name in block.facts]
    if "sparse_from" in block.facts:
        means = block.number("sparse_means")
        chosen = block.number("sparse_blocks") * block.number("sparse_block")
        bends += [block.number("sparse_from"), means, COARSER * means, chosen]
    if "sparse_local" in block.facts:
        bends.append(block.number("sparse_local") * block.number("sparse_block"))
    return tuple(bends)


def _of_compressed(block: Block) -> tuple[int, ...]:
    bends = [block.number("window")] if "window" in block.facts else []
    if "selected" in block.facts and "ratio" in block.facts:
        bends.append(block.number("selected") * block.number("ratio"))
    return tuple(bends)


def _of_indexer(block: Block) -> tuple[int, ...]:
    pool = block.number("pooled") if "pooled" in block.facts else 1
    return (block.number("candidates") * pool,) if "candidates" in block.facts else ()


GROWING: Mapping[str, Callable[[Block], tuple[int, ...]]] = {
    "attention": _of_attention,
    "latent_attention": _of_attention,
    "compressed_attention": _of_compressed,
    "indexer": _of_indexer,
}
"""Positions at which the work of a block bends, by the kind of those whose work grows with the text."""
