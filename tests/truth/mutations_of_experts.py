"""Random configs of families with experts and plain attention, drawn with a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tests.truth.mutations import (
    ABSENT,
    TYPES,
    Config,
    _dense,
    _experts,
    _flag,
    _grouped_experts,
    _kept,
    _later_windows,
    _partial,
    _plain,
    _rope,
    _schedule,
    _some_experts,
    _stated,
    _window,
    _without,
)


def _qwen3_moe(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw)
    held |= _experts(draw, held["num_hidden_layers"])
    held |= _kept(use_sliding_window=_flag(draw), sliding_window=_window(draw))
    if draw.random() < 0.3:
        held["num_local_experts"] = held.pop("num_experts")
    if draw.random() < 0.1:
        held["num_experts"] = 0
        held.pop("num_local_experts", None)
    return {"model_type": "qwen3_moe"} | held


def _glm4_moe(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw)
    held |= _partial(draw, held)
    held |= _grouped_experts(draw, held["num_hidden_layers"]) | _kept(use_qk_norm=_flag(draw))
    return {"model_type": "glm4_moe"} | held


def _gpt_oss(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw)
    layers = held["num_hidden_layers"]
    held |= _kept(
        sliding_window=draw.choice([ABSENT, 2, 128]),
        layer_types=_schedule(draw, layers, "sliding_attention", "full_attention"),
        num_local_experts=draw.choice([2, 5, 16]),
        num_experts_per_tok=draw.choice([1, 2]),
        swiglu_limit=draw.choice([ABSENT, 7.0]),
    )
    if draw.random() < 0.3:
        held["num_experts"] = held.pop("num_local_experts")
    return {"model_type": "gpt_oss"} | held


def _llama4_text(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw)
    layers = held["num_hidden_layers"]
    held |= _kept(
        intermediate_size_mlp=draw.choice([1, 16384, ABSENT]),
        num_local_experts=draw.choice([2, 5]),
        num_experts_per_tok=draw.choice([1, 2, ABSENT]),
        moe_layers=draw.choice([ABSENT, None, [], [0], list(range(0, layers, 2))]),
        interleave_moe_layer_step=draw.choice([ABSENT, 1, 2, 3]),
        use_qk_norm=_flag(draw),
        no_rope_layers=draw.choice([ABSENT, None, [], [draw.randint(0, 1) for _ in range(layers)]]),
        no_rope_layer_interval=draw.choice([ABSENT, 2, 4]),
        attention_chunk_size=draw.choice([ABSENT, None, 2, 8192]),
        attn_temperature_tuning=_flag(draw),
    )
    if held.get("attention_chunk_size", 1) is not None:
        held |= _kept(layer_types=_schedule(draw, layers, "chunked_attention", "full_attention"))
    return {"model_type": "llama4_text"} | held


def _mixtral(draw: Random) -> Config:
    # The reference can't stretch the rotation of heads whose size the config doesn't state.
    held = _plain(draw, "attention_bias", scaled=False)
    held |= _some_experts(draw, "num_local_experts")
    return {"model_type": "mixtral"} | held | _kept(sliding_window=_window(draw))


def _phimoe(draw: Random) -> Config:
    held = _plain(draw, scaled=False, head_dim=False) | _some_experts(draw, "num_local_experts")
    held |= _kept(sliding_window=_window(draw), lm_head_bias=_flag(draw))
    return {"model_type": "phimoe", "num_experts_per_tok": 2} | held


def _olmoe(draw: Random) -> Config:
    held = _plain(draw, head_dim=False) | _some_experts(draw, "num_experts")
    held |= _kept(clip_qkv=draw.choice([ABSENT, None, 8.0]), norm_topk_prob=_flag(draw))
    return {"model_type": "olmoe"} | held


def _cohere2_moe(draw: Random) -> Config:
    held = _plain(draw, "rms_norm_eps", "rope_parameters", "rope_scaling")
    layers = held["num_hidden_layers"]
    prefix = draw.choice([ABSENT, 0, 1, layers])
    return (
        {"model_type": "cohere2_moe"}
        | held
        | _some_experts(draw, "num_experts")
        | _stated(draw, "cohere2_moe", "norm_topk_prob", "shared_expert_combination_strategy")
        | _stated(draw, "cohere2_moe", "expert_selection_fn", "prefix_dense_sliding_window_pattern")
        | _kept(
            sliding_window=draw.choice([ABSENT, 2, 128]),
            sliding_window_pattern=draw.choice([ABSENT, 1, 2]),
            layer_types=_schedule(draw, layers, *TYPES),
            first_k_dense_replace=prefix,
            prefix_dense_intermediate_size=64,
            num_shared_experts=draw.choice([ABSENT, 0, 2]),
            rms_norm_eps=draw.choice([ABSENT, None, 1e-6]),
        )
    )


def _two_rotations(draw: Random, *, partial: bool = False) -> Config:
    """One rotation for each kind of layer, or nothing stated."""
    factor = {"partial_rotary_factor": 0.5} if partial else {}
    full = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 4096}
    return draw.choice(
        [
            {},
            {
                "rope_parameters": {
                    "full_attention": full | {"rope_theta": 3e6} | factor,
                    "sliding_attention": {"rope_type": "default", "rope_theta": 30000.0},
                }
            },
        ]
    )


def _mellum(draw: Random) -> Config:
    held = _dense(draw) | _two_rotations(draw)
    layers = held["num_hidden_layers"]
    return (
        {"model_type": "mellum"}
        | held
        | _some_experts(draw, "num_experts")
        | _stated(draw, "mellum", "moe_intermediate_size", "norm_topk_prob")
        | _kept(
            sliding_window=draw.choice([ABSENT, 2, 128]),
            layer_types=_schedule(draw, layers, *TYPES),
            mlp_layer_types=_schedule(draw, layers, "dense", "sparse"),
        )
    )


def _dots1(draw: Random) -> Config:
    held = _plain(draw)
    layers = held["num_hidden_layers"]
    held |= _grouped_experts(draw, layers)
    held |= {"n_shared_experts": 1, "first_k_dense_replace": draw.choice([0, 1, layers])}
    held |= _later_windows(draw, layers, used=False)
    return {"model_type": "dots1"} | _without(held, "num_nextn_predict_layers", "num_mtp_layers")


def _solar_open(draw: Random) -> Config:
    held = _plain(draw, "intermediate_size")
    held |= _grouped_experts(draw, held["num_hidden_layers"])
    lacking = ("num_nextn_predict_layers", "num_mtp_layers", "first_k_dense_replace")
    return {"model_type": "solar_open"} | _without(held, *lacking)


def _sarvam_moe(draw: Random) -> Config:
    held = _plain(draw, "attention_bias")
    held |= _partial(draw, held) | _grouped_experts(draw, held["num_hidden_layers"])
    held["num_experts"] = held.pop("n_routed_experts")
    held |= _kept(use_qk_norm=_flag(draw))
    return {"model_type": "sarvam_moe"} | held


def _minimax_m2(draw: Random) -> Config:
    held = (
        _plain(draw, "attention_bias") | {"head_dim": 64} | _some_experts(draw, "num_local_experts")
    )
    held |= draw.choice([_partial(draw, held), {"rotary_dim": 32}])
    return {"model_type": "minimax_m2"} | held


def _hunyuan_v1_moe(draw: Random) -> Config:
    held = _plain(draw) | {"num_experts": draw.choice([2, 5])}
    held |= {"head_dim": 64}  # the reference fails without
    layers = held["num_hidden_layers"]
    topk = draw.choice([1, 2, [draw.randint(1, 2) for _ in range(layers)]])
    return {"model_type": "hunyuan_v1_moe", "moe_topk": topk} | held


def _hy_v3(draw: Random) -> Config:
    held = _plain(draw) | _some_experts(draw, "num_experts")
    return (
        {"model_type": "hy_v3"}
        | held
        | _stated(draw, "hy_v3", "mlp_bias", "moe_intermediate_size", "num_nextn_predict_layers")
        | _kept(
            num_shared_experts=draw.choice([ABSENT, 1, 2]),
            router_scaling_factor=draw.choice([ABSENT, 1.5]),
            mlp_layer_types=_schedule(draw, held["num_hidden_layers"], "dense", "sparse"),
        )
    )


def _ernie4_5_moe(draw: Random) -> Config:
    held = _plain(draw, "attention_bias", head_dim=False)
    layers = held["num_hidden_layers"]
    return (
        {"model_type": "ernie4_5_moe"}
        | held
        | _stated(draw, "ernie4_5_moe", "use_bias", "moe_intermediate_size", "moe_layer_interval")
        | _stated(draw, "ernie4_5_moe", "num_nextn_predict_layers")
        | _kept(
            moe_k=draw.choice([1, 2]),
            moe_num_experts=draw.choice([2, 5]),
            moe_num_shared_experts=draw.choice([ABSENT, 0, 1, 2]),
            moe_layer_start_index=draw.choice([ABSENT, 0, 2]),
            moe_layer_end_index=draw.choice([ABSENT, -1, layers - 1]),
        )
    )


def _afmoe(draw: Random) -> Config:
    held = _plain(draw) | _some_experts(draw, "num_experts")
    layers = held["num_hidden_layers"]
    return (
        {"model_type": "afmoe"}
        | held
        | _stated(draw, "afmoe", "moe_intermediate_size", "global_attn_every_n_layers")
        | _stated(draw, "afmoe", "mup_enabled")
        | _kept(
            num_dense_layers=draw.choice([ABSENT, 0, 1, layers]),
            num_shared_experts=draw.choice([ABSENT, 1, 2]),
            sliding_window=draw.choice([ABSENT, 2, 128]),
            route_scale=draw.choice([ABSENT, 2.0]),
            layer_types=_schedule(draw, layers, *TYPES),
        )
    )


def _laguna(draw: Random) -> Config:
    held = _dense(draw) | _two_rotations(draw, partial=True) | _some_experts(draw, "num_experts")
    layers, kv_heads = held["num_hidden_layers"], held["num_key_value_heads"]
    heads = [kv_heads * draw.choice([1, 2]) for _ in range(layers)]
    return (
        {"model_type": "laguna"}
        | held
        | _stated(draw, "laguna", "gating", "moe_intermediate_size")
        | _stated(draw, "laguna", "shared_expert_intermediate_size")
        | _kept(
            moe_routed_scaling_factor=draw.choice([ABSENT, 2.5]),
            moe_router_logit_softcapping=draw.choice([ABSENT, 0.0, 30.0]),
            num_attention_heads_per_layer=draw.choice([ABSENT, None, heads]),
            sliding_window=draw.choice([ABSENT, 2, 128]),
            layer_types=_schedule(draw, layers, *TYPES),
            mlp_layer_types=_schedule(draw, layers, "dense", "sparse"),
        )
    )


def _mimo_v2_flash(draw: Random) -> Config:
    """What the reference reads of the hub's keys: it takes the windowed layers' own ones as fixed."""
    held = _without(_dense(draw), "rms_norm_eps", "attention_bias")
    layers, kv_heads = held["num_hidden_layers"], draw.choice([1, 2])
    heads, dim = 2 * kv_heads * draw.choice([1, 3]), draw.choice([8, 64])
    held |= {"num_attention_heads": heads, "num_key_value_heads": kv_heads, "head_dim": dim}
    windowed = [int(i > 0 and (i + 1) % 6 != 0) for i in range(layers)]
    return (
        {"model_type": "mimo_v2_flash"}
        | held
        | _kept(
            v_head_dim=16,
            swa_num_attention_heads=heads,
            swa_num_key_value_heads=2 * kv_heads,
            swa_head_dim=dim,
            swa_v_head_dim=16,
            swa_rope_theta=10000.0,
            rope_theta=draw.choice([ABSENT, 5000000]),
            partial_rotary_factor=0.334,
            sliding_window=draw.choice([2, 128]),
            hybrid_layer_pattern=windowed,
            moe_layer_freq=[int(i > 0) for i in range(layers)],
            add_swa_attention_sink_bias=True,
            add_full_attention_sink_bias=False,
            attention_value_scale=draw.choice([ABSENT, 0.5]),
            n_routed_experts=draw.choice([2, 5]),
            num_experts_per_tok=1,
            moe_intermediate_size=draw.choice([ABSENT, 8]),
            norm_topk_prob=_flag(draw),
            routed_scaling_factor=draw.choice([ABSENT, None, 2.0]),
        )
    )


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


EXPERTS: Mapping[str, Callable[[Random], Config]] = {
    "afmoe": _afmoe,
    "cohere2_moe": _cohere2_moe,
    "dots1": _dots1,
    "ernie4_5_moe": _ernie4_5_moe,
    "gemma4_text": _gemma4_text,
    "glm4_moe": _glm4_moe,
    "gpt_oss": _gpt_oss,
    "hunyuan_v1_moe": _hunyuan_v1_moe,
    "hy_v3": _hy_v3,
    "laguna": _laguna,
    "llama4_text": _llama4_text,
    "mellum": _mellum,
    "mimo_v2_flash": _mimo_v2_flash,
    "minimax_m2": _minimax_m2,
    "mixtral": _mixtral,
    "olmoe": _olmoe,
    "phimoe": _phimoe,
    "qwen3_moe": _qwen3_moe,
    "sarvam_moe": _sarvam_moe,
    "solar_open": _solar_open,
}
