"""Random configs of the families after the first nineteen, drawn with the parts of `mutations`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from tests.truth.mutations import (
    ABSENT,
    Config,
    _dense,
    _flag,
    _grouped_experts,
    _kept,
    _partial,
    _qwen3_next,
    _rope,
    _schedule,
    _siglip,
    _window,
)

TYPES = ("sliding_attention", "full_attention")


def _plain(draw: Random, *without: str, scaled: bool = True, head_dim: bool = True) -> Config:
    """A decoder with positions, less the keys that the class doesn't have."""
    held = _dense(draw, head_dim=head_dim) | _rope(draw, scaled=scaled)
    return {key: value for key, value in held.items() if key not in without}


def _later_windows(draw: Random, layers: int, *, used: bool = True) -> Config:
    """A window from some layer on, as Qwen's configs state it."""
    return _kept(
        use_sliding_window=_flag(draw) if used else ABSENT,
        sliding_window=draw.choice([ABSENT, 2, 128]),
        max_window_layers=draw.choice([ABSENT, 0, 2, layers]),
    )


def _qwen2(draw: Random) -> Config:
    held = _plain(draw, "attention_bias", head_dim=False)
    return {"model_type": "qwen2"} | held | _later_windows(draw, held["num_hidden_layers"])


def _gemma(draw: Random) -> Config:
    held = _plain(draw, "hidden_act")
    return {"model_type": "gemma", "hidden_act": "gelu_pytorch_tanh"} | held


def _gemma2(draw: Random) -> Config:
    held = _plain(draw, "hidden_act")
    return (
        {"model_type": "gemma2"}
        | held
        | _kept(
            query_pre_attn_scalar=draw.choice([ABSENT, 144]),
            sliding_window=draw.choice([ABSENT, 2, 128]),
            layer_types=_schedule(draw, held["num_hidden_layers"], *TYPES),
            attn_logit_softcapping=draw.choice([ABSENT, None, 30.0]),
            final_logit_softcapping=draw.choice([ABSENT, None, 20.0]),
        )
    )


def _some_experts(draw: Random, key: str) -> Config:
    return {key: draw.choice([2, 5, 16]), "num_experts_per_tok": draw.choice([1, 2])}


def _mixtral(draw: Random) -> Config:
    held = _plain(draw, "attention_bias") | _some_experts(draw, "num_local_experts")
    return {"model_type": "mixtral"} | held | _kept(sliding_window=_window(draw))


def _phimoe(draw: Random) -> Config:
    held = _plain(draw, scaled=False, head_dim=False) | _some_experts(draw, "num_local_experts")
    held |= _kept(sliding_window=_window(draw), lm_head_bias=_flag(draw))
    return {"model_type": "phimoe", "num_experts_per_tok": 2} | held


def _olmo(draw: Random) -> Config:
    held = _plain(draw, "rms_norm_eps", head_dim=False)
    return {"model_type": "olmo"} | held | _kept(clip_qkv=draw.choice([ABSENT, None, 8.0]))


def _olmoe(draw: Random) -> Config:
    held = _plain(draw, head_dim=False) | _some_experts(draw, "num_experts")
    held |= _kept(clip_qkv=draw.choice([ABSENT, None, 8.0]), norm_topk_prob=_flag(draw))
    return {"model_type": "olmoe"} | held


def _cohere(draw: Random) -> Config:
    held = _plain(draw, "rms_norm_eps", head_dim=False)
    held |= _kept(use_qk_norm=_flag(draw), logit_scale=draw.choice([ABSENT, 0.5]))
    return {"model_type": "cohere"} | held


def _cohere2(draw: Random) -> Config:
    held = _plain(draw, "rms_norm_eps")
    return (
        {"model_type": "cohere2"}
        | held
        | _kept(
            sliding_window=draw.choice([ABSENT, 2, 128]),
            sliding_window_pattern=draw.choice([ABSENT, 1, 2]),
            layer_types=_schedule(draw, held["num_hidden_layers"], *TYPES),
            logit_scale=draw.choice([ABSENT, 0.5]),
        )
    )


def _cohere2_moe(draw: Random) -> Config:
    held = _plain(draw, "rms_norm_eps", "rope_parameters", "rope_scaling")
    layers = held["num_hidden_layers"]
    prefix = draw.choice([ABSENT, 0, 1, layers])
    return (
        {"model_type": "cohere2_moe"}
        | held
        | _some_experts(draw, "num_experts")
        | _kept(
            sliding_window=draw.choice([ABSENT, 2, 128]),
            sliding_window_pattern=draw.choice([ABSENT, 1, 2]),
            layer_types=_schedule(draw, layers, *TYPES),
            first_k_dense_replace=prefix,
            prefix_dense_intermediate_size=64,
            prefix_dense_sliding_window_pattern=draw.choice([ABSENT, 1, 2]),
            num_shared_experts=draw.choice([ABSENT, 0, 2]),
            shared_expert_combination_strategy=draw.choice([ABSENT, "sum", "average"]),
            expert_selection_fn=draw.choice([ABSENT, "softmax", "sigmoid"]),
            norm_topk_prob=_flag(draw),
            rms_norm_eps=draw.choice([ABSENT, None, 1e-6]),
        )
    )


