"""A tower whose type isn't text needs nothing."""

from __future__ import annotations

from llm_gallery.catalog.load import find
from llm_gallery.engines.needs import needs
from llm_gallery.engines.subject import Subject


def test_a_tower_of_no_type_divides_nothing() -> None:
    found = find("gemma-3-27b")
    asked = [
        needs(Subject(found.name, found.architecture, {**found.config, "vision_config": tower}))
        for tower in ({"model_type": {"siglip": 1}, "num_attention_heads": 7}, {})
    ]
    assert asked[0] == asked[1]
