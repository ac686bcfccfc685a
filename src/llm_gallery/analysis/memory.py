"""Cache and state: bytes that one sequence keeps between two decoding steps, by mixer.

Definitions: docs/definitions.md#cache-and-state
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from llm_gallery.architecture.block import (
    Block,
    distinct_layers,
    layers,
    main_stack,
    model_parts,
)
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.architecture.reach import reach
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.mechanisms import MECHANISMS, label
from llm_gallery.mechanisms._mechanism import States
from llm_gallery.mechanisms.bits import bytes_of

CACHE_DTYPES = ("fp32", "bf16", "fp16", "fp8", "int8", "int4")
Kept = tuple[str, int, int | None, States]
"""What a row keeps in one layer: its mixer, elements a token, window, and its states."""


class CacheRow(NamedTuple):
    """What the layers of one mixer keep: a cache that grows to its window, and a state that doesn't."""

    label: str  # of the mixer
    layers: int
    elements_per_token: int  # in one layer
    window: int | None
    states: States  # in one layer
    dtype: str

    @property
    def state_bytes(self) -> int:
        """Bytes that don't grow, in one layer."""
        return sum(bytes_of(elements, dtype) for elements, dtype in self.states)

    def growing(self, length: int) -> int:
        """Elements that one layer keeps of `length` tokens, beside its state."""
        tokens = length if self.window is None else min(length, self.window)
        return self.elements_per_token * tokens

    def bytes_at(self, length: int) -> int:
        """Bytes that all layers of this row keep after `length` tokens."""
        return self.layers * (bytes_of(self.growing(length), self.dtype) + self.state_bytes)

    def elements_at(self, length: int) -> int:
        """Elements that all layers of this row keep after `length` tokens, whatever their dtypes."""
        return self.layers * (self.growing(length) + sum(elements for elements, _ in self.states))

    @property
    def bytes_per_token(self) -> int:
        """Growth of all layers of this row with one token, while its window fills."""
        return self.layers * bytes_of(self.elements_per_token, self.dtype)


class Cache(NamedTuple):
    """The cache and state of one sequence, a row a mixer."""

    rows: tuple[CacheRow, ...]

    @property
    def bytes_per_token(self) -> int:
        """Growth while every window is still filling."""
        return sum(row.bytes_per_token for row in self.rows)

    @property
    def bytes_per_token_long(self) -> int:
        """Growth once the windows are full."""
        return sum(row.bytes_per_token for row in self.rows if row.window is None)

    @property
    def state_bytes(self) -> int:
        """What doesn't grow: recurrent and convolution states."""
        return sum(row.layers * row.state_bytes for row in self.rows)

    def at(self, length: int) -> int:
        """Bytes kept after `length` tokens, states included."""
        return sum(row.bytes_at(length) for row in self.rows)

    def elements_at(self, length: int) -> int:
        """Elements kept after `length` tokens, states included."""
        return sum(row.elements_at(length) for row in self.rows)


def cache(root: Block, dtype: str = "bf16") -> Cache:
    """What the main stack keeps; `dtype` is that of keys, values and latents, not of the states.

    Raises Refusal for a dtype that isn't in CACHE_DTYPES.
    """
    if dtype not in CACHE_DTYPES:
        raise Refusal(
            f"the cache dtype is {dtype[:20]!r}, expected one of {', '.join(CACHE_DTYPES)}"
        )
    return Cache(tuple(CacheRow(k, n, e, w, s, dtype) for (k, e, w, s), n in _rows(root).items()))


@once_a_tree
def _rows(root: Block) -> Mapping[Kept, int]:
    """What parts of a model keep, each in how many layers of a token's way."""
    known = {id(layer): tuple(_cache_rows(layer)) for layer in distinct_layers(root)}
    rows = Counter(kept for layer in layers(root) for kept in known[id(layer)])
    rows.update(
        row
        for _, block in model_parts(root)
        if block is not main_stack(root) and not block.stands_apart and block.used
        for row in _cache_rows(block)
    )
    passes = depth_passes(root)
    return {name: layers * passes for name, layers in rows.items()}


def kept_in(layer: Block, dtype: str = "bf16") -> tuple[CacheRow, ...]:
    """What one layer keeps in one pass, a row a mixer."""
    return tuple(CacheRow(k, 1, e, w, s, dtype) for k, e, w, s in _cache_rows(layer))


def _cache_rows(layer: Block) -> Iterator[Kept]:
    """The rows of what a layer keeps.

    What no mixer keeps, as RWKV's channel mixing the last token, or Inkling's convolutions at the end of each
    branch, belongs to the layer's first row.
    """
    rows: list[tuple[Block, int, States]] = []
    beside = _visit(layer, rows)
    if beside and not rows:
        rows.append((layer, 0, ()))
    for block, growing, states in rows:
        if growing or states + beside:
            yield label(block), growing, reach(block), states + beside
        beside = ()


def _visit(block: Block, rows: list[tuple[Block, int, States]]) -> States:
    """Appends a block's rows, its own before those inside; gives states that belong to the row around it."""
    state, at = MECHANISMS[block.kind].kept(block), len(rows)
    if state.row:
        rows.append((block, 0, ()))
    states = state.states
    if not state.whole:
        states += tuple(state for part in block.inside for state in _visit(part, rows))
    if not state.row:
        return states
    rows[at] = (block, state.growing, states)
    return ()


def growing_layers(root: Block, *, windows_full: bool = False) -> int:
    """Layers whose cache grows with a token, in each pass: at first, or still once all windows are full."""
    growing = {
        id(layer): any(
            elements and not (windows_full and window)
            for _, elements, window, _ in _cache_rows(layer)
        )
        for layer in distinct_layers(root)
    }
    return sum(growing[id(layer)] for layer in layers(root)) * depth_passes(root)


def depth_passes(root: Block) -> int:
    """How often a token runs through the stack; each pass keeps keys and values of its own."""
    stack = main_stack(root)
    return stack.number("passes") if stack is not None and "passes" in stack.facts else 1
