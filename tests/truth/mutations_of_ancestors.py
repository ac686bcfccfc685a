"""Random configs of the first Transformers' families that no catalog model has, drawn with a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tests.truth.mutations import (
    ABSENT,
    Config,
    _dense,
    _drawn,
    _flag,
    _kept,
    _partial,
    _plain,
    _state_space,
    _stated,
    _without,
)
from tests.truth.mutations_of_states import _mamba


def _nemotron(draw: Random) -> Config:
    held = _plain(draw, "hidden_act") | _kept(mlp_bias=_flag(draw))
    return {"model_type": "nemotron"} | held | _partial(draw, held)


def _phi(draw: Random) -> Config:
    held = _plain(draw, "attention_bias", head_dim=False) | _kept(qk_layernorm=_flag(draw))
    if draw.random() < 0.3:
        held["num_key_value_heads"] = None
    return {"model_type": "phi"} | held | _partial(draw, held)


def _persimmon(draw: Random) -> Config:
    return _without(_phi(draw), "num_key_value_heads") | {"model_type": "persimmon"}


def _transformer(draw: Random, model_type: str, **own: int) -> Config:
    """GPT-2's keys, which its successors kept."""
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


def _gptj(draw: Random) -> Config:
    return _transformer(draw, "gptj", rotary_dim=draw.choice([8, 16]))


def _codegen(draw: Random) -> Config:
    return _transformer(draw, "codegen", rotary_dim=draw.choice([8, 16]))


def _gpt_bigcode(draw: Random) -> Config:
    return _transformer(draw, "gpt_bigcode")


def _gpt_neox(draw: Random) -> Config:
    held = _without(_dense(draw, head_dim=False), "num_key_value_heads")
    return (
        {"model_type": "gpt_neox"}
        | held
        | _kept(
            use_parallel_residual=_flag(draw),
            rotary_pct=draw.choice([ABSENT, 0.25, 0.5, 1.0]),
            rotary_emb_base=draw.choice([ABSENT, 10000, 500000]),
        )
    )


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
        word_embed_proj_dim=draw.choice([ABSENT, None, width, 8]),
    )


def _falcon_mamba(draw: Random) -> Config:
    stated = _kept(intermediate_size=draw.choice([ABSENT, 64]))
    return _mamba(draw) | {"model_type": "falcon_mamba"} | stated


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


def _bamba(draw: Random) -> Config:
    held = _plain(draw, "hidden_act", head_dim=False)
    layers = held["num_hidden_layers"]
    return (
        {"model_type": "bamba"}
        | held
        | _state_space(draw, "bamba", held["hidden_size"])
        | _stated(draw, "bamba", "mlp_bias")
        | {"attn_layer_indices": sorted(draw.sample(range(layers), draw.randint(1, layers)))}
    )


def _jamba(draw: Random) -> Config:
    held = _without(_dense(draw, head_dim=False), "attention_bias")
    period, every = draw.choice([1, 2, 3]), draw.choice([1, 2])
    return (
        {"model_type": "jamba"}
        | held
        | _stated(draw, "jamba", "mamba_d_state", "mamba_d_conv", "mamba_expand", "mamba_dt_rank")
        | _stated(draw, "jamba", "num_experts", "mamba_conv_bias", "mamba_proj_bias")
        | {
            "attn_layer_period": period,
            "attn_layer_offset": 0,
            "expert_layer_period": every,
            "expert_layer_offset": every - 1,
            "num_experts_per_tok": 1,
        }
    )


ANCESTORS: Mapping[str, Callable[[Random], Config]] = {
    "bamba": _bamba,
    "bloom": _bloom,
    "codegen": _codegen,
    "falcon_mamba": _falcon_mamba,
    "gpt_bigcode": _gpt_bigcode,
    "gpt_neox": _gpt_neox,
    "gptj": _gptj,
    "jamba": _jamba,
    "mamba2": _mamba2,
    "mpt": _mpt,
    "nemotron": _nemotron,
    "opt": _opt,
    "persimmon": _persimmon,
    "phi": _phi,
}
