"""A drawing as data: lanes that rise from the input, rows of steps on them, a state, and what its reading passes.

Words are marked up as formulas are: _italic_, ^raised^, *counted*. Lanes are named by the symbol at their foot;
where several are meant, a string lists them: "q k v".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from llm_gallery.architecture.roles import roles
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.wording import Words

Facts = tuple[str, ...]
"""Facts of the block, by name."""
BY_CODE: Final = "by code"
"""The drawing of a kind that is unlike the rest: `figure/internals/<kind>.py` draws it."""


class Lane(NamedTuple):
    """A stream, and the matrix at its foot; where the block states a rank, two matrices through it."""

    name: str  # one letter is a symbol, in italics
    role: str  # of the matrix; the first of two has it with "_down"
    outputs: Facts  # multiply to what the matrix gives
    rank: str = ""


class Step(NamedTuple):
    """A pill of its own on each of some lanes. Words that are empty for a block leave it out."""

    on: str
    words: Words
    note: Words = ""  # behind the words, smaller
    means: Words = ""  # what it answers for itself; else the words
    facts: Facts = ()
    colour: Colour = "linear"
    beside: str = ""  # right of the last pill, where it fits
    size: float = 11  # px of the type
    high: float = 22
    broadest: float = 1000


class Convolution(NamedTuple):
    """One pill across some lanes: the convolution over their last tokens, and its activation.

    Where they are too narrow, the pill goes on over the lanes to the right, `until` one of them.
    """

    across: str
    until: str = ""
    broadest: float = 1000


class Branch(NamedTuple):
    """A lane from which others start, each with a matrix of its own; it goes on beside them."""

    on: str
    to: str


class State(NamedTuple):
    """The block across some lanes, which run into it: what changes the state, and what is read."""

    across: str
    sizes: tuple[str, str]  # the facts that say the rows and columns of each
    update: str
    reading: Words
    facts: Facts
    states: str = ""  # the fact that says how many there are; none where it is one
    name: str = "state"
    remark: Words = ""  # in the block, at its upper right
    beside_each: Words = ""  # what is kept with each state


class Norm(NamedTuple):
    """The norm of what was read; a block that has none goes without (Falcon-H1)."""

    words: str = "RMSNorm"
    note: Words = ""


class Gate(NamedTuple):
    """What was read times the last lane, passed through a function."""

    function: Facts = ()  # the first that the block states names it
    words: str = ""  # its name, where that is the same in every model
    means: str = "gate"
    facts: Facts = ()  # further ones behind it


@dataclass(frozen=True, kw_only=True, eq=False)
class LaneDrawing:
    """The whole, from the input at the bottom to the output matrix; the last lane is the gate's, as wide as the reading."""

    lanes: tuple[Lane, ...]
    rows: tuple[Step | Convolution | Branch, ...]
    state: State
    after: tuple[Norm | Gate, ...]
    broadest: float  # px a lane may take
    foot: Words = ""  # a remark where the input enters
    note: Words = "a state, not a cache"  # at the inset's upper right

    def __post_init__(self) -> None:
        roles(tuple(lane.role for lane in self.lanes))
        there = [lane.name for lane in self.lanes]
        spans = [row.across if isinstance(row, Convolution) else row.on for row in self.rows]
        spans += [row.to for row in self.rows if isinstance(row, Branch)]
        for name in " ".join((*spans, self.state.across)).split():
            if name not in there:
                raise ValueError(f"a drawing names the lane {name!r}, expected one of {there}")


Drawing = LaneDrawing | Literal["by code"]
"""How the inside of a kind is drawn."""
