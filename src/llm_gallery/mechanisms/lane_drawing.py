"""A drawing as data: lanes that rise from the input, rows of steps on them, a state, and what its reading passes.

Words are marked up as formulas are: _italic_, ^raised^, *counted*. Lanes are named by the symbol at their foot;
where several are meant, a string lists them: "q k v".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.mistake import Mistake, expect_names
from llm_gallery.architecture.roles import roles
from llm_gallery.mechanisms._checks import check_colour, check_facts
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.wording import Held, Words

Facts = tuple[str, ...]
"""Facts of the block, by name."""
Number = str | Callable[[Block], int]
"""A fact of the block, by name, or a number that it gives."""
NORM_TYPE = 10.8
"""Px of a norm's type between matrices: what five lanes on a phone have room for."""
READABLE = 350.0
"""Px from which most drawings can be read."""


def number_of(block: Block, number: Number) -> int:
    """A number that a drawing asks of a block."""
    return number(block) if callable(number) else block.number(number)


class Lane(NamedTuple):
    """A stream, and the matrix at its foot; where the block states a rank, two matrices through it.

    One that starts with no numbers has no matrix: it begins higher up.
    """

    name: str  # one letter is a symbol, in italics
    role: str  # of the matrix, if it has one, else it is the part of the kind that the name says; the first of two has it with "_down"
    outputs: (
        tuple[Number, ...] | Callable[[Block], int]
    )  # numbers that multiply to what the matrix gives, or that
    rank: str = ""
    rank_norm: str = ""  # the role of the norm between the two; none where it has none
    where: Callable[[Block], object] | None = None  # which blocks have the lane; else all
    same: str = ""  # the lane that it is where it has no matrix
    upright: bool = False  # whether its letter is no symbol
    kept: bool = False  # whether the cache keeps what it carries: its matrix is drawn as a pinch, its drum at the core
    reads: Words = ""  # what its matrix reads where that isn't the input


class Latent(NamedTuple):
    """Lanes that one matrix makes: of a latent, which another gives and a norm follows, or of the input where none is stated."""

    across: str
    rank: str  # the fact that says how wide the latent is
    roles: str  # of the matrix to it, of its norm, and of the one that makes the lanes
    symbol: str = ""  # what the matrix is called where it reads the input
    kept: bool = False  # whether the latent is what the cache keeps


class Given(NamedTuple):
    """What some lanes read in place of the input, as a pill under them, and its norm, where it has one."""

    across: str
    words: Callable[[Held], str]
    facts: Facts = ()
    colour: Colour | None = None  # else that of the mechanism
    norm: str = ""  # the role


class Shift(NamedTuple):
    """A pill under all lanes: each reads a mix of its own of this token and the last one."""

    words: str = "token shift"
    note: Words = "μ x + (1 − μ) last x"
    kept: str = "last x kept"
    means: str = "learned mix with the last token"


class Step(NamedTuple):
    """A pill of its own on each of some lanes. Words that are empty for a block leave it out."""

    on: str
    words: Words
    note: Words = ""  # behind the words, smaller
    narrow: str = ""  # in a lane too narrow for the words
    means: Words = ""  # what it answers for itself; else the words
    facts: Facts = ()
    colour: Colour | None = None  # else that of the mechanism
    beside: Words = ""  # right of the last pill, where it fits
    part: str = ""  # what it stores: the part whose role is the lane's with this behind it
    size: float = 11  # px of the type
    high: float = 22
    broadest: float = 1000
    tight: bool = False  # as broad as its words
    chip: bool = False  # whether it is a scalar


class Convolution(NamedTuple):
    """One pill across some lanes: the convolution over their last tokens, and its activation.

    Where they are too narrow, the pill goes on over the lanes to the right, `until` one of them.
    """

    across: str
    until: str = ""
    broadest: float = 1000


class Convolved(NamedTuple):
    """Short convolutions added to their input: one a lane, or those that go over some lanes as one."""

    on: str
    across: str


