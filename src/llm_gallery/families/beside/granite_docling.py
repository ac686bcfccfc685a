"""Granite Docling: SigLIP, and one or two ways from its patches to the stream, each with mergers for earlier layers.

Reference: transformers/models/granite_docling/modeling_granite_docling.py
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import group, layer_norm, linear
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Count, Size, config, same
from llm_gallery.families.beside._siglip import Siglip, siglip

USUAL = (3, 7, 10)
"""Layers that mergers read, where a config names none."""


@config("granite_docling_vision", unused=("vision_use_head",))
class DoclingVision(Siglip):
    vision_use_head: bool = False  # no such key: none
    out_hidden_size: Size
    scale_factor: Size
    deepstack_visual_indexes: tuple[Count, ...] | None
    use_fine_route: bool


@config("granite_docling", unused=("density_router_loss_weight", "density_router_threshold"))
class GraniteDocling:
    vision_config: DoclingVision
    density_router_hidden_size: Size | None


def granite_docling(c: GraniteDocling, stream: int) -> tuple[Block, ...]:
    """The tower with what joins it, which the checkpoint keeps inside; a router where the config has one."""
    vision, inner = c.vision_config, c.density_router_hidden_size
    width = vision.hidden_size
    same(
        vision.out_hidden_size, stream, ("vision_config.out_hidden_size", "text_config.hidden_size")
    )
    whole = siglip(vision, "model.vision_model")
    block = replace(whole, inside=(*whole.inside, connector(vision)))
    if inner is None:
        return (block,)
    if not vision.use_fine_route:
        raise Refusal(
            f"density_router_hidden_size is {inner} where vision_config.use_fine_route is false, expected "
            "null: the router chooses between two ways; correct one of the two"
        )
    router = (
        linear("att", width, 1, bias=True),
        layer_norm("norm", width),
        linear("fc1", width, inner, bias=True),
        linear("fc2", inner, 1, bias=True),
    )
    return block, Block("projector", "model.density_router", inside=router)


def connector(c: DoclingVision) -> Block:
    """The ways, and the norms and the map that they share; the fine way joins half as many patches each way."""
    stream = c.out_hidden_size
    fine = [way(c, "fine", c.scale_factor // 2)] if c.use_fine_route else []
    return group(
        "connector",
        layer_norm("ln_in", c.hidden_size),
        way(c, "coarse", c.scale_factor),
        *fine,
        layer_norm("ln_mid", stream),
        linear("mlp_fc2", stream, stream),
        layer_norm("ln_out", stream),
    )


def way(c: DoclingVision, name: str, joined: int) -> Block:
    """A map of the joined patches, and a merger for each layer that is read before the last."""
    wide, stream = c.hidden_size * joined**2, c.out_hidden_size
    read = USUAL if c.deepstack_visual_indexes is None else c.deepstack_visual_indexes
    mergers = (
        group(
            f"deepstack_mergers.{i}",
            layer_norm("layer_norm", wide),
            linear("linear_1", wide, stream, bias=True),
            linear("linear_2", stream, stream, bias=True),
        )
        for i in range(len(read))
    )
    return group(name, linear("projection", wide, stream), *mergers)
