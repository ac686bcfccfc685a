"""Random configs of dense families, drawn with a seed."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.truth.mutations import (
    ABSENT,
    Config,
    Family,
    _as,
    _drawn,
    _one_rotation_each,
    _rope,
    _scaling,
    _used_windows,
)

DIVISORS = (ABSENT, 8, 96)
"""Whose root scores are divided by: less, and they are so far apart that rounding grows a thousandfold."""


def _windowed(model_type: str) -> Family:
    """Layers with a window in a list, where windows are used at all."""
    return lambda draw: _used_windows(draw, _drawn(draw, model_type))


def _olmo3(draw: Random) -> Config:
    theta = draw.choice([10000.0, 500000])
    old: Config = draw.choice(
        [{"rope_theta": theta}, {"rope_theta": theta, "rope_scaling": _scaling(draw)}]
    )
    return _drawn(draw, "olmo3", "rope_parameters") | draw.choice([old, _one_rotation_each(draw)])


def _gemma3_text(draw: Random) -> Config:
    old = draw.choice([{}, {"rope_scaling": {"rope_type": "linear", "factor": 8.0}}])
    local = draw.choice([{}, {"rope_local_base_freq": 20000.0}])
    stretched = _one_rotation_each(draw, rope_type="linear", factor=8.0)
    without = ("rope_parameters", "rope_local_base_freq")
    rotations = draw.choice([{"rope_theta": 2e6} | old | local, stretched])
    pattern = draw.choice([ABSENT, 1, 2, 6])
    own: Config = {
        "sliding_window_pattern": pattern,
        "query_pre_attn_scalar": draw.choice(DIVISORS),
    }
    return _drawn(draw, "gemma3_text", *without, **own) | rotations


def _gpt2(draw: Random) -> Config:
    heads = draw.choice([1, 4, 25])
    width = heads * draw.choice([8, 64])
    words: Config = {"activation_function": draw.choice([ABSENT, "relu"])}
    return _drawn(draw, "gpt2", "n_embd", "n_head", **words) | draw.choice(
        [
            {"n_embd": width, "n_head": heads},
            {"hidden_size": width, "num_attention_heads": heads},
        ]
    )


def _apertus(draw: Random) -> Config:
    held = _drawn(draw, "apertus", hidden_act=draw.choice(["silu", "gelu"]))
    if "rope_theta" in held and not held.get("rope_scaling"):
        del held["rope_theta"]  # alone, the reference doesn't read it
    return held


def _falcon(draw: Random) -> Config:
    kv_heads, new = draw.choice([1, 2, 8]), draw.choice([True, False])
    heads = kv_heads * draw.choice([1, 2, 5])
    return _rope(draw) | _drawn(
        draw,
        "falcon",
        *("rope_theta", "rope_parameters", "alibi"),
        *(("parallel_attn",) if new else ("num_ln_in_parallel_attn",)),
        hidden_size=heads * 64,
        num_attention_heads=heads,
        num_kv_heads=kv_heads if new else draw.choice([ABSENT, None, heads]),
        new_decoder_architecture=new,
        activation=draw.choice([ABSENT, "relu"]),
    )


DENSE: Mapping[str, Family] = {
    "apertus": _apertus,
    "cohere": _as("cohere"),
    "cohere2": _as("cohere2", sliding_window_pattern=[ABSENT, 1, 2]),
    "falcon": _falcon,
    "gemma": _as("gemma"),
    "gemma2": _as("gemma2", query_pre_attn_scalar=DIVISORS),
    "gemma3_text": _gemma3_text,
    "glm4": _as("glm4"),
    "gpt2": _gpt2,
    "granite": _as("granite"),
    "llama": _as("llama"),
    "mistral": _as("mistral"),
    "olmo": _as("olmo"),
    "olmo2": _as("olmo2"),
    "olmo3": _olmo3,
    "phi3": _as("phi3", scaled=False, original_max_position_embeddings=[4096]),
    "qwen2": _windowed("qwen2"),
    "qwen3": _windowed("qwen3"),
    "smollm3": _windowed("smollm3"),
    "stablelm": _as("stablelm"),
    "starcoder2": _as("starcoder2"),
}
