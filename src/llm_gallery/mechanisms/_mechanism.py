"""What a mechanism states of itself. What is required says so where it keeps or computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from dataclasses import field as member
from typing import Any, Literal, NamedTuple, Self, get_args

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Value
from llm_gallery.architecture.mistake import Mistake, expect_names
from llm_gallery.architecture.roles import roles
from llm_gallery.mechanisms._checks import check_colour, check_facts, check_kind, facts_in
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.lane_drawing import ByCode, Drawing, LaneDrawing
from llm_gallery.mechanisms.legend import Term
from llm_gallery.mechanisms.shapes import Shapes
from llm_gallery.mechanisms.wording import Name, Tells, Words, capital, small, words_for

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
Formula = tuple[str, ...] | Callable[[Block], tuple[str, ...]]
"""Lines with a model's numbers: _italic_, ^raised^."""


class Before(NamedTuple):
    """What stands on the stream before the layers, as figures and sentences have it."""

    sort: Literal["positions", "segments", "tables", "patches"]
    words: str
    size: int = 0  # positions, segments or rows


Callout = tuple[str, str, tuple[str, ...]]
"""A number as written, what it counts, and the facts behind it."""


@dataclass(frozen=True, repr=False, eq=False)
class Names:
    """What a mechanism is called: a title, and what isn't the same elsewhere."""

    title: (
        Words  # on its block: "Latent attention"; the first letter of a mixer's is made a capital
    )
    short: Words = ""  # where there is little room: "latent"; else the title
    label: Words = (
        ""  # the field's own short name: "sparse MLA"; else the title as it stands within a line
    )
    field: Words = ""  # what the field calls it, where the plain words don't say it: "NoPE GQA", "MLA", "SwiGLU"
    makers: Mapping[str, str] = member(
        default_factory=dict
    )  # of those names that one maker alone uses
    inline: Words = ""  # within a line, alone: "experts"; else the title in small letters, where it is no proper name
    sort: Words = (
        ""  # whatever its facts, within a line: "latent attention"; else as its title within a line
    )
    full: Words = ""  # where there is room: "Grouped-query attention"; else the title
    within: Words = ""  # within a sentence, with an article or a count: "a gated MLP"; else in full, in small letters
    subtitle: Words = ""  # under its title, where that doesn't say which it is
    layer: Words = ""  # what a layer is called by it: "Expert"; else the title
    counted: Words = ""  # among the parameters: "Norms"; else the label
    share: Words = ""  # in a bar of all parameters: "positions"; "" where its colour or what it is counted as says it
    compared: Words = ""  # without qualities that are compared as facts; else the label
    tells: tuple[
        str, ...
    ] = ()  # facts that it tells by itself where it is compared: "sparse MLA" an indexer
    inside: Callable[[Block, Block], str] | None = None  # each part, where it is counted by itself
    spelled: Mapping[str, str] = member(default_factory=dict)  # labels in full words
    proper: bool = (
        False  # whether its title is a proper name, which keeps its capitals within a line
    )
    concept: Words = ""  # the concept that its title in full is the name of, where not all blocks of the kind show it

    def __post_init__(self) -> None:
        for name, other in _SAME_AS.items():
            if not getattr(self, name):
                words = getattr(self, other)
                made = self._within_a_line(words) if name in _WITHIN_A_LINE else words
                object.__setattr__(self, name, made)

    def _within_a_line(self, words: Words) -> Words:
        """The same words without a capital that is the title's, not the name's."""
        if isinstance(words, str):
            return words if self.proper else small(words)
        return lambda block: words(block) if self.proper else small(words(block))

    def name(self, words: Words, block: Block) -> Name:
        """What a block is called by its title, or by its title in full."""
        title = words_for(words, block)
        inline = self.inline if words is self.title else self._within_a_line(words)
        return Name(capital(title) if block.mixes else title, words_for(inline, block))


