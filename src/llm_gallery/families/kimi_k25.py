"""Kimi K2.5: Kimi K2 with the MoonViT vision tower, which is counted apart from the text model.

Reference: transformers/models/kimi_k25/modular_kimi_k25.py
Paper: https://arxiv.org/abs/2602.02276
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer, layer_norm, linear, plain_mlp
from llm_gallery.families._config import Depth, Size, config, default, exactly, stated
from llm_gallery.families._vision import encoder, tensor_block, tower
from llm_gallery.families._wrapped import wrapped
from llm_gallery.families.kimi_k2 import KimiK2


@config(
    "kimi_k25_vision",
    unused=(
        "init_pos_emb_height", "init_pos_emb_time", "init_pos_emb_width", "max_position_embeddings",
        "merge_type", "mm_hidden_size", "mm_projector_type", "num_attention_heads", "pos_emb_time",
        "pos_emb_type", "projector_hidden_act", "projector_ln_eps", "rope_parameters",
        "text_hidden_size", "video_attn_type", "vt_hidden_size", "vt_intermediate_size",
        "vt_num_attention_heads", "vt_num_hidden_layers",
    ),
    foreign={
        "init_pos_emb_height": default("kimi_k25_vision", "pos_emb_height"),
        "init_pos_emb_width": default("kimi_k25_vision", "pos_emb_width"),
        "vt_hidden_size": default("kimi_k25_vision", "hidden_size"),
        "vt_intermediate_size": default("kimi_k25_vision", "intermediate_size"),
        "vt_num_hidden_layers": default("kimi_k25_vision", "num_hidden_layers"),
    },
)  # fmt: skip
class MoonViT:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    patch_size: Size
    pos_emb_height: Size
    pos_emb_width: Size
    merge_kernel_size: tuple[Size, ...]
    hidden_act: str


@config(
    "kimi_k25",
    unused=(
        "ignore_index",
        "projection_layer_norm_eps",
        "media_placeholder_token_id",
        "use_unified_vision_chunk",
        "video_placeholder",
    ),
)
class KimiK25:
    text_config: KimiK2
    vision_config: MoonViT  # without one, the reference builds its default tower
    projection_hidden_size: Size
    tie_word_embeddings: bool


def kimi_k25(c: KimiK25) -> Block:
    """The reference ties the head where the wrapper doesn't say; the releases say that it isn't."""
    tied = stated(c, "tie_word_embeddings")
    body = wrapped(c.text_config, "language_model.model", "language_model.lm_head", tied)
    beside = (moonvit(c.vision_config), projector(c, c.vision_config, body.number("width")))
    return replace(body, inside=(*body.inside, *beside))


def moonvit(c: MoonViT) -> Block:
    """Pre-norm LayerNorm, q, k and v in one matrix, a two-matrix MLP, biases everywhere."""
    width, side = int(c.hidden_size), int(c.patch_size)
    table = Tensor("weight", (int(c.pos_emb_height), int(c.pos_emb_width), width))
    patch = Tensor("weight", (width, 3, side, side))  # red, green, blue: no key says otherwise
    mlp = plain_mlp(
        "mlp",
        width=width,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("fc0", "fc1"),
        bias=True,
    )
    one = layer(
        layer_norm("norm0", width),
        linear("wqkv", width, 3 * width, bias=True),
        linear("wo", width, width, bias=True),
        layer_norm("norm1", width),
        mlp,
    )
    return tower(
        "vision_tower",
        (
            group(
                "patch_embed",
                tensor_block("proj", patch, Tensor("bias", (width,))),
                tensor_block("pos_emb", table),
            ),
            group(
                "encoder",
                encoder("", one, c.num_hidden_layers, "blocks"),
                layer_norm("final_layernorm", width),
            ),
        ),
    )


def projector(c: KimiK25, vision: MoonViT, stream: int) -> Block:
    """A norm, neighbouring patches joined, and two linear maps to the stream's width."""
    height, across = exactly(vision.merge_kernel_size, 2, "vision_config.merge_kernel_size")
    merged = vision.hidden_size * height * across
    inside = (
        layer_norm("pre_norm", c.projection_hidden_size),
        linear("proj.0", merged, merged, bias=True),
        linear("proj.2", merged, stream, bias=True),
    )
    return Block("projector", "mm_projector", inside=inside)
