"""HGRN 2 as Flash Linear Attention has it: in all layers but those that attend, decays above floors that grow by layer.

What is read is normed with the kernels' own epsilon, which the model's doesn't reach.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/hgrn2.py, and fla/models/hgrn2
Paper: https://arxiv.org/abs/2404.07904
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import hgrn2 as recurrence
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Size, config, multiple
from llm_gallery.families._of_fla import KERNELS, Floored, floored, hybrid

NORM_EPS = 1e-5
"""Of what heads read together: the layer leaves its kernel to that, whatever the model's own is."""


@config(
    "hgrn2",
    unused=(*KERNELS, "fuse_norm", "max_position_embeddings"),
    classes=("HGRN2ForCausalLM",),
)
class Hgrn2(Floored):
    """`num_heads` counts where `expand_ratio` is none."""

    expand_ratio: Size | None = 128
    num_heads: Size | None = None


def hgrn2(c: Hgrn2) -> Block:
    return hybrid(c, lambda: state(c), before=floored(c))


def state(c: Hgrn2) -> Block:
    heads, size = shape(c)
    return recurrence(
        "attn",
        width=c.hidden_size,
        heads=heads,
        head_dim=size,
        taps=c.conv_size if c.use_short_conv else None,
        floored=c.use_lower_bound,
        learned=bool(c.elementwise_affine),
        norm_eps=NORM_EPS,
    )


def shape(c: Hgrn2) -> tuple[int, int]:
    """How many heads share the width, and how much of it each has."""
    if c.expand_ratio is not None:
        heads = multiple(c.hidden_size, c.expand_ratio, ("hidden_size", "expand_ratio"))
        return derived(heads, "hidden_size / expand_ratio"), c.expand_ratio
    if c.num_heads is None:
        raise Refusal(
            "expand_ratio and num_heads are both none, expected one of them; state expand_ratio"
        )
    size = multiple(c.hidden_size, c.num_heads, ("hidden_size", "num_heads"))
    return c.num_heads, derived(size, "hidden_size / num_heads")