class Branch(NamedTuple):
    """A lane from which others start, each with a matrix of its own; it goes on beside them."""

    on: str
    to: str


class Weighed(NamedTuple):
    """The sum of what experts give on a lane, by the weights on another, where a fact says how many they are."""

    on: str
    lane: str
    fact: str


class State(NamedTuple):
    """The block across some lanes, which run into it: what changes the state, and what is read."""

    across: str
    sizes: tuple[str, ...]  # the facts that say how large each is; several are added up
    axes: tuple[str, ...]  # what runs along each of them: what writes it, a slot, a channel
    update: str
    reading: Words
    facts: Facts
    states: str = ""  # the fact that says how many there are; none where it is one
    name: str = "state"
    remark: Words = ""  # in the block, at its upper right
    beside_each: Words = ""  # what is kept with each state
    kept: Words = ""  # in a line of its own, where what is kept isn't matrices


class Scores(NamedTuple):
    """Heads of queries, keys and values that meet in a softmax, and what they read together."""

    outputs: Callable[[Block], int]
    without: str = ""  # lanes that pass it by


class HeadParts(NamedTuple):
    """Heads whose queries and keys come in two parts, which meet in a softmax: each lane enters under its name."""

    outputs: Callable[[Block], int]
    asks: str  # lanes that make the scores
    sums: Callable[[Block], str]  # what the scores are before what divides them
    formulas: Callable[[Held], Iterator[str]]  # the whole, in more words and in fewer
    facts: Facts
    means: str
    without: str = ""  # lanes that pass it by


class Product(NamedTuple):
    """Lanes times each other, channel by channel; a lane that is alone goes on as it is."""

    across: str


class Mixing(NamedTuple):
    """The block of a convolution that is what the mechanism is about, and what it keeps."""

    words: Words
    kept: Words


class Passed(NamedTuple):
    """A pill on what was read, where its words aren't empty."""

    words: Words
    means: str
    facts: Facts


class Norm(NamedTuple):
    """The norm of what was read; a block that has none goes without (Falcon-H1)."""

    words: str = ""  # by its kind where not stated
    note: Words = ""
    role: str = "output_norm"
    means: str = ""  # what it answers for itself where it stores nothing


class Gate(NamedTuple):
    """What was read times a lane, which may pass through a function."""

    function: Facts = ()  # the first that the block states names it
    words: str = ""  # its name, where that is the same in every model
    means: str = "gate"
    facts: Facts = ()  # further ones behind it
    lane: str = ""  # else the last
    size: float = 11


class Subtraction(NamedTuple):
    """Some of the heads, times what a lane gives, taken from the others."""

    lane: str


class Weighing(NamedTuple):
    """The sum of what the experts' ways back give, by the weights on a lane."""

    lane: str
    weights: Callable[[Block], int]  # how many


class Matrix(NamedTuple):
    """A matrix that brings what was read, as wide as the last lane, back to the stream's width."""

    name: str = "out"
    role: str = "output"
    across: str = ""  # lanes that it may be as broad as; else nearly all room
    inputs: Facts = ()  # facts that multiply to what it reads; else as much as the last lane carries
    slanted: bool = False  # whether its shape shows that it narrows or widens


OUTPUT: Final = Matrix()
"""Back to the stream, as most kinds have it."""
Row = Step | Convolution | Convolved | Branch | Weighed
"""What stands on lanes below the core."""
Core = State | Product | Scores | HeadParts
"""Where lanes meet."""
After = Mixing | Passed | Norm | Gate | Subtraction | Matrix | Weighing
"""What the lanes' end passes, from the bottom up."""


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ByCode:
    """The drawing of a kind that is unlike the rest: `figure/internals/<kind>.py` draws it."""

    readable: float = READABLE  # px from which it is


