"""Decoders of today whose layers all attend, by publishers that have one or two: Olmo, Cohere, Phi, and others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import log, sqrt
from typing import Any

from llm_gallery.conversion.hyperparameters import head_width, rotation
from llm_gallery.conversion.keys import (
    BASE,
    EXPERTS,
    NORM,
    PLAIN,
    RMS,
    SIGMOID,
    WIDTH,
    rope,
    scores,
)
from llm_gallery.conversion.names import SANDWICH
from llm_gallery.conversion.rest import biased, holds, in_turn, key, undrafted, windows
from llm_gallery.conversion.rest import factors as unsaid
from llm_gallery.conversion.rest import partly as share
from llm_gallery.conversion.row import Row, Shape, Spelled
from llm_gallery.conversion.rows.windowed import slides
from llm_gallery.conversion.tensor import GgufTensor
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]
WINDOW: Spelled = {"attention.sliding_window": "sliding_window"}
UNSTATED_EPSILON = 1e-5
"""What keeps norms from dividing by zero where no config states it: OLMo's, and Cohere's that aren't used."""


def partly(config: Json) -> Json:
    """How many channels of a head are rotated."""
    part = rotation(config).get("partial_rotary_factor", 1.0)
    return {"rope.dimension_count": int(head_width(config) * part)}


def unscaled(config: Json) -> Json:
    """Nothing extends the context."""
    return {"rope.scaling.type": "none"}


def cohere_experts(config: Json) -> Json:
    """Cohere's experts, as wide as is stated for a feed-forward part; the first layers' are wider and dense."""
    shared, width = config.get("num_shared_experts") or 0, config["intermediate_size"]
    drafts = config.get("num_nextn_predict_layers") or 0
    return {
        "attention.layer_norm_epsilon": config.get("layer_norm_eps", UNSTATED_EPSILON),
        "feed_forward_length": config.get("prefix_dense_intermediate_size", width),
        "leading_dense_block_count": config.get("first_k_dense_replace", 0),
        "expert_shared_count": shared or None,
        "expert_shared_feed_forward_length": shared * width or None,
        "nextn_predict_layers": drafts or None,
        "rope.dimension_count": config["head_dim"],
    }


def olmo(config: Json) -> Json:
    """OLMo's norms have no weights, and an epsilon that no config states."""
    return {
        "attention.layer_norm_epsilon": UNSTATED_EPSILON,
        "attention.clamp_kqv": config.get("clip_qkv"),
    }


def alike(config: Json) -> Json:
    """OLMo 3 rotates alike in a window and in all tokens."""
    if config.get("sliding_window") is None:
        return {}
    return {"rope.freq_base_swa": rope(config)["rope.freq_base"]}


def olmoe(config: Json) -> Json:
    """As OLMo's, but divided by the root mean square."""
    return {"attention.layer_norm_rms_epsilon": UNSTATED_EPSILON}


def phi3(config: Json) -> Json:
    """Phi's rotation, its context before it was extended, and its window: none is zero."""
    parameters = rotation(config)
    longest, before = (
        config["max_position_embeddings"],
        parameters["original_max_position_embeddings"],
    )
    scale = longest / before
    longer = scale > 1 and parameters.get("long_factor")
    return {
        "rope.scaling.original_context_length": before,
        "rope.freq_base": parameters["rope_theta"],
        "rope.scaling.attn_factor": sqrt(1 + log(scale) / log(before)) if longer else None,
        "attention.sliding_window": config.get("sliding_window") or 0,
    }


def factors(config: Json) -> Iterator[GgufTensor]:
    """What each pair of channels is slowed by, in short and in long contexts."""
    parameters = rotation(config)
    if parameters.get("long_factor"):
        for kind in ("long", "short"):
            width = len(parameters[f"{kind}_factor"])
            yield GgufTensor(f"rope_factors_{kind}.weight", (width,), "", True)


def scaled(config: Json) -> Json:
    """MiniCPM's multipliers."""
    return {
        "embedding_scale": config["scale_emb"],
        "residual_scale": config["scale_depth"] / config["num_hidden_layers"] ** 0.5,
        "logit_scale": config["hidden_size"] / config["dim_model_base"],
    }


def latent(config: Json) -> Json:
    """The width of MiniCPM 3's keys: what is rotated and what isn't."""
    return {"attention.key_length": config["qk_nope_head_dim"] + config["qk_rope_head_dim"]}


def queries_keys_values(shape: Shape, config: Json) -> list[tuple[str, Shape]]:
    """InternLM 2's one projection, in three."""
    heads, groups = config["num_attention_heads"], config["num_key_value_heads"]
    width = shape[0] // (heads + 2 * groups)
    keys = (groups * width, shape[1])
    return [
        ("attn_q.weight", (heads * width, shape[1])),
        ("attn_k.weight", keys),
        ("attn_v.weight", keys),
    ]


def third(stored: Stored, said: Json) -> Json:
    """OLMo 3 rather than 2, whose layers have no window."""
    return {"model_type": "olmo3"} if said.get("layer_types") else {}


