"""What a mechanism states of itself. What is required says so where it keeps or computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Literal, NamedTuple, Self

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Value
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.lane_drawing import Drawing
from llm_gallery.mechanisms.wording import Tells, Words

States = tuple[tuple[int, str], ...]
"""Elements that don't grow in number, each with their dtype."""
Beside = Literal[
    "tokens", "positions", "embedded", "row", "rows", "branched", "memory", "routing", "looped", "high", "low", "messages",
    "patches",
]  # fmt: skip
"""What a run has beside the stream: ids of the tokens, where they stand, what the embedding gave, the rows of a token for
a layer or for all, what a branch read before its norms, what an earlier state space read, what the last router scored,
what was before a loop, two states that take turns, what a pass of a loop left for the next, how bytes lie in patches."""
Wired = Literal[
    "", "added", "across_patches", "beside_embedding", "biased", "convolved", "embedded", "experts", "floored", "guessed",
    "headed", "inside", "layer", "looped", "message_read", "messages_left", "passed_by", "patched", "row_joined", "rows_read",
    "state_added", "streams_read", "summed",
]  # fmt: skip
"""Steps of a stream, each a method of `code/wiring.py`'s Stream."""
Callout = tuple[str, str, tuple[str, ...]]
"""A number as written, what it counts, and the facts behind it."""


@dataclass(frozen=True, repr=False, eq=False)
class Names:
    """What a mechanism is called: a title, and what isn't the same elsewhere."""

    title: Words  # on its block: "Latent attention"
    short: Words = ""  # where there is little room: "latent"; else the title
    label: Words = ""  # the field's own short name: "sparse MLA"; else the title
    full: Words = ""  # where there is room: "Grouped-query attention"; else the title
    within: Words = ""  # within a sentence, with an article or a count: "a gated MLP"; else in full
    subtitle: Words = ""  # under its title, where that doesn't say which it is
    layer: Words = ""  # what a layer is called by it: "Expert"; else the title
    counted: Words = ""  # among the parameters: "Norms"; else the label
    compared: Words = ""  # without qualities that are compared as facts; else the label
    inside: Callable[[Block, Block], str] | None = None  # each part, where it is counted by itself
    spelled: Mapping[str, str] = field(default_factory=dict)  # labels in full words
    proper: bool = (
        False  # whether its title begins with a name, which keeps its capital within a line
    )

    def __post_init__(self) -> None:
        for name, other in _SAME_AS.items():
            if not getattr(self, name):
                object.__setattr__(self, name, getattr(self, other))


_SAME_AS = {
    **dict.fromkeys(("short", "label", "full", "layer"), "title"),
    **dict.fromkeys(("counted", "compared"), "label"),
    "within": "full",
}


class Kept(NamedTuple):
    """What a block keeps between two tokens of one sequence."""

    growing: int = 0  # elements for each token, in the cache's dtype
    states: States = ()
    row: bool = True  # of its own; else it belongs to the mixer around it
    whole: bool = False  # what its parts keep is in it


_NOTHING = Kept(row=False)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Mechanism:
    """A kind of block: its names, and what follows from its facts; a required member that is missing is named with the kind."""

    kind: str
    names: Names
    colour: Colour | Callable[[Block], Colour]
    concepts: tuple[str, ...] | Callable[[Block], Iterator[str]]  # what it is before what it has
    does: str  # in a sentence, where no concept says it
    kept: Callable[[Block], Kept]
    work: Callable[[Block, int], int]  # multiply-adds of its own for the token at a position
    reads: tuple[Beside, ...] | Callable[[Block], tuple[Beside, ...]] = ()
    """What a run gives its forward after the stream; what it kept itself isn't told."""
    wired: Wired = ""
    """How a run carries the stream past it, where that isn't to call its forward with the stream: the step of `code/wiring.py`."""
    leaves: tuple[str, ...] = ()
    """What its forward gives beside what it keeps, for later layers of the same pass."""

    def __new__(cls, **members: Any) -> Self:
        required = [f.name for f in fields(cls) if f.default is MISSING]
        if missing := [name for name in required if name not in members]:
            kind = members.get("kind", "a mechanism without kind")
            raise TypeError(f"{kind} has no {', '.join(missing)}; a {cls.__name__} states each")
        return super().__new__(cls)


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Drawn(Mechanism):
    """A kind whose inside figures draw; other kinds stand in the drawing of what is around them."""

    numbers: tuple[tuple[str, str], ...] | Callable[[Block, int | None], list[Callout]]
    """The facts that define it, the weightiest first, each with what it counts; the width is the model's."""
    drawing: Drawing
    tells: Tells
    """What is particular about it, *what matters* marked."""


def as_stated(block: Block) -> Mapping[str, Value]:
    """Compared by what it states alone."""
    return {}


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Mixer(Drawn):
    """A kind that mixes tokens or channels: what layers are told apart by."""

    size: Words  # a line, in which a fact may stand as {fact}
    introduced: tuple[tuple[str, str], ...]  # facts that are said of it where it is new
    searched: tuple[str, ...]  # facts that people look for with a number
    compared: Callable[[Block], Mapping[str, Value]] = as_stated
    """Facts that are compared beside or instead of those that are stated; None takes one away."""
    against_attention: bool  # whether what it saves is counted against attention in its place


def inert(
    kind: str,
    names: Names,
    colour: Colour,
    does: str = "",
    concepts: tuple[str, ...] | Callable[[Block], Iterator[str]] = (),
    reads: tuple[Beside, ...] = (),
    wired: Wired = "",
) -> Mechanism:
    """A mechanism that keeps nothing of a token and computes nothing worth counting of its own."""
    return Mechanism(
        kind=kind,
        names=names,
        colour=colour,
        concepts=concepts,
        does=does,
        kept=keeps_nothing,
        work=no_work,
        reads=reads,
        wired=wired,
    )


def keeps_nothing(block: Block) -> Kept:
    """Nothing of a token is left for the next."""
    return _NOTHING


def no_work(block: Block, position: int) -> int:
    """Nothing but what the parts inside compute, and what is too little to count."""
    return 0


def callout(block: Block, fact: str, words: str) -> Callout:
    """The number of one fact."""
    return f"{block.number(fact):,}", words, (fact,)
