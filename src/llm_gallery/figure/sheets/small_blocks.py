"""What stands at a place of a small frame: a block, several side by side or in a list, or a norm's pill."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery import mechanisms
from llm_gallery.analysis.parameters import stored
from llm_gallery.architecture.block import Block
from llm_gallery.figure.frame.blocks import border
from llm_gallery.figure.kit.blocks import Node, Sheet, Words, centred
from llm_gallery.figure.kit.shapes import Box
from llm_gallery.figure.kit.text import cut, fitting, width, wrap
from llm_gallery.figure.strip.layer_bar import Cell, Look, bars
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.moe import of_all
from llm_gallery.mechanisms.wording import capital
from llm_gallery.plan.place import Choice, Place

NORM = 7.0
"""Px of the height of a norm."""
TWOFOLD = 32.0
"""Px of a block that has room for its size under its name."""
LINE = 15.0
"""Px of one of several names under one another."""
RIM = 4.0
"""Px from blocks to the dashed border round them."""
TYPE = (12.5, 12.0, 11.5, 11.0, 10.5)
NARROW = 24.0
"""Px under which a column says nothing in words."""
LISTED = 44.0
"""Px beside a name in a list: its bar, its count, the rim."""


def stand(
    sheet: Sheet, place: Place, edges: tuple[float, float], low: float, block: float, layers: int
) -> Node:
    """What stands at a place, between two edges and on its lower one, a block so high, of so many layers."""
    left, right = edges
    middle, high = (left + right) / 2, tall(place, block, right - left)
    if not place.mixes:
        box = pill(middle, low, min(72.0, right - left), colour_of(place.block))
        sheet.put(box)
        return Node(box, ())
    if len(place.choices) == 1:
        box = Box(left, low - high, right - left, high)
        _block(sheet, place.choices[0], box)
        if place.layers < layers:
            sheet.put(border(box, 3, 8))
        return Node(box, ())
    whole = Box(left - RIM, low - high, right - left + 2 * RIM, high)
    if _listed(place, right - left):
        _lines(sheet, place, whole)
        return Node(whole, ())
    each = (right - left - 6) / len(place.choices)
    for index, choice in enumerate(place.choices):
        box = Box(left + index * (each + 6), low - RIM - block, each, block)
        _block(sheet, choice, box, f"{choice.layers:,}")
    tone = place.choices[0].colour
    sheet.put(replace(whole, dashed=True, edge=f"{tone}.text", open=True, radius=8))
    return Node(whole, ())


def tall(place: Place, block: float, room: float) -> float:
    """Px of the height of what stands at a place, a block of its own being so high."""
    if not place.mixes:
        return NORM
    if len(place.choices) == 1:
        return block
    if _listed(place, room):
        return len(place.choices) * LINE + 6
    return block + 2 * RIM


def needed(place: Place) -> float:
    """Px that the names at a place need in a column."""
    if not place.mixes:
        return 40.0
    if len(place.choices) == 1:
        return max(width(word, TYPE[-1], 600) for word in place.choices[0].name.split()) + 16
    return max(width(name, TYPE[-1], 500) for name in _brief(place)) + LISTED + 8


def _brief(place: Place) -> list[str]:
    """Names in a list without the word that all of them end with, and experts as such."""
    names = [
        capital(mechanisms.short(c.block)) if "experts" in c.block.facts else c.name
        for c in place.choices
    ]
    last = {name.split()[-1] for name in names}
    shared = len(last) == 1 and all(" " in name for name in names)
    return [name.rsplit(" ", 1)[0] for name in names] if shared else names


def _listed(place: Place, room: float) -> bool:
    """Whether names that would be cut side by side stand under one another."""
    count = len(place.choices)
    each = (room - 6 * (count - 1)) / count - 14
    return count > 2 or any(width(c.name, TYPE[-1], 600) > each for c in place.choices)


def pill(x: float, low: float, wide: float, fill: str = "norm") -> Box:
    """A norm, or what else neither mixes nor norms, round its middle and on its lower edge."""
    left, tint, edge = x - wide / 2, f"{fill}.tint", f"{fill}.line"
    return Box(left, low - NORM, wide, NORM, radius=NORM / 2, fill=tint, edge=edge)


def _block(sheet: Sheet, choice: Choice, box: Box, below: str = "") -> None:
    """A block, full or hollow like its bar."""
    colour, hollow = choice.colour, choice.bar.borrowed == "all"
    fill, edge = ("paper", f"{colour}.text") if hollow else (f"{colour}.solid", None)
    shown = replace(box, fill=fill, edge=edge, line=1.25, labelled=True)
    role = f"{colour}.text" if hollow else f"{colour}.on"
    words = _words(choice.name, below or _sized(choice), box)
    sheet.put(shown, *centred(shown, role, *words))


def _words(name: str, below: str, box: Box) -> tuple[Words, ...]:
    """A name with what stands under it, or on two lines where it is too long for one."""
    room, twofold = box.width - 10, box.height >= TWOFOLD
    if room < NARROW:
        return ()
    lines = wrap(name, room, TYPE[-1], 600, lines=2)
    if twofold and len(lines) == 2:
        return tuple(Words(-3.0 + 13 * i, line, TYPE[-1], 600) for i, line in enumerate(lines))
    type_size = fitting(name, room, TYPE, 600)
    first = cut(name, room, type_size, 600)
    if not twofold or not below or width(below, 11) > room:
        return (Words(0.36 * type_size, first, type_size, 600),)
    return Words(-1.5, first, type_size, 600), Words(13.0, below, 11)


def _lines(sheet: Sheet, place: Place, whole: Box) -> None:
    """Blocks that layers have by turns under one another: glyph, count, name."""
    tone = place.commonest.colour
    sheet.put(replace(whole, fill="paper", edge=f"{tone}.text", dashed=True))
    numbered = max(width(f"{c.layers:,}", 12, 600) for c in place.choices)
    at = whole.x + 20 + numbered
    room = whole.bounds.right - at - 10
    whole_names = [choice.name for choice in place.choices]
    cramped = any(width(name, TYPE[-1], 500) > room for name in whole_names)
    names = _brief(place) if cramped else whole_names
    y = whole.y + 3
    for choice, name in zip(place.choices, names, strict=True):
        sheet.put(*bars(Look(choice.colour, choice.bar), [Cell(whole.x + 7, y + 1, 9, LINE - 3)]))
        if room < NARROW:
            y += LINE
            continue
        base, role = y + LINE / 2 + 4.3, f"{choice.colour}.text"
        count, inside = f"{choice.layers:,}", whole.bounds
        sheet.label(at, base, count, size=12, weight=600, role=role, anchor="end", inside=inside)
        type_size = fitting(name, room, TYPE[1:], 500)
        said = cut(name, room, type_size, 500)
        sheet.label(at + 6, base, said, size=type_size, weight=500, role="ink", inside=inside)
        y += LINE


def _sized(choice: Choice) -> str:
    """How large a block is; of several that look alike, how large at most."""
    blocks = (choice.block, *(block for _, block in choice.others))
    said = {_size(block): stored(block) for block in blocks}
    most = max(said, key=lambda words: said[words])
    return f"≤ {most}" if len(said) > 1 else most


def _size(block: Block) -> str:
    """How large a mixer is, in a few words: of experts how many, of an MLP not what bends its numbers."""
    if not block.mixes:
        return ""
    if block.is_mixture:
        return of_all(block)
    whole = mechanisms.size_of(block)
    return whole.split(", ")[0] if block.on_channels else whole
