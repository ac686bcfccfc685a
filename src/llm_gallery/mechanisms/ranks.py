"""Which of the concepts that are new in a model says most of it: how it keeps and reads the past, before all else."""

from __future__ import annotations

PAST = frozenset(
    {
        "bidirectional-attention", "block-sparse-attention", "chunked-attention", "compressed-attention", "convolved-attention", "cross-attention",
        "differential-attention",
        "gated-deltanet", "gated-linear-attention", "grouped-query-attention", "hybrid", "kimi-delta-attention", "lightning-attention",
        "mamba", "mamba-2", "matrix-rwkv", "mlstm", "multi-head-latent-attention", "multi-query-attention",
        "parallel-mixers", "relative-positions", "rg-lru", "rwkv", "rwkv-7", "short-convolution", "shared-key-value",
        "sliding-window-attention", "sparse-attention", "unified-kv",
    }
)  # fmt: skip
"""What changes how the past is kept or read."""
SHARING = frozenset(
    {"gated-memory", "looped-depth", "shared-index", "shared-kv-cache", "value-residual"}
)
"""What layers take over from one another."""
STREAM = frozenset(
    {
        "alternating-updates",
        "attention-residuals",
        "gated-residual-streams",
        "hyper-connections",
        "learned-residual",
        "residual-scaling",
    }
)
"""How branches read and write the stream."""
LOOKED_UP = frozenset({"ngram-memory"})
"""What is looked up instead of computed."""
ROUTING = frozenset(
    {
        "hash-routing", "identity-experts", "latent-experts", "mixture-of-experts", "shortcut-experts",
        "value-experts",
    }
)  # fmt: skip
"""Which experts run."""
READING = frozenset(
    {
        "alibi", "attention-sinks", "gated-attention", "nope", "parallel-block", "post-norm",
        "sandwich-norm",
    }
)  # fmt: skip
"""What attention makes of its scores, how it does without positions, and where norms and the MLP stand."""
CHANNELS = frozenset({"geglu", "polynorm", "relu-squared", "shared-expert", "situ", "xielu"})
"""What works on each token alone."""
RANKS = (PAST, SHARING, STREAM, LOOKED_UP, ROUTING, READING, CHANNELS)
"""The most telling first."""


def rank(concepts: frozenset[str]) -> int:
    """The place of the most telling of some concepts; as many as there are ranks where none tells."""
    return next((place for place, told in enumerate(RANKS) if concepts & told), len(RANKS))
