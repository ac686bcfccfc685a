"""What llama.cpp's converter reads and a config doesn't say, and types that it has no row for, are refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.conversion import converted
from llm_gallery.conversion.registry import row_of


def test_a_key_that_no_default_stands_in_for_is_refused() -> None:
    """The config's class makes the layers' kinds of a pattern; the converter reads the file alone."""
    found = find("exaone-4.0-32b")
    config = {key: value for key, value in found.config.items() if key != "layer_types"}
    said = "the config states no layer_types, expected what llama.cpp's converter reads of this model; state it"
    with pytest.raises(Refusal, match=f"^{re.escape(said)}$"):
        converted(found.architecture, config)


def test_a_value_of_another_type_is_refused() -> None:
    """No layer of the tree depends on it, the converter reads it all the same."""
    found = find("laguna-m.1")
    rotated = {**found.config["rope_parameters"], "full_attention": 0.5}
    said = "a key of the config holds what llama.cpp's converter can't read ("
    with pytest.raises(Refusal, match=f"^{re.escape(said)}.*; compare it with one$"):
        converted(found.architecture, {**found.config, "rope_parameters": rotated})


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({}, "model_type is null, "),
        ({"model_type": "bailing_hybrid"}, 'model_type is "bailing_hybrid", '),
    ],
)
def test_the_nearest_types_are_others(config: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=f"^{said}whose conversion to GGUF isn't mapped") as refused:
        row_of(config)
    near = re.search(r"such as ([^;]+);", str(refused.value))
    assert near is not None
    assert config.get("model_type") not in near[1].split(", ")
