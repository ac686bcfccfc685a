"""Which marks a run has no use for, known before its tests are made: three of four are of other runs."""

from __future__ import annotations

from itertools import chain, combinations

from _pytest.mark.expression import Expression

MARKS = ("audit", "browser", "every", "golden", "truth", "whole")
_unwanted: set[str] = set()


def choose(expression: str) -> None:
    """Learns what `-m` says, before a test is made."""
    _unwanted.clear()
    _unwanted.update(left_out(expression))


def unwanted(*marks: str) -> bool:
    """Whether this run takes no test that has one of these marks."""
    return not _unwanted.isdisjoint(marks)


def left_out(expression: str) -> set[str]:
    """The marks of which an expression takes no test, whatever others it has."""
    if not expression:
        return set()
    compiled = Expression.compile(expression)
    return {mark for mark in MARKS if not _ever(compiled, mark)}


def _ever(expression: Expression, mark: str) -> bool:
    others = [other for other in MARKS if other != mark]
    beside = chain.from_iterable(combinations(others, n) for n in range(len(others) + 1))
    return any(
        expression.evaluate(lambda name, /, held=(mark, *more), **_: name in held)
        for more in beside
    )
