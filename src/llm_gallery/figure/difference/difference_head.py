"""The head of a difference: names, origins, the headline numbers, and in sentences what changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from llm_gallery.comparison.compare import Comparison
from llm_gallery.comparison.sentences import LABELS, amount
from llm_gallery.figure.difference.change_signs import signed
from llm_gallery.figure.difference.compared_parts import HEADLINE
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Mark
from llm_gallery.figure.kit.text import cut, width, wrap
from llm_gallery.figure.page.model_head import NAME_SIZES, SEPARATOR, headline
from llm_gallery.figure.page.model_head import amount as with_unit

SAME = "No difference: the same architecture, number for number."
ARROW, COMMA = 44.0, 14.0
"""Px between the names of two models, and of more."""


def head(sheet: Sheet, found: Comparison, headings: Sequence[Heading], wide: float) -> float:
    """Writes the head from (0, 0); gives its lower edge back."""
    pair = len(headings) == 2
    right = _numbers(sheet, found, wide) if pair else wide
    y = _names(sheet, headings, right - (28 if pair else 0))
    y += 34
    for difference in found.differences:
        sentence = difference.sentences[0] if difference.sentences else SAME
        y = sheet.lines(0, y, wrap(sentence, wide, 14, lines=9), 20, size=14, role="ink") + 6
    return y - 26


def _names(sheet: Sheet, headings: Sequence[Heading], room: float) -> float:
    names = [heading.line for heading in headings]
    for size in (*NAME_SIZES, 20.0, 18.0):
        ends = _row(names, headings, size)
        last = max(width(names[-1], size, 600, tracking=-0.7), width(_origin(headings[-1]), 13))
        if ends[-1] + last <= room:
            for index, (x, name, heading) in enumerate(zip(ends, names, headings, strict=True)):
                _name(sheet, x, 32, name, heading, size, index)
                following = ends[index + 1] - ARROW if index + 1 < len(ends) else None
                if index == 0 and following is not None:
                    sheet.put(_arrow(following + 9, 32 - 0.36 * size))
            return 56.0
    y, size = 26.0, 22.0
    for index, (name, heading) in enumerate(zip(names, headings, strict=True)):
        x = 36.0 if index else 0.0
        if index:
            sheet.put(_arrow(0, y - 0.36 * size))
        _name(sheet, x, y, cut(name, room - x, size, 600, tracking=-0.7), heading, size, index)
        y += 54
    return y - 32


def _row(names: Sequence[str], headings: Sequence[Heading], size: float) -> list[float]:
    """Left edges of the names on one line; the origin under each may be wider than it."""
    x, found = 0.0, []
    for index, (name, heading) in enumerate(zip(names, headings, strict=True)):
        found.append(x)
        long = max(width(name, size, 600, tracking=-0.7), width(_origin(heading), 13))
        x += long + (ARROW if index == 0 or len(names) == 2 else ARROW - COMMA)
    return found


def _name(
    sheet: Sheet, x: float, y: float, name: str, heading: Heading, size: float, index: int
) -> None:
    role = "ink" if index else "muted"
    sheet.label(x, y, name, size=size, weight=600, role=role, tracking=-0.7)
    sheet.label(x, y + 24, _origin(heading), size=13)


def _origin(heading: Heading) -> str:
    """Date and organization, which may have no end."""
    who = cut(heading.maker, 220, 13)
    return SEPARATOR.join(filter(None, (heading.month, who)))


def _arrow(x: float, y: float) -> Mark:
    return Mark(x, y, "h26m-7 -5.5l7 5.5l-7 5.5", width=26, stroke="ink", thickness=2)


def _numbers(sheet: Sheet, found: Comparison, right: float) -> float:
    """Old over new, from the right margin leftwards; gives the left edge back."""
    old, new = (model.consequences for model in found.models)
    varies = any(model.counts.varies for model in found.models)
    shown = [
        (key, f"{LABELS[key]}, at most" if key == "active" and varies else LABELS[key])
        for key in HEADLINE
        if (old[key] or new[key]) and (key != "active" or any(m.sparse for m in found.models))
    ]
    for key, caption in reversed(shown):
        before, after = amount(key, old[key]), amount(key, new[key])
        same = old[key] == new[key]
        big = with_unit(after)
        if same:
            caption = f"{caption}, kept"
        elif before == after:
            caption = f"{caption}, {signed(new[key] - old[key], partial(amount, key))}"
        large = width(big, 25, 600, tracking=-0.3)
        sheet.label(right, 12, before, size=13, anchor="end", tabular=True)
        title = f"{caption}: {old[key]:,} → {new[key]:,} (derived)"
        headline(sheet, right - large, 36, big, title)
        sheet.label(right, 54, caption, anchor="end")
        right -= max(width(before, 13), large, width(caption, 11.5)) + 26
    return right + 26
