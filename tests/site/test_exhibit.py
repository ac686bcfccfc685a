"""The facets by which a model is found."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import entries, find
from llm_gallery.site.exhibit import Exhibit


@pytest.mark.parametrize(
    ("model", "positions"),
    [
        ("kimi-linear-48b-a3b", ("NoPE",)),  # its delta attention states no position of its own
        ("gpt2-xl", ("Learned positions",)),
        ("mamba-2.8b", ()),
    ],
)
def test_positions_are_those_that_mixers_state(model: str, positions: tuple[str, ...]) -> None:
    entry = next(entry for entry in entries() if entry.id == model)
    held = Exhibit(entry, find(model).architecture, ())
    assert held.facets["position"] == positions
