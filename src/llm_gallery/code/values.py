"""What the specialiser knows of an expression: its value, the part of the model it names, or only how to compute it."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llm_gallery.architecture.block import Block


@dataclass(frozen=True, slots=True)
class Known:
    """A value known before the model runs: one for each variant of the block, and how a file says it."""

    values: tuple[Any, ...]
    shown: ast.expr
    held: tuple[Value, ...] | None = None  # of a tuple: each of its values


@dataclass(frozen=True, slots=True)
class Settings:
    """Facts and settings of a block, or of several variants of it, and of its whole model."""

    blocks: tuple[Block, ...]
    whole: Mapping[str, Any]
    asked: set[tuple[int, str]] = dataclasses.field(
        default_factory=set
    )  # by which variant's forward, and what

    def each_asked(self) -> Iterator[tuple[Block, str]]:
        """Each variant, and what its forward asked for."""
        return ((self.blocks[variant], word) for variant, word in self.asked)


@dataclass(frozen=True, slots=True)
class Parts:
    """Arrays and parts of a block by role."""

    held: Mapping[str, Value]
    asked: set[str] = dataclasses.field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Part:
    """A part that can be called, at a path below the block that holds it."""

    settings: Settings
    parts: Parts
    path: ast.expr  # of the view on the checkpoint's arrays that it is called with

    @property
    def leaf(self) -> bool:
        """Whether it has arrays, each of a name of its own, and no parts: then it is called with them."""
        own = self.parts.held.values()
        return not any(isinstance(held, Part | Experts | Shards) for held in own)


@dataclass(frozen=True, slots=True)
class Experts:
    """The copies of an expert; which one runs is known when the model does."""

    name: str
    block: Block
    whole: Mapping[str, Any]
    joint: str = "."  # between the name and the number


@dataclass(frozen=True, slots=True)
class Shards:
    """The tensors of a table, whose names differ in a number; which one is read is known when the model runs."""

    before: str
    after: str
    one: bool = False  # whether it is stored whole, under a name without a number


@dataclass(frozen=True, slots=True)
class Function:
    """A function of `mechanisms/forward`."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Stored:
    """An array of the checkpoint: there for certain."""

    code: ast.expr
    ndim: int | None = None  # where it is known


Value = (
    Known | Stored | Settings | Parts | Part | Experts | Shards | Function | ast.expr
    | Sequence["Value"] | Mapping[str, "Value"]
)  # fmt: skip
"""An expression stands for what only a run can tell; several values are a tuple of known length."""


class Name(ast.Name):
    """A name and what the file needs for it. It is called as its parent, because ast's visitors go by that."""

    def __init__(
        self,
        word: str = "",
        *,
        number: Any = None,
        computed: ast.expr | None = None,
        brings: str = "",
        field: str = "",
        of: str = "",
        says: str = "",
    ) -> None:
        super().__init__(id=word, ctx=ast.Load())
        self.number = number  # that it is a constant for ...
        self.of = of  # ... and the kind of block that states it
        self.says = says  # what the constant is
        self.computed = computed  # the expression that it is a constant for
        self.brings = brings  # the line that imports it
        self.field = field  # which setting is asked of it


def name(word: str) -> ast.Name:
    """A name."""
    return ast.Name(id=word, ctx=ast.Load())


def is_number(value: Any) -> bool:
    """Whether a value gets a name of its own at the top of the file."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def plain(value: Any) -> Any:
    """A value without the evidence that numbers of a config carry."""
    if not is_number(value):
        return value
    return float(value) if isinstance(value, float) else int(value)


def constant(word: str, value: Any, of: str = "", says: str = "") -> Name:
    """A number, or a list, under a name of its own at the top of the file."""
    return Name(word.strip("_").upper(), number=plain(value), of=of, says=says)


def field(word: str) -> ast.expr:
    """A number that differs between the variants of a block."""
    return ast.Attribute(value=Name("b", field=word), attr=word, ctx=ast.Load())


def array(word: str, ndim: int | None = None) -> Stored:
    """An array of the checkpoint, by its name below the block's path."""
    return Stored(ast.Subscript(value=name("w"), slice=ast.Constant(word), ctx=ast.Load()), ndim)
