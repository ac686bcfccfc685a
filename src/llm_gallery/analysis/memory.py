"""Cache and state: bytes that one sequence keeps between two decoding steps, by mixer.

Definitions: docs/definitions.md#cache-and-state
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from llm_gallery.analysis.mechanisms import label, reach
from llm_gallery.architecture.block import Block, distinct_layers, layers, main_stack, walk
from llm_gallery.architecture.kinds import CHANNEL_MIXERS
from llm_gallery.architecture.refusal import Refusal

BITS = {
    "int64": 64,
    "fp32": 32,
    "float32": 32,
    "bf16": 16,
    "bfloat16": 16,
    "fp16": 16,
    "float16": 16,
    "fp8": 8,
    "int8": 8,
    "int4": 4,
}
"""Bits of one element, by the dtype's name in configs and on the command line."""

CACHE_DTYPES = ("fp32", "bf16", "fp16", "fp8", "int8", "int4")


@dataclass(frozen=True, slots=True)
class CacheRow:
    """What the layers of one mixer keep: a cache that grows to its window, and a state that doesn't."""

    kind: str
    layers: int
    elements_per_token: int  # in one layer
    window: int | None
    state_bytes: int  # in one layer
    bits: int

    def bytes_at(self, length: int) -> int:
        """Bytes that all layers of this row keep after `length` tokens."""
        held = length if self.window is None else min(length, self.window)
        return self.layers * (_bytes(self.elements_per_token * held, self.bits) + self.state_bytes)

    @property
    def bytes_per_token(self) -> int:
        """Growth of all layers of this row with one token, while its window fills."""
        return self.layers * _bytes(self.elements_per_token, self.bits)


@dataclass(frozen=True, slots=True)
class Cache:
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


def cache(root: Block, dtype: str = "bf16") -> Cache:
    """What the main stack keeps; `dtype` is that of keys, values and latents, not of the states.

    Raises Refusal for a dtype that isn't in CACHE_DTYPES.
    """
    if dtype not in CACHE_DTYPES:
        raise Refusal(
            f"the cache dtype is {dtype[:20]!r}, expected one of {', '.join(CACHE_DTYPES)}"
        )
    known = {id(layer): tuple(_kept(layer)) for layer in distinct_layers(root)}
    rows = Counter(kept for layer in layers(root) for kept in known[id(layer)])
    outside = (b for g in root.inside if g.kind == "group" for b in g.inside if b.kind in _KEPT)
    for block in outside:
        kept, state = _KEPT[block.kind](block)
        rows[label(block), kept, None, state] += 1
    passes = depth_passes(root)
    return Cache(
        tuple(CacheRow(k, n * passes, e, w, s, BITS[dtype]) for (k, e, w, s), n in rows.items())
    )


def _kept(layer: Block) -> Iterator[tuple[str, int, int | None, int]]:
    """Label, elements a token, window and state bytes of what a layer keeps.

    What RWKV's channel mixing keeps of the last token belongs to its layer's row, as do the inputs of
    Inkling's convolutions at the end of each branch.
    """
    parts = [block for _, block in walk(layer) if block.kind in _KEPT]
    chosen = [block.child("compressor") for block in parts if block.kind == "indexer"]
    parts = [block for block in parts if not any(block is part for part in chosen)]
    beside = sum(_KEPT[b.kind](b)[1] for b in parts if b.kind in CHANNEL_MIXERS)
    beside += sum(_tap_bytes(b, direct=True) for _, b in walk(layer) if b.kind == "residual")
    for block in parts:
        if block.kind not in CHANNEL_MIXERS:
            kept, state = _KEPT[block.kind](block)
            window = reach(block)
            if kept or state + beside:
                yield label(block), kept, window, state + beside


def depth_passes(root: Block) -> int:
    """How often a token runs through the stack; each pass keeps keys and values of its own."""
    stack = main_stack(root)
    return stack.number("passes") if stack is not None and "passes" in stack.facts else 1


def _attention(block: Block) -> tuple[int, int]:
    if "shared_kv" in block.facts:
        return 0, 0
    keys = block.number("head_dim")
    values = block.number("value_dim") if "value_dim" in block.facts else keys
    delayed = block.number("delayed") if "delayed" in block.facts else 0
    state = _tap_bytes(block) + _bytes(delayed, BITS["bf16"])
    return block.number("kv_heads") * (keys + values), state


