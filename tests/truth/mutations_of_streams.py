"""Random configs of families of 2020 to 2025 that were missing: several streams, experts stored as rows, attention in pairs."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.truth.mutations import (
    ABSENT,
    ROTATION,
    Config,
    Family,
    _as,
    _drawn,
    _one_rotation_each,
)


def _gemma3n_text(draw: Random) -> Config:
    layers = draw.choice([5, 6, 12])
    shared = draw.choice([0, 2]) if layers == 12 else 0
    pattern = ["sliding_attention", "full_attention"] * 6
    rows = [draw.choice([0.0, 0.5, 0.95]) for _ in range(layers)]
    heads = draw.choice([1, 2, 6])
    held = _drawn(
        draw,
        "gemma3n_text",
        "rope_parameters",
        "rope_theta",
        "rope_local_base_freq",
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=draw.choice([1, heads]),
        intermediate_size=draw.choice([ABSENT, 65, [64 + 2 * i for i in range(layers)]]),
        activation_sparsity_pattern=draw.choice([ABSENT, None, rows]),
        layer_types=draw.choice([ABSENT, None, pattern[:layers]]),
        sliding_window=draw.choice([ABSENT, 2, 128]),
        head_dim=draw.choice([8, 64]),
        num_kv_shared_layers=shared,
        vocab_size_per_layer_input=draw.choice([97, ABSENT]),
        hidden_size_per_layer_input=draw.choice([ABSENT, 8]),
        laurel_rank=draw.choice([ABSENT, 1, 5]),
        altup_num_inputs=draw.choice([ABSENT, 2, 3]),
        altup_correct_scale=draw.choice([ABSENT, True, False]),
    )
    return held | _one_rotation_each(draw)


def _dbrx(draw: Random) -> Config:
    keys = draw.choice([1, 2, 8])
    heads, base = keys * draw.choice([1, 3]), draw.choice([10000.0, 500000.0])
    experts = draw.choice([1, 4, 16])
    mixture: Config = {
        "ffn_act_fn": draw.choice([{"name": "silu"}, {"name": "gelu"}]),
        "ffn_hidden_size": draw.choice([1, 65, 3584]),
        "moe_num_experts": experts,
        "moe_top_k": min(experts, draw.choice([1, 2, 4])),
        "moe_normalize_expert_weights": draw.choice([None, 1.0]),
    }
    return _drawn(
        draw,
        "dbrx",
        d_model=heads * draw.choice([8, 96]),
        n_heads=heads,
        attn_config={
            "kv_n_heads": keys,
            "clip_qkv": draw.choice([2, 0.5]),
            "rope_theta": base,
        },
        ffn_config={k: v for k, v in mixture.items() if draw.random() < 0.8 or k == "moe_top_k"}
        | ({"moe_num_experts": experts}),
        rope_theta=base,  # read by the reference, which passes the attention's own over
    )


def _ctrl(draw: Random) -> Config:
    heads = draw.choice([1, 2, 4])
    width = heads * draw.choice([8, 96])
    return _drawn(draw, "ctrl", n_embd=width, n_head=heads, dff=draw.choice([1, 65, 8192]))


def _modernbert_decoder(draw: Random) -> Config:
    layers, heads = draw.randint(1, 7), draw.choice([1, 2, 12])
    pattern = [draw.choice(["sliding_attention", "full_attention"]) for _ in range(layers)]
    held = _drawn(
        draw,
        "modernbert_decoder",
        *(*ROTATION, "rope_local_base_freq"),
        num_hidden_layers=layers,
        num_attention_heads=heads,
        hidden_size=heads * draw.choice([8, 64]),
        layer_types=draw.choice([ABSENT, None, pattern]),
        local_attention=draw.choice([ABSENT, 4, 11]),
        hidden_activation=draw.choice([ABSENT, "gelu", "silu"]),
        classifier_activation=draw.choice([ABSENT, "gelu", "silu"]),
        pad_token_id=0,
    )
    spelled = draw.choice([{}, {"global_rope_theta": 3e6}, {"local_rope_theta": 30000.0}])
    every = {} if "layer_types" in held else draw.choice([{}, {"global_attn_every_n_layers": 2}])
    return held | every | draw.choice([spelled, _one_rotation_each(draw)])


def _xglm(draw: Random) -> Config:
    heads = draw.choice([1, 2, 4])
    return _drawn(
        draw,
        "xglm",
        "add_cross_attention",
        d_model=heads * draw.choice([8, 96]),
        attention_heads=heads,
        activation_function=draw.choice([ABSENT, "gelu", "relu"]),
    )


def _diffllama(draw: Random) -> Config:
    keys = draw.choice([2, 4])
    heads = keys * draw.choice([1, 3])
    return _drawn(
        draw,
        "diffllama",
        num_key_value_heads=keys,
        num_attention_heads=heads,
        hidden_size=heads * draw.choice([8, 96]),
        head_dim=draw.choice([ABSENT, 8, 64]),
    )


def _jetmoe(draw: Random) -> Config:
    keys = draw.choice([1, 2, 8])
    experts = draw.choice([1, 2, 8])
    return _drawn(
        draw,
        "jetmoe",
        hidden_size=draw.choice([16, 192]),
        num_key_value_heads=keys,
        kv_channels=draw.choice([8, 64]),
        num_local_experts=experts,
        num_experts_per_tok=min(experts, draw.choice([1, 2])),
        activation_function=draw.choice([ABSENT, "gelu"]),
    )


STREAMS: Mapping[str, Family] = {
    "biogpt": _as("biogpt", num_attention_heads=[1, 2], hidden_size=[16, 192]),
    "ctrl": _ctrl,
    "dbrx": _dbrx,
    "diffllama": _diffllama,
    "gemma3n_text": _gemma3n_text,
    "jetmoe": _jetmoe,
    "modernbert_decoder": _modernbert_decoder,
    "xglm": _xglm,
}
