"""What a decoding step must read of one sequence's cache, by depth: rows that a browser evaluates, too.

Each thing that is stored counts once, though several layers may read it: a cache of the device can hold it for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.engines.keeping import Keeping, keepings
from llm_gallery.engines.split import ALONE, Split
from llm_gallery.mechanisms import label
from llm_gallery.mechanisms.bits import BITS
from llm_gallery.sources.gguf_types import TYPES

STATE_BITS = 16
"""Bits of a state's number at least: engines keep states of the reference's 32 bits in 16, too."""
INDEX_BITS = 4
"""Bits of an indexer's key at least, whatever the cache's type: engines keep these keys in 8 bits, or in 4."""
IDS = "int64"
"""The dtype of tokens' ids, which an engine has without a state."""
CACHES: Mapping[str, tuple[int, int]] = {
    **{name: (8, bits) for name, bits in BITS.items() if bits <= 32},
    **{kind.name.lower(): (kind.elements, kind.bytes) for kind in TYPES.values()},
    "auto": (1, 2),
    "fp8_e4m3": (1, 1),
    "fp8_e5m2": (1, 1),
    "fp8_ds_mla": (1, 1),
    "fp4_e2m1": (2, 1),
    "nvfp4": (2, 1),
    "nvfp4_ds_mla": (2, 1),
}
"""Elements of a block and its bytes, by the type of a cache; of a type with scales beside, without these."""


class ReadingRow(NamedTuple):
    """What one rank reads of one sequence at a decoding step: so many bytes for each unit of its tokens."""

    label: str  # of what keeps it
    bytes: int  # of a unit, in all layers
    step: int = 1  # tokens of a unit; 0 where it doesn't grow
    limit: int | None = None  # units that are read at most
    chunk: int = 0  # tokens after which it starts anew; 0 where it never does

    def at(self, depth: int) -> int:
        """Bytes that the step reads which follows `depth` tokens: the token's own entry isn't among them."""
        if not self.step:
            return self.bytes
        units = (depth % self.chunk if self.chunk else depth) // self.step
        return self.bytes * (units if self.limit is None else min(units, self.limit))


class Seen(NamedTuple):
    """What a step reads of what the tokens before left."""

    entry: int  # elements of a unit, in one layer
    step: int = 1
    limit: int | None = None
    chunk: int = 0
    small: bool = False  # whether its type isn't the cache's


def reading_rows(root: Block, cache: str, split: Split = ALONE) -> tuple[ReadingRow, ...]:
    """What a rank reads of one sequence, in a cache of that type, a row for each block that keeps something.

    Raises Refusal for a type that isn't known, and for a mixer of which isn't known what it reads.
    """
    if cache.lower() not in CACHES:
        raise Refusal(
            f"the cache type is {quoted(cache)}, expected one of {', '.join(CACHES)}; name one of these"
        )
    found: dict[ReadingRow, int] = {}
    for keeping in keepings(root):
        for row in _rows(keeping, cache.lower(), split):
            like = row._replace(bytes=0)
            found[like] = found.get(like, 0) + row.bytes
    return tuple(row._replace(bytes=total) for row, total in found.items() if total)


def read_at(rows: tuple[ReadingRow, ...], depth: int) -> int:
    """Bytes that a step reads of one sequence that is `depth` tokens long."""
    return sum(row.at(depth) for row in rows)


def _rows(keeping: Keeping, cache: str, split: Split) -> Iterator[ReadingRow]:
    block, name = keeping.block, label(keeping.block)
    if keeping.growing:
        if block.kind not in SEEN:
            raise Refusal(
                f"{name} keeps something of each token, expected a mixer of which is known what a step reads; "
                "this model has no bound yet"
            )
        seen = SEEN[block.kind](keeping)
        elements, stored = (8, INDEX_BITS) if seen.small else CACHES[cache]
        ranks = min(split.tensor, block.number("kv_heads")) if block.keeps_heads else 1
        unit = keeping.layers * seen.entry * stored // (elements * ranks)
        yield ReadingRow(name, unit, seen.step, seen.limit, seen.chunk)
    if state := _state(keeping):
        yield ReadingRow(name, keeping.layers * state * STATE_BITS // (8 * split.tensor), 0)


def _state(keeping: Keeping) -> int:
    """Numbers of a state that a step must read: of a convolution all inputs but the token's own, and no tokens' ids."""
    block = keeping.block
    elements = sum(elements for elements, dtype in keeping.states if dtype != IDS)
    if "prompt" in block.facts:  # the same of all sequences
        return 0
    if block.keeps_inputs:
        return min(elements, block.number("channels") * (block.number("taps") - 1))
    return elements


def _heads(keeping: Keeping) -> Seen:
    """Of attention: its window or chunk, or the fewest tokens that it chooses, without the token itself."""
    block, limits = keeping.block, []
    if "window" in block.facts:
        limits.append(block.number("window") - 1)
    if "selected" in block.facts:
        limits.append(block.number("selected") - _own(block))
    if "sparse_from" in block.facts:
        limits.append((block.number("sparse_blocks") - 1) * block.number("sparse_block"))
    if "sparse_stride" in block.facts:
        local = block.number("sparse_local") if "sparse_local" in block.facts else 1
        limits.append((local - 1) * block.number("sparse_block"))
    chunk = block.number("chunk") if "chunk" in block.facts else 0
    return Seen(
        keeping.growing, limit=min((max(0, limit) for limit in limits), default=None), chunk=chunk
    )


def _own(block: Block) -> int:
    """Of the tokens chosen those of the token's own block, which may be full of tokens to come; else itself."""
    indexer = block.child("indexer")
    by_blocks = indexer is not None and "block_size" in indexer.facts
    return indexer.number("block_size") if indexer is not None and by_blocks else 1


def _index(keeping: Keeping) -> Seen:
    """Of an indexer: a key of every token or pool of tokens, or of so many candidates."""
    block = keeping.block
    pool = block.number("pooled") if "pooled" in block.facts else 1
    limit = block.number("candidates") - 1 if "candidates" in block.facts else None
    entry = min(block.number("head_dim"), keeping.growing * pool)
    return Seen(entry, step=pool, limit=limit, small=True)


def _entries(keeping: Keeping) -> Seen:
    """Of compressed attention's past: an entry of several tokens, all of them or those that it chooses."""
    around = keeping.around
    chooses = around is not None and "selected" in around.facts
    limit = around.number("selected") - 1 if around is not None and chooses else None
    return Seen(keeping.block.number("head_dim"), step=keeping.block.number("ratio"), limit=limit)


SEEN: Mapping[str, Callable[[Keeping], Seen]] = {
    "attention": _heads,
    "latent_attention": _heads,
    "compressed_attention": _heads,
    "compressor": _entries,
    "indexer": _index,
}
"""What a step reads, by the kind of what keeps it."""
