"""What mlx-lm keeps of a sequence: caches that grow by 256 tokens, rings of a window, states.

Source: mlx-lm 0.32.2, `models/cache.py`, with `make_cache` and the mixers of each model's file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from math import gcd
from typing import NamedTuple

from llm_gallery.architecture.block import Block, distinct
from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.engines.keeping import Keeping, keepings
from llm_gallery.engines.mlx_models import (
    CHUNKED,
    EXPANDED,
    INDEX_TWICE,
    LATENT,
    NEVER_QUANTIZED,
    RECURRING,
    SEVERAL_CACHES,
    SHARING,
    SINGLE_STATES,
    VERSION,
    file_of,
    keeps_rings,
)
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import Term
from llm_gallery.mechanisms import label
from llm_gallery.mechanisms.attention_sizes import value_dim

STEP = 256
"""Tokens by which a cache grows."""
GROUP = 64
"""Numbers that share a scale and a bias, 16 bits each, where a cache or a weight is quantized."""
CACHES = {"bf16": 16, "int8": 8, "int4": 4}
"""Bits of a number by the cache's type."""
_BYTES = {"bf16": 2, "fp32": 4}


class _Row(NamedTuple):
    """What one layer keeps, as a term has it."""

    label: str
    unit: int
    step: int = 0
    limit: int | None = None
    dtype: str = "bf16"


class _Asked(NamedTuple):
    """Whose cache it is, by which file, of which type."""

    subject: Subject
    file: str
    cache: str
    rings: bool

    def refusal(self, block: Block, why: str) -> Refusal:
        """Of a mixer, by its label."""
        return Refusal(
            f"{printable(self.subject.name)} has {label(block)} under mlx-lm {VERSION}, {why}"
        )

    def unknown(self, block: Block) -> Refusal:
        """Of a mixer whose cache isn't known here."""
        return self.refusal(block, "expected a mixer whose cache is known here; use --with ideal")

    def type_of(self, block: Block) -> str:
        """The type of a mixer's cache. Raises Refusal where it can't be quantized."""
        if self.cache == "bf16" or self.file in SEVERAL_CACHES or "chunk" in block.facts:
            return "bf16"
        if self.rings and "window" in block.facts:
            raise self.refusal(
                block,
                "whose ring can't be quantized, expected a cache of 16 bits; use --cache bf16",
            )
        if self.file in NEVER_QUANTIZED:
            raise self.refusal(
                block,
                "which reads no quantized cache, expected a cache of 16 bits; use --cache bf16",
            )
        return self.cache

    def numbers(self, block: Block, widths: tuple[int, ...]) -> int:
        """Bytes of a head's numbers. Raises Refusal where they are quantized and no whole groups."""
        dtype = self.type_of(block)
        if dtype != "bf16" and any(width % GROUP for width in widths):
            raise self.refusal(
                block,
                f"whose heads aren't whole groups of {GROUP}, expected a cache of 16 bits; use --cache bf16",
            )
        return sum(quantized(width, CACHES[dtype]) for width in widths)


def quantized(elements: int, bits: int) -> int:
    """Bytes of whole groups: so many bits a number, and a scale and a bias a group; 2 a number in 16 bits."""
    return elements * bits // 8 + (0 if bits == 16 else 4 * elements // GROUP)


def terms(subject: Subject, cache: str) -> tuple[Term, ...]:
    """What one sequence takes, a row a mixer.

    Raises Refusal for a model that mlx-lm has no file for, a mixer that isn't known here, and a cache that can't be of that
    type.
    """
    file = file_of(subject)
    asked = _Asked(subject, file, cache, keeps_rings(file, subject.config))
    _check(asked)
    found: Counter[_Row] = Counter()
    inputs: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for keeping in keepings(subject.root):
        if keeping.block.keeps_inputs:
            name = _mixer(asked, keeping)
            inputs[name] += keeping.layers * _inputs(keeping)
            times[name] += keeping.layers
        else:
            found[_row(asked, keeping)] += keeping.layers
    layers = Counter({row.label: count for row, count in found.items()})
    return (
        *(
            Term(row.label, count, count * row.unit, row.step, row.limit, dtype=row.dtype)
            for row, count in found.items()
        ),
        *(
            Term(f"{name}, last inputs", layers[name] or times[name], unit, 0, dtype="bf16")
            for name, unit in inputs.items()
        ),
    )


def _check(asked: _Asked) -> None:
    """Raises Refusal for what its file does otherwise in the whole model."""
    windows = set()
    for block in distinct(asked.subject.root):
        if "shared_kv" in block.facts and asked.file not in SHARING:
            raise asked.refusal(block, "expected layers with keys of their own; use --with ideal")
        if asked.rings and block.attends and "window" in block.facts:
            windows.add(block.number("window"))
            if len(windows) > 1:
                raise asked.refusal(block, "expected windows of one length; use --with ideal")


