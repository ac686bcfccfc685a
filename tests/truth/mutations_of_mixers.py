"""Random configs of the families whose mixers keep a state, an index or a shared cache, drawn with a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tests.truth.mutations import ABSENT, Config, _dense, _flag, _kept, _rope, _schedule


def _convolving(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw, scaled=False)
    for key in ("hidden_act", "attention_bias"):
        held.pop(key, None)
    return held | _kept(
        conv_L_cache=draw.choice([ABSENT, 2, 5]),
        conv_bias=_flag(draw),
        tie_embedding=_flag(draw),
    )


def _lfm2(draw: Random) -> Config:
    held = _convolving(draw)
    layers = held["num_hidden_layers"]
    kinds = draw.choice(
        [
            _kept(layer_types=_schedule(draw, layers, "conv", "full_attention")),
            {"full_attn_idxs": sorted(draw.sample(range(layers), draw.randint(1, layers)))},
        ]
    )
    adjusted = _kept(
        block_ff_dim=draw.choice([ABSENT, 100, 6656]),
        block_auto_adjust_ff_dim=_flag(draw),
        block_ffn_dim_multiplier=draw.choice([ABSENT, 1.0, 1.3]),
        block_multiple_of=draw.choice([ABSENT, 1, 64]),
    )
    return {"model_type": "lfm2"} | held | kinds | adjusted


def _lfm2_moe(draw: Random) -> Config:
    held = _convolving(draw)
    layers = held["num_hidden_layers"]
    return (
        {"model_type": "lfm2_moe"}
        | held
        | _kept(
            layer_types=["full_attention"]
            + [draw.choice(["conv", "full_attention"]) for _ in range(layers - 1)],
            moe_intermediate_size=draw.choice([1, 512]),
            num_dense_layers=draw.choice([ABSENT, 0, 1, layers]),
            num_experts=draw.choice([2, 5]),
            num_experts_per_tok=draw.choice([1, 2]),
            use_expert_bias=_flag(draw),
            norm_topk_prob=_flag(draw),
            routed_scaling_factor=draw.choice([ABSENT, 2.5]),
        )
    )


def _mamba(draw: Random) -> Config:
    return _kept(
        model_type="mamba",
        vocab_size=draw.choice([97, 50280]),
        hidden_size=draw.choice([8, 100, 2560]),
        num_hidden_layers=draw.randint(1, 6),
        state_size=draw.choice([ABSENT, 1, 16]),
        expand=draw.choice([ABSENT, 1, 3]),
        conv_kernel=draw.choice([ABSENT, 2, 5]),
        time_step_rank=draw.choice([ABSENT, "auto", 1, 160]),
        use_bias=_flag(draw),
        use_conv_bias=_flag(draw),
        tie_word_embeddings=_flag(draw),
    )


def _xlstm(draw: Random) -> Config:
    heads = draw.choice([1, 4])
    width = heads * draw.choice([64, 512])
    return _kept(
        model_type="xlstm",
        vocab_size=draw.choice([97, 50304]),
        pad_token_id=None,
        hidden_size=width,
        embedding_dim=draw.choice([ABSENT, None, width]),
        num_hidden_layers=draw.randint(1, 6),
        num_heads=heads,
        qk_dim_factor=draw.choice([ABSENT, 0.5, 1.0]),
        v_dim_factor=draw.choice([ABSENT, 1.0, 2.0]),
        ffn_proj_factor=draw.choice([ABSENT, 1.3, 4.0]),
        ffn_round_up_to_multiple_of=draw.choice([ABSENT, 1, 256]),
        gate_soft_cap=draw.choice([ABSENT, 10.0]),
        weight_mode=draw.choice([ABSENT, "single", "fused"]),
        use_bias=_flag(draw),
        tie_word_embeddings=_flag(draw),
    )


def _rwkv(draw: Random) -> Config:
    return _kept(
        model_type="rwkv",
        vocab_size=draw.choice([97, 50277]),
        hidden_size=draw.choice([8, 4096]),
        num_hidden_layers=draw.randint(2, 6),
        attention_hidden_size=draw.choice([ABSENT, None, 16, 512]),
        intermediate_size=draw.choice([ABSENT, None, 1, 5000]),
        context_length=draw.choice([ABSENT, 64]),
        tie_word_embeddings=_flag(draw),
    )


FAMILIES: Mapping[str, Callable[[Random], Config]] = {
    "lfm2": _lfm2,
    "lfm2_moe": _lfm2_moe,
    "mamba": _mamba,
    "rwkv": _rwkv,
    "xlstm": _xlstm,
}
