"""Whatever a config holds, it is described with parts that sum to the whole, or refused in one line."""

from __future__ import annotations

import time
from copy import deepcopy
from dataclasses import fields
from math import inf, nan  # as Python writes them
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import entries
from llm_gallery.families import names
from llm_gallery.families._config import defaults
from llm_gallery.families._ignored import IGNORED
from llm_gallery.families._registry import keys
from llm_gallery.recognition import guess
from llm_gallery.recognition.nearest import LANGUAGE_MODELS
from llm_gallery.sources import config_file
from tests.odd_configs import (
    DROPPED,
    Config,
    Place,
    cases,
    changed,
    fault,
    places,
    settled,
    well_said,
)
from tests.sample import first

ENTRIES = entries()
BY_ID = {entry.id: entry.config for entry in ENTRIES}
CONFIGS = tuple(BY_ID.values())
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(0, 4097)
    | st.floats()
    | st.text(max_size=100)
    | st.sampled_from(["full_attention", "sliding_attention", "yarn", "M*E-", "4096"])
    | st.sampled_from([10**6, 2**24 + 1, 2**63, -(10**30), nan, inf, -inf, 1e308, -0.0])
    | st.sampled_from(["\x1b[31m\n\0", "\ud800", "<script>" * 30, "A" * 10_000, "../../etc/passwd"])
)
HOSTILE = st.sampled_from(
    [
        *([], [[]], [None], ["x"] * 5000, [0.5] * 61, {}, {"": {}}, {"model_type": ["llama"]}),
        *({"rope_type": 7}, {"rope_type": "yarn", "factor": nan}, {"rope_theta": -1}),
        *({"full_attention": {"rope_theta": 1e4}, "sliding_attention": None}, {"a": [{"b": [1]}]}),
    ]
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


Changed = tuple[str, list[tuple[Place, list[Any]]]]
"""A model, and what changes in its config: as a search prints it, it can be pasted as an example."""


@pytest.mark.whole
@given(st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), JSON, max_size=12))
@settings(max_examples=100)
def test_any_object(config: dict[str, Any]) -> None:
    settled(config)


@pytest.mark.whole
@given(st.sampled_from(names()), st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5))
@settings(max_examples=150)
def test_any_object_of_a_family(model_type: str, config: dict[str, Any]) -> None:
    settled({**config, "model_type": model_type})


@st.composite
def changed_models(draw: st.DrawFn) -> Changed:
    """A model of the catalog, and up to three changes of its config: a place, and the value there then, or none."""
    model = draw(st.sampled_from(sorted(BY_ID)))
    config: Config = BY_ID[model]
    changes = []
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(list(places(config))))
        changes.append((place, draw(st.lists(JSON | HOSTILE, max_size=1))))
        config = changed(config, place, *changes[-1][1] or [DROPPED])
        if not config:
            break
    return model, changes


@pytest.mark.whole
@given(changed_models())
@settings(max_examples=300)
def test_any_change_of_a_real_config(made: Changed) -> None:
    model, changes = made
    config: Config = BY_ID[model]
    for place, value in changes:
        config = changed(config, place, *value or [DROPPED])
    settled(config)


@pytest.mark.parametrize("part", first(range(8), range(1), range(4, 8)))
def test_one_key_at_a_time(part: int) -> None:
    """Some 500 of what `python -m tests.odd_configs` tries."""
    found = [
        f"{model} {place} {value!r}: {problem}"
        for model, place, value in cases(BY_ID)[part * 233 :: 8 * 233]
        if (problem := fault(changed(BY_ID[model], place, value)))
    ]
    assert found == []


@pytest.mark.whole
@given(
    st.sampled_from(sorted(BY_ID)),
    st.sampled_from(["", "unheard_of", "llava"]),
    st.sampled_from(KEYS),
    JSON | HOSTILE,
)
@example(
    "olmoe-1b-7b", "unheard_of", "norm_topk_prob", False
)  # stored for nothing by hunyuan_v1_moe
@settings(max_examples=100)
def test_any_guess(model: str, model_type: str, key: str, value: Any) -> None:
    """A real config of a type that nobody knows, with a change: nothing that it states is passed over unsaid."""
    config = {**deepcopy(BY_ID[model]), "model_type": model_type, key: deepcopy(value)}
    try:
        made = guess(config)
    except Refusal as refusal:
        well_said(str(refusal))
        return
    assert made.warnings
    assert made.warnings[0].startswith("a guess: ")
    text = next((config[k] for k in LANGUAGE_MODELS if isinstance(config.get(k), dict)), None)
    read, stated = keys(made.guess), {*config} if text is None else {*text}
    unsaid = stated - {*made.unread} - IGNORED - spellings(read)
    assert not unsaid - (read.unused if text is not None else set())


def spellings(cls: Any) -> set[str]:
    """Every name under which a family reads a key."""
    other = defaults(cls.model_type).get("aliases", {})
    own = {field.name for field in fields(cls)}
    return own | {a for a, b in other.items() if b in own} | {other[k] for k in own if k in other}


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(max_examples=200)
def test_any_bytes(data: bytes) -> None:
    """Whatever a file holds is an object, or refused in one line."""
    try:
        found = config_file.parse(data, "it")
    except Refusal as refusal:
        well_said(str(refusal))
        return
    settled(found)


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
