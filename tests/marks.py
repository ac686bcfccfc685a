"""Which marks a run has no use for, known before its tests are made: three of four are of other runs."""

from __future__ import annotations

from itertools import chain, combinations

from _pytest.mark.expression import Expression

MARKS = ("audit", "browser", "every", "golden", "truth", "whole")
_unwanted: set[str] = set()


def choose(expression: str) -> None:
    """Learns what `-m` says; nothing is left out where it says nothing."""
    _unwanted.clear()
    if expression:
        compiled = Expression.compile(expression)
        _unwanted.update(mark for mark in MARKS if not _ever(compiled, mark))


def unwanted(*marks: str) -> bool:
    """Whether this run takes no test with one of these marks, whatever others it has."""
    return not _unwanted.isdisjoint(marks)


def _ever(expression: Expression, mark: str) -> bool:
    others = [other for other in MARKS if other != mark]
    beside = chain.from_iterable(combinations(others, n) for n in range(len(others) + 1))
    return any(
        expression.evaluate(lambda name, /, held=(mark, *more), **_: name in held)
        for more in beside
    )
