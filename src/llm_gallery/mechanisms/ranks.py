"""Which of the concepts that are new in a model says most of it: how it keeps and reads the past, before all else."""

from __future__ import annotations

PAST = frozenset(
    {
        "chunked-attention", "compressed-attention", "convolved-attention", "differential-attention",
        "gated-deltanet", "grouped-query-attention", "kimi-delta-attention", "lightning-attention",
        "mamba", "mamba-2", "mlstm", "multi-head-latent-attention", "multi-query-attention",
        "ngram-memory", "relative-positions", "rwkv", "short-convolution", "shared-key-value",
        "sliding-window-attention", "sparse-attention", "unified-kv",
    }
)  # fmt: skip
"""What changes how the past is kept or read."""
SHARING = frozenset({"shared-index", "shared-kv-cache"})
"""What layers take over from one another."""
STREAM = frozenset(
    {
        "attention-residuals", "gated-residual-streams", "hyper-connections", "looped-depth",
        "residual-scaling",
    }
)  # fmt: skip
"""How branches read and write the stream, and how often it runs."""
ROUTING = frozenset(
    {
        "hash-routing", "identity-experts", "latent-experts", "mixture-of-experts", "shared-expert",
        "shortcut-experts",
    }
)  # fmt: skip
"""Which experts run."""
PLACES = frozenset({"nope", "post-norm", "sandwich-norm"})
"""Where positions and norms stand."""
CHANNELS = frozenset({"geglu", "polynorm", "relu-squared", "situ", "xielu"})
"""What an MLP does with its inner numbers."""
RANKS = (PAST, SHARING, STREAM, ROUTING, PLACES, CHANNELS)
"""The most telling first."""


def rank(concepts: frozenset[str]) -> int:
    """The place of the most telling of some concepts; as many as there are ranks where none tells."""
    return next((place for place, told in enumerate(RANKS) if concepts & told), len(RANKS))
