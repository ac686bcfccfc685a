"""IDEFICS's tower, CLIP's under other keys, and a perceiver whose few learned latents read all patches of a picture.

Reference: transformers/models/idefics/vision.py, transformers/models/idefics/perceiver.py
Paper: https://arxiv.org/abs/2306.16527
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import layer, layer_norm, linear, plain_mlp, stack
from llm_gallery.families._config import Depth, Size, config
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.beside._clip import ClipVision


@config("idefics_vision")
class IdeficsVision(ClipVision):
    """Its width is `embed_dim`, which the reference also knows by CLIP's name."""


@config("idefics_perciever", unused=("use_resampler",))
class Perceiver:
    """A part of every config, stored where the config around it says `use_resampler`."""

    resampler_n_latents: Size
    resampler_depth: Depth
    resampler_n_heads: Size
    resampler_head_dim: Size
    qk_layer_norms_perceiver: bool


def perceiver(c: Perceiver, width: int) -> Block:
    """Layers in which the latents attend to the patches and to themselves, and an MLP of ReLU four times as wide."""
    dim, width = int(c.resampler_head_dim), int(width)
    wide = int(c.resampler_n_heads) * dim
    normed = (
        [layer_norm(f"{letter}_layer_norm", dim) for letter in "qk"]
        if c.qk_layer_norms_perceiver
        else []
    )
    attention = (
        layer_norm("context_layer_norm", width),
        layer_norm("latents_layer_norm", width),
        *normed,
        linear("q_proj", width, wide, role="query"),
        linear("k_proj", width, wide, role="key"),
        linear("v_proj", width, wide, role="value"),
        linear("output_proj", wide, width, role="output"),
    )
    mlp = plain_mlp("1", width=width, inner=4 * width, activation="relu", names=("fc", "c_proj"))
    decoder_layer = layer(
        Block("attention", "0", inside=attention),
        layer_norm("1.ln", width),
        mlp,
    )
    inside = (
        tensor_block("", Tensor("latents", (int(c.resampler_n_latents), width))),
        stack("blocks", [decoder_layer] * c.resampler_depth),
        layer_norm("layer_norm", width),
    )
    return Block("projector", "model.perceiver_resampler", inside=inside)
