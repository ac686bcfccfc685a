"""Wires as thick as they are wide: the root of the width, one scale a figure, and nothing under them."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

import pytest

from llm_gallery.catalog.load import Model, find
from llm_gallery.figure.internals._wires import DIVISOR, THICKEST, THINNEST, divisor, thickness
from llm_gallery.figure.internals.insets import picture, sized_inset
from llm_gallery.figure.kit.painting import overlap
from llm_gallery.figure.kit.shapes import Bounds, Line, Picture, Text, flat
from llm_gallery.plan.planning import plan
from tests.sample import drawings


def insets(model: Model, wide: float) -> dict[str, Picture]:
    """The full drawings of a model's mechanisms."""
    shown = plan(model.architecture.root)
    made = {
        use.variants[0].block.kind: sized_inset(use, shown, wide, full=True) for use in shown.uses
    }
    return {kind: picture(one, one.height) for kind, one in made.items()}


def wires(drawn: Picture) -> list[Line]:
    return [s for s in flat(drawn) if isinstance(s, Line) and s.kind == "flow"]


@pytest.fixture(scope="module", params=drawings())
def model(request: pytest.FixtureRequest) -> Model:
    return find(request.param)


def test_the_pinch_of_a_latent_is_seen() -> None:
    thick = {line.thickness for line in wires(insets(find("deepseek-v3"), 728)["latent_attention"])}
    for wide in (7168, 1536, 512, 8192, 16384):
        assert any(each == pytest.approx(sqrt(wide) / DIVISOR) for each in thick), wide


def test_the_divisor_grows_with_the_widest_wire() -> None:
    shown = plan(find("deepseek-v4-pro").architecture.root)
    assert divisor(shown) > DIVISOR
    assert thickness(128 * 512, divisor(shown)) <= THICKEST
    assert divisor(plan(find("qwen3-0.6b").architecture.root)) == DIVISOR
    assert thickness(1, DIVISOR) == THINNEST


def test_no_wire_is_thicker_than_it_may_be(model: Model) -> None:
    for kind, drawn in insets(model, 728).items():
        assert all(line.thickness <= THICKEST for line in wires(drawn)), kind


@pytest.mark.parametrize("wide", [360.0, 728.0])
def test_no_words_lie_under_a_thick_wire(model: Model, wide: float) -> None:
    for kind, drawn in insets(model, wide).items():
        texts = [s for s in flat(drawn) if isinstance(s, Text) and s.inside is None]
        for line in wires(drawn):
            for band in covered(line):
                assert not any(overlap(band, text.bounds, 0.5) for text in texts), kind


def covered(line: Line) -> list[Bounds]:
    """What a line covers, its thickness included."""
    half = line.thickness / 2
    return [
        Bounds(min(a.x, b.x) - half, min(a.y, b.y), max(a.x, b.x) + half, max(a.y, b.y))
        if a.x == b.x
        else Bounds(min(a.x, b.x), a.y - half, max(a.x, b.x), a.y + half)
        for a, b in pairwise(line.points)
    ]


def test_plain_drawings_have_thin_wires() -> None:
    shown = plan(find("llama-3-8b").architecture.root)
    made = [sized_inset(use, shown, 728, full=False) for use in shown.uses]
    for one in made:
        assert {line.thickness for line in wires(picture(one, one.height))} == {THINNEST}
