"""What each layer keeps of a sequence in llama.cpp: cells of keys and values, latents, states in 32 bits.

Reference: llama_model::create_memory in src/llama-model.cpp, src/llama-kv-cache*.cpp, src/llama-memory-*.cpp (0c1e570)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from llm_gallery.analysis.memory import depth_passes
from llm_gallery.architecture.block import Block, distinct, layers, mixers
from llm_gallery.architecture.reach import reach
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.engines.llama_file import Gguf
from llm_gallery.engines.term import Term
from llm_gallery.mechanisms import MECHANISMS, label
from llm_gallery.mechanisms.attention_sizes import value_dim
from llm_gallery.quants.rule import BLOCKS
from llm_gallery.sources.gguf_types import Type

CACHES = ("f16", "q8_0", "q4_0", "q5_1", "q5_0", "q4_1", "iq4_nl", "bf16", "f32")
"""What --cache-type-k and --cache-type-v take, the default first."""
CELLS = 256
"""Cells of a slot are a multiple of so many."""
BATCH = 512
"""Tokens that are computed at once (--ubatch-size), which a window's cells hold besides."""
SINGLE = 4
"""Bytes of a number of a state, always in 32 bits."""
WINDOWED = frozenset(
    {"afmoe", "cohere2", "cohere2moe", "exaone-moe", "exaone4", "gemma2", "gemma3", "gemma3n", "gemma4", "gpt-oss",
     "laguna", "llama4", "mellum", "mimo2", "muse-glimmer", "olmo2", "spark2_5", "step35"}
)  # fmt: skip
"""Architectures whose windows or chunks limit what their layers keep."""
WHOLE = frozenset({"llama", "mistral3", "phi3", "phimoe", "qwen2", "starcoder2"})
"""Those that llama.cpp runs without the windows of their configs."""

ASSUMED = {"laguna": 4}
"""Where a file has a window and not which layers have it: every how many layers one sees all, from the first on."""
DRAFTS_KEPT = frozenset({"bailingmoe3"})
"""Architectures whose caches have cells of the layers that draft, whether they do or not."""
MOST_DRAFTS = 512
"""More layers llama.cpp doesn't take."""


class Cell(NamedTuple):
    """What one layer keeps: of each token, or of all together."""

    label: str  # of the mixer
    bytes: int
    grows: bool = True
    limit: int | None = None  # tokens that are kept at most; None for all
    dtype: str = ""


class Asked(NamedTuple):
    """What is asked of a layer."""

    file: Gguf
    cache: str

    @property
    def type(self) -> Type:
        """The type of keys and values."""
        return BLOCKS[self.cache.upper()]

    def stored(self, block: Block, width: int, elements: int) -> int:
        """Bytes of elements of a token, in heads of a width. Raises Refusal where the type's blocks don't divide it."""
        self.expect_whole(block, width)
        return elements // self.type.elements * self.type.bytes

    def expect_whole(self, block: Block, width: int) -> None:
        """Raises Refusal where a head isn't whole blocks of the type."""
        if width % self.type.elements:
            raise Refusal(
                f"{label(block)} has heads of {width:,} channels, expected a number that {self.type.elements} divides: "
                f"llama.cpp keeps {self.cache} in blocks of so many; use --cache f16"
            )


def cells(root: Block, file: Gguf, cache: str) -> tuple[tuple[Cell, ...], ...]:
    """What each layer keeps, in the order of the file; a loop's layers again in each pass.

    Raises Refusal for a mixer or a cache type that llama.cpp doesn't have.
    """
    if cache not in CACHES:
        raise Refusal(
            f"the cache is {quoted(cache)}, expected one of {', '.join(CACHES)}: what llama.cpp's --cache-type-k takes; "
            "name it with --cache"
        )
    asked = Asked(file, cache)
    alike = {
        id(layer): layer for layer in layers(root)
    }  # a layer that comes again is looked at once
    known = {place: tuple(_cells(layer, asked)) for place, layer in alike.items()}
    found = tuple(known[id(layer)] for layer in layers(root)) * depth_passes(root)
    return (*_assumed(found, file), *_drafts(found, file))


def _assumed(found: Sequence[tuple[Cell, ...]], file: Gguf) -> Iterator[tuple[Cell, ...]]:
    """The same with windows where llama.cpp assumes them."""
    every = ASSUMED.get(file.architecture, 0)
    window = file.number("attention.sliding_window") if every else 0
    pattern = file.holds("attention.sliding_window_pattern")
    for number, cells in enumerate(found):
        if window and not pattern and number % every:
            yield tuple(cell._replace(limit=window) if cell.grows else cell for cell in cells)
        else:
            yield cells


def _drafts(found: Sequence[tuple[Cell, ...]], file: Gguf) -> Iterator[tuple[Cell, ...]]:
    """What layers that draft keep, where they keep it also without a draft: as the last one that attends."""
    if file.architecture in DRAFTS_KEPT:
        attending = [cells for cells in found if any(cell.grows for cell in cells)]
        yield from attending[-1:] * min(file.blocks - file.layers, MOST_DRAFTS)


def terms(cells: Iterable[Cell]) -> tuple[Term, ...]:
    """Rows by mixer of what layers keep, like cells as one."""
    counts: dict[Cell, int] = {}
    for cell in cells:
        counts[cell] = counts.get(cell, 0) + 1
    return tuple(_term(cell, count) for cell, count in counts.items())


