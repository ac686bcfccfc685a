"""Facts as rows: "old → new" with the new one heavy for two models, a column a model for more."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.comparison.change import Kind
from llm_gallery.figure.difference.change_signs import arrow, sign
from llm_gallery.figure.difference.compared_parts import Fact
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import About
from llm_gallery.figure.kit.text import Weight, cut, width, wrap

PITCH = 17.5
VALUE, LABEL = 12.0, 11.5
"""Px of type."""
SIGN, ARROW = 16.0, 22.0
"""Px from the sign to the value, and from the old value to the new."""
WIDEST = 150.0
"""Px of a value; longer ones are cut, and whole in their title."""
SMALLEST = 10.0
"""Px of the type of a label at least."""
LABELS = 150.0
"""Px of the labels before columns."""
YES = "yes"
"""What has no other value: its label and its sign say all."""


def pairs(
    sheet: Sheet,
    facts: Sequence[Fact],
    x: float,
    y: float,
    room: float,
    *,
    signs: bool = True,
    widest: float = WIDEST,
) -> float:
    """Rows from their upper left corner for two models; gives their height back."""
    first, after = _edges(facts, widest, signs)
    if any(width(fact.label, SMALLEST) > room - after for fact in facts):
        return _ragged(sheet, facts, x, y, room, signs=signs)
    for index, fact in enumerate(facts):
        at = y + 11.5 + index * PITCH
        if signs:
            sheet.put(sign(x + 5, at - 4, fact.kinds[1]))
        _pair(sheet, fact, x + first, at, widest)
        _label(sheet, x + after, at, fact.label, room - after)
    return len(facts) * PITCH


def _ragged(
    sheet: Sheet, facts: Sequence[Fact], x: float, y: float, room: float, *, signs: bool
) -> float:
    """Rows that no common columns fit: each as wide as it is, its label in a line above where it must."""
    at, first = y + 11.5, x + (SIGN if signs else 0.0)
    for fact in facts:
        if signs:
            sheet.put(sign(x + 5, at - 4, fact.kinds[1]))
        old, new = width(_left(fact), VALUE, _weight(fact)), width(_right(fact), VALUE, 600)
        long = old + (ARROW + new if new else 0.0) + (8 if old else 0.0)
        rest = x + room - first - long
        if width(fact.label, SMALLEST) > rest:
            _label(sheet, first, at, fact.label, x + room - first)
            at += PITCH - 2
            widest = (x + room - first - ARROW) / 2 if new else x + room - first
            _pair(sheet, fact, first + min(old, widest), at, widest)
        else:
            _pair(sheet, fact, first + old, at, old + new)
            _label(sheet, first + long, at, fact.label, rest)
        at += PITCH
    return at - 11.5 - y


def _edges(facts: Sequence[Fact], widest: float, signs: bool) -> tuple[float, float]:
    """The right edge of the old values, and the left one of the labels."""
    old = max((min(widest, width(_left(f), VALUE, _weight(f))) for f in facts), default=0.0)
    new = max((min(widest, width(_right(f), VALUE, 600)) for f in facts), default=0.0)
    first = (SIGN if signs else 0.0) + old
    return first, first + (ARROW + new if new else 0.0) + 8


def narrow(facts: Sequence[Fact]) -> float:
    """Px that rows for two models take without cutting a label."""
    labels = max((width(f.label, LABEL) for f in facts), default=0.0)
    return _edges(facts, WIDEST, True)[1] + labels


def is_long(fact: Fact) -> bool:
    """Whether a value needs a line of its own."""
    return max(width(_left(fact), VALUE), width(_right(fact), VALUE, 600)) > WIDEST


def _label(sheet: Sheet, x: float, y: float, text: str, room: float) -> None:
    """A label, a little smaller where it has to be."""
    sheet.fitted(x, y, text, room, (LABEL, 10.5, SMALLEST))


def _weight(fact: Fact) -> Weight:
    """What is new is heavy."""
    return 600 if fact.kinds[1] == "added" else 400


def _left(fact: Fact) -> str:
    """What stands before the arrow: the old value, or the only one."""
    words = fact.words[1] if fact.kinds[1] == "added" else fact.words[0]
    return "" if words == YES and fact.kinds[1] != "changed" else words


def _right(fact: Fact) -> str:
    """What stands behind the arrow."""
    return fact.words[1] if fact.kinds[1] == "changed" else ""


def _pair(sheet: Sheet, fact: Fact, right: float, y: float, widest: float) -> None:
    weight = _weight(fact)
    old, new = cut(_left(fact), widest, VALUE, weight), cut(_right(fact), widest, VALUE, 600)
    whole = About("", f"{fact.label}: {fact.words[0]} → {fact.words[1]}")
    answer = None if (old, new) == (_left(fact), _right(fact)) else whole
    role = "ink" if weight == 600 else "muted"
    sheet.label(right, y, old, size=VALUE, weight=weight, role=role, anchor="end", about=answer)
    if fact.kinds[1] == "changed":
        sheet.put(arrow(right + 5, y - 4))
        sheet.label(right + ARROW, y, new, size=VALUE, weight=600, role="ink", about=answer)


def alike(
    sheet: Sheet, facts: Sequence[Fact], x: float, y: float, room: float, kind: Kind = "kept"
) -> float:
    """Facts of one kind as a muted paragraph after their sign; gives its height back."""
    if not facts:
        return 0.0
    words = ", ".join(_phrase(fact) for fact in facts)
    lines = wrap(words, room - SIGN, 11, lines=12)
    sheet.put(sign(x + 5, y + 7.5, kind))
    return sheet.lines(x + SIGN, y + 11.5, lines, 15, size=11) - y - 9.5


def _phrase(fact: Fact) -> str:
    """A fact in a sentence: what it is and its value, of whichever model has one."""
    value = next(words for words in fact.words if words != "–")
    return fact.label if value == YES else f"{fact.label} {value}"


def columns(
    sheet: Sheet,
    facts: Sequence[Fact],
    x: float,
    y: float,
    room: float,
    labels: float = LABELS,
) -> float:
    """A label and a column a model; what differs from the first model is heavy, after its sign."""
    count = len(facts[0].words) if facts else 1
    wide = (room - labels) / count
    for index, fact in enumerate(facts):
        at = y + 11.5 + index * PITCH
        _label(sheet, x, at, fact.label, labels - 10)
        for column, (words, kind) in enumerate(zip(fact.words, fact.kinds, strict=True)):
            left = x + labels + column * wide
            other = kind != "kept"
            if column and not (kind == "kept" and words == "–"):
                sheet.put(sign(left + 5, at - 4, kind))
            shown = "none" if kind == "removed" else words
            text = cut(shown, wide - SIGN - 8, VALUE, 600 if other else 400)
            sheet.label(
                left + SIGN,
                at,
                text,
                size=VALUE,
                weight=600 if other else 400,
                role="ink" if other or not column else "muted",
                about=About("", f"{fact.label}: {words}") if text != shown else None,
            )
    return len(facts) * PITCH
