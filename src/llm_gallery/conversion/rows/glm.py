"""GLM's mixtures, Solar, and DeepSeek V3.2: those with modules that predict a further token."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.hyperparameters import head_width, rotation
from llm_gallery.conversion.keys import BASE, EXPERTS, SIGMOID, rope, scores
from llm_gallery.conversion.rest import biased, by_layer, holds, in_turn, partly, undrafted
from llm_gallery.conversion.row import Row, Spelled
from llm_gallery.conversion.rows import deepseek
from llm_gallery.conversion.rows.deepseek import KEYS, LATENT, latent, mscale
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]
INDEXED: Spelled = {
    **KEYS,
    "attention.indexer.head_count": "index_n_heads",
    "attention.indexer.key_length": "index_head_dim",
    "attention.indexer.top_k": "index_topk",
}


def further(config: Json) -> Json:
    """Layers that predict a further token follow the others."""
    stated = config.get("num_nextn_predict_layers")
    return {
        "block_count": config["num_hidden_layers"] + (stated or 0),
        "nextn_predict_layers": stated,
    }


def glm(config: Json) -> Json:
    """GLM rotates half of a head's channels, and scores experts by a sigmoid each."""
    part = rotation(config).get("partial_rotary_factor", 0.5)
    return {
        "rope.dimension_count": int(head_width(config) * part),
        "expert_gating_func": SIGMOID,
    }


def types(config: Json) -> Json:
    """Which layers choose keys; others take the choice of one before."""
    stated = config.get("indexer_types") or ["full"] * config["num_hidden_layers"]
    return {"attention.indexer.types": [kind == "full" for kind in stated]}


def normed(stored: Stored, said: Json) -> Json:
    """Whether queries and keys are normed."""
    return {"use_qk_norm": holds(stored, "attn_q_norm.weight")}


def indexed(stored: Stored, said: Json) -> Json:
    """Which layers choose keys, in GLM-5."""
    chosen = by_layer(stored, "attention.indexer.types")
    kinds = ["full" if layer else "shared" for layer in chosen]
    return {"model_type": "glm_moe_dsa", "indexer_types": kinds}


def sparse(stored: Stored, said: Json) -> Json:
    """DeepSeek V3.2 rather than V3, whose layers choose no keys."""
    return {"model_type": "deepseek_v32"}


ROWS = (
    Row(
        "glm4moe",
        ("glm4_moe", "solar_open"),
        {
            **BASE,
            **EXPERTS,
            "expert_count": ("n_routed_experts", "num_experts"),
            "expert_feed_forward_length": "moe_intermediate_size",
            "expert_shared_count": "n_shared_experts",
            "leading_dense_block_count": "first_k_dense_replace",
            "expert_weights_scale": "routed_scaling_factor",
            "expert_weights_norm": "norm_topk_prob",
        },
        (rope, scores, glm, further),
        names={"post_attention_layernorm": "post_attention_norm"},
        drafts=True,
        rest=in_turn(undrafted, partly, biased(), normed),
    ),
    Row(
        "deepseek2",
        ("glm4_moe_lite",),
        KEYS,
        (rope, scores, latent, mscale, further),
        changes=LATENT,
        drafts=True,
    ),
    Row(
        "glm-dsa",
        ("glm_moe_dsa",),
        INDEXED,
        (rope, scores, latent, mscale, further, types),
        changes=LATENT,
        drafts=True,
        rest=in_turn(undrafted, deepseek.rest, indexed),
    ),
    Row(
        "deepseek32",
        ("deepseek_v32",),
        INDEXED,
        (rope, scores, latent, mscale, further),
        changes=LATENT,
        drafts=True,
        rest=in_turn(undrafted, deepseek.rest, sparse),
    ),
)
