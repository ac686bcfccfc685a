"""Random configs of families with experts and plain attention, drawn with a seed."""

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
    _schedule,
)


def _qwen3_moe(draw: Random) -> Config:
    count = draw.choice([1, 5, 16, 0])  # none: all layers are dense
    used: Config = {"num_experts_per_tok": 1} if count < 2 else {}
    return _drawn(draw, "qwen3_moe", num_experts=count, **used)


def _llama4_text(draw: Random) -> Config:
    layers = draw.randint(1, 9)
    rotated = [draw.randint(0, 1) for _ in range(layers)]
    held = _drawn(
        draw,
        "llama4_text",
        num_hidden_layers=layers,
        moe_layers=draw.choice([ABSENT, None, [], [0], list(range(0, layers, 2))]),
        no_rope_layers=draw.choice([ABSENT, None, [], rotated]),
        no_rope_layer_interval=draw.choice([ABSENT, 2, 4]),
        attn_temperature_tuning=draw.choice([ABSENT, True, False]),
        interleave_moe_layer_step=draw.choice([ABSENT, 1, 2, 3]),
        attention_chunk_size=draw.choice([ABSENT, None, 2, 8192]),
        layer_types=_schedule(draw, layers, "chunked_attention", "full_attention"),
    )
    if held.get("attention_chunk_size", 1) is None:
        held.pop("layer_types", None)
    return held


def _dots1(draw: Random) -> Config:
    layers = draw.randint(1, 9)
    prefix = {"first_k_dense_replace": draw.choice([0, 1, layers])}
    held: Config = {"num_hidden_layers": layers, "n_shared_experts": 1} | prefix
    return _drawn(draw, "dots1", "layer_types", **held)


def _two_rotations(model_type: str, **full: float) -> Family:
    """Each kind of layer its own, stretched where it sees everything."""
    stretched = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 4096}
    return lambda draw: (
        _drawn(draw, model_type, "rope_parameters") | _one_rotation_each(draw, **stretched, **full)
    )


def _laguna(draw: Random) -> Config:
    held = _two_rotations("laguna", partial_rotary_factor=0.5)(draw)
    layers, kv_heads = held["num_hidden_layers"], held["num_key_value_heads"]
    heads = [kv_heads * draw.choice([1, 2]) for _ in range(layers)]
    return held | draw.choice([{}, {"num_attention_heads_per_layer": heads}])


def _minimax_m2(draw: Random) -> Config:
    rotated = draw.choice([{}, {"rotary_dim": 32}])
    without = ("partial_rotary_factor",) if rotated else ()
    return _drawn(draw, "minimax_m2", *without, head_dim=64) | rotated


def _hunyuan_v1_moe(draw: Random) -> Config:
    layers = draw.randint(1, 9)
    used = draw.choice([1, 2, [draw.randint(1, 2) for _ in range(layers)]])
    own: Config = {"num_hidden_layers": layers, "moe_topk": used}
    return _drawn(draw, "hunyuan_v1_moe", head_dim=64, **own)  # the reference fails without


def _ernie4_5_moe(draw: Random) -> Config:
    layers = draw.randint(1, 9)
    return _drawn(
        draw,
        "ernie4_5_moe",
        num_hidden_layers=layers,
        moe_layer_start_index=draw.choice([ABSENT, 0, 2]),
        moe_layer_end_index=draw.choice([ABSENT, -1, layers - 1]),
        num_nextn_predict_layers=draw.choice([ABSENT, 0, 1]),  # the reference takes no more
    )


def _mimo_v2_flash(draw: Random) -> Config:
    """What the reference reads of the hub's keys: it takes the windowed layers' own ones as fixed."""
    layers, kv_heads = draw.randint(1, 9), draw.choice([1, 2])
    heads, dim = 2 * kv_heads * draw.choice([1, 3]), draw.choice([8, 64])
    return _drawn(
        draw,
        "mimo_v2_flash",
        *("layer_types", "mlp_layer_types"),
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        head_dim=dim,
        v_head_dim=16,
        swa_num_attention_heads=heads,
        swa_num_key_value_heads=2 * kv_heads,
        swa_head_dim=dim,
        swa_v_head_dim=16,
        swa_rope_theta=10000.0,
        rope_theta=draw.choice([ABSENT, 5000000]),
        partial_rotary_factor=0.334,
        sliding_window=draw.choice([2, 128]),
        hybrid_layer_pattern=[int(i > 0 and (i + 1) % 6 != 0) for i in range(layers)],
        moe_layer_freq=[int(i > 0) for i in range(layers)],
        add_swa_attention_sink_bias=True,
        add_full_attention_sink_bias=False,
    )


def _gemma4_text(draw: Random) -> Config:
    layers = draw.choice([6, 7, 12])
    mixed: Config = draw.choice(
        [{}, {"num_experts": 3, "top_k_experts": 2, "moe_intermediate_size": 5}]
    )
    unified: Config = draw.choice([{}, {"num_global_key_value_heads": 1}])
    shared = draw.choice([0, 3]) if layers == 12 else 0
    without = ("layer_types", "rope_parameters", "use_bidirectional_attention")
    lacking = (
        "num_experts",
        "top_k_experts",
        "moe_intermediate_size",
        "num_global_key_value_heads",
    )
    return _drawn(
        draw,
        "gemma4_text",
        *(key for key in (*without, *lacking) if key not in mixed | unified),
        **mixed,
        **unified,
        num_hidden_layers=layers,
        head_dim=draw.choice([8, 64]),
        enable_moe_block=bool(mixed),
        attention_k_eq_v=bool(unified) or ABSENT,
        global_head_dim=draw.choice([ABSENT, 16]),
        vocab_size_per_layer_input=draw.choice([97, ABSENT]),
        hidden_size_per_layer_input=draw.choice([ABSENT, 8] if shared else [ABSENT, 0, 8]),
        num_kv_shared_layers=shared,
    )


def _cohere2_moe(draw: Random) -> Config:
    layers = draw.randint(1, 9)
    return _drawn(
        draw,
        "cohere2_moe",
        *("rope_theta", "mlp_layer_types"),
        num_hidden_layers=layers,
        sliding_window_pattern=draw.choice([ABSENT, 1, 2]),
        first_k_dense_replace=draw.choice([ABSENT, 0, 1, layers]),
        prefix_dense_intermediate_size=64,
        rms_norm_eps=draw.choice([ABSENT, None, 1e-6]),
    )


EXPERTS: Mapping[str, Family] = {
    # Of no shared expert the reference makes empty matrices, and warns.
    "afmoe": _as("afmoe", num_shared_experts=[1, 2, ABSENT]),
    "cohere2_moe": _cohere2_moe,
    "dots1": _dots1,
    "ernie4_5_moe": _ernie4_5_moe,
    "gemma4_text": _gemma4_text,
    "glm4_moe": _as("glm4_moe"),
    "gpt_oss": _as("gpt_oss"),
    "hunyuan_v1_moe": _hunyuan_v1_moe,
    "hy_v3": _as("hy_v3"),
    "laguna": _laguna,
    "llama4_text": _llama4_text,
    "mellum": _two_rotations("mellum"),
    "mimo_v2_flash": _mimo_v2_flash,
    "minimax_m2": _minimax_m2,
    # It can't stretch the rotation of heads whose size the config doesn't state.
    "mixtral": _as("mixtral", scaled=False),
    "olmoe": _as("olmoe"),
    "phimoe": _as("phimoe", scaled=False),
    "qwen3_moe": _qwen3_moe,
    "sarvam_moe": _as("sarvam_moe"),
    "solar_open": _as("solar_open"),
}
