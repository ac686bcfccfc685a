"""A matrix a head that tokens write to and queries read: what mixers of that kind have in common.

Each of them states its own lanes and steps, how a token changes the matrix, and what is said of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Value
from llm_gallery.mechanisms._mechanism import Callout, Mixer, Names, as_stated, callout
from llm_gallery.mechanisms.lane_drawing import (
    Convolution,
    Gate,
    Lane,
    LaneDrawing,
    Matrix,
    Norm,
    State,
    Step,
)
from llm_gallery.mechanisms.legend import Term
from llm_gallery.mechanisms.state import PURPOSES, passes, state
from llm_gallery.mechanisms.wording import Held, Said, Tells, Words, filled, root, words_for


class Matrices(NamedTuple):
    """The facts that say how many there are, and how many rows and columns each has."""

    heads: str = "heads"
    rows: str = "value_dim"
    columns: str = "key_dim"
    axes: tuple[str, str] = ("value", "key")

    @property
    def facts(self) -> tuple[str, str, str]:
        """Those that multiply to all numbers."""
        return self.heads, self.rows, self.columns

    @property
    def sentence(self) -> str:
        """What is kept, with facts to be filled in."""
        return f"Keeps one *{{{self.rows}}} × {{{self.columns}}} state* for each of *{{{self.heads}}} heads*, whatever the length of the text."

    @property
    def size(self) -> str:
        """The line that says how large they are."""
        return f"{{{self.heads}}} states of {{{self.rows}}} × {{{self.columns}}}"

    def changed(
        self,
        across: str,
        update: str,
        *,
        reading: Words = "",
        remark: Words = "",
        shared: tuple[str, ...] = (),
    ) -> State:
        """The block of them: read by q over the root of a key's size where not said; `shared` is a fact before theirs."""
        sizes = (self.columns,) if self.rows == self.columns else (self.columns, self.rows)
        return State(
            across=across,
            states=self.heads,
            sizes=(self.rows, self.columns),
            axes=self.axes,
            update=update,
            reading=reading or (lambda block: f"_o_ = _S q_ / {root(block.number(self.columns))}"),
            facts=(*shared, self.heads, *sizes, "state_dtype"),
            remark=remark,
        )


EACH = Matrices()
"""Values by keys, one a head."""
SQUARE = Matrices("heads", "head_dim", "head_dim")
"""As many rows as columns, one a head."""


CONSTANT = "_λ_ constant in each head"
"""Beside a matrix that fades by no token's word."""


class Further(NamedTuple):
    """A sentence that is said where blocks state a fact, and the concept that it is about."""

    concept: str
    fact: str
    sentence: str


TWICE = Further(
    "negative-eigenvalues",
    "negative_eigenvalues",
    "The factor β may reach *2*, so that a state can change sign.",
)
"""Of the delta rule where β may exceed 1: the transition then has negative eigenvalues."""


def tells(matrices: Matrices, own: Words, *further: Further) -> Tells:
    """What is kept, then the mixer's own sentence, then what some blocks have besides."""

    def sentences(held: Held) -> Iterator[Said]:
        blocks = [block for block, _ in held]
        yield "", filled(f"{matrices.sentence} {words_for(own, blocks[0])}", *blocks)
        for concept, fact, sentence in further:
            if any(block.value(fact) for block in blocks):
                yield concept, sentence

    return sentences


def sizes(block: Block) -> list[Callout]:
    """Heads, those of keys and values where they are fewer, and how wide each is."""
    rows = [callout(block, "heads", "heads")]
    if block.value("kv_heads") not in (None, block.value("heads")):
        rows.append(callout(block, "kv_heads", "key, value heads"))
    return [*rows, callout(block, "key_dim", "key size"), callout(block, "value_dim", "value size")]


def lanes(
    queries: str = "heads",
    shared: str = "heads",
    key: str = "key_dim",
    value: str = "value_dim",
    *,
    values: str = "",
) -> tuple[Lane, ...]:
    """Queries, keys and values: the facts that say how many heads of each there are, and how wide they are."""
    return (
        Lane("q", "query", (queries, key)),
        Lane("k", "key", (shared, key)),
        Lane("v", "value", (values or shared, value)),
    )


OF_ONE_SIZE = lanes(key="head_dim", value="head_dim")
"""Queries, keys and values of heads that are all as wide."""


def beta(*facts: str, means: Words = "") -> Step:
    """How much of the error is corrected, up to twice where eigenvalues may be negative."""

    def twice(block: Block) -> bool:
        return bool(block.value("negative_eigenvalues"))

    return Step(
        on="β",
        words=lambda block: "2 σ" if twice(block) else "sigmoid",
        means=means or (lambda block: f"β = {'2 ' * twice(block)}sigmoid(b)"),
        facts=(*facts, "negative_eigenvalues"),
    )


def of_length_one(size: str = "key_dim") -> Step:
    """Queries and keys, each divided by its length."""
    return Step(
        on="q k", words="L2 norm", means="L2 norm of each head", facts=(size,), colour="norm"
    )


def symbols(*own: Words) -> tuple[Words, ...]:
    """What the formulas' symbols are: the state, those of the mixer, what is read."""
    return ("_S_: the state of a head", *own, "_o_: what is read")


def read_by_head(
    own: tuple[Lane, ...],
    rows: tuple[Step | Convolution, ...],
    core: State,
    symbols: tuple[Words, ...],
    broadest: float = 112,
) -> LaneDrawing:
    """The drawing of those whose reading is normed head by head, and gated where a block says so."""
    gate = Lane("gate", "gate", ("heads", "value_dim"), where=lambda block: block.value("gate"))
    return LaneDrawing(
        lanes=(*own, gate),
        rows=rows,
        core=core,
        after=(Norm(note="per head"), Gate(function=("gate",), lane="gate")),
        output=Matrix(inputs=("heads", "value_dim")),
        broadest=broadest,
        symbols=symbols,
    )


def mixer(
    matrices: Matrices,
    kind: str,
    names: Names,
    *,
    passed: int,
    concepts: tuple[str, ...] | Callable[[Block], Iterator[str]],
    tells: Tells,
    numbers: tuple[tuple[str, str], ...] | Callable[[Block, int | None], list[Callout]],
    drawing: LaneDrawing,
    legend: tuple[Term, ...],
    miniature: Mapping[str, int] | None = None,
    does: str = "",
    compared: Callable[[Block], Mapping[str, Value]] = as_stated,
) -> Mixer:
    """Keeps the matrices and nothing else that counts, and passes over all of them so often for a token."""
    return Mixer(
        kind=kind,
        names=names,
        colour="linear",
        concepts=concepts,
        does=does,
        tells=tells,
        numbers=numbers,
        drawing=drawing,
        size=matrices.size,
        kept=state(*matrices.facts),
        work=passes(passed, *matrices.facts),
        introduced=(),
        compared=compared,
        searched=(),
        against_attention=True,
        purposes=PURPOSES,
        legend=legend,
        miniature=miniature or {},
    )
