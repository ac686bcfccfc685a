"""A layer's bar is as thick as what it keeps, as long as how far it reads, broken where it chooses, hollow where it borrows."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure.kit.painting import extent
from llm_gallery.figure.kit.shapes import Bounds, Mark
from llm_gallery.figure.strip.layer_bar import Cell, Look, bars
from llm_gallery.figure.strip.strip import looks
from llm_gallery.mechanisms.bar import Bar

CELL = Cell(0, 0, 20, 52)
BARS = [
    Bar(),
    Bar(entry=2),
    Bar(entry=4, chooses=True),
    Bar(entry=128),
    Bar(entry=10**6),
    Bar(whole=False),
    Bar(whole=False, borrowed="all"),
    Bar(chooses=True, borrowed="all"),
    Bar(chooses=True, borrowed="entries"),
    Bar(chooses=True, borrowed="choice"),
    Bar(entry=4, whole=False, chooses=True, borrowed="all"),
    Bar(unplaced=True),
    Bar(unplaced=True, whole=False),
]


def drawn(bar: Bar, cell: Cell = CELL) -> tuple[list[Mark], list[Mark]]:
    """The ground, and what stands on it."""
    marks = list(bars(Look("latent", bar), [cell]))
    ground = [mark for mark in marks if mark.fill == "latent.pale"]
    return ground, [mark for mark in marks if mark.fill != "latent.pale"]


def test_bars_of_equal_layers_stand_at_one_height() -> None:
    """Rounding goes nowhere: 60 bars whose edge lies between two hundredths are 60 times the same height."""
    (mark,) = bars(Look("latent", Bar()), [Cell(6.95 * i, 0, 5.8, 54) for i in range(60)])
    steps = re.findall(r"zm(\S+?) ?(-?[\d.]+)h", mark.path)
    assert len(steps) == 59
    assert {down for _, down in steps} == {"0"}


def pieces(marks: list[Mark]) -> list[Bounds]:
    """The rectangles of some marks, outline included."""
    found = []
    for mark in marks:
        x, y = mark.x, mark.y
        for part in mark.path.split("z"):
            if part:
                start = re.match(r"m(\S+) ([-\d.]+)", part)
                assert start is not None
                x, y = x + float(start[1]), y + float(start[2])
                outline = Mark(
                    x, y, part[start.end() :] + "z", stroke=mark.stroke, thickness=mark.thickness
                )
                found.append(extent(outline))
    return sorted(found)


@pytest.mark.parametrize("bar", BARS)
def test_thick_and_long(bar: Bar) -> None:
    ground, ink = drawn(bar)
    found = pieces(ink)
    left, right = min(p.left for p in found), max(p.right for p in found)
    top, bottom = min(p.top for p in found), max(p.bottom for p in found)
    thick = max(0.25, (1 / bar.entry) ** 0.25)
    assert right - left == pytest.approx(20 * thick, abs=0.02)
    assert (left + right) / 2 == pytest.approx(10, abs=0.01)
    assert bottom - top == pytest.approx(52 if bar.whole else 0.42 * 52, abs=0.02)
    assert bottom == pytest.approx(52, abs=0.01)  # it stands on the stream
    assert bool(ground) == (thick < 1 or not bar.whole or bar.unplaced)


@pytest.mark.parametrize(("high", "count"), [(60, 5), (50, 5), (49, 4), (36, 4), (35, 3), (9, 3)])
def test_broken(high: float, count: int) -> None:
    _, ink = drawn(Bar(chooses=True), Cell(0, 0, 20, high))
    found = sorted(pieces(ink), key=lambda piece: piece.top)
    assert len(found) == count
    for a, b in pairwise(found):
        assert b.top - a.bottom == pytest.approx(max(1.0, 0.055 * high), abs=0.02)
    assert len(pieces(drawn(Bar(), Cell(0, 0, 20, high))[1])) == 1


def test_hollow() -> None:
    def fills(bar: Bar) -> list[str | None]:
        return [mark.fill for mark in drawn(bar)[1]]

    assert fills(Bar(chooses=True)) == ["latent.solid"]
    assert fills(Bar(chooses=True, borrowed="all")) == ["paper"]
    _, (hollow, own) = drawn(Bar(chooses=True, borrowed="entries"))
    assert (hollow.fill, own.fill) == ("paper", "latent.solid")
    (first,) = pieces([own])  # the piece that is nearest to the stream
    assert first.bottom == pytest.approx(52, abs=0.01)
    assert all(piece.bottom < first.top for piece in pieces([hollow]))
    _, (chosen, entries) = drawn(Bar(chooses=True, borrowed="choice"))  # the other way round
    assert (chosen.fill, entries.fill) == ("paper", "latent.solid")
    (last,) = pieces([chosen])
    assert last.bottom > 51
    assert all(piece.bottom < last.top for piece in pieces([entries]))


def test_small_bars_are_tints() -> None:
    """Thickness and outline become a share of ink, a choice one gap; the length stays."""
    small = Cell(0, 0, 2, 40)

    def shown(bar: Bar) -> tuple[list[str | None], int]:
        _, ink = drawn(bar, small)
        return [mark.fill for mark in ink], len(pieces(ink))

    assert shown(Bar()) == (["latent.solid"], 1)
    assert shown(Bar(entry=16)) == (["latent.50"], 1)
    assert shown(Bar(entry=10**6)) == (["latent.25"], 1)
    assert shown(Bar(borrowed="all")) == (["latent.30"], 1)
    assert shown(Bar(chooses=True)) == (["latent.solid"], 2)
    assert shown(Bar(chooses=True, borrowed="entries")) == (["latent.30", "latent.solid"], 2)
    assert shown(Bar(chooses=True, borrowed="choice")) == (["latent.30", "latent.solid"], 2)
    (piece,) = pieces(drawn(Bar(whole=False), small)[1])
    assert piece.bottom - piece.top == pytest.approx(0.42 * 40, abs=0.02)


BY_FACTS = {
    "deepseek-v4-pro": {("latent", Bar(entry=128)), ("latent", Bar(entry=4, chooses=True))},
    "motif-3-beta": {("latent", Bar()), ("latent", Bar(whole=False))},
    "hy4-preview-770b-a49b": {
        ("latent", Bar(chooses=True)),
        ("latent", Bar(chooses=True, borrowed="choice")),
    },
    "deepseek-v4.1-flash": {
        ("window", Bar(whole=False)),
        *(("latent", Bar(chooses=True, borrowed=one)) for one in ("nothing", "entries", "all")),
        *(("latent", Bar(entry=2, chooses=True, borrowed=one)) for one in ("nothing", "all")),
    },
    "mistral-large-4": {
        ("latent", Bar(chooses=True)),
        *(
            ("latent", Bar(chooses=True, borrowed=one, unplaced=True))
            for one in ("nothing", "entries")
        ),
    },
    "minimax-m3-428b": {("full", Bar()), ("full", Bar(chooses=True))},
    "gpt-oss-20b": {("full", Bar()), ("window", Bar(whole=False))},
    "smollm3-3b": {("full", Bar()), ("full", Bar(unplaced=True))},
    "llama-4-maverick": {("full", Bar(unplaced=True)), ("window", Bar(whole=False))},
    "minimax-text-01": {("linear", Bar()), ("full", Bar())},
    "kimi-linear-48b-a3b": {("linear", Bar()), ("latent", Bar())},
    "gemma-4-e2b": {
        ("full", Bar()),
        ("full", Bar(borrowed="all")),
        ("window", Bar(whole=False)),
        ("window", Bar(whole=False, borrowed="all")),
    },
}
"""The token mixers of a model's layers, as the strip shows them: no positions are a slant only where others have some."""


@pytest.mark.parametrize("name", BY_FACTS)
def test_the_bars_of_a_model(name: str) -> None:
    painted = looks(find(name).architecture.root, 52, 15)
    assert {(kind[0].look.colour, kind[0].look.bar) for kind in painted} == BY_FACTS[name]
