"""HGRN as Flash Linear Attention has it: in all layers but those that attend, decays above floors that grow by layer.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/hgrn.py, and fla/models/hgrn
Paper: https://arxiv.org/abs/2311.04823
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import hgrn as recurrence
from llm_gallery.families._config import Factor, config, same
from llm_gallery.families._of_fla import KERNELS, Floored, floored, hybrid


@config(
    "hgrn",
    unused=(*KERNELS, "fuse_norm", "max_position_embeddings", "num_heads"),
    classes=("HGRNForCausalLM",),
)
class Hgrn(Floored):
    expand_ratio: Factor = 1


def hgrn(c: Hgrn) -> Block:
    return hybrid(c, lambda: state(c), before=floored(c))


def state(c: Hgrn) -> Block:
    """As many channels as the table of floors has, where there is one."""
    inner = derived(int(c.hidden_size * c.expand_ratio), "hidden_size x expand_ratio")
    if c.use_lower_bound:
        same(inner, c.hidden_size, ("hidden_size x expand_ratio", "hidden_size, as floors have"))
    return recurrence(
        "attn",
        width=c.hidden_size,
        inner=inner,
        taps=c.conv_size if c.use_short_conv else None,
        floored=c.use_lower_bound,
        learned=bool(c.elementwise_affine),
    )
