"""Facts as rows: the old value at the left edge, the new one at the right, the label with its sign between them."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.comparison.change import Kind
from llm_gallery.figure.change_signs import sign
from llm_gallery.figure.difference.compared_parts import NONE, YES, Fact, Group
from llm_gallery.figure.kit.blocks import Sheet, Type
from llm_gallery.figure.kit.shapes import About, Point
from llm_gallery.figure.kit.text import Weight, cut, fit, fitting, width, wrap

PITCH = 22.0
TITLE = 14.0
SIZES = (12.5, 12.0, 11.5, 11.0, 10.5)
SIGN = 15.0
"""Px from the middle of a sign to its label, with the sign's half."""
ABOVE = 14.0
"""Px over a group."""
PASSING = 12.0
"""Px of the type of what is said in passing."""
LEADING = 16.0
ORDER: tuple[Kind, ...] = ("changed", "removed", "added", "kept")
MOST, FEWER = 10, 3
"""Rows of a group, and how many fewer one has in which a part came in another's place."""
BESIDE = 12.0
"""Px between a value and a label at least."""


def put(
    sheet: Sheet, groups: Sequence[Group], x: float, y: float, room: float, most: int = MOST
) -> float:
    """The groups of two models from an upper left corner, so many rows each at most; gives their lower edge back."""
    for index, group in enumerate(groups):
        y = _group(sheet, group, x, y + (ABOVE if index else 0.0), room, most)
    return y


def halves(
    sheet: Sheet,
    groups: Sequence[Group],
    names: Sequence[str],
    lefts: Sequence[float],
    y: float,
    room: float,
    most: int = MOST,
) -> float:
    """The groups of two models in one column or in two about as high, under the models' names; gives their lower edge."""
    tall, at = [high(group, room) for group in groups], len(groups)
    if len(lefts) > 1:
        at = min(range(at + 1), key=lambda i: abs(sum(tall[:i]) - sum(tall[i:])))
    low, sizes = y, (12.5, 12.0, 11.5, 11.0)
    for half, x in zip((groups[:at], groups[at:]), lefts, strict=False):
        if half or len(lefts) == 1:
            space, last = room / 2 - 8, Type(weight=600, role="ink", anchor="end")
            sheet.fitted(x, y, names[0], space, sizes, weight=600)
            sheet.fitted(x + room, y, names[1], space, sizes, **last)
            low = max(low, put(sheet, half, x, y + 8, room, most))
    return low


def high(group: Group, room: float, most: int = MOST) -> float:
    """Px that a group takes with what is above it."""
    return _group(Sheet(), group, 0, 0, room, most) + ABOVE


def _group(sheet: Sheet, group: Group, x: float, y: float, room: float, most: int) -> float:
    y += 17
    _title(sheet, group, x, y, room)
    y += 9
    sheet.rule(Point(x, y), Point(x + room, y))
    listed, passing = _parted(group, room, most)
    for fact in listed:
        _row(sheet, fact, x, y + 15.5, room)
        y += PITCH
        sheet.rule(Point(x, y), Point(x + room, y))
    for kind in ORDER:
        facts = [fact for fact in passing if fact.kinds[1] == kind]
        if facts:
            y = _in_passing(sheet, facts, kind, x, y + 4, room)
    return y


def _title(sheet: Sheet, group: Group, x: float, y: float, room: float) -> None:
    role = f"{group.colour}.text" if group.colour else "ink"
    signed = group.kind in ("added", "removed")
    space = room - (2 * SIGN if signed else 0)
    sizes = (TITLE, 13.0, 12.5, 12.0)
    fitted = fit((group.title, group.brief), space, sizes, 600)
    text, size = fitted or (cut(group.brief, space, sizes[-1], 600), sizes[-1])
    long = width(text, size, 600)
    middle = x + room / 2 + (SIGN / 2 if signed else 0)
    if signed:
        sheet.put(sign(middle - long / 2 - 10, y - 4.5, group.kind))
    sheet.label(middle, y, text, size=size, weight=600, role=role, anchor="middle")


def _parted(group: Group, room: float, most: int) -> tuple[list[Fact], list[Fact]]:
    """What has a row, and what is said in passing: what is kept, settings that came or went, and the last of many."""
    listed, passing = list[Fact](), list[Fact]()
    if group.kind == "removed":
        return [], [*group.facts]
    most = max(2, most - FEWER) if group.replaced else most
    for fact in sorted(group.facts, key=lambda fact: ORDER.index(fact.kinds[1])):
        quiet = fact.minor and (group.replaced or fact.kinds[1] != "changed")
        quiet = quiet or fact.unchanged or _size(fact, room) is None
        (passing if quiet else listed).append(fact)
    if len(listed) > most + 1:
        shown = _shown(listed, most)
        passing = [*(fact for fact in listed if fact not in shown), *passing]
        listed = shown
    if group.colour is None:  # what the whole keeps, the foot says
        passing = [fact for fact in passing if not fact.unchanged]
    return listed, passing


