"""What mlx-lm keeps of a sequence: caches that grow by 256 tokens, rings of a window, states.

Source: mlx-lm 0.32.2, `models/cache.py`, and `make_cache` and the attention of each model's file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from math import gcd
from typing import NamedTuple

from llm_gallery.architecture.block import Block, distinct
from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.engines.keepers import Keeper, keepers
from llm_gallery.engines.mlx_models import VERSION, file_of
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import Term
from llm_gallery.mechanisms import MECHANISMS, label

STEP = 256
"""Tokens by which a cache grows."""
GROUP = 64
"""Numbers that share a scale and a bias, 16 bits each, where a cache or a weight is quantized."""
CACHES = {"bf16": 0, "8-bit": 8, "4-bit": 4}
"""Bits by the name of a cache's type; 0 where it isn't quantized."""
RINGS = frozenset(
    """
afmoe cohere2 exaone4 exaone_moe gemma3 gemma3_text gemma3n gemma4 gemma4_text gpt_oss laguna mellum mimo_v2_flash
muse_glimmer muse_spark olmo3 plamo3 recurrent_gemma spark2_5 step3p5
""".split()
)
"""Files that keep windows in rings; others keep every token."""
RINGS_IF_LISTED = ("llama", "ministral3", "mistral3")
"""The same where the config says of every layer whether it has a window."""
RECURRING = frozenset(
    """
bailing_hybrid bailing_moe_linear bailing_moe_v3 falcon_h1 granitemoehybrid jamba kimi_k3 kimi_linear lfm2 lfm2_moe mamba
mamba2 nemotron_h olmo_hybrid plamo2 qwen3_5 qwen3_5_moe qwen3_next recurrent_gemma rwkv7
""".split()
)
"""Files that keep states."""
LATENT = frozenset(
    """
bailing_hybrid bailing_moe_v3 deepseek_v3 deepseek_v32 glm4_moe_lite glm_moe_dsa kimi_k25 kimi_k3 kimi_linear kimi_vl
longcat_flash mistral3 mistral4
""".split()
)
"""Files that keep latents."""
SHARING = ("gemma3n", "gemma4", "gemma4_text")
"""Files in which a layer that reads an earlier one's keys keeps none."""
CHUNKED = ("llama4",)
"""Files that cut chunks."""
EXPANDED = ("deepseek_v2", "minicpm3", "youtu_llm")
"""Files that keep the keys and values of all heads where others keep the latent."""
INDEX_TWICE = ("deepseek_v32", "glm_moe_dsa")
"""Files whose indexer keeps zeros as wide as its keys in place of values."""
WHOLE = ("deepseek_v32", "falcon_h1", "glm_moe_dsa", "minimax_m3_vl")
"""Files with several caches a layer, none of which is ever quantized."""
NEVER_QUANTIZED = ("gemma2", "plamo2")
"""Files whose attention can't read a quantized cache."""
STATES = {
    "mamba": "bf16",
    "mamba2": "fp32",
    "gated_deltanet": "fp32",
    "kimi_delta_attention": "fp32",
    "lightning_attention": "fp32",
    "rg_lru": "bf16",
    "rwkv7": "bf16",
    "short_convolution": "bf16",
}
"""The dtype of a state by its mixer; what is kept beside it has 16 bits."""
STATES_OF = {"plamo2": "fp32"}
"""The same by the file, where that computes it otherwise."""
_BYTES = {"bf16": 2, "fp32": 4}


class _Layer(NamedTuple):
    """What one layer keeps of a mixer, as a term has it."""

    label: str
    unit: int
    step: int
    limit: int | None
    dtype: str


