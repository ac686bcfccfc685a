"""Random configs of families with layers that keep a state, drawn with a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tests.truth.mutations import (
    ABSENT,
    Config,
    _dense,
    _drawn,
    _experts,
    _flag,
    _kept,
    _multipliers,
    _partial,
    _plain,
    _rope,
    _schedule,
    _some_experts,
    _state_space,
    _stated,
    _without,
)


def _qwen3_next(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw)
    held |= _partial(draw, held)
    layers = held["num_hidden_layers"]
    keys = draw.choice([1, 2, 8])
    held |= _experts(draw, layers)
    held |= _kept(
        layer_types=_schedule(draw, layers, "linear_attention", "full_attention"),
        full_attention_interval=draw.choice([ABSENT, 1, 2, 4]),
        linear_num_key_heads=keys,
        linear_num_value_heads=keys * draw.choice([1, 2]),
        linear_key_head_dim=draw.choice([16, 128, ABSENT]),
        linear_value_head_dim=draw.choice([32, 128, ABSENT]),
        linear_conv_kernel_dim=draw.choice([2, 4, ABSENT]),
        shared_expert_intermediate_size=draw.choice([1, 512, ABSENT]),
    )
    return {"model_type": "qwen3_next"} | held


def _nemotron_h(draw: Random) -> Config:
    kv_heads, groups = draw.choice([1, 2]), draw.choice([1, 4])
    layers = draw.randint(1, 9)
    letters = "".join(draw.choice("ME*-") for _ in range(layers))
    words = {"M": "mamba", "E": "moe", "*": "attention", "-": "mlp"}
    newer = {"M": "linear_attention", "E": "moe", "*": "full_attention", "-": "mlp"}
    spelling: Config = draw.choice(
        [
            {"hybrid_override_pattern": letters},
            {"hybrid_override_pattern": letters, "num_hidden_layers": layers},
            {"layers_block_type": [words[letter] for letter in letters]},
            {"layers_block_type": [newer[letter] for letter in letters]},
            {"layer_types": [newer[letter] for letter in letters]},
        ]
    )
    return spelling | _drawn(
        draw,
        "nemotron_h",
        *("layers_block_type", "mtp_layers_block_type", "n_group", "topk_group"),
        num_attention_heads=kv_heads * draw.choice([1, 16]),
        num_key_value_heads=kv_heads,
        mlp_hidden_act=draw.choice(["relu2", ABSENT]),
        attention_bias=_flag(draw),
        mamba_num_heads=groups * draw.choice([1, 16]),
        mamba_proj_bias=_flag(draw),
        n_groups=groups,
        n_routed_experts=draw.choice([2, 6]),
        num_experts_per_tok=1,
        mtp_hybrid_override_pattern=draw.choice([ABSENT, "*E"]),
    )


def _granitemoehybrid(draw: Random) -> Config:
    held = _plain(draw, head_dim=False) | _multipliers(draw)
    held |= _state_space(draw, "granitemoehybrid", held["hidden_size"])
    layers = held["num_hidden_layers"]
    return (
        {"model_type": "granitemoehybrid"}
        | held
        | _kept(
            num_local_experts=draw.choice([0, 2, 5]),
            num_experts_per_tok=1,
            shared_intermediate_size=draw.choice([ABSENT, 64]),
            position_embedding_type=draw.choice([ABSENT, None, "rope", "nope"]),
            layer_types=draw.choice(
                [
                    _schedule(draw, layers, "mamba", "attention"),
                    _schedule(draw, layers, "linear_attention", "full_attention"),
                ]
            ),
        )
    )


def _falcon_h1(draw: Random) -> Config:
    held = _plain(draw)
    width = held["hidden_size"]
    held |= _state_space(draw, "falcon_h1", width) | {"mamba_d_head": "auto", "mamba_d_ssm": None}
    constants = (
        "lm_head",
        "embedding",
        "key",
        "attention_in",
        "attention_out",
        "ssm_in",
        "ssm_out",
    )
    return (
        {"model_type": "falcon_h1"}
        | held
        | _stated(draw, "falcon_h1", "mlp_bias", "mamba_rms_norm", "projectors_bias")
        | _kept(
            ssm_multipliers=draw.choice([ABSENT, None, [0.1, 0.2, 0.3, 0.4, 0.5]]),
            mlp_multipliers=draw.choice([ABSENT, None, [0.5, 0.25]]),
            **{f"{name}_multiplier": draw.choice([ABSENT, 0.5]) for name in constants},
        )
    )


def _qwen3_5_text(draw: Random) -> Config:
    lacking = {
        "decoder_sparse_step", "mlp_only_layers", "moe_intermediate_size", "norm_topk_prob",
        "num_experts", "num_experts_per_tok", "num_local_experts",
        "shared_expert_intermediate_size",
    }  # fmt: skip
    held = _without(_qwen3_next(draw), *lacking)
    held |= _kept(mtp_num_hidden_layers=draw.choice([ABSENT, 0, 1]))
    return held | {"model_type": "qwen3_5_text"}


def _qwen3_5_moe_text(draw: Random) -> Config:
    held = _qwen3_5_text(draw) | _some_experts(draw, "num_experts")
    held |= _kept(
        moe_intermediate_size=draw.choice([ABSENT, 8]),
        shared_expert_intermediate_size=draw.choice([ABSENT, 16]),
    )
    return _without(held, "intermediate_size") | {"model_type": "qwen3_5_moe_text"}


def _convolving(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw, scaled=False)
    for key in ("hidden_act", "attention_bias"):
        held.pop(key, None)
    tied = _kept(tie_embedding=_flag(draw))  # the reference takes no null
    return held | _stated(draw, "lfm2", "conv_L_cache", "conv_bias") | tied


def _lfm2(draw: Random) -> Config:
    held = _convolving(draw)
    held["intermediate_size"] = max(2, held["intermediate_size"])  # two thirds of one are none
    layers = held["num_hidden_layers"]
    kinds = draw.choice(
        [
            _kept(layer_types=_schedule(draw, layers, "conv", "full_attention")),
            {"full_attn_idxs": sorted(draw.sample(range(layers), draw.randint(1, layers)))},
        ]
    )
    adjusted = _stated(draw, "lfm2", "block_auto_adjust_ff_dim", "block_multiple_of") | _kept(
        block_ff_dim=draw.choice([ABSENT, 100, 6656]),
        block_ffn_dim_multiplier=draw.choice([ABSENT, 1.0, 1.3]),
    )
    return {"model_type": "lfm2"} | held | kinds | adjusted


def _lfm2_moe(draw: Random) -> Config:
    held = _convolving(draw)
    layers = held["num_hidden_layers"]
    return (
        {"model_type": "lfm2_moe"}
        | held
        | _stated(draw, "lfm2_moe", "moe_intermediate_size", "use_expert_bias", "norm_topk_prob")
        | _kept(
            layer_types=["full_attention"]
            + [draw.choice(["conv", "full_attention"]) for _ in range(layers - 1)],
            num_dense_layers=draw.choice([ABSENT, 0, 1, layers]),
            num_experts=draw.choice([2, 5]),
            num_experts_per_tok=draw.choice([1, 2]),
            routed_scaling_factor=draw.choice([ABSENT, 2.5]),
        )
    )


def _mamba(draw: Random) -> Config:
    return _drawn(draw, "mamba")


def _xlstm(draw: Random) -> Config:
    heads = draw.choice([1, 4])
    width = heads * draw.choice([64, 512])
    return _drawn(
        draw,
        "xlstm",
        "num_blocks",
        pad_token_id=None,
        hidden_size=width,
        embedding_dim=draw.choice([ABSENT, None, width]),
        num_heads=heads,
        qk_dim_factor=draw.choice([ABSENT, 0.5, 1.0]),
        v_dim_factor=draw.choice([ABSENT, 1.0, 2.0]),
        ffn_proj_factor=draw.choice([ABSENT, 1.3, 4.0]),
        gate_soft_cap=draw.choice([ABSENT, 10.0]),
    )


def _rwkv(draw: Random) -> Config:
    return _drawn(draw, "rwkv", num_hidden_layers=draw.randint(2, 6))


def _grouped_latent(draw: Random) -> Config:
    groups = draw.choice([1, 2])
    held = _dense(draw, head_dim=False)
    held["num_key_value_heads"] = held["num_attention_heads"]
    return held | _kept(
        tie_word_embeddings=False,
        num_experts=groups * draw.choice([2, 3]),
        num_shared_experts=draw.choice([1, 2, ABSENT]),
        num_experts_per_token=draw.choice([1, 2]),
        moe_intermediate_size=draw.choice([1, 768]),
        num_expert_group=groups,
        topk_group=1,
        first_k_dense_replace=draw.choice([ABSENT, 0, 1, 20]),
        moe_renormalize=_flag(draw),
        routed_scaling_factor=draw.choice([ABSENT, 2.0]),
        q_lora_rank=draw.choice([ABSENT, None, 384]),
        kv_lora_rank=draw.choice([8, 512]),
        qk_nope_head_dim=draw.choice([16, 128]),
        qk_rope_head_dim=draw.choice([8, 64]),
        v_head_dim=draw.choice([8, 128, ABSENT]),
    )


def _kimi_linear(draw: Random) -> Config:
    held = _grouped_latent(draw)
    layers = held["num_hidden_layers"]
    full = sorted(draw.sample(range(1, layers + 1), draw.randint(1, layers)))
    places = {
        "full_attn_layers": full,
        "kda_layers": [i for i in range(1, layers + 1) if i not in full],
    }
    sizes = _kept(
        head_dim=draw.choice([8, 128, ABSENT]),
        num_heads=draw.choice([2, 32, ABSENT]),
        short_conv_kernel_size=draw.choice([2, 4, ABSENT]),
    )
    spelled: Config = draw.choice(
        [
            {"linear_attn_config": {**places, **sizes}},
            {"linear_attn_config": places},
            {"linear_head_dim": 16, "linear_num_heads": 3},
            {},
        ]
    )
    return {"model_type": "kimi_linear"} | held | spelled


def _bailing_hybrid(draw: Random) -> Config:
    """Ling 3.0's: the reference has no Lightning attention."""
    held = _grouped_latent(draw) | _rope(draw, scaled=False)
    return (
        {"model_type": "bailing_hybrid"}
        | held
        | _stated(draw, "bailing_hybrid", "layer_group_size")
        | _kept(
            head_dim=draw.choice([ABSENT, 16]),
            short_conv_kernel_size=draw.choice([ABSENT, 2]),
            kda_safe_gate=_flag(draw),
            kda_lower_bound=draw.choice([ABSENT, -2.0]),
            num_nextn_predict_layers=draw.choice([ABSENT, 0, 2]),
            layer_types=_schedule(
                draw, held["num_hidden_layers"], "linear_attention", "full_attention"
            ),
        )
    )


def _minimax(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw, scaled=False)
    held.pop("attention_bias", None)
    return (
        {"model_type": "minimax"}
        | held
        | _kept(
            num_local_experts=draw.choice([2, 3]),
            num_experts_per_tok=draw.choice([1, 2]),
            layer_types=_schedule(
                draw, held["num_hidden_layers"], "linear_attention", "full_attention"
            ),
            linear_attn_alpha_factor=draw.choice([ABSENT, 1, 3.5]),
        )
    )


STATES: Mapping[str, Callable[[Random], Config]] = {
    "bailing_hybrid": _bailing_hybrid,
    "falcon_h1": _falcon_h1,
    "granitemoehybrid": _granitemoehybrid,
    "kimi_linear": _kimi_linear,
    "lfm2": _lfm2,
    "lfm2_moe": _lfm2_moe,
    "mamba": _mamba,
    "minimax": _minimax,
    "nemotron_h": _nemotron_h,
    "qwen3_5_moe_text": _qwen3_5_moe_text,
    "qwen3_5_text": _qwen3_5_text,
    "qwen3_next": _qwen3_next,
    "rwkv": _rwkv,
    "xlstm": _xlstm,
}
