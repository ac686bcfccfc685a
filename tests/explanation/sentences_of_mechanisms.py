"""Which sentences of a text are a mechanism's own."""

from __future__ import annotations

import re


def of_mechanism(text: str) -> bool:
    """Whether it is a sentence of a mechanism itself, which tests of mechanisms hold to its facts."""
    return any(word in text for word in OWN) and not re.match(
        r"In each layer|Per layer|Each layer", text
    )


OWN = (
    "keeps one ", " heads share ", "router picks", "numbers per token for ", "numbers for each of",
    "key-value head of its own", "a sliding window of", "an indexer chooses", "An indexer scores",
    "shared experts run for every", "cache none", "no positional encoding", "from the others to cancel", "RoPE rotates",
    "parallel streams", "of earlier sums of the", "makes both keys", "make the entries", "makes the entries", "to their own chunk",
    "n-gram tables", "Experts work in", "groups first", "the last", "weighted mean", "bounds attention scores",
    "A token passes the same", "widens", "zero-computation", "reuse the keys and values", "parameters of that function",
    "to its own chunk", "A table picks", "reads an earlier layer's entries",
    "of image tokens", "scales the branch and the residual stream", "attention reads only",
    "of an earlier layer's output", "of the gate's activations", "of weights is shared by", "of weights are shared by",
    "are projected from a latent", "β may reach", "Routed experts stand in",
)  # fmt: skip
"""Words of sentences that mechanisms yield."""
