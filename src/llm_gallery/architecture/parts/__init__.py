"""The parts that architectures are built of; a part that only one family uses stays in that family."""

from llm_gallery.architecture.parts.attention import (
    NO_POSITION,
    Positions,
    attention,
    fused,
    indexer,
    indexer_over_blocks,
    joint_attention,
    latent_attention,
)
from llm_gallery.architecture.parts.basic import (
    convolution,
    embedding,
    facts,
    head,
    layer_norm,
    learned_positions,
    linear,
    per_layer_embedding,
    per_layer_input,
    rms_norm,
)
from llm_gallery.architecture.parts.compressed import compressed_attention, compressor
from llm_gallery.architecture.parts.feedforward import (
    experts,
    gated_mlp,
    mixture_of_experts,
    plain_mlp,
    receptance_mlp,
    router,
    stacked_experts,
)
from llm_gallery.architecture.parts.lookup import lookup_table, ngram_memory, primes_from
from llm_gallery.architecture.parts.recurrent.gated_deltanet import gated_deltanet
from llm_gallery.architecture.parts.recurrent.kimi_delta_attention import kimi_delta_attention
from llm_gallery.architecture.parts.recurrent.lightning_attention import lightning_attention
from llm_gallery.architecture.parts.recurrent.mamba import mamba
from llm_gallery.architecture.parts.recurrent.mamba2 import mamba2
from llm_gallery.architecture.parts.recurrent.mlstm import mlstm
from llm_gallery.architecture.parts.recurrent.rwkv import rwkv
from llm_gallery.architecture.parts.recurrent.short_convolution import short_convolution
from llm_gallery.architecture.parts.wiring import (
    added,
    apart,
    connection,
    group,
    hyper_connection,
    language_model,
    layer,
    layer_scale,
    matrix,
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
    "compressed_attention",
    "compressor",
    "connection",
    "convolution",
    "embedding",
    "experts",
    "facts",
    "fused",
    "gated_deltanet",
    "gated_mlp",
    "group",
    "head",
    "hyper_connection",
    "indexer",
    "indexer_over_blocks",
    "joint_attention",
    "kimi_delta_attention",
    "language_model",
    "latent_attention",
    "layer",
    "layer_norm",
    "layer_scale",
    "learned_positions",
    "lightning_attention",
    "linear",
    "lookup_table",
    "mamba",
    "mamba2",
    "matrix",
    "mixture_of_experts",
    "mlstm",
    "ngram_memory",
    "per_layer_embedding",
    "per_layer_input",
    "plain_mlp",
    "primes_from",
    "receptance_mlp",
    "renamed",
    "residual",
    "rms_norm",
    "router",
    "rwkv",
    "short_convolution",
    "stack",
    "stacked_experts",
]
