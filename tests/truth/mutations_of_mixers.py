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
        | _kept(
            head_dim=draw.choice([ABSENT, 16]),
            layer_group_size=draw.choice([ABSENT, 1, 3]),
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


def _sparse(draw: Random) -> Config:
    held = _dense(draw, head_dim=False) | _rope(draw)
    held["num_key_value_heads"] = held["num_attention_heads"]
    groups = draw.choice([1, 2])
    return held | _kept(
        n_routed_experts=groups * draw.choice([2, 3]),
        n_shared_experts=draw.choice([1, 2, ABSENT]),
        num_experts_per_tok=draw.choice([1, 2]),
        moe_intermediate_size=draw.choice([1, 1408]),
        n_group=groups,
        topk_group=1,
        first_k_dense_replace=draw.choice([ABSENT, 0, 1, 20]),
        norm_topk_prob=_flag(draw),
        q_lora_rank=draw.choice([8, 384]),
        kv_lora_rank=draw.choice([8, 512]),
        qk_nope_head_dim=draw.choice([16, 128]),
        qk_rope_head_dim=draw.choice([8, 64]),
        v_head_dim=draw.choice([8, 128, ABSENT]),
        index_topk=draw.choice([2, ABSENT]),
        index_head_dim=draw.choice([64, ABSENT]),
        index_n_heads=draw.choice([1, ABSENT]),
        num_nextn_predict_layers=draw.choice([ABSENT, 0, 1]),
    )


def _deepseek_v32(draw: Random) -> Config:
    return {"model_type": "deepseek_v32"} | _sparse(draw)


def _glm_moe_dsa(draw: Random) -> Config:
    held = _sparse(draw)
    layers = held["num_hidden_layers"]
    spelled: Config = draw.choice(
        [
            {},
            {"indexer_types": ["full", *draw.choices(["full", "shared"], k=layers - 1)]},
            {"index_topk_pattern": "F" + "".join(draw.choices("FS", k=layers - 1))},
            {"index_topk_freq": 3, "index_skip_topk_offset": draw.choice([1, 2, 4])},
        ]
    )
    return {"model_type": "glm_moe_dsa"} | held | spelled


def _gemma4_text(draw: Random) -> Config:
    held = _dense(draw, layers=draw.choice([6, 7, 12]))
    held.pop("hidden_act", None)
    held["head_dim"] = draw.choice([8, 64])
    mixed = draw.choice([{}, {"num_experts": 3, "top_k_experts": 2, "moe_intermediate_size": 5}])
    unified = draw.choice([{}, {"num_global_key_value_heads": 1}])
    shared = draw.choice([0, 3]) if held["num_hidden_layers"] == 12 else 0
    return (
        {"model_type": "gemma4_text"}
        | held
        | mixed
        | unified
        | _kept(
            enable_moe_block=bool(mixed),
            attention_k_eq_v=bool(unified) or ABSENT,
            global_head_dim=draw.choice([ABSENT, 16]),
            sliding_window=draw.choice([ABSENT, 2, 128]),
            final_logit_softcapping=draw.choice([ABSENT, 30.0]),
            vocab_size_per_layer_input=draw.choice([97, ABSENT]),
            hidden_size_per_layer_input=draw.choice([ABSENT, 8] if shared else [ABSENT, 0, 8]),
            num_kv_shared_layers=shared,
            use_double_wide_mlp=_flag(draw),
        )
    )


MIXERS: Mapping[str, Callable[[Random], Config]] = {
    "bailing_hybrid": _bailing_hybrid,
    "deepseek_v32": _deepseek_v32,
    "gemma4_text": _gemma4_text,
    "glm_moe_dsa": _glm_moe_dsa,
    "kimi_linear": _kimi_linear,
    "lfm2": _lfm2,
    "lfm2_moe": _lfm2_moe,
    "mamba": _mamba,
    "minimax": _minimax,
    "rwkv": _rwkv,
    "xlstm": _xlstm,
}