def _row(asked: _Asked, keeping: Keeping) -> _Row:
    kind = keeping.block.kind
    if kind not in _ROWS:
        raise asked.unknown(keeping.block)
    return _ROWS[kind](asked, keeping)


def _attention(asked: _Asked, keeping: Keeping) -> _Row:
    """Keys and values of heads: all, the last of a window in a ring, or those of a chunk."""
    block = keeping.block
    keys, heads = block.number("head_dim"), block.number("kv_heads")
    values = value_dim(block)
    if (keeping.growing, keeping.states) != (heads * (keys + values), ()):
        raise asked.unknown(block)
    return _limited(asked, block, heads * asked.numbers(block, (keys, values)))


def _latent(asked: _Asked, keeping: Keeping) -> _Row:
    """The latent and the key of positions; in some files the keys and values of all heads."""
    block = keeping.block
    rank, rope = block.number("kv_rank"), block.number("rope_dim")
    known = asked.file in LATENT or asked.file in EXPANDED
    if not known or (keeping.growing, keeping.states) != (rank + rope, ()):
        raise asked.unknown(block)
    if asked.file in EXPANDED:
        widths = block.number("nope_dim") + rope, block.number("value_dim")
        return _limited(asked, block, block.number("heads") * asked.numbers(block, widths))
    if asked.file in INDEX_TWICE and "shared_index" in block.facts:
        raise asked.refusal(block, "expected an indexer in each layer; use --with ideal")
    if asked.type_of(block) != "bf16":
        raise asked.refusal(
            block, "whose latent can't be quantized, expected a cache of 16 bits; use --cache bf16"
        )
    return _limited(asked, block, 2 * (rank + rope))


def _indexer(asked: _Asked, keeping: Keeping) -> _Row:
    """A key a token, in some files with as many zeros."""
    block = keeping.block
    if asked.file not in SEVERAL_CACHES or keeping.growing != block.number("head_dim"):
        raise asked.unknown(block)
    twice = 2 if asked.file in INDEX_TWICE else 1
    return _limited(asked, block, 2 * twice * keeping.growing)


def _limited(asked: _Asked, block: Block, token: int) -> _Row:
    dtype, name = asked.type_of(block), label(block)
    if "chunk" in block.facts:
        if asked.file not in CHUNKED:
            raise asked.unknown(block)
        # It is cut to the chunk before a token is added, for which it then grows by a whole step.
        return _Row(name, STEP * token, STEP, block.number("chunk") + 1, dtype)
    if "window" not in block.facts or not asked.rings:
        return _Row(name, STEP * token, STEP, None, dtype)
    window = block.number("window")
    step = gcd(window, STEP)  # a ring ends with its window, which may be no whole steps
    return _Row(name, step * token, step, window, dtype)


def _recurrent(dtype: str) -> Callable[[_Asked, Keeping], _Row]:
    """States, the first in `dtype`, others in 16 bits."""

    def row(asked: _Asked, keeping: Keeping) -> _Row:
        if asked.file not in RECURRING:
            raise asked.unknown(keeping.block)
        own = "fp32" if asked.file in SINGLE_STATES else dtype
        (first, *others) = (elements for elements, _ in keeping.states)
        return _Row(label(keeping.block), _BYTES[own] * first + 2 * sum(others), dtype=own)

    return row


def _mixer(asked: _Asked, keeping: Keeping) -> str:
    """The label of the mixer that a convolution is a part of."""
    around = keeping.around
    if asked.file not in RECURRING or around is None or not around.recurs:
        raise asked.unknown(around or keeping.block)
    return label(around)


def _inputs(keeping: Keeping) -> int:
    """Bytes of the last inputs of a convolution, in 16 bits: as many as there are taps but one."""
    return 2 * (keeping.block.number("taps") - 1) * keeping.block.number("channels")


def _shift(asked: _Asked, keeping: Keeping) -> _Row:
    """The last token, in 16 bits."""
    if asked.file not in RECURRING:
        raise asked.unknown(keeping.block)
    return _Row(label(keeping.block), 2 * sum(elements for elements, _ in keeping.states))


_ROWS: Mapping[str, Callable[[_Asked, Keeping], _Row]] = {
    "attention": _attention,
    "latent_attention": _latent,
    "indexer": _indexer,
    "receptance_mlp": _shift,
    **dict.fromkeys(("mamba", "rg_lru", "rwkv7"), _recurrent("bf16")),
    **dict.fromkeys(
        ("mamba2", "gated_deltanet", "kimi_delta_attention", "lightning_attention"),
        _recurrent("fp32"),
    ),
}
"""What is kept by the kind of block."""
