"""Random configs of the families of 2026 that have one release each, drawn with a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from tests.truth.mutations import (
    ABSENT,
    TYPES,
    Config,
    _dense,
    _flag,
    _grouped_experts,
    _kept,
    _latent,
    _one_head_a_query,
    _plain,
    _qwen_vision,
    _rope,
    _schedule,
    _some_experts,
    _stated,
    _tower,
    _without,
)
from tests.truth.mutations_of_experts import _gemma4_text
from tests.truth.mutations_of_latents import _deepseek_v3
from tests.truth.mutations_of_states import _qwen3_5_moe_text


def _zaya(draw: Random) -> Config:
    held = _plain(draw, "intermediate_size", "rope_theta", "rope_scaling", "rope_parameters")
    kinds = {
        kind: {"rope_type": "default", "rope_theta": 3e6} for kind in ("hybrid", "hybrid_sliding")
    }
    return (
        {"model_type": "zaya"}
        | held
        | _stated(draw, "zaya", "cca_time0", "cca_time1", "lm_head_bias", "moe_intermediate_size")
        | _kept(
            head_dim=draw.choice([8, 64, ABSENT]),
            layer_types=_schedule(draw, held["num_hidden_layers"], "hybrid", "hybrid_sliding"),
            sliding_window=draw.choice([2, 128]),
            router_hidden_size=draw.choice([8, ABSENT]),
            num_experts=draw.choice([2, 5, ABSENT]),
            rope_parameters=draw.choice([ABSENT, kinds]),
        )
    )


def _choosing(draw: Random) -> Config:
    """The indexer of DeepSeek's sparse attention."""
    return _kept(
        index_topk=draw.choice([4, ABSENT]),
        index_head_dim=draw.choice([64, ABSENT]),
        index_n_heads=draw.choice([1, ABSENT]),
    )


def _hy_v4(draw: Random) -> Config:
    held = _one_head_a_query(_plain(draw, head_dim=False)) | _latent(draw) | _choosing(draw)
    layers = held["num_hidden_layers"]
    held |= _grouped_experts(draw, layers) | {"q_lora_rank": draw.choice([8, 384])}
    chosen = ["full", *draw.choices(["full", "shared"], k=layers - 1)]
    return (
        {"model_type": "hy_v4"}
        | _without(held, "first_k_dense_replace", "num_mtp_layers", "num_nextn_predict_layers")
        | _kept(
            mlp_layer_types=_schedule(draw, layers, "dense", "sparse"),
            indexer_types=draw.choice([ABSENT, None, chosen]),
            hc_mult=draw.choice([2, 4, ABSENT]),
            hc_magnitude=draw.choice([1.5, ABSENT]),
            swiglu_limit=draw.choice([7.0, ABSENT]),
            num_nextn_predict_layers=draw.choice([ABSENT, 0, 1]),
        )
    )


def _muse_glimmer(draw: Random) -> Config:
    held = _without(_dense(draw), "hidden_act", "attention_bias")
    layers = held["num_hidden_layers"]
    text = held | _kept(
        model_type="muse_glimmer_text",
        hidden_activation=draw.choice(["silu", ABSENT]),
        layer_types=_schedule(draw, layers, *TYPES),
        layer_rope_theta=draw.choice([ABSENT, [draw.choice([0, 5e5]) for _ in range(layers)]]),
        sliding_window=draw.choice([2, 128, ABSENT]),
        final_logit_softcapping=draw.choice([ABSENT, 20.0]),
    )
    vision = _kept(
        model_type="muse_glimmer_vision",
        **_tower(draw, 96),
        patch_temporal=draw.choice([ABSENT, 1, 2]),
        pos_emb_height=draw.choice([ABSENT, 8]),
        pos_emb_width=draw.choice([ABSENT, 4]),
    )
    return _kept(
        model_type="muse_glimmer",
        text_config=text,
        vision_config=vision,
        out_hidden_size=vision["hidden_size"] * 4,
        projector_hidden_size=draw.choice([ABSENT, 64]),
    )


