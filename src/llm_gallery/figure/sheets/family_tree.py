"""The family tree on a date axis: a disc a design, a line a descent, and nothing that covers a name.

Plain data in, a drawing out: who descends from whom is for `lineage` to say (`catalog.family_tree` joins both).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from llm_gallery.figure.kit.axes import DateAxis, date_axis
from llm_gallery.figure.kit.blocks import Sheet, label
from llm_gallery.figure.kit.chart import Chart
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.row_packing import UNIT, Slot, rows
from llm_gallery.figure.kit.shapes import About, Bounds, Line, Point, Text
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.sheets.discs import Relative, disc, key, radius
from llm_gallery.figure.sheets.legend import entries
from llm_gallery.figure.sheets.title_block import MARGIN, title_block
from llm_gallery.mechanisms.colour import Colour

Relation = Literal["descends", "resembles", "sibling", "stated"]

NAME, ALSO = 12.0, 10.5
"""Px of the type of names, and of the copies under them."""
BESIDE = 5.0
"""Px from a disc to its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Descent:
    """A line of the tree, which decides where the child stands; what is only stated stands in words under it.

    Of siblings the elder is the parent: what their ancestor is to that, it is to both.
    """

    child: str
    parent: str
    relation: Relation
    changes: tuple[str, ...]  # in words, the weightiest first; empty for none
    why: str = ""  # what it rests on, in a few words
    source: str = ""  # where it is stated

    @property
    def placed(self) -> bool:
        """Whether it is a line."""
        return self.relation != "stated"


def family_tree(
    relatives: Sequence[Relative],
    descents: Sequence[Descent],
    *,
    title: str = "Family tree",
    sentence: str = "",
    wide: float = 1840.0,
) -> Drawing:
    """The tree as a drawing; `wide` is its width in px, `title` "" leaves the head to the page.

    Elements answer for themselves: each disc and name carries `data-model`, each line `data-child`,
    `data-parent`, `data-relation`, `data-changes` (in words, joined by "; ") and a `<title>` that
    says the same, so that a page can open, fade and search them.
    """
    # Of one day, a parent comes before its children.
    ordered = sorted(relatives, key=lambda one: one.released)
    parents = {one.child: one.parent for one in descents if one.placed}
    sheet = Sheet()
    top = MARGIN
    if title:
        title_block(sheet, title, sentence)
        top = 130.0
    notes = _notes(ordered, descents)
    shown = _dates(ordered, notes, wide)
    slots = _slots(ordered, notes, parents, shown)
    places = rows(slots)
    reach = max((slots[name].radius - row * UNIT for name, row in places.items()), default=0)
    first = top + 14 + max(0.0, reach)
    centres = {name: Point(slots[name].x, first + row * UNIT) for name, row in places.items()}
    bottom = max((p.y + max(slots[n].radius, 10) for n, p in centres.items()), default=top) + 26
    texts = [text for one in ordered for text in _texts(one, notes[one.id], centres[one.id])]
    Chart(sheet, Bounds(MARGIN, top, wide - MARGIN, bottom)).dates(shown, texts)
    by_name = {one.id: one for one in ordered}
    # The broad lines of siblings lie under those that begin where they do.
    for line in sorted(
        descents, key=lambda one: (one.relation != "sibling", one.relation, one.child, one.parent)
    ):
        if line.placed:
            sheet.put(_line(line, by_name, slots, centres))
    for one in ordered:
        sheet.put(*disc(one, centres[one.id]))
    sheet.put(*texts)
    high = _legend(sheet, {one.mechanism for one in ordered}, bottom + 56)
    names = ", ".join(one.name for one in relatives)
    described = f"{title or 'Family tree'} of {len(relatives)} designs: {names}."
    return Drawing(sheet.picture(wide, high), title, described)


def dates(relatives: Sequence[Relative], descents: Sequence[Descent], wide: float) -> DateAxis:
    """The date axis of a tree of that width: for whoever shows it beside the drawing, where it stays in view."""
    ordered = sorted(relatives, key=lambda one: one.released)
    return _dates(ordered, _notes(ordered, descents), wide)


Notes = Mapping[str, Sequence[str]]


def _notes(ordered: Sequence[Relative], descents: Sequence[Descent]) -> Notes:
    """What stands under each name: its copies, and an ancestor that is stated and not measured."""
    names = {one.id: one.name for one in ordered}
    stated: dict[str, list[str]] = {}
    for line in descents:
        if not line.placed:
            stated.setdefault(line.child, []).append(f"{line.why}: {names[line.parent]}")
    return {
        one.id: [
            *([also(one.name, one.copies)] if one.copies else []),
            *([", ".join(stated[one.id])] if one.id in stated else []),
        ]
        for one in ordered
    }


def _dates(ordered: Sequence[Relative], notes: Notes, wide: float) -> DateAxis:
    """The axis, with room for the names of the last models at its right."""
    last = ordered[-1].released
    names = [_wide(one, notes) for one in ordered if (last - one.released).days < 60]
    return date_axis(
        [one.released for one in ordered], MARGIN + 12, wide - MARGIN - max(names) - 22
    )