def _shown(listed: Sequence[Fact], most: int) -> list[Fact]:
    """So many of them, what left and what came by halves behind what changed."""
    changed, left, came = ([f for f in listed if f.kinds[1] == kind] for kind in ORDER[:3])
    rest = max(0, most - len(changed))
    half = max(rest // 2, rest - len(came))
    return [*changed[:most], *left[:half], *came[: rest - min(half, len(left))]]


def _row(sheet: Sheet, fact: Fact, x: float, y: float, room: float) -> None:
    """The label in the middle, or where the values leave it room."""
    size, (old, new) = _size(fact, room) or SIZES[-1], _values_of(fact)
    if old:
        sheet.label(x, y, old, size=size)
    if new:
        sheet.label(x + room, y, new, size=size, weight=600, role="ink", anchor="end")
    labelled = SIGN + width(fact.label, size)
    low = x + width(old, size) + (BESIDE if old else 0)
    most = x + room - width(new, size, 600) - (BESIDE if new else 0) - labelled
    start = max(low, min(x + (room - labelled) / 2, most))
    sheet.put(sign(start + 5, y - 4.5, fact.kinds[1]))
    sheet.label(start + SIGN, y, fact.label, size=size, role="ink")


def _size(fact: Fact, room: float) -> float | None:
    """Px of the type at which both values and the label have room in a row."""
    old, new = _values_of(fact)
    spare = room - SIGN - BESIDE * (bool(old) + bool(new))
    return next(
        (s for s in SIZES if width(old, s) + width(new, s, 600) + width(fact.label, s) <= spare),
        None,
    )


def _values_of(fact: Fact) -> tuple[str, str]:
    """What stands at either edge: nothing where the sign says all."""
    kind, (old, new) = fact.kinds[1], fact.words
    old = "" if kind == "added" or (old == YES and kind == "removed") else old
    new = "" if kind == "removed" or (new == YES and kind == "added") else new
    return old, new


def _in_passing(
    sheet: Sheet, facts: Sequence[Fact], kind: Kind, x: float, y: float, room: float
) -> float:
    """Facts of one kind in a muted line or a few, after their sign."""
    words = ", ".join(fact.phrase for fact in facts)
    lines = wrap(words, room - 24, PASSING, lines=7)
    long = max(width(line, PASSING) for line in lines)
    start = x + (room - long) / 2 + SIGN / 2
    sheet.put(sign(start - 10, y + 8, kind, "muted"))
    return sheet.lines(start, y + 12, lines, LEADING, size=PASSING) - 12


def columns(
    sheet: Sheet,
    groups: Sequence[Group],
    names: Sequence[str],
    x: float,
    y: float,
    lefts: Sequence[float],
    wide: float,
) -> float:
    """A column a model under its frame: the label, then each value; what differs from the first is heavy.

    What one model alone has of a part is said in passing.
    """
    for group in groups:
        y += 30
        role = f"{group.colour}.text" if group.colour else "ink"
        right = lefts[-1] + wide
        sheet.fitted(x, y, group.title, right - x, (TITLE, 13.0, 12.5), weight=600, role=role)
        y += 9
        sheet.rule(Point(x, y), Point(right, y))
        alone = _alone(group)
        shared = [f for f in group.facts if not any(f in facts for facts in alone.values())]
        alike = [fact for fact in shared if group.alike(fact)]
        for fact in (fact for fact in shared if fact not in alike):
            _values(sheet, fact, x, y + 15.5, lefts, wide)
            y += PITCH
            sheet.rule(Point(x, y), Point(right, y))
        if alike and group.colour:  # what the whole keeps, the foot says
            words = ", ".join(fact.phrase for fact in alike)
            if not all(fact.unchanged for fact in alike):
                words = f"all that have it: {words}"
            y = _said(sheet, words, "kept", x, y, right)
        for index, facts in alone.items():
            words = f"{names[index]} alone: {', '.join(fact.phrase for fact in facts)}"
            y = _said(sheet, words, facts[0].kinds[-1 if index == 0 else index], x, y, right)
    return y


def _alone(group: Group) -> dict[int, list[Fact]]:
    """The facts of a part that one of several models has a value of, by the model."""
    found: dict[int, list[Fact]] = {}
    for fact in group.facts if group.colour else ():
        having = [index for index, words in enumerate(fact.words) if words != NONE]
        if len(having) == 1:
            found.setdefault(having[0], []).append(fact)
    return dict(sorted(found.items()))


def _said(sheet: Sheet, words: str, kind: Kind, x: float, y: float, right: float) -> float:
    """A line or a few over all columns, after its sign."""
    sheet.put(sign(x + 5, y + 12, kind))
    lines = wrap(words, right - x - SIGN - 4, PASSING, lines=4)
    return sheet.lines(x + SIGN, y + 16, lines, LEADING, size=PASSING) - 12


def _values(
    sheet: Sheet, fact: Fact, x: float, y: float, lefts: Sequence[float], wide: float
) -> None:
    """A row of columns."""
    sheet.fitted(x, y, fact.label, lefts[0] - x - 8, SIZES, role="ink")
    for index, (left, words, kind) in enumerate(zip(lefts, fact.words, fact.kinds, strict=True)):
        other = index > 0 and kind != "kept"
        absent = words == NONE and kind == "kept"
        if index and not absent:
            sheet.put(sign(left + 5, y - 4.5, kind))
        shown = "none" if words == NONE else words
        weight: Weight = 600 if other else 400
        size = fitting(shown, wide - SIGN - 6, SIZES, weight)
        text = cut(shown, wide - SIGN - 6, size, weight)
        about = About("", f"{fact.label}: {words}") if text != shown else None
        role = "ink" if other else "muted"
        sheet.label(left + SIGN, y, text, size=size, weight=weight, role=role, about=about)