def _minimax_m3_vl(draw: Random) -> Config:
    held = _plain(draw, "attention_bias", "hidden_act", scaled=False)
    layers = held["num_hidden_layers"]
    sparse = [draw.choice([0, 1]) for _ in range(layers)]
    kv_heads = held["num_key_value_heads"]  # each has an indexer of its own
    told = {"sparse_attention_freq": sparse, "sparse_num_index_heads": kv_heads}
    chosen: Config = draw.choice(
        [
            {"sparse_attention_config": told | {"sparse_index_dim": 16}},
            {
                "layer_types": [("full_attention", "minimax_m3_sparse")[is_so] for is_so in sparse],
                "index_n_heads": kv_heads,
            },
        ]
    )
    text = held | chosen | _some_experts(draw, "num_local_experts")
    text |= _kept(
        head_dim=64,
        rotary_dim=draw.choice([32, 64]),
        dense_intermediate_size=draw.choice([ABSENT, 48]),
        shared_intermediate_size=draw.choice([ABSENT, 24]),
        moe_layer_freq=draw.choice([ABSENT, [draw.choice([0, 1]) for _ in range(layers)]]),
        routed_scaling_factor=draw.choice([ABSENT, 1.5]),
    )
    vision = _kept(
        model_type="minimax_m3_vl_vision",
        **_tower(draw, 96),
        num_channels=draw.choice([ABSENT, 1]),
        temporal_patch_size=draw.choice([ABSENT, 1]),
        spatial_merge_size=draw.choice([ABSENT, 1]),
    )
    return _kept(
        model_type="minimax_m3_vl",
        text_config=text,
        vision_config=vision,
        projector_hidden_size=draw.choice([ABSENT, 64]),
    )


def _deepseek_v4(draw: Random) -> Config:
    layers, groups = draw.randint(1, 7), draw.choice([1, 2])
    ratios = [draw.choice([0, 4, 128]) for _ in range(layers)]
    return _kept(
        model_type="deepseek_v4",
        vocab_size=draw.choice([97, 50257]),
        pad_token_id=None,
        hidden_size=draw.choice([8, 320]),
        num_hidden_layers=layers,
        num_attention_heads=groups * draw.choice([1, 3]),
        head_dim=draw.choice([128, 512]),
        q_lora_rank=draw.choice([8, ABSENT]),
        qk_rope_head_dim=64,
        o_groups=groups,
        o_lora_rank=draw.choice([8, 64]),
        sliding_window=draw.choice([2, 128, ABSENT]),
        compress_ratios=[*ratios, 0],
        index_n_heads=draw.choice([2, ABSENT]),
        index_head_dim=128,
        index_topk=draw.choice([2, ABSENT]),
        n_routed_experts=draw.choice([4, 9]),
        num_experts_per_tok=draw.choice([1, 3]),
        moe_intermediate_size=draw.choice([1, 96]),
        n_shared_experts=1,
        num_hash_layers=draw.choice([0, 1, layers]),
        hc_mult=draw.choice([2, 4, ABSENT]),
        tie_word_embeddings=_flag(draw),
        num_nextn_predict_layers=draw.choice([ABSENT, 0, 1]),
        max_position_embeddings=draw.choice([512, ABSENT]),
    )


def _inkling_mm_model(draw: Random) -> Config:
    held = _without(_dense(draw), "attention_bias", "hidden_act", "tie_word_embeddings")
    layers, kv_heads = held["num_hidden_layers"], draw.choice([1, 4])
    experts = draw.choice(
        [{}, {"dense_intermediate_size": 80}, {"moe_intermediate_size": draw.choice([8, 48])}]
    )
    local = sorted(draw.sample(range(layers), draw.randint(0, layers)))
    text = held | experts | _some_experts(draw, "n_routed_experts")
    text |= _kept(
        head_dim=draw.choice([8, 64]),
        local_layer_ids=draw.choice([ABSENT, local]),
        mlp_layer_types=_schedule(draw, layers, "dense", "sparse"),
        dense_mlp_idx=draw.choice([ABSENT, 0, 1, layers]),
        swa_num_attention_heads=kv_heads * draw.choice([1, 2]),
        swa_num_key_value_heads=kv_heads,
        swa_head_dim=draw.choice([8, 64]),
        sliding_window_size=draw.choice([2, 128]),
        d_rel=draw.choice([4, ABSENT]),
        rel_extent=draw.choice([16, ABSENT]),
        sconv_kernel_size=draw.choice([2, 4, ABSENT]),
        n_shared_experts=draw.choice([1, 2, ABSENT]),
    )
    return _kept(
        model_type="inkling_mm_model",
        text_config=text,
        audio_config={"n_mel_bins": draw.choice([8, 80]), "mel_vocab_size": 16},
        vision_config={"patch_size": 40, "temporal_patch_size": 2, "n_channels": 3, "n_layers": 4},
        mtp_config=draw.choice(
            [ABSENT, {"num_nextn_predict_layers": 2, "local_layer_ids": [draw.choice([0, 1])]}]
        ),
    )


