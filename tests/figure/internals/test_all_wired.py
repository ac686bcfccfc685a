"""Every way to attend is wired on a page, and every norm and mixer of several streams is drawn."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import draw
from llm_gallery.figure.kit.shapes import Box, Picture, Text, flat
from llm_gallery.figure.layout.items import items
from llm_gallery.figure.lead.content import content
from llm_gallery.mechanisms import title
from llm_gallery.plan.outer_blocks import after_stack
from llm_gallery.plan.planning import plan
from tests.figure.gates import words
from tests.sample import drawings


def said(picture: Picture) -> list[str]:
    return [words(shape) for shape in flat(picture) if isinstance(shape, Text)]


@pytest.mark.parametrize("model", drawings())
def test_no_attention_is_left_out(model: str) -> None:
    """What has no room is named under the insets: attention never is. V4-Pro wired one of two."""
    known = find(model)
    shown = plan(known.architecture.root)
    page = content(known.architecture, known.heading, shown, split=True)
    wired = page.leads is None or page.leads.wiring is not None
    held = [one.use for one in items(shown, page.leads, page.second, wired=wired)]
    held += [one.hero.wiring for one in (page.leads, page.second) if one is not None]
    attending = [use for use in shown.uses if use.variants[0].block.attends]
    assert all(any(use is one for one in held) for use in attending)
    lost = [
        text
        for text in said(draw(known.architecture, known.heading).picture)
        if "Not drawn" in text
    ]
    names = {title(variant.block).lower() for use in attending for variant in use.variants}
    assert not any(name in text for text in lost for name in names), lost


@pytest.mark.parametrize("model", drawings())
def test_what_makes_one_of_several_streams_is_drawn(model: str) -> None:
    """A pill on the stream behind the layers, which answers for the block that mixes them."""
    known = find(model)
    picture = draw(known.architecture, known.heading).picture
    paths = {s.about.path for s in flat(picture) if isinstance(s, Box) and s.about is not None}
    assert {path for path, _ in after_stack(known.architecture.root)} <= paths


def test_of_gated_streams_each_branch_is_normed() -> None:
    """Qwen3.8-Flash-Next's norms are parts of its connections: attention, and experts, none of the n-grams."""
    known = find("qwen3.8-flash-next-125b-a6b")
    (frame,) = content(
        known.architecture, known.heading, plan(known.architecture.root), split=True
    ).layers
    first = [next(iter(branch.places)).block.is_norm for branch in frame.branches]
    assert first == [False, True, True]
    drawn = draw(known.architecture, known.heading).picture
    assert "mix 4 → 1" in said(drawn)
    assert any("hc_norm" in s.about.path for s in flat(drawn) if isinstance(s, Box) and s.about)
    phone = " ".join(said(draw(known.architecture, known.heading, detail="phone").picture))
    assert "4 streams are mixed to one before the head" in phone
