"""Figures of many models: schedules under one another, and the poster, drawn in bands where it is large."""

from __future__ import annotations

import zlib
from struct import unpack
from xml.etree import ElementTree

import pytest

from llm_gallery.figure import poster, scale, schedules
from llm_gallery.figure.kit import export
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.export import png
from llm_gallery.figure.kit.png import stacked
from llm_gallery.figure.kit.shapes import Box, Line, Mark, Picture, Point
from llm_gallery.plan.heading import Models
from tests.described_catalog import drawable
from tests.figure import generated
from tests.figure.gates import faults

MADE_UP = [
    (generated.architecture(seed, wild=True), generated.heading(seed, wild=True))
    for seed in range(12)
]


@pytest.mark.parametrize("models", [MADE_UP, MADE_UP[:1], []])
def test_gates(models: Models) -> None:
    gated(models)


@pytest.mark.whole
def test_gates_of_the_catalog() -> None:
    gated(drawable())


def gated(models: Models) -> None:
    assert faults(schedules(models).picture) == ()
    assert faults(poster(models).picture) == ()
    assert faults(scale(models).picture) == ()


@pytest.mark.whole
def test_well_formed() -> None:
    for drawn in (poster, schedules, scale):
        text = drawn(drawable()).alone(outlined=False)
        assert text == drawn(drawable()).alone(outlined=False)
        ElementTree.fromstring(text)


def rows(image: bytes) -> tuple[tuple[int, int], bytes]:
    """Size and pixels of an RGBA PNG, read without the code under test."""
    width, height = unpack(">II", image[16:24])
    at, data = 8, b""
    while at < len(image):
        (size,) = unpack(">I", image[at : at + 4])
        if image[at + 4 : at + 8] == b"IDAT":
            data += image[at + 8 : at + 8 + size]
        at += 12 + size
    raw, step = bytearray(zlib.decompress(data)), 1 + 4 * width
    above = bytearray(4 * width)
    found = b""
    for start in range(0, len(raw), step):
        rule, row = raw[start], bytearray(raw[start + 1 : start + step])
        for i, value in enumerate(row):
            a = row[i - 4] if i >= 4 else 0
            b, c = above[i], above[i - 4] if i >= 4 else 0
            guess = min((a, b, c), key=lambda x: abs(a + b - c - x))
            row[i] = (value + (0, a, b, (a + b) // 2, guess)[rule]) & 255
        found += row
        above = row
    return (width, height), found


SMALL = Drawing(
    Picture(
        width=40,
        height=30,
        shapes=(
            Mark(x=20, y=2, width=20, height=26, path="l11 13l-11 13l-9 -13z", fill="full.solid"),
            Line(points=(Point(3.3, 1), Point(3.3, 29)), role="ink", thickness=1),
        ),
    )
)


def test_bands_are_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = png(SMALL, scale=2)
    monkeypatch.setattr(export, "WHOLE", 1)
    monkeypatch.setattr(export, "BAND", 80 * 7)
    banded = png(SMALL, scale=2)
    assert banded != whole
    assert rows(banded) == rows(whole)


@pytest.mark.parametrize(("wide", "high"), [(4, 30), (120, 106), (40, 1055), (40, 1424.7)])
def test_every_row_of_pixels_is_drawn(wide: int, high: float) -> None:
    """Stripes of one pixel: where a row is dropped or drawn twice, two neighbours are alike."""
    stripes = tuple(
        Box(x=0, y=y, width=wide, height=1, radius=0, fill="ink") for y in range(0, int(high), 2)
    )
    (across, found), pixels = rows(png(Drawing(Picture(width=wide, height=high, shapes=stripes))))
    assert (across, found) == (wide, int(high))
    dark = [pixels[4 * wide * y] < 128 for y in range(found)]
    assert dark == [y % 2 == 0 for y in range(found)]


def test_a_band_of_another_kind_is_refused() -> None:
    grey = png(SMALL)[:25] + b"\x00" + png(SMALL)[26:]
    with pytest.raises(ValueError, match="RGBA"):
        stacked([grey], 30)