class _Asked(NamedTuple):
    """Whose cache it is, and of which type."""

    subject: Subject
    file: str
    cache: str

    @property
    def rings(self) -> bool:
        """Whether windows are kept in rings."""
        if self.file not in RINGS_IF_LISTED:
            return self.file in RINGS
        text = self.subject.config.get("text_config")
        parts = (self.subject.config, text if isinstance(text, Mapping) else {})
        return any(part.get("layer_types") is not None for part in parts)

    def refusal(self, block: Block, why: str) -> Refusal:
        """Of a mixer, by its label."""
        return Refusal(
            f"{printable(self.subject.name)} has {label(block)}, {why} (mlx-lm {VERSION}); use --with llama.cpp or "
            "--with ideal"
        )

    def quantized(self, block: Block) -> str:
        """The type of the cache of one mixer. Raises Refusal where it can't be quantized."""
        if self.cache == "bf16" or self.file in WHOLE or "chunk" in block.facts:
            return "bf16"
        if self.rings and "window" in block.facts:
            raise self.refusal(block, "whose ring of a cache can't be quantized: expected --cache bf16")
        if self.file in NEVER_QUANTIZED:
            raise self.refusal(block, "which doesn't read a quantized cache: expected --cache bf16")
        return self.cache

    def row(self, block: Block, widths: tuple[int, ...]) -> int:
        """Bytes of a token whose parts are so wide. Raises Refusal for a width that isn't whole groups."""
        dtype = self.quantized(block)
        if not (bits := CACHES[dtype]):
            return 2 * sum(widths)
        for width in widths:
            if width % GROUP:
                raise self.refusal(
                    block,
                    f"whose heads of {width:,} numbers aren't whole groups of {GROUP}: expected --cache bf16",
                )
        return sum(width * bits // 8 + 4 * (width // GROUP) for width in widths)


def terms(subject: Subject, cache: str) -> tuple[Term, ...]:
    """What one sequence takes, a row a mixer.

    Raises Refusal for a model that mlx-lm has no file for, a mixer that isn't known here, and a cache that can't be of that
    type.
    """
    asked = _Asked(subject, file_of(subject), cache)
    for block in distinct(subject.root):
        if "shared_kv" in block.facts and asked.file not in SHARING:
            raise asked.refusal(block, "whose layers keep keys that they share: that isn't counted here")
    found: Counter[_Layer] = Counter()
    for keeper in keepers(subject.root):
        for layer in _kept(asked, keeper):
            found[layer] += keeper.layers
    return tuple(
        Term(name, layers, layers * unit, step, limit, dtype=dtype)
        for (name, unit, step, limit, dtype), layers in found.items()
    )


def _kept(asked: _Asked, keeper: Keeper) -> tuple[_Layer, ...]:
    block = keeper.block
    if block.kind in _GROWING:
        growing = _GROWING[block.kind](asked, block)
        if keeper.beside:
            raise asked.refusal(block, "with states beside its keys that aren't known here")
        return (growing,)
    if block.kind in STATES and asked.file in RECURRING:
        dtype = STATES_OF.get(asked.file, STATES[block.kind])
        return (_Layer(label(block), _state(block, dtype, keeper.beside), 0, None, dtype),)
    raise asked.refusal(block, "whose cache isn't known here")


def _state(block: Block, dtype: str, beside: tuple[Block, ...]) -> int:
    """Bytes of a mixer's states, with those beside: of a convolution all taps but the last."""
    kept = MECHANISMS[block.kind].kept(block).states
    own = [
        elements * _BYTES[dtype if place == 0 else "bf16"]
        for place, (elements, _) in enumerate(kept)
    ]
    short = [
        2 * part.number("channels") * (part.number("taps") - 1)
        if "taps" in part.facts
        else 2 * sum(elements for elements, _ in MECHANISMS[part.kind].kept(part).states)
        for part in beside
    ]
    return sum(own) + sum(short)


def _attention(asked: _Asked, block: Block) -> _Layer:
    """Keys and values of heads: all, the last of a window in a ring, or those of a chunk."""
    keys = block.number("head_dim")
    values = block.number("value_dim") if "value_dim" in block.facts else keys
    heads = block.number("kv_heads")
    if MECHANISMS[block.kind].kept(block)[:2] != (heads * (keys + values), ()):
        raise asked.refusal(block, "which keeps more than keys and values: that isn't known here")
    return _limited(asked, block, heads * asked.row(block, (keys, values)))


def _latent(asked: _Asked, block: Block) -> _Layer:
    """The latent and the key of positions; in some files the keys and values of all heads."""
    rank, rope = block.number("kv_rank"), block.number("rope_dim")
    if asked.file in EXPANDED:
        keys = block.number("nope_dim") + rope
        unit = block.number("heads") * asked.row(block, (keys, block.number("value_dim")))
    elif asked.file not in LATENT:
        raise asked.refusal(block, "whose cache isn't known here")
    elif "shared_index" in block.facts and asked.file in INDEX_TWICE:
        raise asked.refusal(block, "which has no indexer of its own: mlx-lm expects one in each layer")
    elif asked.quantized(block) != "bf16":
        raise asked.refusal(block, "whose latent can't be quantized: expected --cache bf16")
    else:
        unit = 2 * (rank + rope)
    if MECHANISMS[block.kind].kept(block)[:2] != (rank + rope, ()):
        raise asked.refusal(block, "which keeps more than the latent: that isn't known here")
    return _limited(asked, block, unit)


def _indexer(asked: _Asked, block: Block) -> _Layer:
    """A key a token, in some files with zeros beside it."""
    if "pooled" in block.facts or "kept" in block.facts:
        raise asked.refusal(block, "whose pools aren't known here")
    unit = 2 * block.number("head_dim") * (2 if asked.file in INDEX_TWICE else 1)
    return _Layer(label(block), STEP * unit, STEP, None, "bf16")


def _limited(asked: _Asked, block: Block, unit: int) -> _Layer:
    dtype, name = asked.quantized(block), label(block)
    if "chunk" in block.facts and asked.file not in CHUNKED:
        raise asked.refusal(block, "whose chunks aren't known here")
    if "chunk" in block.facts:
        # It is cut to the chunk before a token is added, for which it grows by a whole step.
        return _Layer(name, STEP * unit, STEP, block.number("chunk") + 1, dtype)
    if "window" not in block.facts or not asked.rings:
        return _Layer(name, STEP * unit, STEP, None, dtype)
    window = block.number("window")
    step = gcd(window, STEP)  # a ring ends with its window, whether that is whole steps or not
    return _Layer(name, step * unit, step, window, dtype)


_GROWING: Mapping[str, Callable[[_Asked, Block], _Layer]] = {
    "attention": _attention,
    "latent_attention": _latent,
    "indexer": _indexer,
}
