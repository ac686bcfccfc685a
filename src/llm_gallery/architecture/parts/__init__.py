"""The parts that architectures are built of; a part that only one family uses stays in that family."""

from llm_gallery.architecture.parts.attention import (
    NO_POSITION,
    Positions,
    attention,
    fused,
    latent_attention,
)
from llm_gallery.architecture.parts.basic import (
    embedding,
    facts,
    head,
    layer_norm,
    learned_positions,
    linear,
    rms_norm,
)
from llm_gallery.architecture.parts.feedforward import (
    experts,
    gated_mlp,
    mixture_of_experts,
    plain_mlp,
    router,
    stacked_experts,
)
from llm_gallery.architecture.parts.recurrent import (
    convolution,
    gated_deltanet,
    mamba,
    mamba2,
    mlstm,
    short_convolution,
)
from llm_gallery.architecture.parts.wiring import (
    added,
    apart,
    group,
    layer,
    renamed,
    residual,
    stack,
)

__all__ = [
    "NO_POSITION",
    "Positions",
    "added",
    "apart",
    "attention",
    "convolution",
    "embedding",
    "experts",
    "facts",
    "fused",
    "gated_deltanet",
    "gated_mlp",
    "group",
    "head",
    "latent_attention",
    "layer",
    "layer_norm",
    "learned_positions",
    "linear",
    "mamba",
    "mamba2",
    "mixture_of_experts",
    "mlstm",
    "plain_mlp",
    "renamed",
    "residual",
    "rms_norm",
    "router",
    "short_convolution",
    "stack",
    "stacked_experts",
]
