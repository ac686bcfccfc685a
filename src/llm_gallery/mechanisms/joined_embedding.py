"""The token's embedding, read again deep in the model: beside the stream, as a second half of what a branch reads.

Paper: https://arxiv.org/abs/2405.16712
"""

from __future__ import annotations

from llm_gallery.mechanisms._mechanism import Names, inert

MECHANISM = inert(
    kind="joined_embedding",
    wired="beside_embedding",
    names=Names("stream and embedding", label="concatenated embedding"),
    colour="embedding",
    does="Puts the token's embedding beside the stream, so that a branch reads a vector of twice the width.",
    reads=("embedded",),
)
