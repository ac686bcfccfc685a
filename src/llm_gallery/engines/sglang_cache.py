"""What SGLang reserves for a sequence: tokens of pools, which layers of one mixer share.

Source: SGLang 0.5.23, `srt/model_executor/pool_configurator.py`, `srt/mem_cache/kv_cache_configurator.py` and
`srt/configs/model_config.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

from llm_gallery.architecture.block import Block, distinct, layers
from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.engines.keeping import Keeping, keepings
from llm_gallery.engines.sglang_models import LATENT, TWICE, VERSION, WINDOWED, class_of
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import Term
from llm_gallery.mechanisms import label
from llm_gallery.mechanisms.attention_sizes import value_dim

CACHES = {"bf16": 2, "fp8": 1}
"""Bytes of a number by the cache's type."""
PAGE = 64
"""Tokens of a page where an indexer has one; others have pages of one token."""
WINDOW, WHOLE = 4, 5
"""Tokens of the pool of windows for each of all tokens, `swa_full_tokens_ratio` 0.8: five hold four."""
SCALE, SCALED = 4, 128
"""Bytes of a scale of an indexer's keys, and the numbers that share it; they have one byte each."""


class _Row(NamedTuple):
    """What one layer takes of a pool."""

    label: str
    unit: int
    step: int
    dtype: str


class _Asked(NamedTuple):
    """Whose cache it is, of which type, over how many ranks."""

    subject: Subject
    made: str  # its class
    cache: str
    ranks: int

    def refusal(self, block: Block, why: str) -> Refusal:
        """Of a mixer, by its label."""
        name = printable(self.subject.name)
        return Refusal(f"{name} has {label(block)} under SGLang {VERSION}, {why}")

    def unknown(self, block: Block) -> Refusal:
        """Of a mixer whose pool isn't known here."""
        return self.refusal(block, "expected a mixer whose pool is known here; use --with vllm")


def terms(subject: Subject, cache: str, ranks: int) -> tuple[Term, ...]:
    """What one sequence takes of the pools of one rank, a row a mixer.

    Raises Refusal for a model that SGLang has no class for, for states, whose pool has a share of memory whatever a
    sequence needs, and for pools that aren't known here.
    """
    asked = _Asked(subject, class_of(subject), cache, ranks)
    found = keepings(subject.root)
    for keeping in found:
        if keeping.block.recurs:
            raise asked.refusal(
                keeping.block,
                "expected a mixer without states: theirs have a share of the memory (mamba_full_memory_ratio), whatever "
                "a sequence needs; use --with vllm",
            )
    _check(asked, found)
    rows: Counter[_Row] = Counter()
    for keeping in found:
        rows[_row(asked, keeping)] += keeping.layers
    return tuple(
        Term(row.label, count, count * row.unit, row.step, dtype=row.dtype)
        for row, count in rows.items()
    )


def _check(asked: _Asked, found: tuple[Keeping, ...]) -> None:
    """Raises Refusal where layers aren't alike: a pool has as much for each."""
    for block in distinct(asked.subject.root):
        if "shared_kv" in block.facts:
            raise asked.refusal(block, "expected layers with keys of their own; use --with vllm")
    attending = [keeping for keeping in found if keeping.block.attends]
    if not attending:
        raise Refusal(
            f"{printable(asked.subject.name)} keeps no keys under SGLang {VERSION}, expected some; use --with ideal"
        )
    first, stack = attending[0].block, layers(asked.subject.root)
    if sum(keeping.layers for keeping in attending) != len(stack) * TWICE.get(asked.made, 1):
        raise asked.refusal(first, "expected it once in every layer; use --with vllm")
    pools: dict[bool, set[int]] = {}
    for keeping in attending:
        pools.setdefault(_windowed(asked, keeping.block), set()).add(keeping.growing)
    if any(len(sizes) > 1 for sizes in pools.values()):
        raise asked.refusal(first, "expected as much in every layer; use --with vllm")
    if set(pools) == {True}:
        raise asked.refusal(first, "expected layers without a window, too; use --with vllm")
    if (
        len(set.union(*pools.values())) > 1
        and "swa_num_key_value_heads" not in asked.subject.config
    ):
        raise asked.refusal(first, "expected as many numbers in a window; use --with vllm")


def _windowed(asked: _Asked, block: Block) -> bool:
    """Whether its tokens are in the pool of windows."""
    return asked.made in WINDOWED and ("window" in block.facts or "chunk" in block.facts)


def _row(asked: _Asked, keeping: Keeping) -> _Row:
    kind = keeping.block.kind
    if kind not in _ROWS:
        raise asked.unknown(keeping.block)
    return _ROWS[kind](asked, keeping)


def _attention(asked: _Asked, keeping: Keeping) -> _Row:
    """Keys and values of heads, divided over ranks, or a head on each where there are more of these."""
    block = keeping.block
    keys, heads = block.number("head_dim"), block.number("kv_heads")
    values = value_dim(block)
    if (keeping.growing, keeping.states) != (heads * (keys + values), ()):
        raise asked.unknown(block)
    token = max(1, heads // asked.ranks) * (keys + values) * CACHES[asked.cache]
    if _windowed(asked, block):
        return _Row(label(block), WINDOW * token, WHOLE, asked.cache)
    return _Row(label(block), token, 1, asked.cache)


def _latent(asked: _Asked, keeping: Keeping) -> _Row:
    """The latent and the key of positions, whole on every rank."""
    block = keeping.block
    kept = block.number("kv_rank") + block.number("rope_dim")
    known = asked.made in LATENT and "window" not in block.facts
    if not known or (keeping.growing, keeping.states) != (kept, ()):
        raise asked.unknown(block)
    if "selected" not in block.facts:
        return _Row(label(block), kept * CACHES[asked.cache], 1, asked.cache)
    if asked.cache != "bf16":
        raise asked.refusal(
            block,
            "whose scales depend on the kernels of the device, expected a cache of 16 bits; use --cache bf16",
        )
    return _Row(label(block), PAGE * 2 * kept, PAGE, asked.cache)


def _indexer(asked: _Asked, keeping: Keeping) -> _Row:
    """A key a token in fp8, with its scales; whole on every rank."""
    block, around = keeping.block, keeping.around
    keys = block.number("head_dim")
    if around is None or around.keeps_heads or keeping.growing != keys or "pooled" in block.facts:
        raise asked.unknown(around or block)
    return _Row(label(block), PAGE * (keys + keys // SCALED * SCALE), PAGE, "fp8")


_ROWS: Mapping[str, Callable[[_Asked, Keeping], _Row]] = {
    "attention": _attention,
    "latent_attention": _latent,
    "indexer": _indexer,
}
"""What is kept by the kind of block."""
