"""Tensors as an engine holds them: bytes, who holds which of them, and what one token reads."""

from __future__ import annotations

from typing import Literal, NamedTuple

FILE = "file"
"""What the weights of a file of one's own are called: it has the types that its header says."""
DRAFTS = "multi_token_prediction"
"""The number of the facts that counts modules that draft, which no engine loads unasked."""
Share = Literal["whole", "divided", "pairs", "experts", "shared"]
"""Who holds a tensor: every rank all of it; the ranks of a group a part each; as many ranks as there are heads of keys
and values a part each, copied beyond these; or the ranks its experts, whole or a part of each. Experts that always run are
"shared": divided, but whole where whole experts are spread over groups of several ranks."""


class Loaded(NamedTuple):
    """A tensor, or the like tensors of a layer's experts as one."""

    name: str
    bytes: int  # of all copies
    share: Share = "divided"
    pairs: int = 0  # heads of keys and values that it is of, where `share` is "pairs"
    copies: int = 1  # experts
    used: int = 1  # of them, the fewest that a token reads
    read: bool = True  # whether a token of a text reads it: no row of a table counts
    vocabulary: int = 0  # rows of a table or head of the vocabulary, which an engine pads
    inner: int = 0  # channels inside each expert, where an engine pads a rank's part of them
    on_host: bool = False  # whether the engine leaves it in the processor's memory
