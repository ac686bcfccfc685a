"""The head of a difference: names with an arrow, dates, the headline numbers old over new, and what changed in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from llm_gallery.comparison.compare import Comparison
from llm_gallery.comparison.consequences import CACHE, LABELS, LONG, amount
from llm_gallery.comparison.paragraph import paragraph
from llm_gallery.figure.change_signs import arrow, signed
from llm_gallery.figure.difference import foot
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.prose import LEADING, prose
from llm_gallery.figure.kit.text import cut, fitting, width
from llm_gallery.figure.page import headline
from llm_gallery.figure.page.headline import Form, Number
from llm_gallery.plan.heading import Heading

SAME = "No difference: the same architecture, number for number."
CAPTIONS = {
    **LABELS,
    CACHE: "cache per token",
    LONG: "cache per older token",
    "state_bytes": "state, at any length",
}
BETWEEN = 46.0
"""Px between two names, for the arrow."""
STARRED = str.maketrans("*", "\u2217")


def head(
    found: Comparison,
    headings: Sequence[Heading],
    sheet: Sheet,
    place: tuple[float, float],
    room: float,
    form: Form,
) -> float:
    """Names and the numbers of two models beside or under them, the sentences below; gives the last baseline back."""
    x, y = place
    named, left = y + form.names[0], x + room
    shown = _numbers(found)[: form.across or None] if len(headings) == 2 else []
    if shown and not form.across:
        left = headline.beside(sheet, shown, left, named + 4, form) - 32
    low = _names(sheet, headings, x, named, left - x, form)
    low = low if form.across else max(low, named + 22)
    y = _sentences(sheet, found, x, low + 32, room, form)
    return headline.across(sheet, shown, x, y + 58, room, form) if shown and form.across else y


def _names(
    sheet: Sheet, headings: Sequence[Heading], x: float, y: float, room: float, form: Form
) -> float:
    """In one line where they fit, else under one another; gives the lowest baseline back."""
    for size in form.names:
        taken = [max(width(h.line, size, 600, tracking=-0.5), width(h.month, 13)) for h in headings]
        gap = BETWEEN if len(headings) == 2 else 40.0
        if sum(taken) + gap * (len(taken) - 1) <= room:
            for index, (heading, wide_of) in enumerate(zip(headings, taken, strict=True)):
                _name(sheet, heading, x, y, size, index)
                x += wide_of
                if index == 0:
                    sheet.put(arrow(x + gap / 2 - 13, y - 0.36 * size))
                elif index + 1 < len(headings):
                    at = x - wide_of + width(heading.line, size, 600, tracking=-0.5) + 1
                    sheet.label(at, y, ",", size=size, weight=600, role="ink")
                x += gap
            return y + 22 if any(h.month for h in headings) else y
    size = min(form.names[-1], 22.0)
    for index, heading in enumerate(headings):
        own = 32.0 if index else 0.0
        if index:
            sheet.put(arrow(x, y - 0.36 * size, 22))
        fitted = fitting(heading.line, room - own, (size, 20.0, 18.0), 600)
        text = cut(heading.line, room - own, fitted, 600, tracking=-0.5)
        _name(sheet, heading, x + own, y, fitted, index, text)
        y += 46 if heading.month else 32
    return y - (24 if headings[-1].month else 32)


def _name(
    sheet: Sheet, heading: Heading, x: float, y: float, size: float, index: int, text: str = ""
) -> None:
    role = "ink" if index else "muted"
    sheet.label(x, y, text or heading.line, size=size, weight=600, role=role, tracking=-0.5)
    if heading.month:
        sheet.label(x, y + 22, heading.month, size=13)


def _sentences(
    sheet: Sheet, found: Comparison, x: float, y: float, room: float, form: Form
) -> float:
    """A paragraph for each model after the first; gives the last baseline back."""
    for difference in found.differences:
        said = paragraph(difference)
        # A name's own stars are no marks.
        names = {one: one.translate(STARRED) for one in (difference.old.name, difference.new.name)}
        words = " ".join(said) or SAME
        for name, plain in names.items():
            words = words.replace(name, plain) if name.strip() else words
        y = prose(sheet, x, y, room, words, form.sentence) + 8
    return y - 8 - LEADING * form.sentence


def _numbers(found: Comparison) -> list[Number]:
    """What both models come to, where either has it."""
    old, new = (model.consequences for model in found.models)
    varies = any(model.counts.varies for model in found.models)
    windowed = any(one[CACHE] != one[LONG] for one in (old, new)) and all((old[LONG], new[LONG]))
    cached = LONG if windowed else CACHE
    shown = []
    for key in ("total", "active", cached, "state_bytes"):
        if not (old[key] or new[key]) or (
            key == "active" and not any(m.sparse for m in found.models)
        ):
            continue
        if key == "state_bytes" and not any(map(_stateful, (old, new))):
            continue
        caption = f"{CAPTIONS[key]}, at most" if key == "active" and varies else CAPTIONS[key]
        before, after = amount(key, old[key]), amount(key, new[key])
        if old[key] == new[key]:
            caption = f"{caption}, kept"
        elif before == after:
            caption = f"{caption}, {signed(new[key] - old[key], partial(amount, key))}"
        exact = f"{old[key]:,} → {new[key]:,} (derived)"
        shown.append(Number(after, caption, exact, before))
    return shown


def _stateful(one: Mapping[str, int]) -> bool:
    """Whether a state is worth a word beside what a long text keeps."""
    return one["state_bytes"] * 100 >= one[LONG] * foot.LENGTH