def _wide(one: Relative, notes: Notes) -> float:
    """Px from the disc to the end of its texts."""
    beside = [width(note, ALSO) for note in notes[one.id]]
    return BESIDE + max(width(one.name, NAME, 500), *beside, 0.0)


def also(name: str, copies: Sequence[str]) -> str:
    """ "+ R1, V3.1", without the words that the name has too, and no more than four."""
    own = name.split()
    names = []
    for copy in copies:
        words = copy.split()
        shared = next((i for i, w in enumerate(words) if own[i : i + 1] != [w]), len(words))
        names.append(" ".join(words[shared:]) or copy)
    more = f" and {len(names) - 3} more" if len(names) > 4 else ""
    return f"+ {', '.join(names[:3] if more else names)}{more}"


def _slots(
    ordered: Sequence[Relative], notes: Notes, parents: Mapping[str, str], dates: DateAxis
) -> dict[str, Slot]:
    """What each design takes; one of its parent's day stands a little to the right of it."""
    houses = {one.id: one.organization for one in ordered}
    below: dict[str, int] = {}
    for one in reversed(ordered):
        if one.id in parents:
            parent = parents[one.id]
            below[parent] = below.get(parent, 0) + 1 + below.get(one.id, 0)
    found: dict[str, Slot] = {}
    for one in ordered:
        wide, x = radius(one.total), dates.at(one.released)
        parent = parents.get(one.id, "")
        if parent in found:
            x = max(x, found[parent].x + wide + 9)
        found[one.id] = Slot(
            x=x,
            radius=wide,
            text=_wide(one, notes),
            lines=1 + len(notes[one.id]),
            parent=parent or None,
            heir=below.get(one.id, 0) + (1000.0 if houses.get(parent) == one.organization else 0),
        )
    return found


def _texts(one: Relative, notes: Sequence[str], at: Point) -> Iterator[Text]:
    """The name to the right of the disc, its notes below."""
    x, about = at.x + radius(one.total) + BESIDE, About("", "", (("model", one.id),))
    yield label(x, at.y + 4.3, one.name, size=NAME, weight=500, role="ink", about=about)
    answer = f"The same architecture: {', '.join(one.copies)}" if one.copies else ""
    for row, note in enumerate(notes):
        more = About("", answer if row == 0 else "", about.data)
        yield label(x, at.y + 17 + 13 * row, note, size=ALSO, about=more)


LOOKS: Mapping[Relation, tuple[str, float]] = {
    "descends": ("stream", 1.75),
    "resembles": ("muted", 1.25),
    "sibling": ("wire", 5.0),
}
"""Role and thickness; a resemblance is dashed, and what joins siblings is broad."""


def _line(
    line: Descent,
    relatives: Mapping[str, Relative],
    slots: Mapping[str, Slot],
    centres: Mapping[str, Point],
) -> Line:
    """Along the row to the heir; up or down from the parent's disc, then along the row to any other child."""
    start, end = centres[line.parent], centres[line.child]
    old, new = slots[line.parent], slots[line.child]
    left, named = end.x - new.radius, width(relatives[line.parent].name, NAME, 500)
    if start.y == end.y:
        points: tuple[Point, ...] = (
            Point(start.x + old.radius + BESIDE + named + 6, start.y),
            Point(left, end.y),
        )
    else:
        edge = start.y + (old.radius if end.y > start.y else -old.radius)
        points = (Point(start.x, edge), Point(start.x, end.y), Point(left, end.y))
    about = _about(line, relatives[line.parent].name, relatives[line.child].name)
    return _looking(line.relation, points, about)


def _looking(relation: Relation, points: tuple[Point, ...], about: About | None = None) -> Line:
    """A way as its relation is drawn."""
    role, thickness = LOOKS[relation]
    dashed = relation == "resembles"
    return Line(points=points, role=role, thickness=thickness, dashed=dashed, about=about)


SAID: Mapping[Relation, str] = {
    "descends": "descent",
    "resembles": "resemblance",
    "sibling": "siblings",
}


def _about(line: Descent, parent: str, child: str) -> About:
    changes = "; ".join(line.changes) or "the same architecture"
    data = [
        ("child", line.child),
        ("parent", line.parent),
        ("relation", line.relation),
        ("changes", changes),
        *([("source", line.source)] if line.source else []),
    ]
    why = f", {line.why}" if line.why else ""
    return About("", f"{parent} → {child}, {SAID[line.relation]}{why}: {changes}", tuple(data))


def _legend(sheet: Sheet, seen: set[Colour], y: float) -> float:
    """What lines, discs and colours mean; the height of the sheet below it."""
    x = MARGIN
    meanings: tuple[tuple[Relation, str], ...] = (
        ("descends", "descends: by evidence"),
        ("resembles", "resembles: measured only"),
        ("sibling", "siblings: one release, one ancestor"),
    )
    for relation, meaning in meanings:
        sheet.put(_looking(relation, (Point(x, y - 4), Point(x + 36, y - 4))))
        sheet.label(x + 44, y, meaning, size=12)
        x += 44 + width(meaning, 12) + 28
    key(sheet, x, y)
    entries(sheet, seen, MARGIN, y + 30)
    return y + 30 + MARGIN
