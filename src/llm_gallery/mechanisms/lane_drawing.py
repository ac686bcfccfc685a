"""A drawing as data: lanes that rise from the input, rows of steps on them, a state, and what its reading passes.

Words are marked up as formulas are: _italic_, ^raised^, *counted*. Lanes are named by the symbol at their foot;
where several are meant, a string lists them: "q k v".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from llm_gallery.architecture.block import Block
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
    outputs: Facts | Callable[[Block], int]  # facts that multiply to what the matrix gives, or that
    rank: str = ""
    where: Callable[[Block], object] | None = None  # which blocks have the lane; else all


class Shift(NamedTuple):
    """A pill under all lanes: each reads a mix of its own of this token and the last one."""

    words: str = "token shift"
    note: str = "μ x + (1 − μ) last x"
    kept: str = "last x kept"
    means: str = "learned mix with the last token"


class Step(NamedTuple):
    """A pill of its own on each of some lanes. Words that are empty for a block leave it out."""

    on: str
    words: Words
    note: Words = ""  # behind the words, smaller
    means: Words = ""  # what it answers for itself; else the words
    facts: Facts = ()
    colour: Colour | None = None  # else that of the mechanism
    beside: str = ""  # right of the last pill, where it fits
    size: float = 11  # px of the type
    high: float = 22
    gap: float = 14  # px to what is below
    broadest: float = 1000
    tight: bool = False  # as broad as its words


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
    sizes: tuple[str, ...]  # the facts that say how large each is
    update: str
    reading: Words
    facts: Facts
    states: str = ""  # the fact that says how many there are; none where it is one
    name: str = "state"
    remark: Words = ""  # in the block, at its upper right
    beside_each: Words = ""  # what is kept with each state
    kept: Words = ""  # in a line of its own, where what is kept isn't matrices


class Product(NamedTuple):
    """Lanes times each other, channel by channel; a lane that is alone goes on as it is."""

    of: str


class Mixing(NamedTuple):
    """The block of a convolution that is what the mechanism is about, and what it keeps."""

    words: Words
    kept: Words


class Norm(NamedTuple):
    """The norm of what was read; a block that has none goes without (Falcon-H1)."""

    words: str = "RMSNorm"
    note: Words = ""
    role: str = "output_norm"


class Gate(NamedTuple):
    """What was read times a lane, which may pass through a function."""

    function: Facts = ()  # the first that the block states names it
    words: str = ""  # its name, where that is the same in every model
    means: str = "gate"
    facts: Facts = ()  # further ones behind it
    lane: str = ""  # else the last
    size: float = 11


class Matrix(NamedTuple):
    """A matrix that what was read passes, from the width of the last lane."""

    name: str = "out"
    role: str = "output"
    outputs: str = ""  # the fact that says what it gives; else what is stored


OUTPUT: Final = Matrix()
"""Back to the stream, as most kinds have it."""
After = Mixing | Norm | Gate | Matrix
"""What the lanes' end passes, from the bottom up."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LaneDrawing:
    """The whole, from the input at the bottom up; the last lane is the gate's, as wide as the reading."""

    lanes: tuple[Lane, ...]
    rows: tuple[Step | Convolution | Branch, ...] = ()
    core: State | Product
    after: tuple[After, ...] = ()
    output: Matrix | None = OUTPUT
    broadest: float  # px a lane may take
    matrix: float = 1000  # px the matrix at its foot may take
    joint: str = ""  # lanes that are drawn as one matrix where they are stored as one
    width: str = "width"  # the fact that says how wide the input is
    shapes: tuple[str, ...] = ("→ {outputs}", "{outputs}")  # of matrices, the first that fits
    counted: tuple[str, ...] = ()  # before them, where all that is known is shown
    foot: Words | Shift = ""  # a remark where the input enters, or what it passes first
    title: Words = ""  # else what the mechanism is called
    note: Words = "a state, not a cache"  # at the inset's upper right
    parameters: bool = False  # whether the note says how many there are
    sees: Words = ""  # how far a token sees, in words under a picture of it

    def __post_init__(self) -> None:
        roles(tuple(lane.role for lane in self.lanes))
        there = [lane.name for lane in self.lanes]
        spans = [row.across if isinstance(row, Convolution) else row.on for row in self.rows]
        spans += [row.to for row in self.rows if isinstance(row, Branch)]
        spans += [each.lane for each in self.after if isinstance(each, Gate)]
        core = self.core.across if isinstance(self.core, State) else self.core.of
        for name in " ".join((*spans, core, self.joint)).split():
            if name not in there:
                raise ValueError(f"a drawing names the lane {name!r}, expected one of {there}")


Drawing = LaneDrawing | Literal["by code"]
"""How the inside of a kind is drawn."""
