"""Towers that stand beside another: all of one size, nothing off the canvas, nothing that an ancestor lacks."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure.kit.shapes import Box, Text, flat
from llm_gallery.figure.tower.bare import HIGH, WIDE, bare_drawing
from llm_gallery.figure.tower.build import tower
from tests.sample import dozen


@pytest.mark.parametrize("model", dozen())
def test_a_tower_alone(model: str) -> None:
    described = find(model)
    rows = tower(described.architecture, described.heading)
    drawn = bare_drawing(rows, model)
    picture = drawn.picture
    assert (picture.width, picture.height) == (WIDE, HIGH)
    texts = ["".join(s.text for s in t.spans) for t in flat(picture) if isinstance(t, Text)]
    assert not [words for words in texts if words.startswith("NEW")]
    boxes = [shape for shape in flat(picture) if isinstance(shape, Box)]
    assert all(
        0 <= b.x <= b.x + b.width <= WIDE and 0 <= b.y <= b.y + b.height <= HIGH for b in boxes
    )
    paths = {b.about.path for b in boxes if b.about}
    shown = {b.path for s in rows.storeys for branch in s.branches for b in branch.blocks}
    assert shown <= paths
    assert "NEW" not in drawn.description
