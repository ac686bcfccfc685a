"""The foot of a difference: parameters as bars to one scale, their change part by part, and what follows."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.analysis.parameters import Parameters, parameters, sparse
from llm_gallery.analysis.units import short
from llm_gallery.comparison.compare import Comparison
from llm_gallery.figure.difference.change_signs import legend, signed
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import About, Point
from llm_gallery.figure.kit.signs import area, square
from llm_gallery.figure.kit.text import width
from llm_gallery.mechanisms.colour import FAMILIES, Colour

ORDER: tuple[Colour, ...] = (
    *("moe", "mlp", "full", "window", "latent", "linear", "convolution"),
    *("embedding", "position", "norm"),
)
"""The parts of the bars, in their order."""
LEFT, WIDEST, BAR = 156.0, 240.0, 16.0
TEXT = 190.0
"""Px behind the longest bar."""


def foot(
    sheet: Sheet, comparison: Comparison, headings: Sequence[Heading], y: float, wide: float
) -> float:
    """Writes the foot from its upper edge; gives its lower edge back."""
    sheet.rule(Point(0, y), Point(wide, y))
    y += 22
    counts = [parameters(model.architecture.root) for model in comparison.models]
    most = max(count.total for count in counts) or 1
    names = [width(heading.line, 12.5, 600) + 14 for heading in headings]
    left = min(WIDEST, max(LEFT, *names))
    for count, heading in zip(counts, headings, strict=True):
        _bar(sheet, count, heading, left, y, wide, most)
        y += 32
    if len(counts) == 2:
        y = _change(sheet, counts[0], counts[1], left, y + 10, wide)
    sheet.rule(Point(0, y), Point(wide, y))
    source = "Computed from each model's config.json, 16-bit cache"
    legend(sheet, 0, y + 22)
    sheet.label(wide, y + 22, source, size=11, anchor="end")
    return y + 28


def by_mechanism(counts: Parameters) -> dict[Colour, int]:
    """Stored parameters of each mechanism, in the order of the bars."""
    counted = dict.fromkeys(ORDER, 0)
    for part in counts.parts:
        counted[part.mechanism] += part.stored
    return counted


def _bar(
    sheet: Sheet,
    counts: Parameters,
    heading: Heading,
    left: float,
    y: float,
    wide: float,
    most: int,
) -> None:
    sheet.fitted(0, y + 12.5, heading.line, left - 14, (12.5,), weight=600, role="ink")
    long = (wide - left - TEXT) * counts.total / most
    x = left
    for mechanism, size in by_mechanism(counts).items():
        if not size:
            continue
        part = long * size / (counts.total or 1)
        line = 1.0 if part > 3 else 0.0
        number = f"{FAMILIES[mechanism].counted}: {size:,} of {counts.total:,} parameters"
        sheet.put(area(x, y, max(part - line, 0.1), BAR, f"{mechanism}.solid", number))
        x += part
    number = short(counts.total)
    sheet.label(left + long + 8, y + 12.5, number, size=12.5, weight=600, role="ink")
    if sparse(counts.total, counts.active):
        run = long * counts.active / counts.total
        title = f"{counts.active:,} run for one token"
        sheet.put(area(left, y + BAR + 2, max(run, 0.1), 2.5, "ink", title))
        after = left + long + 8 + width(number, 12.5, 600) + 7
        sheet.label(after, y + 12.5, f"{counts.active_words} active", size=11.5)


def _change(
    sheet: Sheet, old: Parameters, new: Parameters, left: float, y: float, wide: float
) -> float:
    """The change of each part and of the whole; the parts' sum is the whole's."""
    before, after = by_mechanism(old), by_mechanism(new)
    changes = {m: after[m] - before[m] for m in ORDER if after[m] != before[m]}
    assert sum(changes.values()) == new.total - old.total
    sheet.label(0, y + 10, "Change", size=12, weight=600, role="ink")
    if not changes:
        sheet.label(left, y + 10, "none", size=12)
        return y + 28
    total = f"= {signed(new.total - old.total)}"
    right = wide - width(total, 12, 600) - 24
    x = left
    for mechanism, size in changes.items():
        change, name = signed(size), FAMILIES[mechanism].counted
        wide_of = 15 + max(width(change, 12, 600), width(name, 11.5))
        if x + wide_of > right:
            x, y = left, y + 40
        sheet.put(square(x, y + 1.5, f"{mechanism}.solid"))
        about = About("", f"{name}: {size:+,} parameters")
        sheet.label(x + 15, y + 10, change, size=12, weight=600, role="ink", about=about)
        sheet.label(x + 15, y + 26, name)
        x += wide_of + 26
    sheet.label(wide, y + 10, total, size=12, weight=600, role="ink", anchor="end")
    return y + 44
