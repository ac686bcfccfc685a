"""GLM-4.7-Flash: DeepSeek V3 with one dense layer, and experts where a list says so.

Reference: transformers/models/glm4_moe_lite/modular_glm4_moe_lite.py
Model: https://huggingface.co/zai-org/GLM-4.7-Flash
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Few, config
from llm_gallery.families._layers import typed
from llm_gallery.families.deepseek_v3 import (
    GroupedExperts,
    Latent,
    decoder_layer,
    moe,
    next_token_modules,
)
from llm_gallery.families.llama import decoder, swiglu


@config("glm4_moe_lite", unused=("qk_head_dim", "rope_interleave", "topk_method", "scoring_func"))
class Glm4MoeLite(GroupedExperts, Latent):
    first_k_dense_replace: int = 1  # the class has one dense layer where the list is left out
    num_nextn_predict_layers: Few | None = 0
    mlp_layer_types: tuple[str, ...] | None


def glm4_moe_lite(c: Glm4MoeLite) -> Block:
    count = c.num_hidden_layers
    default = ["dense"] + ["sparse"] * (count - 1)
    types = typed(c.mlp_layer_types, count, default, ("dense", "sparse"), "mlp_layer_types")
    kinds = {"dense": decoder_layer(c, swiglu(c)), "sparse": decoder_layer(c, moe(c))}
    beside = next_token_modules(c, kinds["sparse"])
    return decoder(c, [kinds[kind] for kind in types], beside=beside)
