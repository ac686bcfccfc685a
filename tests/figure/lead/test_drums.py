"""Drums are seen: none is smaller than a sign, and their volumes stand for what they hold."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit.shapes import Mark, flat
from llm_gallery.figure.kit.signs import LEAST_DRUM, drum, drum_side
from llm_gallery.figure.lead.content import content
from llm_gallery.figure.lead.drums import BROAD, CLOSE, STACKED
from llm_gallery.figure.page.sign_key import SIGNS
from llm_gallery.figure.strip.shared_tracks import DRUM
from llm_gallery.plan.planning import plan
from tests.sample import sampled

(KEPT,) = (sign for sign in SIGNS if sign.meaning == "kept")


@pytest.mark.parametrize("detail", ["standard", "column", "phone", "full"])
@pytest.mark.parametrize("name", sampled())
def test_no_drum_is_too_small_to_be_seen(name: str, detail: Detail) -> None:
    """DeepSeek V3's were 4 to 8 px beside one of 46: by area, 576 numbers are a 71st."""
    model = find(name)
    page = draw(model.architecture, model.heading, detail=detail).picture
    drums = [s for s in flat(page) if isinstance(s, Mark) and KEPT.is_seen(s)]
    assert all(min(one.width, one.height) >= DRUM for one in drums)


@pytest.mark.parametrize("name", sampled())
def test_volumes_are_true(name: str) -> None:
    """The larger drum of a saving is as high as its place, and what is built keeps its share of it."""
    model = find(name)
    page = content(model.architecture, model.heading, plan(model.architecture.root), split=True)
    saved = None if page.leads is None else page.leads.saved
    if saved is None:
        return
    for largest in (BROAD.largest, CLOSE.largest):
        side = drum_side(saved.built, saved.whole, largest)
        assert side >= LEAST_DRUM
        if side > LEAST_DRUM:
            assert (side / largest) ** 3 == pytest.approx(saved.built / saved.whole)


def test_the_smallest_of_a_made_up_model_is_a_sign() -> None:
    assert drum_side(1, 10**9, STACKED) == LEAST_DRUM == drum(0, 0).width