def _qwen4_exp(draw: Random) -> Config:
    held = _without(_qwen3_5_moe_text(draw), "tie_word_embeddings", "partial_rotary_factor")
    held.pop("hidden_act", None)  # the output gate falls back on it, and knows two
    held |= _rope(draw, scaled=False) | {"head_dim": draw.choice([8, 64])}
    layers, width = held["num_hidden_layers"], held["hidden_size"]
    types = [draw.choice(["linear_attention", "full_attention"]) for _ in range(layers)]
    linear = [i for i, kind in enumerate(types, 1) if kind == "linear_attention"]
    remembering = sorted(draw.sample(linear, min(len(linear), draw.choice([0, 1, 2]))))
    memory = _kept(
        ple_layer_ids=remembering,
        ple_embed_dim=48,
        ple_conv_kernel_size=draw.choice([2, ABSENT]),
        ngram_size=draw.choice([2, 3]),
        heads_per_ngram=draw.choice([2, 4]),
        ngram_vocab_size_base=draw.choice([100, 5000]),
        make_ngram_vocab_size_divisible_by=128,
        split_ngram_parts=draw.choice([1, 4]),
    )
    chooser: Config = {
        "indexer_n_heads": draw.choice([1, 2]),
        "indexer_kv_heads": 1,
        "indexer_head_dim": 64,
        "indexer_budget": 64,
        "indexer_compress_ratio": draw.choice([2, 4]),
    }
    text = (
        held
        | memory
        | chooser
        | _kept(
            model_type="qwen4_exp_text",
            layer_types=types,
            hc_count=draw.choice([2, 4, ABSENT]),
            hc_lowrank=draw.choice([8, ABSENT]),
            output_gate_type=draw.choice([ABSENT, None, "sigmoid"]),
            mtp_num_hidden_layers=draw.choice([ABSENT, 0, 1]),
        )
    )
    vision = _qwen_vision(draw, "qwen4_exp_vision") | {"out_hidden_size": width}
    return _kept(
        model_type="qwen4_exp",
        text_config=text,
        vision_config=vision,
        tie_word_embeddings=draw.choice([True, False]),
    )


def _glm5_next(draw: Random) -> Config:
    held = _one_head_a_query(_dense(draw, head_dim=False)) | _latent(draw) | _choosing(draw)
    layers = held["num_hidden_layers"]
    held |= _grouped_experts(draw, layers) | {"q_lora_rank": draw.choice([8, 384])}
    lacking = ("num_mtp_layers", "num_nextn_predict_layers", "first_k_dense_replace")
    held = _without(held, "tie_word_embeddings", *lacking)
    sizes = {"head_dim": draw.choice([8, 32]), "num_heads": draw.choice([1, 3])}
    text = held | _kept(
        model_type="glm5_next_text",
        qk_rope_head_dim=0,
        head_dim=0,
        layer_types=_schedule(draw, layers, "linear_attention", "deepseek_sparse_attention"),
        linear_attn_config=draw.choice([ABSENT, sizes | {"short_conv_kernel_size": 3}]),
        mlp_layer_types=_schedule(draw, layers, "dense", "sparse"),
        index_kpool=draw.choice([2, 4]),
        hc_mult=draw.choice([2, 4, ABSENT]),
        num_nextn_predict_layers=draw.choice([ABSENT, 0, 1]),
    )
    heads = draw.choice([1, 4])
    vision = _kept(
        model_type="glm5_next_vision",
        depth=draw.randint(1, 4),
        hidden_size=heads * draw.choice([16, 64]),
        intermediate_size=draw.choice([16, 896]),
        num_heads=heads,
        patch_size=draw.choice([2, 14]),
        out_hidden_size=held["hidden_size"],
        projection_intermediate_size=draw.choice([ABSENT, 32]),
        attention_bias=_flag(draw),
    )
    return {
        "model_type": "glm5_next",
        "text_config": text,
        "vision_config": vision,
        "tie_word_embeddings": draw.choice([True, False]),
    }


