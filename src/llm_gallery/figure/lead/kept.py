"""What is kept at the end of the context: as the model is built, beside the same model without what saves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from math import sqrt
from typing import NamedTuple, get_args

from llm_gallery.analysis.concepts import concepts as shown
from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import Cache, cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary, short
from llm_gallery.architecture.block import Architecture, Block, layers, mixers
from llm_gallery.concepts import Cached, concepts
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Mark
from llm_gallery.figure.kit.text import width
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import Colour

SMALLEST = 4.0
"""Px of the height of a drum at least."""


class Saving(NamedTuple):
    """Bytes that are kept, and those that the same model would keep without what saves them."""

    caption: str
    built: int
    whole: int
    words: str  # what it is then called
    under: str = "in all layers together"
    of: str = "of its cache"
    form: Callable[[int], str] = binary

    @property
    def share(self) -> str:
        """What is left of it: "1 / 8.7"."""
        return f"1 / {self.whole / self.built:.3g}"


def saving(root: Block, among: Collection[str] | None = None) -> Saving | None:
    """What the most telling of some concepts saves, counted on the same model without it; None where none does.

    For a token, where every token costs the same; else at the end of the context.
    """
    length = None if _alike(cache(root)) else _context(root)
    built = _bytes(cache(root), length)
    for concept, words in drawn_savings(shown(root) if among is None else among):
        other = without(root, concept)
        whole = 0 if other is None else _bytes(cache(other), length)
        if built and whole >= 1.2 * built:
            return Saving(_caption(length), built, whole, words)
    return None


def drawn_savings(among: Iterable[str]) -> list[tuple[str, str]]:
    """Concepts that save memory, the most telling first, and what a model is called without each."""
    known = concepts()
    saving = [(name, saves) for name in among if name in known and (saves := known[name].saves)]
    saving.sort(key=lambda pair: (pair[1].place, pair[0]))
    return [
        (name, saves.drawn)
        for name, saves in saving
        if saves.drawn and saves.of in get_args(Cached)
    ]


def _alike(cached: Cache) -> bool:
    """Whether every token costs the same."""
    return not cached.state_bytes and cached.bytes_per_token == cached.bytes_per_token_long


def _context(root: Block) -> int:
    return root.number("context") if "context" in root.facts else 32768


def _bytes(cached: Cache, length: int | None) -> int:
    """Of so many tokens, or of each."""
    return cached.bytes_per_token if length is None else cached.at(length)


def _caption(length: int | None) -> str:
    return "Kept for a token" if length is None else f"Kept for {length:,} tokens"


def of_weights(root: Block, concept: str) -> Saving | None:
    """The parameters of a model beside those without a concept of the whole layer: a stack that runs again stores less."""
    saves, other = concepts()[concept].saves, without(root, concept)
    if saves is None or not saves.drawn or other is None:
        return None
    built, whole = parameters(root).total, parameters(other).total
    if whole == built:
        return None
    return Saving("Parameters", built, whole, saves.drawn, "stored once", "of the weights", short)


class Row(NamedTuple):
    """How two drums stand in a row: px of the larger one, of gaps, of words over the foot, and their smaller type."""

    largest: float
    gap: float
    number: float
    words: float
    size: float
    apart: float


BROAD, CLOSE = Row(46.0, 10, 20, 3, 12, 26), Row(66.0, 9, 22, 4, 12.5, 22)


def _two(saved: Saving, colour: Colour) -> tuple[tuple[int, str, str, str], ...]:
    """What the drums hold, how they are called, and their tones."""
    return (
        (saved.built, "as built", f"{colour}.text", f"{colour}.pale"),
        (saved.whole, saved.words, "muted", "paper"),
    )


def _in_a_row(sheet: Sheet, saved: Saving, colour: Colour, x: float, low: float, row: Row) -> float:
    """Both drums by the area of what they hold, with their numbers; gives back where another thing may begin."""
    scale = row.largest / sqrt(saved.whole)
    for count, said, role, ground in _two(saved, colour):
        side = max(SMALLEST, scale * sqrt(count))
        sheet.put(vessel(x, low, side, ground, role))
        left, number = x + side + row.gap, saved.form(count)
        name = sheet.label(left, low - row.number, number, size=17, weight=600, role=role)
        under = sheet.label(left, low - row.words, said, size=row.size)
        x = max(name.bounds.right, under.bounds.right) + row.apart
    return x


def _broad(sheet: Sheet, saved: Saving, colour: Colour, x: float, low: float) -> float:
    """Two drums behind their caption; gives back where another thing may begin."""
    y = low - BROAD.largest / 2
    sheet.label(x, y - 2, saved.caption, size=13, weight=600, role="ink")
    sheet.label(x, y + 15, saved.under, size=12)
    at = x + max(width(saved.caption, 13, 600), width(saved.under, 12)) + 28
    return _in_a_row(sheet, saved, colour, at, low, BROAD)


def drums(sheet: Sheet, saved: Saving, colour: Colour, x: float, y: float, room: float) -> None:
    """Two drums from y down, and the share that is left."""
    low = y + BROAD.largest
    at = _broad(sheet, saved, colour, x, low)
    if at + width(saved.share, 17, 600) + 20 < x + room:
        role = f"{colour}.text"
        sheet.label(x + room, low - 20, saved.share, size=17, weight=600, role=role, anchor="end")
        sheet.label(x + room, low - 3, saved.of, size=12, anchor="end")


def drums_wide(saved: Saving) -> float:
    """Px that the row takes without its share."""
    return _broad(Sheet(), saved, "full", 0, 0)


def pair(sheet: Sheet, saved: Saving, colour: Colour, x: float, y: float) -> float:
    """The same two drums over their caption, for a narrow place: it ends at y + 92; gives back the right edge."""
    at = _in_a_row(sheet, saved, colour, x, y + 74, CLOSE)
    caption = sheet.label(x, y + 91, f"{saved.caption}, {saved.under}", size=12)
    return max(at, caption.bounds.right + CLOSE.apart)


def stacked(sheet: Sheet, saved: Saving, colour: Colour, x: float, y: float) -> float:
    """The same two under one another, for a place that is narrower still: they end at y + 82; gives back the right edge."""
    right, scale = x, 36.0 / sqrt(saved.whole)
    for count, said, role, ground in _two(saved, colour):
        side = max(SMALLEST, scale * sqrt(count))
        sheet.put(vessel(x + 18 - side / 2, y + 19 + side / 2, side, ground, role))
        name = sheet.label(x + 48, y + 25, saved.form(count), size=17, weight=600, role=role)
        under = sheet.label(name.bounds.right + 8, y + 25, said, size=12.5)
        right, y = max(right, under.bounds.right), y + 42
    return right


def stacked_wide(saved: Saving) -> float:
    """Px that they take so."""
    return stacked(Sheet(), saved, "full", 0, 0)


def compared(sheet: Sheet, saved: Saving, colour: Colour, x: float, y: float, room: float) -> None:
    """The two side by side where there is room, else under one another; they end at y + 93."""
    if pair(Sheet(), saved, colour, 0, 0) - CLOSE.apart > room:
        sheet.label(x, y + 6, saved.caption, size=13, weight=600, role="ink")
        stacked(sheet, saved, colour, x, y + 11)
    else:  # over its own caption
        pair(sheet, saved, colour, x, y)


def vessel(x: float, low: float, side: float, ground: str, role: str) -> Mark:
    """A drum so wide and so high, its foot at `low`."""
    half, bend = side / 2, min(6.0, side / 6)
    rings = max(1, min(4, int(side / 12)))
    high = side - 2 * bend
    body = f"m0 {bend:.2f}a{half:.2f} {bend:.2f} 0 0 1 {side:.2f} 0v{high:.2f}a{half:.2f} {bend:.2f} 0 0 1 {-side:.2f} 0z"
    path, before = body, bend
    for index in range(rings):
        at = bend + high * index / rings
        path += f"m0 {at - before:.2f}a{half:.2f} {bend:.2f} 0 0 0 {side:.2f} 0m{-side:.2f} 0"
        before = at
    return Mark(
        x, low - side, path, width=side, height=side, fill=ground, stroke=role, thickness=1.25
    )


def put(
    sheet: Sheet,
    architecture: Architecture,
    x: float,
    y: float,
    room: float,
    saved: Saving | None = None,
) -> float:
    """What the leading mechanism saves, from y down; where it saves nothing of the cache, how much is kept.

    Gives back where it ends. It is what wider figures show, too.
    """
    root = architecture.root
    if saved is not None:
        tones = Counter(colour_of(mixer) for layer in layers(root) for mixer in mixers(layer))
        most = tones.most_common(1)
        compared(sheet, saved, most[0][0] if most else "full", x, y, room)
        y += 100
        if saved.form is binary:
            return y
    length, cached = _context(root), cache(root)
    if not (built := cached.at(length)):
        return y
    said = _caption(length) if cached.bytes_per_token else "Kept at any length"
    sheet.label(x, y + 14, said, size=15, weight=600, role="ink")
    sheet.label(x, y + 50, binary(built), size=22, weight=600, role="ink")
    sheet.label(x, y + 68, "in all layers together", size=13)
    return y + 76
