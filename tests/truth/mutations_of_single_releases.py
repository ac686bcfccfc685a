"""Random configs of the families of 2026 that have one release each, drawn with a seed."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from tests.truth.mutations import (
    ABSENT,
    KEYS,
    Config,
    Family,
    _chosen,
    _drawn,
    _heads,
    _part,
    _schedule,
    _tower,
)
from tests.truth.mutations_of_experts import _gemma4_text
from tests.truth.mutations_of_latents import _latent

DEEPSEEK_V4_LAYERS = (
    "sliding_attention",
    "compressed_sparse_attention",
    "heavily_compressed_attention",
)


def _whole(draw: Random, model_type: str, **parts: Any) -> Config:
    """What a class nests, and what it says beside; whether the ends are tied, nothing else says."""
    tied = draw.choice([True, False])
    return _drawn(draw, model_type, **{"tie_word_embeddings": tied} | parts)


def _zaya(draw: Random) -> Config:
    kinds = ("hybrid", "hybrid_sliding")
    layers = draw.randint(1, 9)
    rotations = {kind: {"rope_type": "default", "rope_theta": 3e6} for kind in kinds}
    return _drawn(
        draw,
        "zaya",
        num_hidden_layers=layers,
        head_dim=draw.choice([8, 64, ABSENT]),
        layer_types=_schedule(draw, layers, *kinds),
        sliding_window=draw.choice([2, 128]),
        rope_parameters=draw.choice([ABSENT, rotations]),
    )


def _hy_v4(draw: Random) -> Config:
    layers = draw.randint(1, 9)
    return _drawn(
        draw,
        "hy_v4",
        *("layer_types", "rope_interleave"),
        **_heads(draw),
        num_hidden_layers=layers,
        q_lora_rank=draw.choice([8, 384]),
        indexer_types=draw.choice([ABSENT, None, _chosen(draw, layers, "full", "shared")]),
        hc_mult=draw.choice([2, 4, ABSENT]),
    )


def _muse_glimmer(draw: Random) -> Config:
    layers = draw.randint(1, 9)
    bases = [draw.choice([0, 5e5]) for _ in range(layers)]
    text = _part(
        draw,
        "muse_glimmer",
        "text_config",
        num_hidden_layers=layers,
        hidden_activation=draw.choice(["silu", ABSENT]),
        layer_rope_theta=draw.choice([ABSENT, bases]),
    )
    vision = _tower(draw, "muse_glimmer")
    width = vision["hidden_size"] * 4
    return _whole(
        draw, "muse_glimmer", text_config=text, vision_config=vision, out_hidden_size=width
    )


def _minimax_m3_vl(draw: Random) -> Config:
    layers, kv_heads = draw.randint(1, 9), draw.choice([1, 2, 8])  # each has an indexer of its own
    sparse = [draw.choice([0, 1]) for _ in range(layers)]
    told = {"sparse_attention_freq": sparse, "sparse_num_index_heads": kv_heads}
    types = [("full_attention", "minimax_m3_sparse")[is_so] for is_so in sparse]
    chosen: Config = draw.choice(
        [
            {"sparse_attention_config": told | {"sparse_index_dim": 16}},
            {"layer_types": types, "index_n_heads": kv_heads},
        ]
    )
    without = {"layer_types", "index_n_heads", "index_head_dim", "mlp_layer_types"} - chosen.keys()
    text = _part(
        draw,
        "minimax_m3_vl",
        "text_config",
        *without,
        **chosen,
        scaled=False,
        num_hidden_layers=layers,
        num_key_value_heads=kv_heads,
        head_dim=64,
        rotary_dim=draw.choice([32, 64]),
        moe_layer_freq=draw.choice([ABSENT, [draw.choice([0, 1]) for _ in range(layers)]]),
    )
    vision = _tower(draw, "minimax_m3_vl")
    parts = {"text_config": text, "vision_config": vision}
    return _whole(draw, "minimax_m3_vl", tie_word_embeddings=ABSENT, **parts)


def _deepseek_v4(draw: Random) -> Config:
    layers, groups = draw.randint(1, 7), draw.choice([1, 2])
    ratios = [*(draw.choice([0, 4, 128]) for _ in range(layers)), 0]
    hashes: Config = {"num_hash_layers": draw.choice([0, 1, layers])}
    as_saved: Config = {
        "layer_types": _schedule(draw, layers, *DEEPSEEK_V4_LAYERS),
        "mlp_layer_types": _schedule(draw, layers, "hash_moe", "moe"),
        "compress_rates": draw.choice(
            [
                ABSENT,
                *(
                    dict(zip(DEEPSEEK_V4_LAYERS[1:], rates, strict=True))
                    for rates in [(4, 32), (8, 16)]
                ),
            ]
        ),
    }
    chosen = draw.choice([{"compress_ratios": ratios} | hashes, as_saved])
    return _drawn(
        draw,
        "deepseek_v4",
        *("rope_theta", "rope_parameters", "partial_rotary_factor", "compress_rope_theta"),
        *({"layer_types", "mlp_layer_types", "compress_rates"} - chosen.keys()),
        **chosen,
        hidden_size=draw.choice([8, 320]),
        num_hidden_layers=layers,
        num_attention_heads=groups * draw.choice([1, 3]),
        head_dim=draw.choice([128, 512]),
        q_lora_rank=draw.choice([8, ABSENT]),
        qk_rope_head_dim=64,
        o_groups=groups,
        o_lora_rank=draw.choice([8, 64]),
        index_head_dim=128,
        hc_mult=draw.choice([2, 4, ABSENT]),
    )


def _inkling_mm_model(draw: Random) -> Config:
    layers, kv_heads = draw.randint(1, 9), draw.choice([1, 4])
    without = {"layer_types", "dense_intermediate_size", "moe_intermediate_size"}
    experts = draw.choice([{}, {"dense_intermediate_size": 80}, {"moe_intermediate_size": 48}])
    local = sorted(draw.sample(range(layers), draw.randint(0, layers)))
    text = _part(
        draw,
        "inkling_mm_model",
        "text_config",
        *without - experts.keys(),
        **experts,
        num_hidden_layers=layers,
        intermediate_size=64,
        head_dim=draw.choice([8, 64]),
        local_layer_ids=draw.choice([ABSENT, local]),
        swa_num_attention_heads=kv_heads * draw.choice([1, 2]),
        swa_num_key_value_heads=kv_heads,
        swa_head_dim=draw.choice([8, 64]),
        sliding_window_size=draw.choice([2, 128]),
    )
    modules = {"num_nextn_predict_layers": 2, "local_layer_ids": [draw.choice([0, 1])]}
    few = {"patch_size": 40, "n_channels": 3, "n_layers": draw.choice([2, 4, 5])}
    many = {"patch_size": 2, "n_channels": 3, "n_layers": draw.choice([6, 24])}  # wide in time
    return _whole(
        draw,
        "inkling_mm_model",
        text_config=text,
        audio_config={"n_mel_bins": draw.choice([8, 80]), "mel_vocab_size": 16},
        vision_config={"temporal_patch_size": draw.choice([2, 3]), **draw.choice([few, many])},
        mtp_config=draw.choice([ABSENT, modules]),
        tie_word_embeddings=ABSENT,
    )


def _qwen4_exp(draw: Random) -> Config:
    layers, keys = draw.randint(1, 9), draw.choice([1, 2, 8])
    types = [draw.choice(["linear_attention", "full_attention"]) for _ in range(layers)]
    linear = [i for i, kind in enumerate(types, 1) if kind == "linear_attention"]
    text = _part(
        draw,
        "qwen4_exp",
        "text_config",
        *("tie_word_embeddings", "partial_rotary_factor"),
        "hidden_act",  # the output gate falls back on it, and knows two
        scaled=False,
        num_hidden_layers=layers,
        head_dim=draw.choice([8, 64]),
        layer_types=types,
        linear_num_key_heads=keys,
        linear_num_value_heads=keys * draw.choice([1, 2]),
        ple_layer_ids=sorted(draw.sample(linear, min(len(linear), draw.choice([0, 1, 2])))),
        ple_embed_dim=48,
        ple_conv_kernel_size=draw.choice([2, ABSENT]),
        ngram_size=draw.choice([2, 3]),
        heads_per_ngram=draw.choice([2, 4]),
        ngram_vocab_size_base=draw.choice([100, 5000]),
        make_ngram_vocab_size_divisible_by=128,
        split_ngram_parts=draw.choice([1, 4]),
        indexer_n_heads=draw.choice([1, 2]),
        indexer_kv_heads=1,
        indexer_head_dim=64,
        indexer_budget=64,
        indexer_compress_ratio=draw.choice([2, 4]),
        hc_count=draw.choice([2, 4, ABSENT]),
        output_gate_type=draw.choice([ABSENT, None, "sigmoid"]),
        eos_token_id=draw.choice([0, 3, [5, 7]]),
    )
    vision = _tower(draw, "qwen4_exp", "num_heads", out_hidden_size=text["hidden_size"])
    return _whole(draw, "qwen4_exp", text_config=text, vision_config=vision)


def _glm5_next(draw: Random) -> Config:
    layers = draw.randint(1, 9)
    sizes = {"head_dim": draw.choice([8, 32]), "num_heads": draw.choice([1, 3])}
    text = _part(
        draw,
        "glm5_next",
        "text_config",
        *("tie_word_embeddings", "indexer_types"),
        **_heads(draw),
        num_hidden_layers=layers,
        q_lora_rank=draw.choice([8, 384]),
        qk_rope_head_dim=0,
        head_dim=0,
        layer_types=_schedule(draw, layers, "linear_attention", "deepseek_sparse_attention"),
        linear_attn_config=draw.choice([ABSENT, sizes | {"short_conv_kernel_size": 3}]),
        linear_lower_bound=draw.choice([ABSENT, None, -0.5]),  # above 0 a state would only grow
        linear_head_dim=draw.choice(KEYS),
        index_topk=draw.choice([4, ABSENT]),
        index_kpool=draw.choice([2, 4]),
        hc_mult=draw.choice([2, 4, ABSENT]),
    )
    vision = _tower(draw, "glm5_next", "num_heads", out_hidden_size=text["hidden_size"])
    return _whole(draw, "glm5_next", text_config=text, vision_config=vision)


def _gemma4(draw: Random) -> Config:
    heads = draw.choice([1, 2, 4])
    vision = _part(
        draw,
        "gemma4",
        "vision_config",
        hidden_size=heads * draw.choice([16, 64]),
        num_attention_heads=heads,
        num_key_value_heads=heads,
        head_dim=draw.choice([16, 64]),
    )
    audio = _part(
        draw,
        "gemma4",
        "audio_config",
        hidden_size=draw.choice([2, 4]) * 32,
        num_attention_heads=2,
        conv_kernel_size=draw.choice([3, ABSENT]),
        subsampling_conv_channels=draw.choice([[16, 8], ABSENT]),
    )
    return _whole(
        draw,
        "gemma4",
        text_config=_gemma4_text(draw),
        vision_config=draw.choice([vision, None]),
        audio_config=draw.choice([audio, None, ABSENT]),
    )


def _gemma4_unified(draw: Random) -> Config:
    text = _gemma4_text(draw) | {
        "model_type": "gemma4_unified_text",
        "enable_moe_block": False,
        "hidden_size_per_layer_input": 0,
        "vocab_size_per_layer_input": 97,
        **dict.fromkeys(("num_experts", "top_k_experts", "moe_intermediate_size")),
    }
    patches = _part(
        draw,
        "gemma4_unified",
        "vision_config",
        *("patch_size", "pooling_kernel_size"),
        model_patch_size=48,
        output_proj_dims=text["hidden_size"],
    )
    spelled = ("audio_embed_dim", "hidden_size")
    wide = {"output_proj_dims": draw.choice([24, 640])}
    audio = _part(draw, "gemma4_unified", "audio_config", *spelled, **wide)
    return _whole(
        draw,
        "gemma4_unified",
        text_config=text,
        vision_config=draw.choice([patches, None]),
        audio_config=draw.choice([audio, None]),
    )


def _kimi_k25(draw: Random) -> Config:
    without = ("tie_word_embeddings", "q_lora_rank", "num_nextn_predict_layers")
    text = _latent("deepseek_v3", *without)(draw)
    text |= {"num_nextn_predict_layers": draw.choice([0, 1])}
    text |= {"q_lora_rank": 24}  # without, the conversion to stored names tears q_proj apart
    vision = _tower(draw, "kimi_k25")
    return _whole(draw, "kimi_k25", text_config=text, vision_config=vision)


SINGLE_RELEASES: Mapping[str, Family] = {
    "deepseek_v4": _deepseek_v4,
    "gemma4": _gemma4,
    "gemma4_unified": _gemma4_unified,
    "glm5_next": _glm5_next,
    "hy_v4": _hy_v4,
    "inkling_mm_model": _inkling_mm_model,
    "kimi_k25": _kimi_k25,
    "minimax_m3_vl": _minimax_m3_vl,
    "muse_glimmer": _muse_glimmer,
    "qwen4_exp": _qwen4_exp,
    "zaya": _zaya,
}
