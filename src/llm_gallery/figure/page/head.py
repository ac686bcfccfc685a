"""The head of a page: name, origin, one sentence, and the headline numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.prose import prose
from llm_gallery.figure.kit.shapes import About, Text
from llm_gallery.figure.kit.text import Span, fit, width, wrap
from llm_gallery.figure.page import description, model_head
from llm_gallery.figure.page.model_head import Column
from llm_gallery.figure.plan.plan import Plan


class Type(NamedTuple):
    """Px of the type at a width, and how many numbers stand side by side at most."""

    names: Sequence[float]
    sentence: float
    number: float
    caption: float
    columns: int


PHONE = Type((26.0, 24.0, 22.0, 20.0), 16.0, 22.0, 12.5, 3)
COLUMN = Type((32.0, 30.0, 27.0, 24.0), 16.0, 22.0, 12.5, 4)


def head(
    sheet: Sheet,
    architecture: Architecture,
    heading: Heading,
    plan: Plan,
    place: tuple[float, float],
    room: float,
    type_: Type,
) -> float:
    """Sets it from (x, y) down; gives back the last baseline."""
    x, y = place
    fitted = fit((heading.line,), room, type_.names, 600, tracking=-0.5)
    y += type_.names[0]
    if fitted is not None:
        name, size = fitted
        sheet.label(x, y, name, size=size, weight=600, role="ink", tracking=-0.5)
    else:
        size = type_.names[-1]
        lines = wrap(heading.line, room, size, 600, lines=2)
        y = sheet.lines(x, y, lines, 1.25 * size, size=size, weight=600, role="ink") - 1.25 * size
    root = architecture.root
    found = model_head.columns(root, parameters(root), cache(root))
    columns, named = most(found, type_.columns), y
    origin = [heading.maker, heading.month]
    if type_.columns > 3:
        origin.append(model_head.kind(root))
    if words := " · ".join(filter(None, origin)):
        y += 22
        sheet.fitted(x, y, words, room, (13.0, 12.5, 12.0, 11.5))
    # One number stands beside the name, where a row of its own would be empty.
    taken = max((text.bounds.right for text in sheet.shapes if isinstance(text, Text)), default=x)
    alone = len(columns) == 1 and taken + 40 + _broad(columns[0], type_) <= x + room
    if alone:
        _numbers(sheet, columns, x + room - _broad(columns[0], type_), named, room, type_)
    sentence = heading.summary or description.sentence(architecture, plan)
    if sentence:
        y = prose(sheet, x, y + 28, room, sentence.replace("*", "\u2217"), type_.sentence) - 22
    if alone:
        return y
    return _numbers(sheet, columns, x, y + 46, room, type_)


def most(columns: Sequence[Column], count: int) -> Sequence[Column]:
    """As many as there is room for: what is kept after a window goes first, then what is looked up, then the last."""
    shown = list(columns)
    for spared in ("after ", "of all looked up"):
        if len(shown) > count:
            shown = [column for column in shown if not column[1].startswith(spared)]
    return shown[:count]


def _numbers(
    sheet: Sheet, columns: Sequence[Column], x: float, y: float, room: float, type_: Type
) -> float:
    """Numbers at equal distances, each over its caption; gives the captions' baseline back.

    Where one is too broad for that, what is free is shared out between them.
    """
    taken = [_broad(column, type_) for column in columns]
    each = room / (min(len(columns), type_.columns) if type_.columns > 3 else type_.columns)
    free = (room - sum(taken)) / max(1, len(columns) - 1)
    even = all(wide + 12 <= each for wide in taken[:-1]) and taken[-1] <= each
    for column, wide in zip(columns, taken, strict=True):
        words, caption, exact = column
        about = About("", f"{caption}: {exact}")
        shown = amount(words, type_.number)
        sheet.label(x, y, shown, size=type_.number, weight=600, role="ink", about=about)
        sheet.label(x, y + 18, short(caption), size=type_.caption)
        x += each if even else wide + free
    return y + 18


def amount(words: str, size: float) -> tuple[Span, ...]:
    """A number of so many px with its unit smaller."""
    return model_head.amount(words, 0.64 * size, 4.0)


def short(caption: str) -> str:
    """A caption in fewer words."""
    for long, brief in (("active per token", "active"), ("per token", "a token")):
        caption = caption.replace(long, brief)
    return caption


def _broad(column: Column, type_: Type) -> float:
    number = width(amount(column[0], type_.number), type_.number, 600)
    return max(number, width(short(column[1]), type_.caption))
