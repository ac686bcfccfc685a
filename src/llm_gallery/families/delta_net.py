"""DeltaNet as Flash Linear Attention has it: states that are corrected, in all layers but those that attend.

Reference: https://github.com/fla-org/flash-linear-attention/blob/main/fla/layers/delta_net.py
Paper: https://arxiv.org/abs/2406.06484
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import deltanet
from llm_gallery.families._config import Factor, Size, config, stated
from llm_gallery.families._of_fla import KERNELS, Hybrid, hybrid, share


@config(
    "delta_net",
    unused=(*KERNELS, "fuse_norm", "max_position_embeddings", "use_output_norm"),
    classes=("DeltaNetForCausalLM",),
)
class DeltaNet(Hybrid):
    """What is read is normed whatever `use_output_norm` says, which the layer passes over."""

    expand_k: Factor = 1.0
    expand_v: Factor = 1.0
    num_heads: Size = 16
    conv_size: Size = 4
    use_gate: bool = False
    use_beta: Literal[True] = True
    use_short_conv: Literal[True] = True
    allow_neg_eigval: bool = False
    qk_norm: Literal["l2"] = "l2"
    qk_activation: Literal["silu"] = "silu"


def delta_net(c: DeltaNet) -> Block:
    return hybrid(c, lambda: state(c))


def state(c: DeltaNet) -> Block:
    """Heads that share `expand_k` and `expand_v` widths."""
    return deltanet(
        "attn",
        width=c.hidden_size,
        heads=c.num_heads,
        key_dim=share(c.hidden_size, c.num_heads, c.expand_k, "expand_k"),
        value_dim=share(c.hidden_size, c.num_heads, c.expand_v, "expand_v"),
        taps=c.conv_size,
        gated=c.use_gate,
        negative_eigenvalues=stated(c, "allow_neg_eigval"),
    )