def _latent_attention(block: Block) -> tuple[int, int]:
    return block.number("kv_rank") + block.number("rope_dim"), 0


def _compressed_attention(block: Block) -> tuple[int, int]:
    """Key and value in one, in the window."""
    return block.number("head_dim"), 0


def _compressor(block: Block) -> tuple[int, int]:
    """One entry for each group of tokens; the tokens of the open group are not counted."""
    return block.number("head_dim") // block.number("ratio"), 0


def _indexer(block: Block) -> tuple[int, int]:
    """One key for all heads, or what the reference keeps until it pools them."""
    return block.number("kept" if "kept" in block.facts else "head_dim"), 0


def _ngram_memory(block: Block) -> tuple[int, int]:
    """The ids of the tokens before the last, and the convolution's inputs."""
    return 0, _bytes(block.number("longest") - 1, BITS["int64"]) + _tap_bytes(block)


def _gated_deltanet(block: Block) -> tuple[int, int]:
    state = block.number("value_heads") * block.number("key_dim") * block.number("value_dim")
    return 0, _state_bytes(block, state)


def _square_states(block: Block) -> tuple[int, int]:
    """A square matrix a head, as high and wide as the head."""
    return 0, _state_bytes(block, block.number("heads") * block.number("head_dim") ** 2)


def _mamba(block: Block) -> tuple[int, int]:
    return 0, _state_bytes(block, block.number("inner") * block.number("state_dim"))


def _mamba2(block: Block) -> tuple[int, int]:
    state = block.number("heads") * block.number("head_dim") * block.number("state_dim")
    return 0, _state_bytes(block, state)


def _mlstm(block: Block) -> tuple[int, int]:
    """A matrix a head, its normalizer, and the largest exponent so far."""
    key, value = block.number("key_dim"), block.number("value_dim")
    return 0, _state_bytes(block, block.number("heads") * (key * value + key + 1))


def _rwkv(block: Block) -> tuple[int, int]:
    """Numerator, denominator and largest exponent of each channel, and the last token's input."""
    return 0, _state_bytes(block, 3 * block.number("inner")) + _last_input(block)[1]


def _last_input(block: Block) -> tuple[int, int]:
    return 0, _bytes(block.number("width"), BITS["bf16"])


def _short_convolution(block: Block) -> tuple[int, int]:
    return 0, _tap_bytes(block)


def _state_bytes(block: Block, recurrent: int) -> int:
    """The recurrent state in its own dtype, and the convolutions' taps."""
    dtype = str(block.value("state_dtype"))
    if dtype not in BITS:
        raise Refusal(f"the state dtype is {dtype[:20]!r}, expected one of {', '.join(BITS)}")
    return _bytes(recurrent, BITS[dtype]) + _tap_bytes(block)


def _tap_bytes(block: Block, *, direct: bool = False) -> int:
    """The last inputs of the convolutions: `kept`, or as many as they have taps.

    In the model's dtype (bf16), but where the reference convolves in another (Inkling).
    """
    return sum(
        _bytes(
            part.number("channels") * part.number("kept" if "kept" in part.facts else "taps"),
            BITS[str(part.value("state_dtype", "bf16"))],
        )
        for part in (block.inside if direct else (p for _, p in walk(block)))
        if part.kind == "convolution"
    )


_KEPT: Mapping[str, Callable[[Block], tuple[int, int]]] = {
    "attention": _attention,
    "latent_attention": _latent_attention,
    "indexer": _indexer,
    "compressed_attention": _compressed_attention,
    "compressor": _compressor,
    "ngram_memory": _ngram_memory,
    "gated_deltanet": _gated_deltanet,
    "kimi_delta_attention": _square_states,
    "lightning_attention": _square_states,
    "mamba": _mamba,
    "mamba2": _mamba2,
    "mlstm": _mlstm,
    "rwkv": _rwkv,
    "receptance_mlp": _last_input,
    "short_convolution": _short_convolution,
}
"""Elements a token and state bytes of one layer, by the kind of what keeps them."""


def _bytes(elements: int, bits: int) -> int:
    return -(-elements * bits // 8)
