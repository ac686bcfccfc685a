"""Step 3.7: a perception encoder without a class token, two convolutions that halve the picture, and one matrix.

Names are those of the release, which the reference saves under, too. Keys of the release's own config class, and
its defaults: the copy in Megatron Bridge (models/stepfun/configuration_step37.py).
Reference: transformers/models/step3p7/modular_step3p7.py
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import layer, layer_norm, linear, plain_mlp
from llm_gallery.families._config import Depth, Factor, Size, config
from llm_gallery.families._vision import (
    checked_tower,
    encoder,
    filters,
    patches,
    tensor_block,
    tower,
)


@config(
    "step3p5_vision",
    unused=(
        "intermediate_size", "layer_scale_init_value", "max_position_embeddings", "rope_parameters",
    ),
)  # fmt: skip
class StepVision:
    hidden_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_channels: Size
    image_size: Size
    patch_size: Size
    hidden_act: str
    mlp_ratio: Factor


@config("perception_encoder", unused=("ls_init_value", "use_rope2d"))
class PerceptionEncoder:
    """The same in the keys of the release; a switch that the reference lacks stands as it computes."""

    width: Size = 1536
    layers: Depth = 47
    heads: Size = 16
    num_channels: Size = 3
    image_size: Size = 728
    patch_size: Size = 14
    hidden_act: str = "quick_gelu"
    mlp_ratio: Factor = 8960 / 1536
    use_cls_token: Literal[False] = False
    use_ln_pre: Literal[True] = True
    use_ln_post: Literal[False] = False
    use_abs_posemb: Literal[True] = True


@config("step3p7", unused=("understand_projector_stride",))
class Step37:
    vision_config: StepVision | PerceptionEncoder
    projector_bias: bool


class Sizes(NamedTuple):
    """What either spelling of the tower says."""

    width: int
    layers: int
    heads: int


def step3p7(c: Step37, stream: int) -> tuple[Block, ...]:
    """The tower, and the projector of its last channels."""
    vision = c.vision_config
    sizes = stated_sizes(vision)
    projector = linear(
        "vit_large_projector", 4 * sizes.width, int(stream), bias=bool(c.projector_bias)
    )
    return encoder_of(vision, sizes), Block("projector", "", inside=(projector,))


def stated_sizes(c: StepVision | PerceptionEncoder) -> Sizes:
    if isinstance(c, PerceptionEncoder):
        return Sizes(int(c.width), int(c.layers), int(c.heads))
    return Sizes(int(c.hidden_size), int(c.num_hidden_layers), int(c.num_attention_heads))


def encoder_of(c: StepVision | PerceptionEncoder, sizes: Sizes) -> Block:
    """Learned places, layers whose branches are scaled by a vector each, and twice the channels at each halving."""
    width, layers, heads = sizes
    checked_tower(width, heads, c.patch_size, c.image_size)
    side = int(c.image_size // c.patch_size)
    encoder_layer = scaled_layer(width, int(width * c.mlp_ratio), c.hidden_act)
    return tower(
        "vision_model",
        (
            patches("conv1", width, c.num_channels, (c.patch_size, c.patch_size), bias=False),
            tensor_block("", Tensor("positional_embedding", (side * side, width))),
            layer_norm("ln_pre", width),
            encoder("transformer", encoder_layer, layers, "resblocks"),
            filters("vit_downsampler1", 2 * width, width, 3, 3),
            filters("vit_downsampler2", 4 * width, 2 * width, 3, 3),
        ),
    )


def scaled_layer(width: int, inner: int, activation: str) -> Block:
    """Pre-norm attention and MLP with biases, q, k and v in one tensor as torch's own attention keeps them."""
    joined = (Tensor("in_proj_weight", (3 * width, width)), Tensor("in_proj_bias", (3 * width,)))
    output = linear("out_proj", width, width, role="output", bias=True)
    mlp = plain_mlp(
        "mlp", width=width, inner=inner, activation=activation, names=("c_fc", "c_proj"), bias=True
    )
    return layer(
        layer_norm("ln_1", width),
        Block("attention", "attn", tensors=joined, inside=(output,)),
        tensor_block("ls_1", Tensor("gamma", (width,))),
        layer_norm("ln_2", width),
        mlp,
        tensor_block("ls_2", Tensor("gamma", (width,))),
    )