def _cohere2_vision(draw: Random) -> Config:
    return _kept(
        model_type="cohere2_vision",
        text_config=draw.choice([_cohere2, _cohere2_moe])(draw),
        vision_config=_siglip(draw) | {"vision_use_head": False},
        downsample_factor=draw.choice([ABSENT, 1, 2]),
        alignment_intermediate_size=draw.choice([ABSENT, 64]),
        tie_word_embeddings=_flag(draw),
    )


def _starcoder2(draw: Random) -> Config:
    held = _plain(draw, "attention_bias", "rms_norm_eps", head_dim=False)
    held |= _kept(sliding_window=_window(draw), use_bias=_flag(draw))
    return {"model_type": "starcoder2"} | held


def _stablelm(draw: Random) -> Config:
    held = _plain(draw, "attention_bias", "rms_norm_eps", head_dim=False)
    held |= _partial(draw, held)
    held |= _kept(
        use_qkv_bias=_flag(draw), qk_layernorm=_flag(draw), use_parallel_residual=_flag(draw)
    )
    return {"model_type": "stablelm"} | held


def _multipliers(draw: Random) -> Config:
    return _kept(
        attention_multiplier=draw.choice([ABSENT, 0.0078125, 0.3]),
        embedding_multiplier=draw.choice([ABSENT, 12.0]),
        residual_multiplier=draw.choice([ABSENT, 0.22]),
        logits_scaling=draw.choice([ABSENT, 8.0]),
    )


def _granite(draw: Random) -> Config:
    held = _plain(draw, head_dim=False) | _kept(mlp_bias=_flag(draw))
    return {"model_type": "granite"} | held | _multipliers(draw)


