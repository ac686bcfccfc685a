"""Granite 4 Vision: a tower, and Q-Formers over windows of patches: one a layer that is read, and four of the last.

Reference: transformers/models/granite4_vision/modeling_granite4_vision.py
"""

from __future__ import annotations

from re import fullmatch

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import group, layer_norm, linear
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import config, multiple
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.beside._parts import OF_THE_PICTURES, AnyVision, any_vision, row_end
from llm_gallery.families.beside._qformer import Blip2Qformer, norm_and_layers

OFFSETS = 4
"""Of windows over the last layer's patches: as they stand, and moved right, down and both."""
HEAD = 64
"""Channels of a Q-Former's head; it is as wide as the tower, whatever its own config says."""
UNUSED = (
    *OF_THE_PICTURES, "vision_feature_layer", "spatial_vision_layer", "spatial_target_layers", "projector_dropout",
)  # fmt: skip


@config("granite4_vision", unused=UNUSED)
class Granite4Vision:
    vision_config: AnyVision
    qformer_config: Blip2Qformer
    downsample_rate: str | None
    deepstack_layer_map: tuple[tuple[int, ...], ...] | None


def granite4_vision(c: Granite4Vision, stream: int) -> tuple[Block, ...]:
    """The tower, and a Q-Former for each layer that is read and for each offset, all with weights of their own."""
    if c.deepstack_layer_map is None:
        raise Refusal(
            "deepstack_layer_map is missing, expected a list of layers of the tower, each with the layer that "
            "reads it; add it"
        )
    width = c.vision_config.hidden_size
    multiple(width, max(width // HEAD, 1), ("vision_config.hidden_size", f"hidden_size // {HEAD}"))
    blocks = over_windows(c, int(width), stream)
    several = (
        group(f"{name}.{i}", *blocks)
        for name, count in (
            ("layerwise_projectors", len(c.deepstack_layer_map)),
            ("spatial_projectors", OFFSETS),
        )
        for i in range(count)
    )
    return (
        any_vision(c.vision_config, "model.vision_tower"),
        row_end(stream, "model.image_newline"),
        Block("projector", "model", inside=tuple(several)),
    )


def over_windows(c: Granite4Vision, width: int, stream: int) -> tuple[Block, ...]:
    """A few queries for each window of patches, whose places are learned."""
    queries, window = rate(c.downsample_rate)
    return (
        tensor_block(
            "",
            Tensor("query", (1, queries**2, width)),
            Tensor("image_positions", (1, window**2, width)),
        ),
        group("qformer", *norm_and_layers(c.qformer_config, width, width)),
        layer_norm("norm", width),
        linear("out_linear", width, stream, bias=True),
    )


def rate(said: str | None) -> tuple[int, int]:
    """The sides of the queries and of a window, as in "4/8". Raises Refusal for anything else."""
    match = fullmatch(r"([1-9]\d{0,2})/([1-9]\d{0,2})", said or "")
    if match is None:
        raise Refusal(
            f'downsample_rate is {quoted(said)}, expected two numbers such as "4/8": the sides of the queries '
            "and of a window of patches; correct it in the config"
        )
    return int(match[1]), int(match[2])
