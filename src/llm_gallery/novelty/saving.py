"""What is kept at the end of the context: as the model is built, beside the same model without what saves it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple, get_args

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.concepts import concepts as shown
from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import Cache, cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary, gigaflop, short
from llm_gallery.architecture.block import Block
from llm_gallery.concepts import Cached, concepts


class Saving(NamedTuple):
    """Bytes that are kept, and those that the same model would keep without what saves them."""

    caption: str
    built: int
    whole: int
    words: str  # what it is then called
    under: str = "in all layers together"
    less: str = "less cache"
    form: Callable[[int], str] = binary
    text: str = ""  # of what its bytes are kept: "a token", "131,072 tokens"
    stored: bool = True

    @property
    def times(self) -> str:
        """How much less it is: "8.7 ×"."""
        return f"{self.whole / self.built:.3g} ×"


def saving(
    root: Block, among: Collection[str] | None = None, *, at_end: bool = False
) -> Saving | None:
    """What the most telling of some concepts saves, counted on the same model without it; None where none does.

    For a token, where every token costs the same; else, or where it is asked for, at the end of the context.
    """
    length = None if _alike(cache(root)) and not at_end else context(root)
    built = _bytes(cache(root), length)
    for concept, words in drawn_savings(shown(root) if among is None else among):
        other = without(root, concept)
        whole = 0 if other is None else _bytes(cache(other), length)
        if built and whole >= 1.2 * built:
            return Saving(caption(length), built, whole, words, text=length_words(length))
    return None


def drawn_savings(among: Iterable[str]) -> list[tuple[str, str]]:
    """Concepts that save memory, the most telling first, and what a model is called without each."""
    known = concepts()
    saving = [(name, saves) for name in among if name in known and (saves := known[name].saves)]
    saving.sort(key=lambda pair: (pair[1].place, pair[0]))
    return [
        (name, saves.drawn)
        for name, saves in saving
        if saves.drawn and saves.of in get_args(Cached)
    ]


def _alike(cached: Cache) -> bool:
    """Whether every token costs the same."""
    return not cached.state_bytes and cached.bytes_per_token == cached.bytes_per_token_long


def context(root: Block) -> int:
    """The tokens that a model is built for; 32,768 where its config doesn't say."""
    return root.number("context") if "context" in root.facts else 32768


def _bytes(cached: Cache, length: int | None) -> int:
    """Of so many tokens, or of each."""
    return cached.bytes_per_token if length is None else cached.at(length)


def caption(length: int | None) -> str:
    """What is kept, over a number of bytes: for so many tokens, or for each."""
    return f"Kept for {length_words(length)}"


def length_words(length: int | None) -> str:
    """So many tokens, or each of them: "131,072 tokens", "a token"."""
    return "a token" if length is None else f"{length:,} tokens"


def of_weights(root: Block, concept: str) -> Saving | None:
    """The parameters of a model beside those without a concept of the whole layer: a stack that runs again stores less."""
    saves, other = concepts()[concept].saves, without(root, concept)
    if saves is None or not saves.drawn or other is None:
        return None
    built, whole = parameters(root).total, parameters(other).total
    if whole == built:
        return None
    return Saving("Parameters", built, whole, saves.drawn, "stored once", "fewer weights", short)


def of_compute(root: Block, concept: str) -> Saving | None:
    """The work on the last token of the context, beside that of the model without a concept that spares work."""
    known = concepts().get(concept)
    saves = None if known is None else known.saves
    if saves is None or saves.of != "compute" or not saves.drawn:
        return None
    other, last = without(root, concept), context(root)
    built = flops_per_token(root, last)
    whole = 0 if other is None else flops_per_token(other, last)
    if whole < 1.2 * built:
        return None
    caption, under = f"Computed for token {last:,}", "in all layers together"
    return Saving(caption, built, whole, saves.drawn, under, "less work", gigaflop, stored=False)
