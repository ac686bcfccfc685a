"""Figures of many models: schedules under one another, and the poster, drawn in bands where it is large."""

from __future__ import annotations

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
from tests.figure.pixels import rows

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