BY_CODE: Final = ByCode()


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class LaneDrawing:
    """The whole, from the input at the bottom up; the last lane is the gate's, as wide as the reading."""

    lanes: tuple[Lane, ...]
    rows: tuple[Row, ...] = ()
    given: tuple[Given, ...] = ()
    latents: tuple[Latent, ...] = ()
    borrowing: str = ""  # the fact of a block that takes what is kept from an earlier layer
    core: Core
    after: tuple[After, ...] = ()
    output: Matrix | None = OUTPUT
    broadest: float  # px a lane may take
    matrix: float = 1000  # px the matrix at its foot may take
    joint: str = ""  # lanes that are drawn as one matrix where they are stored as one
    width: str | Callable[[Block], int] = "width"  # of the input: the fact that says it, or it
    shapes: tuple[str, ...] = ("→ {outputs}", "{outputs}")  # of matrices, the first that fits
    foot: Words | Shift = ""  # a remark where the input enters, or what it passes first
    title: Words = ""  # else what the mechanism is called
    note: Words = "a state, not a cache"  # at the inset's upper right
    parameters: bool = False  # whether the note says how many there are
    around: ByCode | None = None  # its title, what stands beside and below it
    sees: Words = ""  # how far a token sees, in words under a picture of it
    symbols: tuple[Words, ...] | Callable[[Held], tuple[str, ...]] = ()
    """What each symbol of its formulas is, a phrase each."""
    readable: float = READABLE  # px from which it is

    def __post_init__(self) -> None:
        parts = (*self.rows, self.core, *self.after)
        held = [lane.role for lane in self.lanes] + [lane.rank_norm for lane in self.lanes]
        held += [each.role for each in self.after if isinstance(each, Norm | Matrix)]
        held += [each.norm for each in self.given]
        held += [role for latent in self.latents for role in latent.roles.split()]
        roles(tuple(filter(None, held)))
        lanes = " ".join(
            (*chain.from_iterable(map(_lanes_of, (*parts, *self.latents, *self.given))), self.joint)
        ).split()
        there = [lane.name for lane in self.lanes]
        expect_names(lanes, there, "a lane of the drawing", "one of its lanes")
        check_facts(self.facts, "a fact of the drawing")
        for row in self.rows:
            if isinstance(row, Step) and row.colour is not None:
                check_colour(row.colour, "the colour of a step")
        if isinstance(self.core, State) and len(self.core.axes) != len(self.core.sizes):
            raise Mistake(
                f"a state has the sizes {self.core.sizes} and the axes {self.core.axes}, expected one for each"
            )

    @property
    def facts(self) -> Iterator[str]:
        """Every fact that it names."""
        yield from self.sizes
        for part in (*self.rows, self.core, *self.after, *self.given):
            for field in ("facts", "function", "inputs"):
                yield from getattr(part, field, ())
        ranks = [lane.rank for lane in self.lanes] + [latent.rank for latent in self.latents]
        yield from filter(None, (self.borrowing, *ranks))
        yield from (row.fact for row in self.rows if isinstance(row, Weighed))

    @property
    def sizes(self) -> Iterator[str]:
        """The facts that say how large its lanes and its states are: a block that is drawn states each."""
        for lane in self.lanes:
            if lane.where is None and not callable(lane.outputs):
                yield from (fact for fact in lane.outputs if isinstance(fact, str))
        if isinstance(self.core, State):
            yield from " ".join((*self.core.sizes, self.core.states)).split()


def _lanes_of(part: Row | Core | After | Latent | Given) -> Iterator[str]:
    """The lanes that a part of a drawing stands on, as it lists them."""
    for field in ("on", "across", "until", "to", "lane", "asks", "without"):
        if isinstance(lanes := getattr(part, field, ""), str):
            yield lanes


Drawing = LaneDrawing | ByCode
"""How the inside of a kind is drawn."""


def by_code(drawing: Drawing) -> bool:
    """Whether `figure/internals/<kind>.py` draws a kind, or what is around its lanes."""
    return isinstance(drawing.around if isinstance(drawing, LaneDrawing) else drawing, ByCode)
