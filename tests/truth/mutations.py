"""Random configs of every family, drawn with a seed: each key stated, null or left out, sizes tiny to huge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

ABSENT = object()
"""Drawn where a config leaves the key out."""

Config = dict[str, Any]


def mutated(model_type: str, seed: int) -> Config:
    """A config of that family; the same seed gives the same config."""
    draw = Random(f"{model_type} {seed}")
    return FAMILIES[model_type](draw)


def _kept(**drawn: Any) -> Config:
    return {key: value for key, value in drawn.items() if value is not ABSENT}


def _flag(draw: Random) -> Any:
    return draw.choice([True, False, ABSENT])


def _schedule(draw: Random, layers: int, *kinds: str) -> Any:
    """One kind a layer, or nothing stated."""
    return draw.choice([ABSENT, None, [draw.choice(kinds) for _ in range(layers)]])


def _scaling(draw: Random, key: str = "rope_type") -> Config:
    """A context extension."""
    kind = draw.choice(["linear", "yarn", "llama3"])
    held: Config = {key: kind, "factor": draw.choice([2.0, 8.0])}
    if kind in ("yarn", "llama3"):
        held["original_max_position_embeddings"] = 4096
    if kind == "llama3":
        held |= {"low_freq_factor": 1.0, "high_freq_factor": 4.0}
    return held


def _rope(draw: Random, *, scaled: bool = True) -> Config:
    """Positions as configs spell them: nothing, the older two keys, or `rope_parameters`."""
    theta = draw.choice([10000.0, 500000, 1e6])
    style = draw.choice(["none", "old", "new"])
    key = draw.choice(["type", "rope_type"]) if style == "old" else "rope_type"
    extension = _scaling(draw, key) if scaled and draw.random() < 0.5 else None
    if style == "none":
        return {}
    if style == "old":
        return {"rope_theta": theta} | _kept(rope_scaling=extension or draw.choice([None, ABSENT]))
    return {"rope_parameters": {"rope_type": "default", "rope_theta": theta} | (extension or {})}


def _partial(draw: Random, held: Config) -> Config:
    """A rotated part of each head, beside the rest or inside `rope_parameters`."""
    factor = draw.choice([ABSENT, 0.25, 0.5, 1.0])
    if factor is not ABSENT and "rope_parameters" in held and draw.random() < 0.5:
        held["rope_parameters"]["partial_rotary_factor"] = factor
        return {}
    return _kept(partial_rotary_factor=factor)


def _dense(draw: Random, *, head_dim: bool = True, layers: int | None = None) -> Config:
    """The keys that all decoders after Llama's share."""
    kv_heads = draw.choice([1, 2, 3, 8])
    heads = kv_heads * draw.choice([1, 2, 5])
    dim = draw.choice([8, 64, 128, 256])
    count = draw.randint(1, 9) if layers is None else layers
    return _kept(
        vocab_size=draw.choice([97, 50257, 262144]),
        pad_token_id=None,  # the reference refuses one that the vocabulary lacks
        hidden_size=heads * draw.choice([8, 96, 512]),
        intermediate_size=draw.choice([1, 64, 11008, 65536]),
        num_hidden_layers=count,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        head_dim=draw.choice([dim, dim, ABSENT]) if head_dim else ABSENT,
        hidden_act=draw.choice(["silu", "gelu", ABSENT]),
        max_position_embeddings=draw.choice([512, 131072, ABSENT]),
        tie_word_embeddings=_flag(draw),
        attention_bias=_flag(draw),
        rms_norm_eps=1e-5,
    )


def _llama(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw) | _kept(mlp_bias=_flag(draw))
    if draw.random() < 0.2:
        held["num_key_value_heads"] = None
    if draw.random() < 0.2:
        del held["num_key_value_heads"]
    if draw.random() < 0.2:
        held["head_dim"] = None
    return {"model_type": "llama"} | held


def _window(draw: Random) -> Any:
    return draw.choice([ABSENT, None, 2, 128, 4096])


