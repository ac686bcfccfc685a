"""The names of one function while it is worked out: what they stand for, and in which variants of the block."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Protocol, Self

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.code.values import (
    Function,
    Known,
    Stored,
    Value,
)


class Caller(Protocol):
    """What makes a function of the file for a call."""

    asked: set[str]  # facts that differ between the variants and were met

    def call(self, function: Function, given: Sequence[Value], frame: Frame) -> Value:
        """The call, or what it comes to."""


class Frame(ABC):
    """The names of one function and what they stand for."""

    def __init__(self, caller: Caller, module: str, scope: dict[str, Value], variants: int) -> None:
        self.caller, self.module, self.scope = caller, module, scope
        self.variants = variants
        self.folded = False  # whether a test in it was known
        self.alive = frozenset(range(variants))  # the variants that run the statement at hand

    @abstractmethod
    def value(self, node: ast.expr) -> Value:
        """What an expression comes to."""

    def anew(self, module: str) -> Self:
        """The same for another function, whose names nobody knows yet."""
        return type(self)(self.caller, module, {}, self.variants)

    def expression(self, node: ast.expr) -> ast.expr:
        """The same as code."""
        return self.code(self.value(node))

    def code(self, value: Value) -> ast.expr:
        """How the file writes a value."""
        match value:
            case ast.expr():
                return value
            case Known():
                return value.shown
            case Stored():
                return value.code
            case tuple() | list():
                return ast.Tuple(elts=[self.code(each) for each in value], ctx=ast.Load())
        raise Refusal(f"can't print: {type(value).__name__} is used as a number")

    def agreed(self, value: Value) -> tuple[bool, Any]:
        """Whether all variants that run have one value, and which."""
        if not isinstance(value, Known):
            return False, None
        held = [value.values[i] for i in sorted(self.alive)]
        same = all(type(one) is type(held[0]) and one == held[0] for one in held)
        return same, held[0]

    def known(self, value: Any, shown: ast.expr) -> Known:
        """The same value in all variants."""
        return Known((value,) * self.variants, shown)

    def truth(self, value: bool) -> Known:
        return self.known(value, ast.Constant(value))

    def each(self, compute: Callable[..., Any], *given: Known) -> tuple[Any, ...]:
        """A value for each variant that runs."""
        try:
            return tuple(
                compute(*(one.values[i] for one in given)) if i in self.alive else None
                for i in range(self.variants)
            )
        except TypeError as error:  # a formula of what the block doesn't state
            raise Refusal(f"can't run yet: {self.module} computes with nothing ({error})") from None

    def where(self, asked: Value, to: bool) -> frozenset[int]:
        """The variants for which a test comes out so; all where only a run can tell."""
        if not isinstance(asked, Known):
            return self.alive
        return frozenset(i for i in self.alive if bool(asked.values[i]) is to)