def windowed(stored: Stored, said: Json) -> Json:
    """Phi's window: zero is none."""
    return {"sliding_window": key(stored, "attention.sliding_window") or None}


def cohere(stored: Stored, said: Json) -> Json:
    """Cohere's experts: files have the dense layers' width where configs have the experts'."""
    sigmoid = key(stored, "expert_gating_func") == SIGMOID
    return {
        "prefix_dense_intermediate_size": key(stored, "feed_forward_length"),
        "intermediate_size": key(stored, "expert_feed_forward_length"),
        "first_k_dense_replace": key(stored, "leading_dense_block_count"),
        "num_shared_experts": key(stored, "expert_shared_count") or 0,
        "expert_selection_fn": "sigmoid" if sigmoid else "softmax",
    }


FACTORS = "by which factors its context is extended"
ROWS = (
    Row("olmo", ("olmo",), PLAIN, (rope, olmo)),
    Row(
        "olmo2",
        ("olmo2", "olmo3"),
        {**PLAIN, **RMS, **WINDOW},
        (rope, slides, alike),
        names=SANDWICH,
        rest=in_turn(windows, third),
    ),
    Row("olmoe", ("olmoe",), {**PLAIN, **EXPERTS}, (rope, scores, olmoe)),
    Row(
        "command-r",
        ("cohere",),
        {
            **PLAIN,
            **NORM,
            "context_length": ("model_max_length", "max_position_embeddings"),
            "logit_scale": "logit_scale",
        },
        (rope, unscaled),
        rest=lambda stored, said: {"use_qk_norm": holds(stored, "attn_q_norm.weight")},
    ),
    Row(
        "cohere2",
        ("cohere2",),
        {
            **PLAIN,
            **NORM,
            **WIDTH,
            **WINDOW,
            "logit_scale": "logit_scale",
            "vocab_size": "vocab_size",
        },
        (rope, partly, unscaled),
    ),
    Row(
        "cohere2moe",
        ("cohere2_moe",),
        {
            **BASE,
            **NORM,
            **EXPERTS,
            **WINDOW,
            "logit_scale": "logit_scale",
            "vocab_size": "vocab_size",
            "expert_feed_forward_length": "intermediate_size",
            "expert_weights_norm": "norm_topk_prob",
        },
        (rope, scores, slides, cohere_experts, unscaled),
        drafts=True,
        rest=in_turn(undrafted, windows, cohere),
    ),
    Row("phi2", ("phi",), {**PLAIN, **NORM}, (partly,)),
    Row(
        "phi3",
        ("phi3",),
        {**PLAIN, **RMS},
        (partly, phi3),
        beside=factors,
        rest=windowed,
        unsaid=unsaid,
    ),
    Row(
        "phimoe",
        ("phimoe",),
        {**PLAIN, **RMS, **EXPERTS},
        (partly, phi3),
        beside=factors,
        lost=FACTORS,
    ),
    Row(
        "seed_oss",
        ("seed_oss",),
        BASE,
        (rope,),
        names={"post_attention_layernorm": "post_attention_norm"},
    ),
    Row(
        "glm4",
        ("glm4",),
        BASE,
        (rope, partly),
        names={
            "post_self_attn_layernorm": "post_attention_norm",
            "post_mlp_layernorm": "post_ffw_norm",
        },
        rest=in_turn(share, biased()),
    ),
    Row(
        "internlm2",
        ("internlm2",),
        {**PLAIN, **RMS},
        (rope,),
        names={
            "tok_embeddings": "token_embd",
            "output": "output",
            "attention_norm": "attn_norm",
            "attention.wo": "attn_output",
            "ffn_norm": "ffn_norm",
            "feed_forward.w1": "ffn_gate",
            "feed_forward.w2": "ffn_down",
            "feed_forward.w3": "ffn_up",
        },
        changes={"attention.wqkv.weight": queries_keys_values},
        rest=biased("bias"),
    ),
    Row(
        "minicpm",
        ("minicpm",),
        {**PLAIN, **RMS},
        (rope, scaled),
        beside=factors,
        lost="whether its attention is sparse",
    ),
    Row(
        "minicpm3",
        ("minicpm3",),
        {
            **PLAIN,
            **RMS,
            "vocab_size": "vocab_size",
            "attention.q_lora_rank": "q_lora_rank",
            "attention.kv_lora_rank": "kv_lora_rank",
            "rope.dimension_count": "qk_rope_head_dim",
        },
        (latent,),
        beside=factors,
        lost=FACTORS,
    ),
    Row(
        "mellum",
        ("mellum",),
        {**BASE, **EXPERTS, **WINDOW, "expert_feed_forward_length": "moe_intermediate_size"},
        (rope, scores, slides),
        rest=windows,
    ),
    Row("starcoder2", ("starcoder2",), {**PLAIN, **NORM}, (rope,), lost="how wide its window is"),
    Row(
        "stablelm",
        ("stablelm",),
        {**PLAIN, **NORM, "use_parallel_residual": "use_parallel_residual"},
        (partly,),
    ),
)
