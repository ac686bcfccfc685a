"""Whatever a config holds, it is described with parts that sum to the whole, or refused in one line."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_gallery.analysis.facts import facts
from llm_gallery.analysis.sheet import sheet
from llm_gallery.architecture.refusal import LONGEST_LINE, Refusal
from llm_gallery.catalog.load import entries
from llm_gallery.families import describe, kept, names

ENTRIES = entries()
CONFIGS = tuple(entry.config for entry in ENTRIES)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(0, 4097)
    | st.floats()
    | st.text(max_size=100)
    | st.sampled_from(["full_attention", "sliding_attention", "yarn", "M*E-", "4096"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=70)
        | st.dictionaries(st.sampled_from(["factor", "rope_type", "rope_theta", "x"]), inner)
    ),
    max_leaves=80,
)
KEYS = tuple(sorted({key for config in CONFIGS for key in config}))


def settled(config: Mapping[str, Any]) -> None:
    """Described and counted, or refused."""
    try:
        architecture = describe(config)
        said = facts(architecture)
    except Refusal as refusal:
        line = str(refusal)
        assert line.isprintable()
        assert len(line) <= LONGEST_LINE
        return
    json.dumps(said, allow_nan=False)
    assert sheet(architecture)
    for column, whole in (("stored", "total"), ("active", "active")):
        parts = sum(part[column] for part in said["parameters"]["parts"])
        assert parts == said["parameters"][whole]
    assert describe(kept(config)) == architecture


@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), JSON, max_size=12))
@settings(max_examples=100, deadline=2000)
def test_any_object(config: dict[str, Any]) -> None:
    settled(config)


@given(st.sampled_from(names()), st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5))
@settings(max_examples=150, deadline=2000)
def test_any_object_of_a_family(model_type: str, config: dict[str, Any]) -> None:
    settled({**config, "model_type": model_type})


@given(st.data())
@settings(max_examples=300, deadline=2000)
def test_any_change_of_a_real_config(data: st.DataObject) -> None:
    config = deepcopy(data.draw(st.sampled_from(CONFIGS)))
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(list(_places(config))))
        if data.draw(st.booleans()):
            holder[key] = data.draw(JSON)
        else:
            holder.pop(key)
        if not config:
            break
    settled(config)


@pytest.mark.parametrize(
    ("model", "change"),
    [
        ("deepseek-v3", {"num_hidden_layers": 4096, "n_routed_experts": 2**24}),
        ("nemotron-3-nano-30b-a3b", {"hybrid_override_pattern": "M*" * 2048}),
        ("nemotron-3-nano-30b-a3b", {"hybrid_override_pattern": "M" * 4000 + "M*E-" * 24}),
        ("gpt-oss-20b", {"num_hidden_layers": 4096, "layer_types": None}),
    ],
)
def test_the_largest_configs_are_described_soon(model: str, change: dict[str, Any]) -> None:
    config = {**next(entry.config for entry in ENTRIES if entry.id == model), **change}
    if "hybrid_override_pattern" in change:
        del config["num_hidden_layers"]
    begun = time.process_time()
    settled(config)
    assert time.process_time() - begun < 3  # a bound on the order of growth, not on the machine


def _places(config: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    for key, value in config.items():
        yield config, key
        if isinstance(value, dict):
            yield from _places(value)
