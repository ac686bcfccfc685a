"""The line over the strip: how many layers, in which order, and what each bar is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from llm_gallery.architecture.reach import reads_whole
from llm_gallery.architecture.repeats import Run, equal_runs, fold
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.text import Span, width
from llm_gallery.figure.strip.layer_bar import Cell, Look, bars
from llm_gallery.mechanisms.written import WITHOUT_POSITIONS
from llm_gallery.plan.block_names import layers
from llm_gallery.plan.naming import Naming, heading
from llm_gallery.plan.one_layer import layers_of
from llm_gallery.plan.place import Choice, Place
from llm_gallery.plan.plan import Plan

SIZES = (13.0, 12.0)
"""Px of the type: the smaller where the line is one in it."""
LEADING = 21.0
GAP, JOINED = 14.0, 8.0
"""Px to the next item, and to one that is added."""
GLYPH, TALL = 8.0, 13.0
"""Px of the small bar before a name."""


class Item(NamedTuple):
    """A bar with its count and name."""

    look: Look
    number: str
    name: str
    field: str = ""  # what the field calls it, behind the plain words
    before: str = ""
    after: str = ""


def put(sheet: Sheet, plan: Plan, x: float, y: float, room: float) -> float:
    """Sets the line with its first baseline at y, broken where it is too long; gives the last baseline back."""
    depth = _depth(plan)
    sheet.label(x, y, depth, size=14, weight=600, role="ink")
    at = x + width(depth, 14, 600) + GAP
    size = next((size for size in SIZES if length(plan, size) <= room), SIZES[0])
    for group in _groups(_narrowed(item, room, size) for item in _items(plan)):
        whole = sum(_wide(item, size) for item in group) + JOINED * (len(group) - 1)
        if at + whole > x + room and at > x and whole <= room:
            at, y = x, y + LEADING
        for index, item in enumerate(group):
            wide = _wide(item, size)
            if at + wide > x + room and at > x:
                at, y = x, y + LEADING
            _put(sheet, item, at, y, size)
            at += wide + (JOINED if index < len(group) - 1 else GAP)
    return y


def length(plan: Plan, size: float = SIZES[-1]) -> float:
    """Px of the line, were it not broken, in the smallest type."""
    items = sum(GAP + _wide(item, size) for item in _items(plan))
    return width(_depth(plan), 14, 600) + items


def _depth(plan: Plan) -> str:
    return layers(plan.depth, "bidirectional " if reads_whole(plan.root) else "causal ")


def _narrowed(item: Item, room: float, size: float) -> Item:
    """An item that would be wider than all the room says less of its block."""
    forms = (item, item._replace(name=item.name.split(", ")[0]), item._replace(field=""))
    fits = (form for form in forms if _wide(form, size) <= room)
    return next(fits, item._replace(name=item.name.split(", ")[0], field=""))


def _groups(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Items with those that are added to them."""
    group: list[Item] = []
    for item in items:
        if group and item.before != "+":
            yield group
            group = []
        group.append(item)
    if group:
        yield group


def _wide(item: Item, size: float) -> float:
    return _sign(item.before, size) + GLYPH + 6 + width(_spans(item), size)


def _sign(before: str, size: float) -> float:
    return width(before, size, 600) + 6 if before else 0.0


def _spans(item: Item) -> tuple[Span, ...]:
    after = (Span(item.after, 600, role="ink", gap=4),) if item.after else ()
    role = f"{item.look.colour}.text"
    name = f"at {item.name}" if item.name[:1].isdigit() else item.name  # "3 at 2 : 1, sparse"
    return (
        Span(f"{item.number} ", 600, role=role),
        *((Span(f"{name} "), Span(item.field)) if item.field else (Span(name),)),
        *after,
    )


def _put(sheet: Sheet, item: Item, x: float, y: float, size: float) -> None:
    if item.before:
        sheet.label(x, y, item.before, size=size, weight=600, role="ink")
    x += _sign(item.before, size)
    sheet.put(*bars(item.look, [Cell(x, y - TALL + 2.5, GLYPH, TALL)]))
    sheet.label(x + GLYPH + 6, y, _spans(item), size=size, role="ink")


def _items(plan: Plan) -> Iterator[Item]:
    """A bar for every block that layers have by turns, those that mix tokens first."""
    places = list(mixing(plan))
    for token in (True, False):
        items: list[Item] = []
        seen: dict[Item, tuple[int, set[int]]] = {}  # where it stands, and its layers
        for place in (one for one in places if one.block.mixes_tokens == token):
            if unit := _repeated(plan, place):
                items += unit
                continue
            for choice in place.choices:
                item, layers = _item(choice, plan.naming), set(choice.all_layers)
                at, held = seen.get(item._replace(number=""), (len(items), set()))
                if held and not held & layers:  # of layers that are wired in another way
                    layers |= held
                    items[at] = item._replace(number=f"{len(layers):,}")
                else:
                    at = len(items)
                    items.append(item)
                seen[item._replace(number="")] = at, layers
        yield from _once_named(_together(items))


def _once_named(items: Iterable[Item]) -> Iterator[Item]:
    """What the field calls several is said of the first alone."""
    said: set[str] = set()
    for item in items:
        new = {*item.field.split()} - said
        said |= new
        yield item if new else item._replace(field="")


def _together(items: list[Item]) -> Iterator[Item]:
    """Items that say the same of two places in every layer, once."""
    for item in dict.fromkeys(items):
        each = items.count(item)
        if each == 1 or item.before or item.after:
            yield item
        else:
            yield item._replace(number=f"{each:,}", name=f"{item.name} in each")


def mixing(plan: Plan) -> Iterator[Place]:
    """The places of the layers that mix tokens or channels."""
    places = (place for one in layers_of(plan.root) for place in one.places)
    return (place for place in places if place.mixes and place.block.mixes)


def _item(choice: Choice, naming: Naming, count: int | None = None) -> Item:
    look = Look(choice.colour, choice.bar)
    name = choice.name.inline
    if choice.bar.unplaced and not choice.name.unplaced:
        name = f"{name}, {WITHOUT_POSITIONS}"
    name, field = heading(name, (choice.block,), naming)
    return Item(look, f"{choice.layers if count is None else count:,}", name, field)


def _called_by_choice(item: Item) -> Item:
    """A single mixture of a unit isn't called by its experts."""
    single = item.number == "1" and item.name == "experts"
    return item._replace(name="mixture of experts") if single else item


def _repeated(plan: Plan, place: Place) -> list[Item]:
    """The unit that repeats, in brackets, and what is left of one behind it; nothing where the order has no such unit."""
    if len(place.choices) < 2 or place.layers != plan.depth:
        return []
    at = {layer: index for index, c in enumerate(place.choices) for layer in c.all_layers}
    runs = fold([at[layer] for layer in range(plan.depth)])
    unit = equal_runs(runs[0].unit)
    rest = [equal_runs(run.unit) for run in runs[1:]]
    if (
        runs[0].times < 2
        or not 2 <= len(unit) <= 3
        or len(rest) > 1
        or any(len(r) > 1 for r in rest)
    ):
        return []

    def item(run: Run) -> Item:
        return _item(place.choices[run.unit[0]], plan.naming, run.times)

    items = [_called_by_choice(item(group)) for group in unit]
    first, *others = items
    *between, last = [item._replace(before="+") for item in others]
    closed = last._replace(after=f") × {runs[0].times:,}")
    left = [item(run)._replace(before="+", field="") for run in runs[1:]]
    return [first._replace(before="("), *between, closed, *left]