def _mistral(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw) | _kept(sliding_window=_window(draw))
    held.pop("attention_bias", None)
    if draw.random() < 0.2:
        held["head_dim"] = None
    return {"model_type": "mistral"} | held


def _phi3(draw: Random) -> Config:
    held = _dense(draw, head_dim=False) | _rope(draw, scaled=False)
    held |= _kept(sliding_window=_window(draw), original_max_position_embeddings=4096)
    held |= _partial(draw, held)
    held.pop("attention_bias", None)
    if draw.random() < 0.3:
        held["num_key_value_heads"] = None
    return {"model_type": "phi3"} | held


def _olmo2(draw: Random) -> Config:
    return {"model_type": "olmo2"} | _dense(draw) | _rope(draw)


def _olmo3(draw: Random) -> Config:
    held = _dense(draw)
    held |= _kept(
        sliding_window=draw.choice([ABSENT, 2, 128, 4096]),
        layer_types=_schedule(
            draw, held["num_hidden_layers"], "sliding_attention", "full_attention"
        ),
    )
    theta = draw.choice([10000.0, 500000])
    held |= draw.choice(
        [
            {},
            {"rope_theta": theta},
            {"rope_theta": theta, "rope_scaling": _scaling(draw)},
            {
                "rope_parameters": {
                    "full_attention": {"rope_type": "default", "rope_theta": theta},
                    "sliding_attention": {"rope_type": "default", "rope_theta": 20000.0},
                }
            },
        ]
    )
    return {"model_type": "olmo3"} | held


def _gemma3_text(draw: Random) -> Config:
    held = _dense(draw)
    held.pop("hidden_act", None)
    layers = held["num_hidden_layers"]
    held |= _kept(
        hidden_activation=draw.choice(["gelu_pytorch_tanh", ABSENT]),
        query_pre_attn_scalar=draw.choice([168, ABSENT]),
        sliding_window=draw.choice([ABSENT, 2, 512, 1024]),
        sliding_window_pattern=draw.choice([ABSENT, 1, 2, 6]),
        layer_types=_schedule(draw, layers, "sliding_attention", "full_attention"),
        attn_logit_softcapping=draw.choice([ABSENT, None, 50.0]),
        final_logit_softcapping=draw.choice([ABSENT, None, 30.0]),
        use_bidirectional_attention=draw.choice([ABSENT, None, False, True]),
    )
    held |= draw.choice(
        [
            {},
            {"rope_theta": 2e6},
            {"rope_theta": 2e6, "rope_local_base_freq": 20000.0},
            {"rope_theta": 2e6, "rope_scaling": {"rope_type": "linear", "factor": 8.0}},
            {
                "rope_parameters": {
                    "full_attention": {"rope_type": "linear", "factor": 8.0, "rope_theta": 3e6},
                    "sliding_attention": {"rope_type": "default", "rope_theta": 30000.0},
                }
            },
        ]
    )
    return {"model_type": "gemma3_text"} | held


def _siglip(draw: Random) -> Config:
    heads, patch = draw.choice([1, 4]), draw.choice([2, 14, 16])
    return _kept(
        model_type="siglip_vision_model",
        hidden_size=heads * draw.choice([8, 72]),
        intermediate_size=draw.choice([16, 4304]),
        num_hidden_layers=draw.randint(1, 4),
        num_attention_heads=heads,
        image_size=patch * draw.choice([2, 8, 64]) + draw.choice([0, 1]),
        patch_size=patch,
        num_channels=draw.choice([ABSENT, 1, 3]),
        vision_use_head=_flag(draw),
    )


def _gemma3(draw: Random) -> Config:
    return _kept(
        model_type="gemma3",
        text_config=_gemma3_text(draw),
        vision_config=draw.choice([_siglip(draw), _siglip(draw), ABSENT]),
        mm_tokens_per_image=draw.choice([ABSENT, 256]),
        tie_word_embeddings=_flag(draw),
    )


