"""Keys and attention that both of Inkling's language models share.

Reference: transformers/models/inkling/modular_inkling.py, inkling2/modular_inkling2.py
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import Heads, convolution, facts, linear, with_settings
from llm_gallery.families._config import Length, Size, config, multiple
from llm_gallery.families.llama import Llama, head_dim, kv


@config("")
class AnyInkling(Llama):
    tie_word_embeddings: Literal[False] = False  # the class ties nothing
    layer_types: tuple[str, ...] | None
    swa_num_attention_heads: Size
    swa_num_key_value_heads: Size
    swa_head_dim: Size
    sliding_window_size: Length
    d_rel: Size
    rel_extent: Length
    log_scaling_n_floor: Length | None
    log_scaling_alpha: float
    conv_kernel_size: Size
    n_routed_experts: Size
    num_experts_per_tok: Size
    route_scale: float


class Reach(NamedTuple):
    """The heads of a layer, and up to which distance its bias is learned."""

    heads: Heads
    extent: int


def reach(c: AnyInkling, local: bool) -> Reach:
    """Layers with a window have sizes of their own. Raises Refusal for heads that don't share keys evenly."""
    heads = c.swa_num_attention_heads if local else c.num_attention_heads
    kv_heads = c.swa_num_key_value_heads if local else kv(c)
    dim = c.swa_head_dim if local else head_dim(c)
    multiple(heads, kv_heads, ("num_attention_heads", "num_key_value_heads"))
    return Reach(Heads(heads, kv_heads, dim), c.sliding_window_size if local else c.rel_extent)


def projections(c: AnyInkling, heads: Heads) -> tuple[Block, ...]:
    """Of queries, keys and values."""
    width, key_value, shared = (
        c.hidden_size,
        heads.query * heads.width,
        heads.key_value * heads.width,
    )
    return (
        linear("wq_du", width, key_value, role="query"),
        linear("wk_dv", width, shared, role="key"),
        linear("wv_dv", width, shared, role="value"),
    )


def of_distance(c: AnyInkling, heads: Heads) -> Block:
    """What each head makes of a token, to be met by the learned rows of distances."""
    return linear("wr_du", c.hidden_size, heads.query * c.d_rel, role="distance")


def distances(c: AnyInkling, extent: int) -> Tensor:
    """A learned row for each distance."""
    return Tensor("rel_logits_proj.proj", (int(c.d_rel), int(extent)), role="distances")


def short_convolution(c: AnyInkling, name: str, channels: int, role: str = "") -> Block:
    """A depthwise convolution, which the reference computes in float32, its kept inputs too."""
    conv = convolution(name, int(channels), c.conv_kernel_size, role=role or ())
    return replace(conv, facts={**conv.facts, **facts(state_dtype="float32")})


def with_growing_queries(c: AnyInkling, block: Block) -> Block:
    """Attention whose queries grow with the log of the position, beyond a length."""
    if c.log_scaling_n_floor is None:
        return block
    return with_settings(
        block,
        temperature_smooth=True,
        temperature_length=int(c.log_scaling_n_floor),
        temperature_share=float(c.log_scaling_alpha),
    )
