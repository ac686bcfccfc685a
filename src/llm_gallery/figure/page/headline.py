"""The headline numbers of a model, or of two: how large, of what, and what that counts, to all digits where asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary, short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import About
from llm_gallery.figure.kit.text import Span, width

OLD = 13.0
"""Px of the type of what a number was."""
GAP, NEAREST = 28.0, 10.0
"""Px between numbers that end at a margin, and between those in a row at least."""


class Form(NamedTuple):
    """Px of a head's type at a width; numbers in a row under the sentence at most, 0 where they stand beside the name."""

    names: Sequence[float]
    sentence: float
    number: float
    across: int


WIDE = Form((34.0, 30.0, 26.0, 23.0, 20.0), 15.0, 25.0, 0)
COLUMN = Form((32.0, 30.0, 27.0, 24.0, 20.0), 16.0, 22.0, 4)
PHONE = Form((26.0, 24.0, 22.0, 20.0), 16.0, 22.0, 3)
CAPTION = 12.5
"""Px of the type of what a number counts."""


class Number(NamedTuple):
    """A number with its unit, what it counts, all its digits, and what it was in another model."""

    shown: str
    caption: str
    exact: str
    old: str = ""


def numbers(root: Block) -> list[Number]:
    """Each headline number of a model."""
    counts, kept = parameters(root), cache(root)
    modal = bool(counts.other_modalities)
    found = [_parameters(counts.total, "text parameters" if modal else "parameters")]
    if counts.sparse:
        most = ", at most" if counts.varies else ""
        found.append(_parameters(counts.active, f"active per token{most}"))
    if counts.beside_lookup is not None:
        found.append(_parameters(counts.lookup, "of all looked up"))
    first, later = kept.bytes_per_token, kept.bytes_per_token_long
    if first:
        found.append(_bytes(first, "cache per token"))
        if later != first:
            longest = max(row.window for row in kept.rows if row.window is not None)
            if later:
                found.append(_bytes(later, f"after {longest:,} tokens"))
            else:
                found.append(_bytes(kept.at(longest), f"cache at most, from {longest:,}"))
    elif kept.state_bytes:
        found.append(_bytes(kept.state_bytes, "state, at any length"))
    if "context" in root.facts:
        context, fact = root.number("context"), root.facts["context"]
        how = ", ".join(filter(None, (fact.source, fact.evidence)))
        found.append(Number(f"{context:,}", "tokens of context", f"{context:,} ({how})"))
    return found


def _parameters(count: int, caption: str) -> Number:
    return Number(short(count), caption, f"{count:,} (derived)")


def _bytes(count: int, caption: str) -> Number:
    return Number(binary(count), caption, f"{count:,} bytes (derived)")


def fewer(found: Sequence[Number], count: int) -> list[Number]:
    """As many as there is room for, in fewer words.

    What is kept after a window goes first, then what is looked up, then the last.
    """
    shown = list(found)
    for spared in ("after ", "of all looked up"):
        if len(shown) > count:
            shown = [one for one in shown if not one.caption.startswith(spared)]
    return [one._replace(caption=_brief(one.caption)) for one in shown[:count]]


def _brief(caption: str) -> str:
    return caption.replace("active per token", "active").replace("per token", "a token")


def amount(words: str, size: float) -> tuple[Span, ...]:
    """A number of so many px with its unit smaller, a little apart where that is a word: "1.03T", "68.6 KiB"."""
    number, _, unit = words.partition(" ")
    digits = number.rstrip("TBMK")
    gap = 0.2 * size if unit else 0.0
    unit = unit or number[len(digits) :]
    shown = Span(digits, tabular=True)
    return (shown, Span(unit, 500, 0.6 * size, gap=gap)) if unit else (shown,)


def broad(one: Number, form: Form) -> float:
    """Px that a number takes with its caption."""
    large = width(amount(one.shown, form.number), form.number, 600)
    return max(width(one.old, OLD, tabular=True), large, width(one.caption, CAPTION))


def beside(sheet: Sheet, found: Sequence[Number], right: float, y: float, form: Form) -> float:
    """Numbers that end at the right; gives back where they begin."""
    for index, one in enumerate(reversed(found)):
        right -= broad(one, form) + (GAP if index else 0.0)
        _put(sheet, one, right, y, form)
    return right


def across(
    sheet: Sheet, found: Sequence[Number], x: float, y: float, room: float, form: Form
) -> float:
    """Numbers at equal distances; gives the captions' baseline back.

    Where one is too broad for that, what is free is shared out between them.
    """
    taken = [broad(one, form) for one in found]
    while sum(taken) + NEAREST * (len(taken) - 1) > room and len(taken) > 1:
        taken.pop()
    each = room / (min(len(found), form.across) if form.across > 3 else form.across)
    free = (room - sum(taken)) / max(1, len(taken) - 1)
    even = all(wide + 12 <= each for wide in taken[:-1]) and taken[-1] <= each
    for one, wide in zip(found, taken, strict=False):
        _put(sheet, one, x, y, form)
        x += each if even else wide + free
    return y + 18


def _put(sheet: Sheet, one: Number, x: float, y: float, form: Form) -> None:
    """What it was over the number over what it counts."""
    size, about = form.number, About("", f"{one.caption}: {one.exact}")
    if one.old:
        sheet.label(x, y - 24, one.old, size=OLD, tabular=True)
    sheet.label(x, y, amount(one.shown, size), size=size, weight=600, role="ink", about=about)
    sheet.label(x, y + 18, one.caption, size=CAPTION)
