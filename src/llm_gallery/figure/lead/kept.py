"""What is kept at the end of the context: as the model is built, beside the same model without what saves it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import Cache, cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary, short
from llm_gallery.architecture.block import Block

SAVINGS = (
    ("hybrid", "attention in all layers"),
    ("compressed-attention", "without compression"),
    ("multi-head-latent-attention", "with keys and values"),
    ("sliding-window-attention", "without windows"),
    ("chunked-attention", "without chunks"),
    ("shared-kv-cache", "with keys of its own"),
    ("multi-query-attention", "a key for each query head"),
    ("grouped-query-attention", "a key for each query head"),
)
"""What saves memory, the most telling first, and what the model is called without it."""


class Saving(NamedTuple):
    """Bytes that are kept, and those that the same model would keep without what saves them."""

    caption: str
    built: int
    whole: int
    words: str  # what it is then called
    under: str = "in all layers together"
    of: str = "of its cache"
    form: Callable[[int], str] = binary

    @property
    def share(self) -> str:
        """What is left of it: "1 / 8.7"."""
        return f"1 / {self.whole / self.built:.3g}"


def saving(root: Block, own: Collection[str] | None = None) -> Saving | None:
    """What the most telling of some concepts saves, counted on the same model without it; None where none does.

    For a token, where every token costs the same; else at the end of the context.
    """
    length = None if _alike(cache(root)) else context(root)
    built = _bytes(cache(root), length)
    for concept, words in SAVINGS:
        if own is not None and concept not in own:
            continue
        other = without(root, concept)
        whole = 0 if other is None else _bytes(cache(other), length)
        if built and whole >= 1.2 * built:
            return Saving(caption(length), built, whole, words)
    return None


def _alike(kept: Cache) -> bool:
    """Whether every token costs the same."""
    return not kept.state_bytes and kept.bytes_per_token == kept.bytes_per_token_long


def context(root: Block) -> int:
    """The tokens that a model is built for; 32,768 where its config doesn't say."""
    return root.number("context") if "context" in root.facts else 32768


def _bytes(kept: Cache, length: int | None) -> int:
    """Of so many tokens, or of each."""
    return kept.bytes_per_token if length is None else kept.at(length)


def caption(length: int | None) -> str:
    """What is kept, over a number of bytes: for so many tokens, or for each."""
    return "Kept for a token" if length is None else f"Kept for {length:,} tokens"


def of_loops(root: Block) -> Saving | None:
    """The parameters of a stack that runs again, beside those of as many layers with weights of their own."""
    other = without(root, "looped-depth")
    if other is None:
        return None
    built, whole = parameters(root).total, parameters(other).total
    if whole == built:
        return None
    words = "with weights of its own for each pass"
    return Saving("Parameters", built, whole, words, "stored once", "of the weights", short)