def _state_space(draw: Random, width: int) -> Config:
    heads = draw.choice([1, 2, 4])
    return _kept(
        mamba_n_heads=heads,
        mamba_d_head=draw.choice(["auto", 2 * width // heads]),
        mamba_n_groups=1,
        mamba_d_state=draw.choice([16, ABSENT]),
        mamba_d_conv=draw.choice([2, ABSENT]),
        mamba_conv_bias=_flag(draw),
        mamba_proj_bias=_flag(draw),
    )


def _granitemoehybrid(draw: Random) -> Config:
    held = _plain(draw, head_dim=False) | _multipliers(draw)
    held |= _state_space(draw, held["hidden_size"])
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
    held |= _state_space(draw, width) | {"mamba_d_head": "auto", "mamba_d_ssm": None}
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
        | _kept(
            mlp_bias=_flag(draw),
            mamba_rms_norm=_flag(draw),
            projectors_bias=_flag(draw),
            ssm_multipliers=draw.choice([ABSENT, None, [0.1, 0.2, 0.3, 0.4, 0.5]]),
            mlp_multipliers=draw.choice([ABSENT, None, [0.5, 0.25]]),
            **{f"{name}_multiplier": draw.choice([ABSENT, 0.5]) for name in constants},
        )
    )


def _glm4(draw: Random) -> Config:
    held = _plain(draw)
    return {"model_type": "glm4"} | held | _partial(draw, held)


def _apertus(draw: Random) -> Config:
    held = _plain(draw, "hidden_act", head_dim=False)
    if "rope_theta" in held and not held.get("rope_scaling"):
        del held["rope_theta"]  # alone, the reference doesn't read it
    return {"model_type": "apertus", "hidden_act": draw.choice(["silu", "gelu"])} | held


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
        | _kept(
            moe_intermediate_size=draw.choice([ABSENT, 8]),
            norm_topk_prob=_flag(draw),
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


def _without(held: Config, *keys: str) -> Config:
    return {key: value for key, value in held.items() if key not in keys}


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


def _latent(draw: Random) -> Config:
    return _kept(
        q_lora_rank=draw.choice([ABSENT, None, 24]),
        kv_lora_rank=draw.choice([8, ABSENT]),
        qk_nope_head_dim=draw.choice([16, 128]),
        qk_rope_head_dim=draw.choice([8, 64]),
        v_head_dim=draw.choice([8, ABSENT]),
    )


def _one_head_a_query(held: Config) -> Config:
    return held | {"num_key_value_heads": held["num_attention_heads"]}


def _sarvam_mla(draw: Random) -> Config:
    held = _one_head_a_query(_plain(draw, head_dim=False)) | _latent(draw)
    return {"model_type": "sarvam_mla"} | held | _grouped_experts(draw, held["num_hidden_layers"])


def _deepseek_v2(draw: Random) -> Config:
    held = _one_head_a_query(_plain(draw, head_dim=False)) | _latent(draw)
    held |= _grouped_experts(draw, held["num_hidden_layers"])
    held |= _kept(
        topk_method=draw.choice([ABSENT, "greedy", "group_limited_greedy"]), mlp_bias=_flag(draw)
    )
    return {"model_type": "deepseek_v2"} | _without(
        held, "num_nextn_predict_layers", "num_mtp_layers", "norm_topk_prob"
    )


def _mistral4(draw: Random) -> Config:
    held = _one_head_a_query(_dense(draw, head_dim=False))
    warmed = {"rope_type": "yarn", "rope_theta": 3e6, "factor": 4.0, "llama_4_scaling_beta": 0.1}
    held |= draw.choice(
        [{}, {"rope_parameters": warmed | {"original_max_position_embeddings": 4096}}]
    )
    held |= _latent(draw) | _grouped_experts(draw, held["num_hidden_layers"])
    return {"model_type": "mistral4"} | _without(held, "num_nextn_predict_layers", "num_mtp_layers")


def _pixtral(draw: Random) -> Config:
    heads = draw.choice([1, 4])
    return _kept(
        model_type="pixtral",
        hidden_size=heads * draw.choice([8, 64]),
        intermediate_size=draw.choice([16, 4096]),
        num_hidden_layers=draw.randint(1, 4),
        num_attention_heads=heads,
        num_channels=draw.choice([ABSENT, 1]),
        patch_size=draw.choice([2, 14]),
        image_size=140,
    )


def _mistral3(draw: Random) -> Config:
    mistral = _plain(draw, "attention_bias") | _kept(sliding_window=_window(draw))
    text = draw.choice([{"model_type": "mistral"} | mistral, _mistral4(draw)])
    return _kept(
        model_type="mistral3",
        text_config=text,
        vision_config=_pixtral(draw),
        multimodal_projector_bias=_flag(draw),
        spatial_merge_size=draw.choice([ABSENT, 1, 2]),
        vision_feature_layer=draw.choice([ABSENT, -1, [-1, -2]]),
        tie_word_embeddings=draw.choice([True, False]),  # where nobody says so: differences.toml
    )


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
        | _kept(
            mlp_bias=_flag(draw),
            num_shared_experts=draw.choice([ABSENT, 1, 2]),
            moe_intermediate_size=draw.choice([ABSENT, 8]),
            router_scaling_factor=draw.choice([ABSENT, 1.5]),
            mlp_layer_types=_schedule(draw, held["num_hidden_layers"], "dense", "sparse"),
            num_nextn_predict_layers=draw.choice([ABSENT, 0, 2]),
        )
    )


def _ernie4_5_moe(draw: Random) -> Config:
    held = _plain(draw, "attention_bias", head_dim=False)
    layers = held["num_hidden_layers"]
    return (
        {"model_type": "ernie4_5_moe"}
        | held
        | _kept(
            use_bias=_flag(draw),
            moe_intermediate_size=draw.choice([ABSENT, 8]),
            moe_k=draw.choice([1, 2]),
            moe_num_experts=draw.choice([2, 5]),
            moe_num_shared_experts=draw.choice([ABSENT, 0, 1, 2]),
            moe_layer_start_index=draw.choice([ABSENT, 0, 2]),
            moe_layer_end_index=draw.choice([ABSENT, -1, layers - 1]),
            moe_layer_interval=draw.choice([ABSENT, 1, 2]),
            num_nextn_predict_layers=draw.choice([ABSENT, 0, 1]),
        )
    )


def _afmoe(draw: Random) -> Config:
    held = _plain(draw) | _some_experts(draw, "num_experts")
    layers = held["num_hidden_layers"]
    return (
        {"model_type": "afmoe"}
        | held
        | _kept(
            moe_intermediate_size=draw.choice([ABSENT, 8]),
            num_dense_layers=draw.choice([ABSENT, 0, 1, layers]),
            num_shared_experts=draw.choice([ABSENT, 1, 2]),
            route_scale=draw.choice([ABSENT, 2.0]),
            global_attn_every_n_layers=draw.choice([ABSENT, 1, 2]),
            sliding_window=draw.choice([ABSENT, 2, 128]),
            layer_types=_schedule(draw, layers, *TYPES),
            mup_enabled=_flag(draw),
        )
    )


def _laguna(draw: Random) -> Config:
    held = _dense(draw) | _two_rotations(draw, partial=True) | _some_experts(draw, "num_experts")
    layers, kv_heads = held["num_hidden_layers"], held["num_key_value_heads"]
    heads = [kv_heads * draw.choice([1, 2]) for _ in range(layers)]
    return (
        {"model_type": "laguna"}
        | held
        | _kept(
            gating=draw.choice([ABSENT, True, False, "per-head"]),
            moe_intermediate_size=draw.choice([ABSENT, 8]),
            shared_expert_intermediate_size=draw.choice([ABSENT, 16]),
            moe_routed_scaling_factor=draw.choice([ABSENT, 2.5]),
            moe_router_logit_softcapping=draw.choice([ABSENT, 0.0, 30.0]),
            num_attention_heads_per_layer=draw.choice([ABSENT, None, heads]),
            sliding_window=draw.choice([ABSENT, 2, 128]),
            layer_types=_schedule(draw, layers, *TYPES),
            mlp_layer_types=_schedule(draw, layers, "dense", "sparse"),
        )
    )


def _falcon(draw: Random) -> Config:
    kv_heads = draw.choice([1, 2, 8])
    heads = kv_heads * draw.choice([1, 2, 5])
    new = draw.choice([True, False])
    return _rope(draw) | _kept(
        model_type="falcon",
        pad_token_id=None,
        vocab_size=draw.choice([97, ABSENT]),
        hidden_size=heads * 64,
        num_hidden_layers=draw.randint(1, 6),
        num_attention_heads=heads,
        num_kv_heads=kv_heads if new else draw.choice([ABSENT, None, heads]),
        new_decoder_architecture=new,
        num_ln_in_parallel_attn=draw.choice([ABSENT, None, 1, 2]) if new else ABSENT,
        multi_query=_flag(draw),
        parallel_attn=ABSENT if new else _flag(draw),
        bias=_flag(draw),
        ffn_hidden_size=draw.choice([ABSENT, None, 48]),
        activation=draw.choice([ABSENT, "relu"]),
        max_position_embeddings=draw.choice([ABSENT, 512]),
        tie_word_embeddings=_flag(draw),
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


def _qwen_vision(draw: Random, model_type: str) -> Config:
    heads = draw.choice([1, 4])
    return _kept(
        model_type=model_type,
        depth=draw.randint(1, 4),
        hidden_size=heads * draw.choice([8, 72]),
        intermediate_size=draw.choice([16, 4304]),
        num_heads=heads,
        in_channels=draw.choice([ABSENT, 1]),
        patch_size=draw.choice([2, 16]),
        temporal_patch_size=draw.choice([ABSENT, 1, 2]),
        spatial_merge_size=draw.choice([ABSENT, 1, 2]),
        out_hidden_size=draw.choice([ABSENT, 32]),
        num_position_embeddings=draw.choice([ABSENT, 64]),
    )


def _qwen3_5(draw: Random) -> Config:
    return _kept(
        model_type="qwen3_5",
        text_config=_qwen3_5_text(draw),
        vision_config=_qwen_vision(draw, "qwen3_5_vision"),
        tie_word_embeddings=draw.choice([True, False]),
    )


def _qwen3_5_moe(draw: Random) -> Config:
    return _kept(
        model_type="qwen3_5_moe",
        text_config=_qwen3_5_moe_text(draw),
        vision_config=_qwen_vision(draw, "qwen3_5_moe_vision"),
        tie_word_embeddings=draw.choice([True, False]),
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


MORE: Mapping[str, Callable[[Random], Config]] = {
    "afmoe": _afmoe,
    "apertus": _apertus,
    "cohere": _cohere,
    "cohere2": _cohere2,
    "cohere2_moe": _cohere2_moe,
    "cohere2_vision": _cohere2_vision,
    "deepseek_v2": _deepseek_v2,
    "dots1": _dots1,
    "ernie4_5_moe": _ernie4_5_moe,
    "falcon": _falcon,
    "falcon_h1": _falcon_h1,
    "gemma": _gemma,
    "gemma2": _gemma2,
    "glm4": _glm4,
    "granite": _granite,
    "granitemoehybrid": _granitemoehybrid,
    "hunyuan_v1_moe": _hunyuan_v1_moe,
    "hy_v3": _hy_v3,
    "laguna": _laguna,
    "mellum": _mellum,
    "mimo_v2_flash": _mimo_v2_flash,
    "minimax_m2": _minimax_m2,
    "mistral3": _mistral3,
    "mistral4": _mistral4,
    "mixtral": _mixtral,
    "olmo": _olmo,
    "olmoe": _olmoe,
    "phimoe": _phimoe,
    "qwen2": _qwen2,
    "qwen3_5": _qwen3_5,
    "qwen3_5_moe": _qwen3_5_moe,
    "qwen3_5_moe_text": _qwen3_5_moe_text,
    "qwen3_5_text": _qwen3_5_text,
    "sarvam_mla": _sarvam_mla,
    "sarvam_moe": _sarvam_moe,
    "solar_open": _solar_open,
    "stablelm": _stablelm,
    "starcoder2": _starcoder2,
}
