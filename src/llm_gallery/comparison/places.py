"""In which layers something stands, in words: of a part, of several, and of what only some of their mixers have."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.comparison.phrases import count_word
from llm_gallery.comparison.profile import Part, Place, place
from llm_gallery.mechanisms.facts import term


def where(part: Part) -> str:
    """In which layers a part stands."""
    return in_place(part.place)


def in_place(place: Place) -> str:
    """ "in every layer", "in three layers of four", "in the first three layers", "in 10 of 62 layers"."""
    match place.at:
        case "all":
            return "in every layer"
        case "first":
            return f"in the first {_layers(place.count)}"
        case "last":
            return f"after the first {_layers(place.of - place.count)}"
        case "repeating":
            count, of = place.unit
            layers = "layers" if count > 1 else "layer"
            return f"in {count_word(count)} {layers} of {count_word(of)}"
    return f"in {place.count} of {place.of} layers"


def _layers(first: int) -> str:
    return f"{count_word(first)} layers" if first > 1 else "layer"


def joint_place(parts: Sequence[Part]) -> Place:
    """Where several parts stand together."""
    if all(part is parts[0] for part in parts):
        return parts[0].place
    layers = sorted({index for part in parts for index in part.layers})
    return place(layers, parts[0].place.of)


def having_place(parts: Sequence[Part], name: str) -> str:
    """Where a fact is that some mixers of some parts lack; empty where all have it."""
    if not any(name in part.stating or name not in part.facts for part in parts):
        return ""  # as most facts of most parts are
    having = sorted({index for part in parts for index in part.having(name)})
    if any(set(part.having(name)) != set(part.layers) for part in parts):
        return in_place(place(having, parts[0].place.of))
    twice = all(name in part.stating and part.each == PAIR for part in parts)
    return "in one of two mixers of each layer" if twice else ""


PAIR = 2
"""Mixers of one kind in a layer, where there are several."""


def indexed_where(parts: Sequence[Part], name: str) -> str:
    """ " in 21 of 78 layers whose picks 57 others reuse": where some layers take over the index of others."""
    indices = sorted({index for part in parts for index in part.having(name)})
    reusing = {index for part in parts for index in part.having(term(name).shared)} - {*indices}
    if not indices or not reusing:
        return ""
    others = f"{len(reusing):,} others" if len(reusing) > 1 else "one other"
    uses = "reuse" if len(reusing) > 1 else "reuses"
    return f" {in_place(place(indices, parts[0].place.of))} whose picks {others} {uses}"
