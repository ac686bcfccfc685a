"""The head of a page: name, origin, one sentence, and the headline numbers."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.prose import LEADING, prose
from llm_gallery.figure.kit.shapes import Text
from llm_gallery.figure.kit.text import fit, wrap
from llm_gallery.figure.page import description, headline
from llm_gallery.figure.page.headline import Form
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.plan import Plan


def head(
    architecture: Architecture,
    heading: Heading,
    plan: Plan,
    sheet: Sheet,
    place: tuple[float, float],
    room: float,
    form: Form,
) -> float:
    """Sets it from (x, y) down, as a picture that a page may leave out; gives back the last baseline."""
    above, (x, _) = Sheet(), place
    low = _set(above, architecture, heading, plan, place, room, form)
    sheet.hold(0, 0, above.picture(2 * x + room, low))
    return low


def _set(
    sheet: Sheet,
    architecture: Architecture,
    heading: Heading,
    plan: Plan,
    place: tuple[float, float],
    room: float,
    form: Form,
) -> float:
    x, y = place
    root, right = architecture.root, x + room
    found = headline.numbers(root)
    named = y + form.names[0]
    if form.across:
        found, left = headline.fewer(found, form.across), right
    else:
        left = headline.beside(sheet, found, right, named, form) - 36
    y = name(sheet, heading.line, x, named, left - x, form.names)
    origin = [heading.maker, heading.month]
    if form.across != headline.PHONE.across:
        origin.append(description.kind(root))
    if words := " · ".join(filter(None, origin)):
        y += 22
        sheet.fitted(x, y, words, left - x, (13.0, 12.5, 12.0, 11.5))
    # One number stands beside the name, where a row of its own would be empty.
    taken = max((text.bounds.right for text in sheet.shapes if isinstance(text, Text)), default=x)
    if len(found) == 1 and form.across and taken + 40 + headline.broad(found[0], form) <= right:
        headline.beside(sheet, found, right, named, form)
        found = []
    if sentence := heading.summary or description.sentence(architecture, plan):
        words = sentence.replace("*", "\u2217")
        y = prose(sheet, x, y + 28, room, words, form.sentence) - LEADING * form.sentence
    return headline.across(sheet, found, x, y + 46, room, form) if form.across and found else y


def name(
    sheet: Sheet, words: str, x: float, y: float, room: float, sizes: Sequence[float]
) -> float:
    """A name as large as it has room for, on two lines where it must; gives the last baseline back."""
    fitted = fit((words,), room, sizes, 600, tracking=-0.5)
    if fitted is not None:
        sheet.label(x, y, words, size=fitted[1], weight=600, role="ink", tracking=-0.5)
        return y
    size = sizes[-1]
    lines = wrap(words, room, size, 600, lines=2)
    return sheet.lines(x, y, lines, 1.25 * size, size=size, weight=600, role="ink") - 1.25 * size
