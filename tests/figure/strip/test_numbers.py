"""The layers' numbers under the strip: the whole series stands, within the strip, whatever stands among them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure.kit.shapes import Shape, Text
from llm_gallery.figure.strip.strip import Strip
from llm_gallery.figure.strip.under_strip import SPACE, labels
from tests.figure.gates import words
from tests.figure.strip.band import WIDTHS, band
from tests.sample import sampled


def shown(shapes: tuple[Shape, ...], place: Strip) -> list[Text]:
    """Bare numbers under the cells."""
    texts = [s for s in shapes if isinstance(s, Text) and s.y > place.bottom]
    return [text for text in texts if words(text).replace(",", "").isdigit()]


@pytest.mark.parametrize("wide", WIDTHS[:2])
@pytest.mark.parametrize("name", sampled())
def test_no_number_drops_out(name: str, wide: int) -> None:
    """Of Ouro's 1, 10, 20, 30, 40, 48 two were left out, for words stood there."""
    architecture = find(name).architecture
    place, shapes, _ = band(architecture, wide)
    texts = shown(shapes, place)
    expected = labels(place)
    assert {words(text) for text in texts} >= {label.words for label in expected}
    assert len({text.y for text in texts}) <= 1
    for label in expected:
        assert place.left - 8 <= label.left
        assert label.right <= place.right + 1e-6


@pytest.mark.parametrize("depth", [1, 2, 7, 18, 32, 48, 61, 93, 126])
def test_the_series_has_no_gap(depth: int) -> None:
    """Round numbers at one distance; only one that the first or the last leaves no room for is missing."""
    place = Strip(left=100, top=0, pitch=880 / depth, token=40, channel=12, depth=depth)
    layers = sorted(int(label.words.replace(",", "")) for label in labels(place))
    assert layers[0] == 1
    assert layers[-1] == depth
    inner = layers[1:-1]
    steps = {b - a for a, b in pairwise(inner)}
    assert len(steps) <= 1
    for step in steps:
        after = inner[-1] + step
        assert after >= depth or place.pitch * (depth - after) < SPACE + 30
