"""What a concept's folder states of it, in `concept.toml`: what it is, where it came from, and what its absence means."""

# Annotations are values here: `_rules.py` makes a rule of each.
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

from llm_gallery.architecture.fact import Value
from llm_gallery.mechanisms.colour import Colour

Area = Literal[
    "attention",
    "positions",
    "recurrent",
    "experts",
    "mlp",
    "norms",
    "residual",
    "embeddings",
    "around",
]
"""What part of a model a concept is about."""
AREAS: Mapping[Area, tuple[str, Colour]] = {
    "attention": ("Attention", "full"),
    "positions": ("Positions", "position"),
    "recurrent": ("State instead of a cache", "linear"),
    "experts": ("Experts", "moe"),
    "mlp": ("Feed-forward", "mlp"),
    "norms": ("Norms", "norm"),
    "residual": ("Residual stream", "norm"),
    "embeddings": ("Embeddings and tables", "embedding"),
    "around": ("Around the stack", "embedding"),
}
"""The title of each area, in the order of the index, and its colour."""

Rank = Literal["past", "sharing", "stream", "lookup", "routing", "reading", "channels"]
"""What a concept changes: how the past is kept or read, what layers take over from one another, how branches read
and write the stream, what is looked up, which experts run, what attention makes of its scores and where norms
stand, what works on each token alone. The most telling first."""
Group = Literal["attention", "compression", "window", "choice", "state", "stream"]
"""Concepts that stand in one another's place: how heads keep keys and values, entries for several tokens, a limit of
the past, a choice of it, a state in place of attention, another residual stream."""
Cached = Literal["cache per token", "cache of a long text"]
Saving = Literal[Cached, "parameters", "active parameters", "compute"]
"""What is counted with and without a concept."""
Picture = Literal["noise", "neighbours", "reach", "heads", "pinch", "chosen", "positions"]
"""A picture of `figure/pictures` that shows what a concept does."""
Sign = Literal[
    "heads",
    "mask",
    "pinch",
    "entries",
    "sink",
    "takeover",
    "unified",
    "minus",
    "unit",
    "dials",
    "falling",
    "rows",
    "values",
    "across",
    "curve",
    "tiles",
    "always",
    "hollow",
    "narrowed",
    "level",
    "comb",
    "streams",
    "sums",
    "loop",
    "wiring",
]
"""A little picture of `figure/pictures/little`, without words, where that of the block doesn't say it."""
RecipePart = Literal[
    "Layers",
    "Heads",
    "Query and key",
    "Behind the attention",
    "Positions",
    "Rotated",
    "Norm of a branch",
    "MLP",
    "Activation",
    "Router",
    "Balance",
    "Expert for all",
    "First layers",
    "Residual",
    "Head",
    "Modules that foresee more tokens",
]
"""A part of a year's recipe, in the order of a layer."""


class Paper(NamedTuple):
    """Where a concept was introduced, and when."""

    title: str
    link: str
    year: int


class FirstOpen(NamedTuple):
    """The first model with open weights that had it, in this catalog or not, and where that is told."""

    model: str
    released: date
    link: str


class Before(NamedTuple):
    """What a model without the concept did, where it had one of some concepts or groups and none of others."""

    says: str = ""
    where: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    gated: bool = False  # only of an MLP with a gate


class Change(NamedTuple):
    """A number of how layers take turns that is news where it differs from the ancestor's by half or more."""

    of: Literal["local", "states", "window"]  # a field of `analysis.alternation`
    title: str  # over the number


class New(NamedTuple):
    """What a figure makes of a concept that a model has and its nearest ancestor lacks."""

    rank: Rank | None = None  # without one it leads no figure
    place: int = 99  # within its rank, the most telling first
    before: tuple[Before, ...] | None = None  # the first that holds is said; None: its group's
    picture: Picture | None = None  # where it has one of its own
    sign: Sign | None = None  # the same of a little one
    title: str = ""  # of a concept of a whole layer, over its picture
    words: str = ""  # under it, where that or what is saved tells the numbers, with {facts}
    of_states: bool = False  # told of the states of a model that has it
    tag: str = ""  # on a tower's block, in place of its short name
    counted: tuple[
        str, ...
    ] = ()  # behind a number of layers, with {facts}: "choose experts by token id"
    saved: bool = False  # its saving is told before that
    number: str = ""  # in place of how many layers, with {facts}: "{used} of {experts}"
    changes: Change | None = None


class Had(NamedTuple):
    """What is said of an ancestor that has the concept where a model has another of its group."""

    group: Group
    says: str = ""


class Saves(NamedTuple):
    """What is counted of a model beside the same model without the concept."""

    of: Saving
    undone: str  # heads the column of the model without it
    how: tuple[str, ...] = ()  # what the model has, with {facts}; the first whose facts it has
    drawn: str = ""  # what the model is called without it, beside the drums of a figure
    place: int = 99  # among those of one mechanism, the most telling first
    than: tuple[str, ...] = ()  # in a call-out's few words, with {facts}: "than with MHA"


class Choice(NamedTuple):
    """A part of the recipe for which designs choose the concept."""

    part: RecipePart
    place: int = 99  # among the part's concepts: where one alone is told, the first
    called: str = ""  # in place of its name


class Step(NamedTuple):
    """A step of a drawing that stores nothing and does what the concept says."""

    title: str  # how the drawing's words for it begin
    slug: str  # its address behind its block's
    says: str


class Without(NamedTuple):
    """What blocks have because of a concept: without it they are as they are, but for that."""

    facts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()  # of parts inside, or of their share of a fused matrix
    kinds: tuple[str, ...] = ()  # of parts inside
    stored: tuple[str, ...] = ()  # roles of a block's own tensors and of those of its parts
    instead: Mapping[str, Value] = MappingProxyType({})  # facts, as they are without it
    parts: tuple[str, ...] = ()  # kinds that are left out wherever they stand
    like: str = ""  # a concept that is undone in the same way
    partly: bool = False  # counted even where a tree still shows it


NOTHING_NEW = New()


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One idea by which models are found, compared and explained."""

    id: str
    name: str
    area: Area
    text: str  # one sentence: what it is
    paper: Paper
    short: str = ""  # the abbreviation that people say
    forms: tuple[str, ...] = ()  # what the field calls it in some models: "HCA", "mHC"
    aliases: tuple[str, ...] = ()  # what else people call it, by which it is searched for
    more: str = ""  # one sentence: what it is for
    formula: str = ""  # TeX
    after: tuple[str, ...] = ()  # concepts that must be known first
    next: tuple[str, ...] = ()  # what comes next
    beside: tuple[str, ...] = ()  # itself among its alternatives, in the order in which they came
    first_open: FirstOpen | None = None
    drawn: str = ""  # the kind of block whose drawing shows it
    colour: Colour | Literal[""] = ""  # its mechanism, where that is not its area's
    new: New = NOTHING_NEW
    had: Had | None = None
    saves: Saves | None = None
    recipe: tuple[Choice, ...] = ()
    steps: tuple[Step, ...] = ()
    without: Without | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What the field calls it beside its name in words."""
        return tuple(filter(None, (self.short, *self.forms)))

    @property
    def mechanism(self) -> Colour:
        """The mechanism whose colour stands for it."""
        return self.colour or AREAS[self.area][1]

    @property
    def group(self) -> Group | None:
        """The concepts among which it is one; None where it stands in no other's place."""
        return None if self.had is None else self.had.group
