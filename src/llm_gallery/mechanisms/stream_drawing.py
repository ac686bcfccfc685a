"""Several residual streams as a drawing that is data: signs across their lines, and what makes the weights of each.

Formulas are marked up as elsewhere: _italic_, ^raised^, ~lowered~.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.roles import roles
from llm_gallery.mechanisms.wording import Words

Forms = tuple[tuple[str, str], ...]
"""Words with a note behind them, in more words and in fewer."""


class StreamSign(NamedTuple):
    """Where a branch is added (+), streams mix (×) or a branch reads (no sign), from the top down."""

    sign: Literal["+", "×", ""]
    down: float  # px under where the branch is added
    title: str  # what it does in a word, and in lines, where there is no room for what makes its weights
    lines: tuple[Words, ...]
    weights: Callable[[Block], Forms] | None = None  # what makes its weights, and how many
    role: str = ""  # of what stores these
    facts: tuple[str, ...] = ()  # behind them
    where: Callable[[Block], object] | None = None  # which blocks have it; else all
    first: bool = False  # whether it is on the first stream alone
    gate: bool = (
        False  # whether what the maps give is its weights; then the others are made of the norm
    )


class StreamMap(NamedTuple):
    """A matrix of those that make weights of the streams."""

    role: str = ""  # else all that there are, as one
    words: str = ""
    slanted: Literal["", "narrowing", "widening"] = ""
    then: str = ""  # the function after it


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class StreamDrawing:
    """The streams with one branch, and what makes weights of what they hold."""

    title: str
    high: float
    signs: tuple[StreamSign, ...]
    maps: tuple[StreamMap, ...]
    of_first: bool = False  # whether weights are made of the first stream, not of all
    branch: str = "branch"
    taken: str = ""  # what is done where the branch reads, and where it writes
    given: str = ""
    formulas: Callable[[Block], tuple[str, ...]]
    words: Words  # what these mean
    place: str = "a branch"  # whose parameters are counted
    mixed: Callable[[Block], object] = lambda block: False  # whether the note says that streams mix

    def __post_init__(self) -> None:
        named = (*(sign.role for sign in self.signs), *(each.role for each in self.maps))
        roles(tuple(role for role in named if role))