_SAME_AS = {
    **dict.fromkeys(("short", "label", "inline", "full", "layer"), "title"),
    **dict.fromkeys(("counted", "compared"), "label"),
    "sort": "inline",
    "within": "full",
}
_WITHIN_A_LINE = ("label", "inline", "within")


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
    formula: Formula = ()
    """What it computes, marked up as drawings are; of a state in lanes it is the drawing's where not said."""
    shapes: Shapes | None = None
    """What enters and leaves it, and what it makes between; those of the lanes where not said."""
    purposes: Mapping[str, str] = member(default_factory=dict)
    """By the role of a part what it is for in this kind, where that is more than in any: `architecture/roles.py`."""
    miniature: Mapping[str, int] = member(default_factory=dict)
    """The most that its sizes are in a miniature, by the key of a config; a smaller one stays."""
    legend: tuple[Term, ...] = ()
    """The words and signs of its drawing that a legend explains."""
    borrowable: bool = False
    """Whether later layers may take what an earlier one's gave: a layer without is drawn as one with it."""
    before: Callable[[Block], Before] | None = None
    """What it is where it stands before the layers, if it ever does and isn't a norm."""
    parts_streams: bool = False
    """Whether only layers of one stream have it, where there are several that take turns."""

    def __new__(cls, **members: Any) -> Self:
        required = [
            f.name for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING
        ]
        if missing := [name for name in required if name not in members]:
            kind = members.get("kind", "a mechanism without kind")
            raise Mistake(f"{kind} has no {', '.join(missing)}; a {cls.__name__} states each")
        known = [f.name for f in fields(cls)]
        expect_names(members, known, "a member", f"a member of a {cls.__name__}")
        return super().__new__(cls)

    def __post_init__(self) -> None:
        """Raises Mistake for the first name that is wrong."""
        check_kind(self.kind)
        check_colour(self.colour, "the colour")
        roles(tuple(self.purposes))
        if not callable(self.reads):
            expect_names(
                self.reads, get_args(Beside), "what is read", "what a run has beside the stream"
            )


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Drawn(Mechanism):
    """A kind whose inside figures draw; other kinds stand in the drawing of what is around them."""

    numbers: tuple[tuple[str, str], ...] | Callable[[Block, int | None], list[Callout]]
    """The facts that define it, the weightiest first, each with what it counts; the width is the model's."""
    drawing: Drawing
    tells: Tells
    """What is particular about it, *what matters* marked."""

    def __post_init__(self) -> None:
        """Raises Mistake for the first name that is wrong."""
        Mechanism.__post_init__(self)
        check_facts(facts_in(self.tells), "a fact in `tells`", self.kind)
        if not callable(self.numbers):
            check_facts((fact for fact, _ in self.numbers), "a fact of `numbers`")
        if isinstance(self.drawing, LaneDrawing):
            check_facts(self.drawing.sizes, "a size of the drawing", self.kind)
        elif not isinstance(self.drawing, ByCode):
            raise Mistake(f"the drawing is {self.drawing!r}, expected a LaneDrawing, or BY_CODE")


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

    def __post_init__(self) -> None:
        """Raises Mistake for the first name that is wrong."""
        Drawn.__post_init__(self)
        check_facts(facts_in(self.size), "a fact in `size`", self.kind)
        check_facts((fact for fact, _ in self.introduced), "a fact of `introduced`")
        check_facts(self.searched, "a fact of `searched`")


def inert(
    kind: str,
    names: Names,
    colour: Colour,
    does: str = "",
    concepts: tuple[str, ...] | Callable[[Block], Iterator[str]] = (),
    **optional: Any,
) -> Mechanism:
    """A mechanism that keeps nothing of a token and computes nothing worth counting of its own.

    `optional` are members of a Mechanism that have a default. Raises Mistake for a name that is none.
    """
    return Mechanism(
        kind=kind,
        names=names,
        colour=colour,
        concepts=concepts,
        does=does,
        kept=keeps_nothing,
        work=no_work,
        **optional,
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
