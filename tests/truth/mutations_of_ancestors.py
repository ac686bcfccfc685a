"""Random configs of the first Transformers' families that no catalog model has, drawn with a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tests.truth.mutations import (
    ABSENT,
    Config,
    _dense,
    _flag,
    _kept,
    _partial,
    _plain,
    _state_space,
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


def _transformer(draw: Random) -> Config:
    """GPT-2's keys, which its successors kept."""
    heads = draw.choice([1, 4])
    return _kept(
        vocab_size=draw.choice([97, 50257]),
        n_embd=heads * draw.choice([16, 128]),
        n_head=heads,
        n_layer=draw.randint(1, 6),
        n_positions=draw.choice([ABSENT, 16, 2048]),
        n_inner=draw.choice([ABSENT, None, 100]),
        activation_function=draw.choice([ABSENT, "gelu", "relu"]),
        tie_word_embeddings=_flag(draw),
    )


def _gptj(draw: Random) -> Config:
    held = _transformer(draw)
    return {"model_type": "gptj"} | held | {"rotary_dim": draw.choice([8, 16])}


def _codegen(draw: Random) -> Config:
    return _gptj(draw) | {"model_type": "codegen"}


def _gpt_bigcode(draw: Random) -> Config:
    return {"model_type": "gpt_bigcode"} | _transformer(draw) | _kept(multi_query=_flag(draw))


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
    return _kept(
        model_type="bloom",
        vocab_size=draw.choice([97, 250880]),
        hidden_size=heads * draw.choice([8, 128]),
        n_head=heads,
        n_layer=draw.randint(1, 6),
        apply_residual_connection_post_layernorm=draw.choice([ABSENT, False]),
        tie_word_embeddings=_flag(draw),
    )


def _mpt(draw: Random) -> Config:
    heads = draw.choice([1, 4])
    return _kept(
        model_type="mpt",
        vocab_size=draw.choice([97, 50432]),
        d_model=heads * draw.choice([16, 128]),
        n_heads=heads,
        n_layers=draw.randint(1, 6),
        expansion_ratio=draw.choice([ABSENT, 4]),
        max_seq_len=draw.choice([ABSENT, 8192]),
        attn_config=draw.choice([ABSENT, {"alibi": True}, {"clip_qkv": 6.0, "alibi": True}]),
        no_bias=draw.choice([ABSENT, True]),
        tie_word_embeddings=_flag(draw),
    )


def _opt(draw: Random) -> Config:
    heads = draw.choice([1, 4])
    width = heads * draw.choice([16, 64])
    return _kept(
        model_type="opt",
        pad_token_id=1,
        vocab_size=draw.choice([97, 50272]),
        hidden_size=width,
        ffn_dim=draw.choice([1, 256]),
        num_hidden_layers=draw.randint(1, 6),
        num_attention_heads=heads,
        max_position_embeddings=draw.choice([ABSENT, 32]),
        word_embed_proj_dim=draw.choice([ABSENT, None, width, 8]),
        do_layer_norm_before=_flag(draw),
        enable_bias=_flag(draw),
        layer_norm_elementwise_affine=_flag(draw),
        tie_word_embeddings=_flag(draw),
    )


def _falcon_mamba(draw: Random) -> Config:
    stated = _kept(intermediate_size=draw.choice([ABSENT, 64]))
    return _mamba(draw) | {"model_type": "falcon_mamba"} | stated


def _mamba2(draw: Random) -> Config:
    heads, dim, expand = draw.choice([2, 4, 8]), draw.choice([8, 64]), draw.choice([1, 2])
    return _kept(
        model_type="mamba2",
        vocab_size=draw.choice([97, 32768]),
        hidden_size=heads * dim // expand,
        num_heads=heads,
        head_dim=dim,
        expand=expand,
        n_groups=draw.choice([1, 2]),
        num_hidden_layers=draw.randint(1, 6),
        state_size=draw.choice([ABSENT, 16]),
        conv_kernel=draw.choice([ABSENT, 2]),
        use_bias=_flag(draw),
        use_conv_bias=_flag(draw),
        tie_word_embeddings=_flag(draw),
    )


def _bamba(draw: Random) -> Config:
    held = _plain(draw, "hidden_act", head_dim=False)
    layers = held["num_hidden_layers"]
    return (
        {"model_type": "bamba"}
        | held
        | _state_space(draw, held["hidden_size"])
        | _kept(
            mlp_bias=_flag(draw),
            attn_layer_indices=sorted(draw.sample(range(layers), draw.randint(1, layers))),
        )
    )


def _jamba(draw: Random) -> Config:
    held = _without(_dense(draw, head_dim=False), "attention_bias")
    period, every = draw.choice([1, 2, 3]), draw.choice([1, 2])
    return (
        {"model_type": "jamba"}
        | held
        | _kept(
            attn_layer_period=period,
            attn_layer_offset=0,
            expert_layer_period=every,
            expert_layer_offset=every - 1,
            num_experts=draw.choice([1, 2, 5]),
            num_experts_per_tok=1,
            mamba_d_state=draw.choice([ABSENT, 8]),
            mamba_d_conv=draw.choice([ABSENT, 2]),
            mamba_expand=draw.choice([ABSENT, 1]),
            mamba_dt_rank=draw.choice([ABSENT, "auto", 7]),
            mamba_conv_bias=_flag(draw),
            mamba_proj_bias=_flag(draw),
        )
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
