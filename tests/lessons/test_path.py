"""The way to a lesson: all that it builds on, each after what it needs, and nothing else."""

from __future__ import annotations

import pytest

from llm_gallery.concepts import built_on, concepts
from llm_gallery.lessons.path import in_order, path


def test_the_way_to_latent_attention() -> None:
    way = [concept.id for concept in path("multi-head-latent-attention")]
    assert way == ["multi-head-attention", "rope", "multi-head-latent-attention"]


def test_what_has_no_page_is_left_out() -> None:
    """But for the lesson itself."""
    way = path("multi-head-latent-attention", {"multi-head-attention"})
    assert [concept.id for concept in way] == [
        "multi-head-attention",
        "multi-head-latent-attention",
    ]


@pytest.mark.parametrize("concept", concepts())
def test_every_way_is_whole_and_in_order(concept: str) -> None:
    way = [one.id for one in path(concept)]
    assert way[-1] == concept
    assert sorted(way) == sorted({concept, *built_on(concept)})
    for at, name in enumerate(way):
        assert set(concepts()[name].after) <= {*way[:at]}


def test_order_is_kept_where_nothing_decides() -> None:
    known = concepts()
    given = [known[name] for name in ("rope", "swiglu", "multi-head-attention")]
    assert [one.id for one in in_order(given)] == ["multi-head-attention", "rope", "swiglu"]