def _qwen3(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw)
    layers = held["num_hidden_layers"]
    held |= _kept(
        use_sliding_window=_flag(draw),
        sliding_window=_window(draw),
        max_window_layers=draw.choice([ABSENT, 0, 2, layers]),
        layer_types=draw.choice([ABSENT, None, ["full_attention"] * layers]),
    )
    if held.get("use_sliding_window") and held.get("sliding_window"):
        held |= _kept(layer_types=_schedule(draw, layers, "sliding_attention", "full_attention"))
    return {"model_type": "qwen3"} | held


def _experts(draw: Random, layers: int) -> Config:
    return _kept(
        num_experts=draw.choice([1, 5, 16]),
        num_experts_per_tok=1,
        moe_intermediate_size=draw.choice([1, 768, 4096]),
        decoder_sparse_step=draw.choice([ABSENT, 1, 2, 3]),
        mlp_only_layers=draw.choice([ABSENT, None, [], [0], [layers - 1, layers + 3]]),
        norm_topk_prob=_flag(draw),
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


def _smollm3(draw: Random) -> Config:
    held = _dense(draw) | _rope(draw)
    layers = held["num_hidden_layers"]
    held |= _kept(
        mlp_bias=_flag(draw),
        use_sliding_window=_flag(draw),
        sliding_window=_window(draw),
        no_rope_layers=draw.choice(
            [ABSENT, None, [draw.randint(0, 1) for _ in range(layers + draw.choice([0, 2]))]]
        ),
        no_rope_layer_interval=draw.choice([ABSENT, 1, 2, 4]),
    )
    if held.get("use_sliding_window") and held.get("sliding_window"):
        held |= _kept(layer_types=_schedule(draw, layers, "sliding_attention", "full_attention"))
    return {"model_type": "smollm3"} | held


def _grouped_experts(draw: Random, layers: int) -> Config:
    groups = draw.choice([1, 2])
    return _kept(
        n_routed_experts=groups * draw.choice([2, 3, 8]),
        n_shared_experts=draw.choice([1, 2, ABSENT]),
        num_experts_per_tok=1,
        moe_intermediate_size=draw.choice([1, 1408]),
        n_group=groups,
        topk_group=1,
        first_k_dense_replace=draw.choice([ABSENT, 0, 1, layers, layers + 2]),
        norm_topk_prob=_flag(draw),
        routed_scaling_factor=draw.choice([ABSENT, 2.0, 1.5]),
        **draw.choice([{}, {"num_nextn_predict_layers": 1}, {"num_mtp_layers": 2}]),
    )


def _deepseek_v3(draw: Random) -> Config:
    held = _dense(draw, head_dim=False) | _rope(draw)
    held["num_key_value_heads"] = held["num_attention_heads"]  # latent attention has no groups
    held |= _grouped_experts(draw, held["num_hidden_layers"])
    held |= _kept(
        q_lora_rank=draw.choice([ABSENT, None, 1, 384]),
        kv_lora_rank=draw.choice([8, 512]),
        qk_nope_head_dim=draw.choice([16, 128]),
        qk_rope_head_dim=draw.choice([8, 64]),
        v_head_dim=draw.choice([8, 128, ABSENT]),
        rope_interleave=_flag(draw),
    )
    if "n_routed_experts" in held and draw.random() < 0.2:
        held["num_local_experts"] = held.pop("n_routed_experts")
    return {"model_type": draw.choice(["deepseek_v3", "kimi_k2"])} | held


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


def _llama4(draw: Random) -> Config:
    heads, patch, ratio = draw.choice([1, 4]), draw.choice([2, 14]), draw.choice([0.5, 1.0])
    vision = _kept(
        model_type="llama4_vision_model",
        hidden_size=heads * draw.choice([16, 88]),
        intermediate_size=draw.choice([16, 5632]),
        num_hidden_layers=draw.randint(1, 4),
        num_attention_heads=heads,
        num_channels=draw.choice([ABSENT, 3]),
        image_size=patch * draw.choice([2, 24]),
        patch_size=patch,
        pixel_shuffle_ratio=ratio,
        projector_input_dim=draw.choice([64, 4096]),
        projector_output_dim=draw.choice([32, 4096]),
        vision_output_dim=draw.choice([32, 4096]),
        multi_modal_projector_bias=_flag(draw),
    )
    text = _llama4_text(draw)
    return _kept(
        model_type="llama4",
        text_config=text,
        vision_config=draw.choice([vision, vision, ABSENT]),
        tie_word_embeddings=_flag(draw),
    )


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
    return spelling | _kept(
        model_type="nemotron_h",
        vocab_size=draw.choice([97, 131072]),
        hidden_size=draw.choice([16, 2688]),
        tie_word_embeddings=_flag(draw),
        num_attention_heads=kv_heads * draw.choice([1, 16]),
        num_key_value_heads=kv_heads,
        head_dim=draw.choice([8, 128, ABSENT]),
        attention_bias=_flag(draw),
        intermediate_size=draw.choice([16, 1856]),
        mlp_hidden_act=draw.choice(["relu2", ABSENT]),
        mlp_bias=_flag(draw),
        ssm_state_size=draw.choice([16, 128, ABSENT]),
        mamba_num_heads=groups * draw.choice([1, 16]),
        mamba_head_dim=draw.choice([8, 64, ABSENT]),
        n_groups=groups,
        conv_kernel=draw.choice([2, 4, ABSENT]),
        use_conv_bias=_flag(draw),
        use_bias=_flag(draw),
        mamba_proj_bias=_flag(draw),
        n_routed_experts=draw.choice([2, 6]),
        num_experts_per_tok=1,
        moe_intermediate_size=draw.choice([16, 1856]),
        moe_shared_expert_intermediate_size=draw.choice([16, 3712]),
        moe_latent_size=draw.choice([ABSENT, None, 8, 1024]),
        n_shared_experts=draw.choice([1, 2, ABSENT]),
        norm_topk_prob=_flag(draw),
        num_nextn_predict_layers=draw.choice([ABSENT, 0, 1]),
        mtp_hybrid_override_pattern=draw.choice([ABSENT, "*E"]),
    )


def _gpt2(draw: Random) -> Config:
    heads = draw.choice([1, 4, 25])
    width = heads * draw.choice([8, 64])
    layers = draw.randint(1, 6)
    spelled = draw.choice(
        [
            {"n_embd": width, "n_layer": layers, "n_head": heads},
            {"hidden_size": width, "num_hidden_layers": layers, "num_attention_heads": heads},
        ]
    )
    return spelled | _kept(
        model_type="gpt2",
        vocab_size=draw.choice([97, 50257, ABSENT]),
        n_positions=draw.choice([64, 1024, ABSENT]),
        n_inner=draw.choice([ABSENT, None, 1, 4096]),
        activation_function=draw.choice([ABSENT, "relu"]),
        tie_word_embeddings=_flag(draw),
        scale_attn_by_inverse_layer_idx=_flag(draw),
    )


FAMILIES: Mapping[str, Callable[[Random], Config]] = {
    "deepseek_v3": _deepseek_v3,
    "gemma3": _gemma3,
    "gemma3_text": _gemma3_text,
    "glm4_moe": _glm4_moe,
    "gpt2": _gpt2,
    "gpt_oss": _gpt_oss,
    "llama": _llama,
    "llama4": _llama4,
    "llama4_text": _llama4_text,
    "mistral": _mistral,
    "nemotron_h": _nemotron_h,
    "olmo2": _olmo2,
    "olmo3": _olmo3,
    "phi3": _phi3,
    "qwen3": _qwen3,
    "qwen3_moe": _qwen3_moe,
    "qwen3_next": _qwen3_next,
    "smollm3": _smollm3,
}
