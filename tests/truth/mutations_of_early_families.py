"""Random configs of the first Transformers' families that no catalog model has, drawn with a seed."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from tests.truth.mutations import ABSENT, ROTATION, Config, Family, _as, _drawn, _state_space


def _transformer(model_type: str, **own: Any) -> Family:
    """GPT-2's keys, which its successors kept."""

    def drawn(draw: Random) -> Config:
        heads = draw.choice([1, 4])
        return _drawn(
            draw,
            model_type,
            "n_ctx",  # the reference takes no null
            n_embd=heads * draw.choice([16, 128]),
            n_head=heads,
            activation_function=draw.choice([ABSENT, "gelu", "relu"]),
            **own,
        )

    return drawn


def _bloom(draw: Random) -> Config:
    heads = draw.choice([1, 4, 5])
    return _drawn(draw, "bloom", hidden_size=heads * draw.choice([8, 128]), n_head=heads)


def _mpt(draw: Random) -> Config:
    heads = draw.choice([1, 4])
    return _drawn(
        draw,
        "mpt",
        d_model=heads * draw.choice([16, 128]),
        n_heads=heads,
        max_seq_len=draw.choice([ABSENT, 8192]),
        attn_config=draw.choice([ABSENT, {"alibi": True}, {"clip_qkv": 6.0, "alibi": True}]),
    )


def _opt(draw: Random) -> Config:
    heads = draw.choice([1, 4])
    width = heads * draw.choice([16, 64])
    return _drawn(
        draw,
        "opt",
        pad_token_id=1,
        vocab_size=draw.choice([97, 50272]),
        hidden_size=width,
        num_attention_heads=heads,
        activation_function=draw.choice([ABSENT, "gelu"]),
        word_embed_proj_dim=draw.choice([ABSENT, None, width, 8]),
    )


def _mamba2(draw: Random) -> Config:
    heads, dim, expand = draw.choice([2, 4, 8]), draw.choice([8, 64]), draw.choice([1, 2])
    return _drawn(
        draw,
        "mamba2",
        hidden_size=heads * dim // expand,
        num_heads=heads,
        head_dim=dim,
        expand=expand,
        n_groups=draw.choice([1, 2]),
    )


ROTATED = ("partial_rotary_factor",)
"""The reference saves another one than Bamba was given."""


def _bamba(draw: Random) -> Config:
    held = _drawn(draw, "bamba", "attn_layer_indices", *ROTATED)
    layers = range(held["num_hidden_layers"])
    attending = sorted(draw.sample(layers, draw.randint(1, len(layers))))
    return held | _state_space(draw, held["hidden_size"]) | {"attn_layer_indices": attending}


def _jamba(draw: Random) -> Config:
    every = draw.choice([1, 2])
    return _drawn(
        draw,
        "jamba",
        attn_layer_period=draw.choice([1, 2, 3]),
        attn_layer_offset=0,
        expert_layer_period=every,
        expert_layer_offset=every - 1,
        num_experts_per_tok=1,
    )


EARLY_FAMILIES: Mapping[str, Family] = {
    "bamba": _bamba,
    "bloom": _bloom,
    "codegen": _transformer("codegen", rotary_dim=16),
    "falcon_mamba": _as("falcon_mamba", intermediate_size=[ABSENT, 64]),
    "gpt_bigcode": _transformer("gpt_bigcode"),
    "gpt_neox": _as(
        "gpt_neox",
        *(*ROTATION, "partial_rotary_factor"),
        rotary_pct=[ABSENT, 0.25, 0.5, 1.0],
        rotary_emb_base=[ABSENT, 500000],
    ),
    "gptj": _transformer("gptj", rotary_dim=8),
    "jamba": _jamba,
    "mamba2": _mamba2,
    "mpt": _mpt,
    "nemotron": _as("nemotron", hidden_act=[ABSENT], num_key_value_heads=[1, 3, 8]),
    "opt": _opt,
    "persimmon": _as("persimmon"),
    "phi": _as("phi"),
}
