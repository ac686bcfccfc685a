"""Which sentences of a text are a mechanism's own."""

from __future__ import annotations

import re


def of_mechanism(text: str) -> bool:
    """Whether it is a sentence of a mechanism itself, which tests of mechanisms hold to its facts."""
    return any(word in text for word in OWN) and not re.match(
        r"In each|A layer of|Each layer", text
    )


OWN = (
    "keeps one ", " heads share ", "router picks", "numbers of a token for ", "numbers for each of",
    "keeps a key and a value", "serves all", "read the last", "reads the last", "score the past", "scores the past",
    "more run for every", "keep none", "carry no positions", "are subtracted", "channels are rotated",
    "side by side", "of earlier sums, one saved", "makes both keys", "make the entries", "makes the entries", "read their own chunk",
    "rows of large tables", "Experts work on", "groups first", "only the last", "weighted mean", "holds scores below",
    "A token passes the same", "widens", "further choices", "read the keys and values", "numbers of that function",
    "reads its own chunk", "A table picks", "reads an earlier layer's entries",
    "of each place in a picture", "how much of the stream is left", "tokens are read: the first",
    "is gated by what the token is by now", "Of the gate only about", "of weights serve", "Routed experts stand in",
)  # fmt: skip
"""Words of sentences that mechanisms yield."""
