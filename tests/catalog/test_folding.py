"""Configs as TOML holds them, and back."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.folding import folded, unfolded
from llm_gallery.catalog.toml import table

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
LEAVES = (
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | TEXT
)
PLAIN = st.lists(st.sampled_from(["full", "sliding", 0, 1, True]), max_size=60)
CONFIGS = st.dictionaries(
    TEXT.filter(lambda key: key != "nulls"),
    st.recursive(
        LEAVES | PLAIN,
        lambda inner: st.dictionaries(TEXT.filter(lambda key: key != "nulls"), inner, max_size=7),
        max_leaves=12,
    ),
    max_size=8,
)


@given(CONFIGS)
def test_round_trip_through_text(config: dict[str, Any]) -> None:
    text = "\n".join(table("config", folded(config)))
    back = unfolded(tomllib.loads(text)["config"])
    assert back == config
    assert _types(back) == _types(config)


def _types(value: object) -> object:
    """true equals 1 and 1 equals 1.0: compare what they are as well."""
    if isinstance(value, dict):
        return {key: _types(inner) for key, inner in value.items()}
    return [_types(inner) for inner in value] if isinstance(value, list) else type(value)


def test_repetition_is_written_once() -> None:
    pattern = ["local"] * 5 + ["full"]
    assert folded({"layer_types": pattern * 10 + ["local"] * 2}) == {
        "layer_types": [{"times": 10, "of": pattern}, {"times": 2, "of": ["local"]}]
    }


def test_lists_without_repetition_stay() -> None:
    assert folded({"moe_layers": list(range(1, 48, 2))}) == {"moe_layers": list(range(1, 48, 2))}


def test_nulls_are_named() -> None:
    assert folded({"a": None, "b": 1}) == {"b": 1, "nulls": ["a"]}


@pytest.mark.parametrize(
    ("held", "words"),
    [
        ({"nulls": "a"}, "expected a list of keys"),
        ({"nulls": ["a"], "a": 1}, "stands in nulls"),
        ({"a": [{"times": 0, "of": [1]}]}, "expected 1 to 4,096"),
        ({"a": [{"times": 10**9, "of": [1]}]}, "expected 1 to 4,096"),
        ({"a": [{"times": 2, "of": 1}]}, "and a list in `of`"),
    ],
)
def test_faults_are_refused(held: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        unfolded(held)