def _clipping(draw: Random, model_type: str) -> Config:
    return {"model_type": model_type, "use_clipped_linears": draw.choice([True, False])}


def _gemma4(draw: Random) -> Config:
    heads = draw.choice([1, 2, 4])
    vision = _clipping(draw, "gemma4_vision") | _kept(
        hidden_size=heads * draw.choice([16, 64]),
        intermediate_size=draw.choice([16, 896]),
        num_hidden_layers=draw.randint(1, 4),
        num_attention_heads=heads,
        num_key_value_heads=heads,
        head_dim=draw.choice([16, 64]),
        patch_size=draw.choice([2, 16]),
        position_embedding_size=draw.choice([ABSENT, 64]),
        standardize=_flag(draw),
    )
    audio = _clipping(draw, "gemma4_audio") | _kept(
        hidden_size=draw.choice([2, 4]) * 32,
        num_attention_heads=2,
        num_hidden_layers=draw.randint(1, 3),
        conv_kernel_size=draw.choice([3, ABSENT]),
        output_proj_dims=draw.choice([24, ABSENT]),
        subsampling_conv_channels=draw.choice([[16, 8], ABSENT]),
    )
    return _kept(
        model_type="gemma4",
        text_config=_gemma4_text(draw),
        vision_config=draw.choice([vision, None]),
        audio_config=draw.choice([audio, None, ABSENT]),
        tie_word_embeddings=draw.choice([True, False]),
    )


def _gemma4_unified(draw: Random) -> Config:
    whole = {"hidden_size_per_layer_input": 0, "vocab_size_per_layer_input": 97}
    dense = {"num_experts": None, "top_k_experts": None, "moe_intermediate_size": None}
    text = _gemma4_text(draw) | whole | dense
    text |= {"model_type": "gemma4_unified_text", "enable_moe_block": False}
    width = text["hidden_size"]
    patches = _kept(
        model_type="gemma4_unified_vision",
        mm_embed_dim=draw.choice([ABSENT, 32]),
        mm_posemb_size=draw.choice([ABSENT, 64]),
        model_patch_size=48,
        output_proj_dims=width,
    )
    audio: Any = {"model_type": "gemma4_unified_audio", "output_proj_dims": draw.choice([24, 640])}
    return _kept(
        model_type="gemma4_unified",
        text_config=text,
        vision_config=draw.choice([patches, None]),
        audio_config=draw.choice([audio, None]),
        tie_word_embeddings=draw.choice([True, False]),
    )


def _kimi_k25(draw: Random) -> Config:
    text = _without(_deepseek_v3(draw), "tie_word_embeddings", "num_mtp_layers")
    text |= {"model_type": "deepseek_v3", "num_nextn_predict_layers": draw.choice([0, 1])}
    text |= {"q_lora_rank": 24}  # without, the conversion to stored names tears q_proj apart
    vision = _kept(
        model_type="kimi_k25_vision",
        **_tower(draw, 64),
        pos_emb_height=draw.choice([ABSENT, 8]),
        pos_emb_width=draw.choice([ABSENT, 4]),
    )
    return _kept(
        model_type="kimi_k25",
        text_config=text,
        vision_config=vision,
        projection_hidden_size=draw.choice([ABSENT, 64]),
        tie_word_embeddings=draw.choice([True, False]),
    )


NEWCOMERS: Mapping[str, Callable[[Random], Config]] = {
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
