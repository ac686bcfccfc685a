"""LightNet as Flash Linear Attention has it: in all layers but those that attend, and a gated MLP.

Layers that attend aren't told of a `rope_theta`.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/lightnet.py, and fla/models/lightnet
Paper: https://arxiv.org/abs/2405.21022
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import lightnet as recurrence
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Size, altered, config, multiple
from llm_gallery.families._of_fla import KERNELS, Attending, Hybrid, hybrid

NORM_EPS = 1e-6
"""Of what heads read together: the layer leaves it to its kernel, whatever the model's own is."""
BASE = 10000.0
"""Of layers that attend: they are not told of the one in `attn`."""


@config(
    "lightnet",
    unused=(*KERNELS, "fuse_norm", "max_position_embeddings"),
    classes=("LightNetForCausalLM",),
)
class LightNet(Hybrid):
    num_heads: Size | None = None
    expand_ratio: Size | None = 128
    use_short_conv: bool = False
    conv_size: Size = 4
    gate_low_rank_dim: Size = 128
    elementwise_affine: bool | None = True


def lightnet(c: LightNet) -> Block:
    said = (c.attn,) if isinstance(c.attn, Attending) else c.attn or ()
    attends = tuple(altered(attending, rope_theta=BASE) for attending in said)
    return hybrid(altered(c, attn=attends), lambda: state(c))


def state(c: LightNet) -> Block:
    """Keys are as wide as stated; values share the width of the stream."""
    if c.num_heads is not None:
        heads = c.num_heads
    elif c.expand_ratio is not None:
        heads = derived(c.hidden_size // c.expand_ratio, "hidden_size / expand_ratio")
    else:
        raise Refusal(
            "expand_ratio and num_heads are both none, expected one of them; state expand_ratio"
        )
    wide = multiple(c.hidden_size, heads, ("hidden_size", "the number of heads"))
    value_dim = derived(wide, "hidden_size / heads")
    return recurrence(
        "attn",
        width=c.hidden_size,
        heads=heads,
        key_dim=derived(wide * 1, "hidden_size / heads")
        if c.expand_ratio is None
        else c.expand_ratio,
        value_dim=value_dim,
        gate_rank=c.gate_low_rank_dim,
        taps=c.conv_size if c.use_short_conv else None,
        learned=bool(c.elementwise_affine),
        norm_eps=NORM_EPS,
    )