def _term(cell: Cell, count: int) -> Term:
    if not cell.grows:
        return Term(cell.label, count, count * cell.bytes, step=0, dtype=cell.dtype)
    limit = None if cell.limit is None else cell.limit + BATCH
    unit = CELLS * count * cell.bytes
    return Term(cell.label, count, unit, CELLS, limit, dtype=cell.dtype)


def _cells(layer: Block, asked: Asked) -> Iterator[Cell]:
    """What a layer keeps. Raises Refusal for a part of it that keeps something else."""
    explained = {id(part) for mixer in mixers(layer) for part in distinct(mixer)}
    for block in distinct(layer):
        if id(block) not in explained:
            _expect_nothing(block)
    for mixer in mixers(layer):
        if mixer.kind not in KEEPS:
            raise unknown(mixer, asked.file)
        yield from KEEPS[mixer.kind](mixer, asked)


def _expect_nothing(block: Block) -> None:
    held = MECHANISMS[block.kind].kept(block)
    if held.growing or held.states:
        raise Refusal(
            f"{label(block)} keeps something of a sequence, expected nothing beside what mixes tokens: llama.cpp isn't "
            "known to keep it; use --with ideal"
        )


def unknown(block: Block, file: Gguf) -> Refusal:
    """The refusal of a mixer whose cache llama.cpp isn't known to have."""
    return Refusal(
        f"{label(block)} keeps what llama.cpp isn't known to keep in a GGUF of architecture {file.architecture}, expected "
        f"one of the mixers that are counted here; use --with ideal"
    )


def _heads(block: Block, asked: Asked) -> Iterator[Cell]:
    """Keys and values of each head, of all tokens or of a window's."""
    held = MECHANISMS[block.kind].kept(block)
    if not held.growing and not held.states and "shared_kv" in block.facts:
        return
    heads, keys = block.number("kv_heads"), block.number("head_dim")
    values = value_dim(block)
    if held.states or held.growing != heads * (keys + values):
        raise unknown(block, asked.file)
    size = sum(asked.stored(block, width, heads * width) for width in (keys, values))
    yield Cell(label(block), size, limit=_limit(block, asked.file), dtype=asked.cache)
    yield from _indexed(block, asked)


def _limit(block: Block, file: Gguf) -> int | None:
    """Tokens that llama.cpp keeps at most: it has one window for all layers of a model."""
    limit = reach(block)
    if limit is None or file.architecture in WHOLE:
        return None
    if file.architecture not in WINDOWED:
        raise unknown(block, file)
    return file.number("attention.sliding_window") or limit


def _latents(block: Block, asked: Asked) -> Iterator[Cell]:
    """The latent with the rotated key; keys and values of all heads where a file lacks the keys that say how to absorb them."""
    rank, rotated, plain = (block.number(name) for name in ("kv_rank", "rope_dim", "nope_dim"))
    if MECHANISMS[block.kind].kept(block).growing != rank + rotated:
        raise unknown(block, asked.file)
    if asked.file.holds("attention.key_length_mla"):
        size = asked.stored(block, rank + rotated, rank + rotated)
        asked.expect_whole(block, asked.file.number("attention.value_length"))  # which isn't kept
    else:
        widths, heads = (plain + rotated, block.number("value_dim")), block.number("heads")
        size = sum(asked.stored(block, width, heads * width) for width in widths)
    yield Cell(label(block), size, limit=_limit(block, asked.file), dtype=asked.cache)
    yield from _indexed(block, asked)


def _indexed(block: Block, asked: Asked) -> Iterator[Cell]:
    """The keys of an indexer, of one head."""
    for part in block.inside:
        growing, states, *_ = MECHANISMS[part.kind].kept(part)
        if part.kind in INDEX_KEYS and growing == part.number(INDEX_KEYS[part.kind]):
            size = asked.stored(part, growing, growing)
            yield Cell(label(part), size, dtype=asked.cache)
        elif growing or states:
            raise unknown(block, asked.file)


def _states(block: Block, asked: Asked) -> Iterator[Cell]:
    """A state and the inputs of its convolutions but for the last, all in 32 bits."""
    held = MECHANISMS[block.kind].kept(block)
    elements = sum(elements for elements, _ in held.states)
    for part in distinct(block):
        growing, states, *_ = MECHANISMS[part.kind].kept(part)
        if part.keeps_inputs:
            elements += _inputs(part)
        elif growing or (states and part is not block):
            raise unknown(block, asked.file)
    yield Cell(label(block), SINGLE * elements, grows=False, dtype="f32")


def _inputs(convolution: Block) -> int:
    """Numbers of the inputs that the next token needs: one fewer than there are taps."""
    return convolution.number("channels") * (convolution.number("taps") - 1)


INDEX_KEYS = {"indexer": "head_dim"}
"""Parts that keep a key of one head, with the fact that says how wide it is."""
KEEPS: Mapping[str, Callable[[Block, Asked], Iterator[Cell]]] = {
    "attention": _heads,
    "latent_attention": _latents,
    **dict.fromkeys(
        ("gated_deltanet", "kimi_delta_attention", "mamba", "mamba2", "short_convolution"), _states
    ),
}
"""What a mixer keeps, by its kind."""
