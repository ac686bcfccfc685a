"""MiniCPM-V's and -o's own towers until 4.5: SigLIP over any picture, and learned queries that read its patches once.

Reference: vllm/model_executor/models/minicpmv.py, minicpmo.py, and the releases' own code that these follow,
https://huggingface.co/openbmb/MiniCPM-V-2_6/blob/main/resampler.py
Paper: https://arxiv.org/abs/2408.01800
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import layer_norm, linear
from llm_gallery.families._config import Size, altered, config
from llm_gallery.families.beside._siglip import Siglip, siglip


@config("siglip", unused=("vision_use_head",))
class OwnSiglip(Siglip):
    """The release's own configuration class fills in colours and activation."""

    num_channels: Size = 3
    hidden_act: str = "gelu_pytorch_tanh"
    vision_use_head: bool = False


@config("idefics2")
class OwnIdefics2(OwnSiglip):
    """MiniCPM-V 2.5 calls the same tower so."""

    num_channels: Size = 3
    hidden_act: str = "gelu_pytorch_tanh"
    vision_use_head: bool = False


@config("siglip_vision_model", unused=("vision_use_head",))
class OwnSiglipVision(OwnSiglip):
    """Since 4.0 it has the name that the reference gives it, and is the same."""

    num_channels: Size = 3
    hidden_act: str = "gelu_pytorch_tanh"
    vision_use_head: bool = False


OwnTower = OwnSiglip | OwnIdefics2 | OwnSiglipVision
"""The tower under each of its names."""


def vision_tower(
    c: OwnSiglip, *, queries: int, stream: int, without_last: bool
) -> tuple[Block, ...]:
    """The tower, of which a release may leave out the last layer, and the queries."""
    if without_last and c.num_hidden_layers > 1:
        c = altered(c, num_hidden_layers=c.num_hidden_layers - 1)
    return siglip(c, "vpm"), resampler(int(queries), int(c.hidden_size), int(stream))


def resampler(queries: int, read: int, width: int) -> Block:
    """Attention of the queries over all patches, at the stream's width; its waves of places are computed, not stored."""
    stored = (
        Tensor("query", (queries, width)),
        Tensor("attn.in_proj_weight", (3 * width, width)),
        Tensor("attn.in_proj_bias", (3 * width,)),
        Tensor("proj", (width, width)),
    )
    inside = (
        *([linear("kv_proj", read, width)] if read != width else []),
        linear("attn.out_proj", width, width, bias=True),
        *(layer_norm(f"ln_{name}", width) for name in ("q", "kv", "post")),
    )
    return Block("projector", "resampler", tensors=stored, inside=inside)
