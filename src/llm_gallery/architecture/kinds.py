"""Every kind of block there is, by its place in a model: each builder's module says those that it makes in `KINDS`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Literal, get_args

_PARTS = Path(__file__).parent / "parts"
Place = Literal[
    "attends",
    "recurs",  # by a state that doesn't grow with the context
    "reads beside the text",  # keys and values are a picture's, or those of bytes and patches for each other
    "mixes channels",
    "serves a mixer",
    "stands beside",
    "begins or ends",
    "norms",
    "is a part of any",
    "joins",  # stores nothing of its own: says in which order parts run, and what is added
    "connects",
    "drafts",  # stored beside the language model, and counted apart
    "is another modality",  # as that
]
"""Where a block stands in a model."""
Trait = Literal[
    Place,
    "mixes",
    "mixes tokens",
    "is about tokens",  # reads several tokens, or tables by several
    "is about channels",  # works on each token alone, or reads a table by it
    "may begin the stream",  # may stand on it before the stack
    "adds to scores",  # a table of the whole model that the stream never meets
    "stands apart",
]
"""What a block does, whichever kind it is; its place is the first."""
Kinds = Mapping[str, tuple[Trait, ...]]
"""What is said of each kind that a module builds: its place, then what isn't implied by that."""
_IMPLIED: Mapping[Trait, tuple[Trait, ...]] = {
    **dict.fromkeys(
        ("attends", "recurs", "reads beside the text"), ("mixes", "mixes tokens", "is about tokens")
    ),
    "mixes channels": ("mixes", "is about channels"),
    "norms": ("may begin the stream",),
    "connects": ("may begin the stream",),
    "drafts": ("stands apart",),
    "is another modality": ("stands apart",),
}


class _Traits(dict[str, frozenset[str]]):
    """By kind; what the builders say is gathered when the first kind is asked for."""

    def __missing__(self, kind: str) -> frozenset[str]:
        if not self:
            for other, said in said_of_kinds().items():
                self[other] = frozenset((*said, *_IMPLIED.get(said[0], ())))
        return self.get(kind, frozenset())


TRAITS: Mapping[str, frozenset[str]] = _Traits()
"""All that holds of a kind; nothing does of one that no builder makes."""


@cache
def said_of_kinds() -> Kinds:
    """What the builders say, by place; the file of a mixer that recurs says so by its folder and its name."""
    said: dict[str, tuple[Trait, ...]] = {
        file.stem: ("recurs",) for file in sorted((_PARTS / "recurrent").glob("[a-z]*.py"))
    }
    for file in sorted(_PARTS.glob("[a-z]*.py")):
        module = import_module(f"llm_gallery.architecture.parts.{file.stem}")
        said |= getattr(module, "KINDS", {})
    places = get_args(Place)
    return dict(sorted(said.items(), key=lambda one: places.index(one[1][0])))


@cache
def kinds(*traits: Trait) -> tuple[str, ...]:
    """Those of which one of the traits holds, by place; all where none is named."""
    return tuple(
        kind for kind in said_of_kinds() if not traits or not TRAITS[kind].isdisjoint(traits)
    )


TOWER_WORDS: Mapping[str, tuple[str, ...]] = {
    "vision_tower": ("vision", "visual", "image", "img"),
    "audio_tower": ("audio", "speech"),
}
"""Words of the keys by which configs name the parts of another modality, by the kind of that part."""


def kinds_named(part: str) -> frozenset[str]:
    """The kinds of tower that a config's name for a part tells; none where it may be any."""
    return frozenset(
        kind for kind, words in TOWER_WORDS.items() if any(word in part for word in words)
    )


ALTERNATING = "alternating updates"
"""What a stack states whose layers work on one of several streams, and correct a guess of the others by it."""
OVER_DEPTH = "attention over depth"
"""What a stack states whose branches read a mean of earlier sums instead of the stream."""
HYPER, GATED_STREAMS = "hyper-connections", "gated streams"
"""What a stack states whose branches read several streams and write to all, by weights or by gates of the token."""
LEARNED_SCALES, DEPTH_SHARES = "learned scales", "shares by depth"
"""What a stack states that weighs stream and branch at every sum: by learned numbers, or by how many were summed."""
LEARNED_RATES = "learned rates"
"""What a stack states whose stream moves towards what a branch gives, by a learned part of the way in each channel."""
WEIGHED = (LEARNED_SCALES, DEPTH_SHARES, LEARNED_RATES)
