"""Gemma 4 12B: the text model reads pictures and sound through one projection each, without towers.

Reference: transformers/models/gemma4_unified/modular_gemma4_unified.py
Model: https://huggingface.co/google/gemma-4-12B-it
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import apart, layer_norm, linear
from llm_gallery.families._config import Size, config, stated
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.gemma4 import COLOURS, OUTSIDE, projector
from llm_gallery.families.gemma4_text import text
from llm_gallery.families.gemma4_unified_text import UnifiedText


@config("gemma4_unified_vision", unused=("model_patch_size", "num_soft_tokens"))
class Patches:
    mm_embed_dim: Size
    mm_posemb_size: Size
    patch_size: Size
    pooling_kernel_size: Size
    output_proj_dims: Size


@config("gemma4_unified_audio")
class Samples:
    audio_embed_dim: Size


@config("gemma4_unified", unused=OUTSIDE)
class Gemma4Unified:
    text_config: UnifiedText
    vision_config: Patches | None
    audio_config: Samples | None
    tie_word_embeddings: bool


def gemma4_unified(c: Gemma4Unified) -> Block:
    model = text(c.text_config, "model.language_model", stated(c, "tie_word_embeddings"))
    width = c.text_config.hidden_size
    beside = []
    if c.vision_config is not None:
        beside += [
            patches(c.vision_config),
            projector("vision", c.vision_config.output_proj_dims, width),
        ]
    if c.audio_config is not None:
        beside.append(projector("audio", c.audio_config.audio_embed_dim, width))
    return replace(model, inside=(*model.inside, *beside))


def patches(c: Patches) -> Block:
    """Each patch normed, projected and normed, its place along both sides added, and normed again."""
    width, patch = c.mm_embed_dim, COLOURS * (c.patch_size * c.pooling_kernel_size) ** 2
    places = Tensor("pos_embedding", (int(c.mm_posemb_size), 2, int(width)))
    return apart(
        "vision_tower",
        "model.vision_embedder",
        (
            layer_norm("patch_ln1", patch),
            linear("patch_dense", patch, width, bias=True),
            layer_norm("patch_ln2", width),
            tensor_block("", places),
            layer_norm("pos_norm", width),
        ),
    )
