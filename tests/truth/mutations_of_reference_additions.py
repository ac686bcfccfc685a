"""Random configs of families that arrived in the reference, or were found to be missing, in late 2026."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from tests.truth.mutations import (
    ABSENT,
    KEYS,
    LINEAR,
    ROTATION,
    Config,
    Family,
    _as,
    _drawn,
    _heads,
    _part,
    _schedule,
)


def _axk1(draw: Random) -> Config:
    return _drawn(draw, "axk1", "head_dim", q_lora_rank=draw.choice([8, 384]), **_heads(draw))


def _axk2(draw: Random) -> Config:
    groups = draw.choice([{}, {"n_group": 1}, {"n_group": 2}, {"n_group": 4}])
    held = _drawn(
        draw,
        "axk2",
        "head_dim",
        "layer_types",
        "n_group",
        "topk_group",
        q_lora_rank=draw.choice([8, 384]),
        qk_rope_head_dim=draw.choice([8, 32]),
        index_head_dim=draw.choice([64, 128]),
        n_routed_experts=16,
        num_experts_per_tok=draw.choice([1, 3]),
        **_heads(draw),
    )
    return held | groups | ({"topk_group": 1} if groups else {})


def _blt(draw: Random) -> Config:
    """Four transformers: encoder and decoder as wide as each other, and as many vectors of a patch in both."""
    width, wide = draw.choice([32, 96]), draw.choice([64, 192, 256])
    many, heads = draw.choice([1, 2, 3]), draw.choice([1, 2, 4])
    sides: Config = {"hidden_size": width, "cross_attn_k": many}
    held: Config = {"num_attention_heads": heads, "num_key_value_heads": draw.choice([1, heads])}
    turned = ("rope_theta", "rope_scaling", "rope_parameters", "partial_rotary_factor")
    own: Config = {
        "encoder_config": _part(draw, "blt", "encoder_config", *turned, **sides, **held),
        "decoder_config": _part(
            draw, "blt", "decoder_config", *turned, hidden_size_global=wide, **sides, **held
        ),
        "global_config": _part(draw, "blt", "global_config", *turned, hidden_size=wide, **held),
        "patcher_config": _part(draw, "blt", "patcher_config", *turned, hidden_size=48, **held),
        "patching_mode": draw.choice([ABSENT, "entropy", "static", None]),
        "patching_threshold": draw.choice([ABSENT, 3.9, 4.3]),  # of small ones with few bytes
        "patch_size": draw.choice(
            [ABSENT, 8]
        ),  # of which without one every byte is a patch but the last
        "max_patch_length": draw.choice([ABSENT, None]),
        "encoder_hash_byte_group_size": draw.choice([ABSENT, None, [3], [2, 5, 9]]),
    }
    return _drawn(draw, "blt", cross_attn_k=many, **own)


def _dots3_note_text(draw: Random) -> Config:
    """Sizes of windows as the releases spell them; the reference saves them as a config of each layer."""
    heads, nope, turned = draw.choice([1, 4]), draw.choice([16, 24]), draw.choice([8, 32])
    own: Config = {
        "swa_num_attention_heads": heads,
        "swa_num_key_value_heads": heads,
        "swa_q_lora_rank": draw.choice([8, 96]),
        "swa_kv_lora_rank": draw.choice([6, 64]),
        "swa_head_dim": nope + turned,
        "swa_qk_nope_head_dim": nope,
        "swa_v_head_dim": draw.choice([12, 64]),
    }
    layers = draw.choice([3, 6, 12])
    freq = [draw.choice([0, 1]) for _ in range(layers)]
    listed = [draw.choice(["sliding_attention", "full_attention"]) for _ in range(layers)]
    each: tuple[tuple[Config, ...], ...] = (
        ({}, {"swa_rope_theta": 1000.0}, {"rope_theta": 1e6}),
        ({}, {"use_sliding_window": False}, {"use_dsa": False}),
        ({}, {"moe_layer_freq": 2}, {"moe_layer_freq": freq}),
        ({}, {"sliding_window_size": 5}, {"sliding_window": 2}),
        ({}, {"layer_types": listed}),
    )
    for one in each:
        own |= draw.choice(one)
    groups = draw.choice([1, 2, 4])
    held = _drawn(
        draw,
        "dots3_note_text",
        *(*ROTATION, "head_dim", "layer_types", "sliding_window", "num_nextn_predict_layers"),
        num_hidden_layers=layers,
        q_lora_rank=draw.choice([8, 384]),
        qk_rope_head_dim=draw.choice([8, 32]),
        index_head_dim=draw.choice([64, 128]),
        n_routed_experts=16,
        num_experts_per_tok=draw.choice([1, 3]),
        n_group=groups,
        topk_group=draw.choice([1, groups]),
        **_heads(draw),
    )
    return held | own


def _gpt_neo(draw: Random) -> Config:
    heads, layers = draw.choice([1, 4]), draw.choice([2, 4, 6])
    runs = [[["global", "local"], layers // 2]], [[["local"], 1], [["global"], layers - 1]]
    return _drawn(
        draw,
        "gpt_neo",
        hidden_size=heads * draw.choice([16, 128]),
        num_heads=heads,
        num_layers=layers,
        attention_types=draw.choice(runs),
        window_size=draw.choice([ABSENT, 2, 5]),
        activation_function=draw.choice([ABSENT, "gelu", "relu"]),
    )


def _gpt_sw3(draw: Random) -> Config:
    heads = draw.choice([1, 4])
    width = heads * draw.choice([16, 128])
    return _drawn(draw, "gpt_sw3", "n_ctx", n_embd=width, n_head=heads, activation_function=ABSENT)


def _hrm_text(draw: Random) -> Config:
    layers, high, low = draw.randint(1, 4), draw.randint(1, 3), draw.randint(1, 3)
    saved = {"num_layers_per_stack": layers, "num_hidden_layers": layers * high * (low + 1)}
    held = _drawn(
        draw,
        "hrm_text",
        "num_layers_per_stack",
        num_hidden_layers=layers,
        H_cycles=high,
        L_cycles=low,
        initializer_range=draw.choice([ABSENT, 0.05, 1.0]),
    )
    return held | draw.choice([{}, {"num_layers_per_stack": None}, saved])


def _lara_mini(draw: Random) -> Config:
    layers, groups = draw.randint(1, 9), draw.choice([1, 2])
    kinds = "linear_attention", "sliding_attention", "full_attention"
    return _drawn(
        draw,
        "lara_mini",
        num_hidden_layers=layers,
        layer_types=_schedule(draw, layers, *kinds),
        linear_num_key_heads=draw.choice([1, 2]),
        linear_num_value_heads=2 * groups,
        linear_key_head_dim=draw.choice(KEYS),
    )


def _olmo_hybrid(draw: Random) -> Config:
    layers, heads = draw.randint(2, 9), draw.choice([1, 2])
    kinds = draw.sample(LINEAR, 2)  # the class refuses a stack without one of them
    listed = [*kinds, *(draw.choice(LINEAR) for _ in range(layers - 2))]
    held = _drawn(
        draw,
        "olmo_hybrid",
        num_hidden_layers=layers,
        layer_types=draw.choice([ABSENT, None, listed]),
        linear_num_key_heads=draw.choice([ABSENT, None, heads]),
        linear_num_value_heads=ABSENT,
        linear_key_head_dim=draw.choice([*KEYS, None]),
    )
    if held.get("linear_num_key_heads") == heads:
        held["linear_num_value_heads"] = heads * draw.choice([1, 3])
    return held | draw.choice([{}, {"rope_theta": None, "rope_parameters": None}])


def _recurrent_gemma(draw: Random) -> Config:
    heads = draw.choice([1, 2, 10])
    own = {
        "num_attention_heads": heads,
        "hidden_size": heads * draw.choice([8, 96]),
        "intermediate_size": draw.choice([ABSENT, 2, 65, 11008]),
        "lru_width": draw.choice([ABSENT, None, heads * 16]),
        "num_key_value_heads": draw.choice([1, heads]),
        "attention_window_size": draw.choice([ABSENT, 2, 5]),
        "block_types": draw.choice([ABSENT, ["attention", "recurrent"], ["recurrent"]]),
    }
    held = _drawn(draw, "recurrent_gemma", scaled=False, **own)
    return held | (draw.choice([{}, {"num_key_value_heads": None}]))


REFERENCE_ADDITIONS: Mapping[str, Family] = {
    "axk1": _axk1,
    "axk2": _axk2,
    "blt": _blt,
    "dots3_note_text": _dots3_note_text,
    "gpt_neo": _gpt_neo,
    "gpt_neox_japanese": _as(
        "gpt_neox_japanese",
        *(*ROTATION, "partial_rotary_factor"),
        rotary_pct=[ABSENT, 0.25, 0.5, 1.0],
        rotary_emb_base=[ABSENT, 500000],
    ),
    "gpt_sw3": _gpt_sw3,
    "hrm_text": _hrm_text,
    "kolibri1": _as("kolibri1", sliding_window=[ABSENT, 2, 128]),
    "lara_mini": _lara_mini,
    "olmo_hybrid": _olmo_hybrid,
    "recurrent_gemma": _recurrent_gemma,
}
