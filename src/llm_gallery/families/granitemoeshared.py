"""Granite 4 preview: Granite 3 MoE with an MLP beside the experts that every token runs.

Reference: transformers/models/granitemoeshared/modular_granitemoeshared.py
Model: https://huggingface.co/ibm-research/moe-7b-1b-active-shared-experts
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Shared
from llm_gallery.families._config import Count, config
from llm_gallery.families.granite import attention, scaled
from llm_gallery.families.granitemoehybrid import GraniteExperts, moe, shared_mlp
from llm_gallery.families.llama import pre_norm


@config("granitemoeshared")
class GraniteMoeShared(GraniteExperts):
    shared_intermediate_size: Count


def granitemoeshared(c: GraniteMoeShared) -> Block:
    inner = c.shared_intermediate_size
    experts = moe(c, Shared(shared_mlp(c, inner)) if inner else None)
    return scaled(c, [pre_norm(c, attention(c), experts)] * c.num_hidden_layers)
