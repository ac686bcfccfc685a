"""What is kept at the end of the context: as the model is built, beside the same model without what saves it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from math import sqrt
from typing import NamedTuple

from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import Cache, cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary, short
from llm_gallery.architecture.block import Architecture, Block, distinct_layers, mixers
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Mark
from llm_gallery.figure.kit.signs import area
from llm_gallery.figure.kit.text import fitting, width
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import Colour

SAVINGS = (
    ("hybrid", "attention in all layers"),
    ("compressed-attention", "without compression"),
    ("multi-head-latent-attention", "with keys and values"),
    ("sliding-window-attention", "without windows"),
    ("chunked-attention", "without chunks"),
    ("shared-kv-cache", "with keys of its own"),
    ("multi-query-attention", "a key for each query head"),
    ("grouped-query-attention", "a key for each query head"),
)
"""What saves memory, the most telling first, and what the model is called without it."""
BAR = 15.0
"""Px of a bar's height."""
LARGEST, SMALLEST = 46.0, 4.0
"""Px of the height of a drum at most and at least."""


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


def saving(root: Block, own: Collection[str] | None = None) -> Saving | None:
    """What the most telling of some concepts saves; None where none of them does.

    For a token, where every token costs the same; else at the end of the context.
    """
    kept = cache(root)
    alike, caption, length = _measure(root, kept)
    built = kept.bytes_per_token if alike else kept.at(length)
    for concept, words in SAVINGS:
        if own is not None and concept not in own:
            continue
        other = without(root, concept)
        if other is None or not built:
            continue
        plain = cache(other)
        whole = plain.bytes_per_token if alike else plain.at(length)
        if whole >= 1.2 * built:
            return Saving(caption, built, whole, words)
    return None


def beside(root: Block, other: Cache, name: str) -> Saving | None:
    """What it keeps beside what its ancestor does, of as many tokens; None where that isn't more."""
    kept = cache(root)
    alike, caption, length = _measure(root, kept)
    alike = alike and _alike(other)
    built = kept.bytes_per_token if alike else kept.at(length)
    whole = other.bytes_per_token if alike else other.at(length)
    if not built or whole < 1.2 * built:
        return None
    caption = caption if alike else f"Kept for {length:,} tokens"
    return Saving(caption, built, whole, name, of="of what that keeps")


def _measure(root: Block, kept: Cache) -> tuple[bool, str, int]:
    """Whether every token costs the same, what is said over the bytes, and of how many tokens they are else."""
    length = root.number("context") if "context" in root.facts else 32768
    alike = _alike(kept)
    return alike, "Kept for a token" if alike else f"Kept for {length:,} tokens", length


def _alike(kept: Cache) -> bool:
    return not kept.state_bytes and kept.bytes_per_token == kept.bytes_per_token_long


def of_loops(root: Block) -> Saving | None:
    """The parameters of a stack that runs again, beside those of as many layers with weights of their own."""
    other = without(root, "looped-depth")
    if other is None:
        return None
    built, whole = parameters(root).total, parameters(other).total
    if whole == built:
        return None
    words = "with weights of its own for each pass"
    return Saving("Parameters", built, whole, words, "stored once", "of the weights", short)


def drums(sheet: Sheet, saved: Saving, colour: Colour, x: float, y: float, room: float) -> float:
    """Two drums by the area of what they hold, with their numbers and the share that is left; gives back their foot."""
    text = f"{colour}.text"
    high = LARGEST
    low = y + high
    scale = high / sqrt(saved.whole)
    sheet.label(x, y + high / 2 - 2, saved.caption, size=13, weight=600, role="ink")
    words = saved.under
    sheet.label(x, y + high / 2 + 15, words, size=12)
    at = x + max(width(saved.caption, 13, 600), width(words, 12)) + 28
    for count, said, role, ground in (
        (saved.built, "as built", text, f"{colour}.pale"),
        (saved.whole, saved.words, "muted", "paper"),
    ):
        side = max(SMALLEST, scale * sqrt(count))
        sheet.put(vessel(at, low, side, ground, role))
        left = at + side + 10
        name = sheet.label(left, low - 20, saved.form(count), size=17, weight=600, role=role)
        under = sheet.label(left, low - 3, said, size=12)
        at = max(name.bounds.right, under.bounds.right) + 26
    if at + width(saved.share, 17, 600) + 20 < x + room:
        sheet.label(x + room, low - 20, saved.share, size=17, weight=600, role=text, anchor="end")
        sheet.label(x + room, low - 3, saved.of, size=12, anchor="end")
    return low


