"""The second channel explained: what a bar's thickness, length, breaks and fill say, each in samples."""

from __future__ import annotations

from typing import NamedTuple

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.prose import prose
from llm_gallery.figure.kit.shapes import Box
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.strip.layer_bar import Cell, Look, bars
from llm_gallery.mechanisms.bar import Bar
from llm_gallery.mechanisms.written import NO_POSITIONS

RULE = (
    "A layer's bar is as *thick* as what it keeps, as *long* as how far it reads, *broken* where it "
    "chooses, *hollow* where it borrows."
)
BARS = 4
"""Columns of samples."""
HIGH, EACH = 218.0, 44.0
"""Px of a column, and of a sample in it."""


class Sample(NamedTuple):
    """A bar with what it says."""

    look: Look
    name: str
    meaning: str


class Column(NamedTuple):
    """What one property of a bar says."""

    title: str
    asked: str
    samples: tuple[Sample, ...]


COLUMNS = (
    Column(
        "Thick: what is kept",
        "an entry for how many tokens",
        (
            Sample(Look("latent", Bar()), "1 : 1", "every token"),
            Sample(Look("latent", Bar(entry=4)), "4 : 1", "four share an entry"),
            Sample(Look("latent", Bar(entry=128)), "128 : 1", "128 share one"),
        ),
    ),
    Column(
        "Long: how far it reads",
        "the past that it can reach",
        (
            Sample(Look("latent", Bar()), "All of it", "full length"),
            Sample(Look("latent", Bar(whole=False)), "A window", "short, on a pale ground"),
            Sample(Look("window", Bar(whole=False)), "A window", "of plain attention"),
            Sample(Look("full", Bar(unplaced=True)), "Slanted end", f"carries {NO_POSITIONS}"),
        ),
    ),
    Column(
        "Broken: does it choose",
        "all in reach, or some of it",
        (
            Sample(Look("full", Bar()), "Dense", "reads all in reach"),
            Sample(Look("full", Bar(chooses=True)), "Sparse", "reads what is chosen"),
            Sample(Look("latent", Bar(entry=4, chooses=True)), "Sparse over 4 : 1", "both at once"),
        ),
    ),
    Column(
        "Hollow: does it borrow",
        "from an earlier layer",
        (
            Sample(Look("latent", Bar(chooses=True)), "Own", "makes its own index"),
            Sample(
                Look("latent", Bar(chooses=True, borrowed="choice")),
                "Shared index",
                "own keys, another's index",
            ),
            Sample(
                Look("latent", Bar(chooses=True, borrowed="entries")),
                "Re-indexed",
                "another's keys, own index",
            ),
            Sample(Look("latent", Bar(chooses=True, borrowed="all")), "Shared", "another's both"),
        ),
    ),
)


def column(sheet: Sheet, which: Column, x: float, y: float) -> None:
    """One property, `HIGH` px down from y."""
    sheet.label(x, y + 12, which.title, size=14, weight=600, role="ink")
    sheet.label(x, y + 30, which.asked, size=12)
    for index, sample in enumerate(which.samples):
        top = y + 42 + index * EACH
        sheet.put(Box(x, top, 58, 38, radius=6, edge="hairline", open=True))
        sheet.put(*bars(sample.look, [Cell(x + 22, top + 5, 14, 28)]))
        role = f"{sample.look.colour}.text"
        sheet.label(x + 70, top + 16, sample.name, size=13, weight=600, role=role)
        sheet.label(x + 70, top + 32, sample.meaning, size=12)


def columns(sheet: Sheet, x: float, y: float, room: float) -> float:
    """The rule and its four columns; gives back where they end."""
    y = prose(sheet, x, y + 14, room, RULE, 15) + 6
    for index, which in enumerate(COLUMNS):
        column(sheet, which, x + index * room / BARS, y)
    return y + HIGH


def channel_line(sheet: Sheet, x: float, y: float) -> None:
    """The rule on one line, with a bar for each part."""
    for look, words in _SAID:
        sheet.put(*bars(look, [Cell(x, y - 12, 9, 15)]))
        sheet.label(x + 16, y, words, size=12.5, role="ink")
        x += 16 + width(words, 12.5) + 24


_SAID = (
    (Look("latent", Bar(entry=128)), "thin: keeps less"),
    (Look("latent", Bar(whole=False)), "short: reads a window"),
    (Look("latent", Bar(chooses=True)), "broken: reads what it chooses"),
    (Look("latent", Bar(chooses=True, borrowed="all")), "hollow: borrows from an earlier layer"),
)
