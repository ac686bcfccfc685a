"""Llama 3.2 Vision's tower: an encoder over each tile of a picture, and a second one over all tiles.

Reference: transformers/models/mllama/modeling_mllama.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import layer, layer_norm
from llm_gallery.families._config import Depth, Few, Pieces, Size, config, multiple
from llm_gallery.families._vision import (
    checked_tower,
    encoder,
    four_maps,
    pre_norm,
    tensor_block,
    tower,
)

RATIOS = 8
"""Of height and width in tiles, where the config lists none."""


@config("mllama_vision_model", unused=("intermediate_layers_indices", "tie_word_embeddings"))
class MllamaVision:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_global_layers: Few
    attention_heads: Size
    num_channels: Size
    vision_output_dim: Size
    image_size: Size
    patch_size: Size
    max_num_tiles: Pieces
    hidden_act: str
    supported_aspect_ratios: tuple[tuple[Size, ...], ...] | None


def two_encoders(c: MllamaVision) -> Block:
    """Patches of each tile, then of all tiles together; what tiles there are is told by the ratio of their sides."""
    width = int(c.hidden_size)
    checked_tower(width, c.attention_heads, c.patch_size, c.image_size)
    patches = int((c.image_size // c.patch_size) ** 2 + 1)
    listed = c.supported_aspect_ratios
    ratios, tiles = (RATIOS if listed is None else len(listed)) + 1, int(c.max_num_tiles)
    patch = (width, int(c.num_channels), int(c.patch_size), int(c.patch_size))
    tensor, gated = Tensor("gate", (1,)), layer_of(c, gates=("gate_attn", "gate_ffn"))
    whole = [
        encoder("transformer", layer_of(c), c.num_hidden_layers),
        *(
            [encoder("global_transformer", gated, c.num_global_layers)]
            if c.num_global_layers
            else []
        ),
    ]
    return tower(
        "vision_model",
        (
            tensor_block("", Tensor("class_embedding", (width,))),
            tensor_block("patch_embedding", Tensor("weight", patch)),
            tensor_block(
                "gated_positional_embedding",
                tensor,
                Tensor("embedding", (patches, width)),
                Tensor("tile_embedding.weight", (ratios, tiles * patches * width)),
            ),
            *(
                tensor_block(
                    f"{when}_tile_positional_embedding",
                    tensor,
                    Tensor("embedding.weight", (ratios, tiles * width)),
                )
                for when in ("pre", "post")
            ),
            layer_norm("layernorm_pre", width),
            layer_norm("layernorm_post", width),
            *whole,
        ),
    )


def layer_of(c: MllamaVision, gates: tuple[str, ...] = ()) -> Block:
    """Attention without biases and an MLP with; those of the second encoder have a gate for each."""
    width = c.hidden_size
    multiple(width, c.attention_heads, ("hidden_size", "attention_heads"))
    maps = four_maps(width, bias=False, output="o_proj")
    attention = Block("attention", "self_attn", inside=maps)
    encoder_layer = pre_norm(attention, width, c.intermediate_size, activation=c.hidden_act)
    return layer(*encoder_layer.inside, *(tensor_block("", Tensor(gate, (1,))) for gate in gates))