def drums_wide(saved: Saving) -> float:
    """Px that the row takes without its share."""
    each = max(width(saved.caption, 13, 600), width(saved.under, 12)) + 28
    for count, said in ((saved.built, "as built"), (saved.whole, saved.words)):
        side = max(SMALLEST, LARGEST * sqrt(count / saved.whole))
        each += side + 10 + max(width(saved.form(count), 17, 600), width(said, 12)) + 26
    return each


def pair(sheet: Sheet, saved: Saving, colour: Colour, x: float, y: float) -> float:
    """The same two drums over their caption, for a narrow place: it ends at y + 92; gives back the right edge."""
    text, low = f"{colour}.text", y + 74.0
    scale = 66.0 / sqrt(saved.whole)
    at = x
    for count, said, role, ground in (
        (saved.built, "as built", text, f"{colour}.pale"),
        (saved.whole, saved.words, "muted", "paper"),
    ):
        side = max(SMALLEST, scale * sqrt(count))
        sheet.put(vessel(at, low, side, ground, role))
        left = at + side + 9
        name = sheet.label(left, low - 22, saved.form(count), size=17, weight=600, role=role)
        under = sheet.label(left, low - 4, said, size=12.5)
        at = max(name.bounds.right, under.bounds.right) + 22
    caption = sheet.label(x, low + 17, f"{saved.caption}, {saved.under}", size=12)
    return max(at, caption.bounds.right + 22)


def alone(sheet: Sheet, count: int, colour: Colour, x: float, y: float) -> None:
    """One drum of what layers keep whatever the length, about 100 px high."""
    text = f"{colour}.text"
    sheet.label(x, y + 12, "Kept at any length", size=13, weight=600, role="ink")
    sheet.put(vessel(x, y + 100, 64.0, f"{colour}.pale", text))
    sheet.label(x + 76, y + 72, binary(count), size=17, weight=600, role=text)
    sheet.label(x + 76, y + 91, "in all layers", size=12.5)


def stacked(sheet: Sheet, saved: Saving, colour: Colour, x: float, y: float) -> float:
    """The same two under one another, for a place that is narrower still: they end at y + 82; gives back the right edge."""
    text, scale = f"{colour}.text", 36.0 / sqrt(saved.whole)
    right = x
    for count, said, role, ground in (
        (saved.built, "as built", text, f"{colour}.pale"),
        (saved.whole, saved.words, "muted", "paper"),
    ):
        side = max(SMALLEST, scale * sqrt(count))
        sheet.put(vessel(x + 18 - side / 2, y + 19 + side / 2, side, ground, role))
        name = sheet.label(x + 48, y + 25, saved.form(count), size=17, weight=600, role=role)
        under = sheet.label(name.bounds.right + 8, y + 25, said, size=12.5)
        right, y = max(right, under.bounds.right), y + 42
    return right


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


def put(sheet: Sheet, architecture: Architecture, x: float, y: float, room: float) -> float:
    """Draws one or two bars from y down; gives back where they end."""
    root = architecture.root
    length = root.number("context") if "context" in root.facts else 32768
    built = cache(root).at(length)
    if not built:
        return y
    sheet.label(x, y + 14, f"Kept for {length:,} tokens", size=15, weight=600, role="ink")
    y += 30
    rows = [("as built", built)]
    for concept, words in SAVINGS:
        other = without(root, concept)
        if other is not None and (kept := cache(other).at(length)) > built:
            rows.append((words, kept))
            break
    largest = max(kept for _, kept in rows)
    label = min(150.0, max(width(words, 13) for words, _ in rows)) + 12
    space = room - label - 76
    layer = next((m for kind in distinct_layers(root) for m in mixers(kind)), None)
    tone = "full" if layer is None else colour_of(layer)
    for index, (words, kept) in enumerate(rows):
        size = fitting(words, label - 8, (13, 12.5, 12, 11.5, 11, 10.5))
        sheet.label(x, y + 12, words, size=size)
        long = max(1.5, space * kept / largest)
        fill = f"{tone}.solid" if not index else "frame"
        sheet.put(area(x + label, y, long, BAR, fill, f"{words}: {kept:,} bytes"))
        role = f"{tone}.text" if not index else "muted"
        sheet.label(
            x + label + long + 8,
            y + 12,
            binary(kept),
            size=13,
            role=role,
            weight=600 if not index else 400,
        )
        y += BAR + 13
    return y
