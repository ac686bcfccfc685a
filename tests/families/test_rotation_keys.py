"""Rotations that no one knows are named and said to be all that is known; nulls that the reference refuses are refused."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from llm_gallery.architecture.block import distinct
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.recognition import describe

STRANGE = {"rope_type": "wobble", "factor": 4.0, "wobbles": [1, 2], "rope_theta": 1e6}


def changed(model: str, *place: str, value: object) -> dict[str, Any]:
    """A catalog's config with another value there."""
    made: Any = deepcopy(dict(find(model).config))
    holder = made
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    return dict(made)


@pytest.mark.parametrize(
    ("model", "place"),
    [
        ("llama-3-8b", ("rope_scaling",)),
        ("deepseek-v3", ("rope_scaling",)),
        ("gemma-3-27b", ("text_config", "rope_scaling")),
        ("laguna-s-2.1", ("rope_parameters", "full_attention")),
        ("qwen3.5-27b", ("text_config", "rope_parameters")),
        ("kimi-k2.6", ("text_config", "rope_scaling")),
    ],
)
def test_a_kind_that_nobody_knows_is_told_and_none_of_its_numbers_read(
    model: str, place: tuple[str, ...]
) -> None:
    said = describe(changed(model, *place, value=STRANGE))
    where = ".".join(place)
    lines = [line for line in said.warnings if "wobble" in line]
    assert len(lines) == 1
    assert lines[0].startswith(f'{where}.rope_type is "wobble"')
    assert {f"{where}.factor", f"{where}.wobbles"} <= {*said.unread}
    turned = [b for b in distinct(said.root) if b.value("rope_scaling") == "wobble"]
    assert turned
    assert not any("rope_factor" in block.facts for block in turned)


@pytest.mark.parametrize("kind", ["linear", "dynamic", "default", "mrope"])
def test_nothing_is_said_of_a_kind_that_is_known(kind: str) -> None:
    said = describe(changed("llama-3-8b", "rope_scaling", value={"rope_type": kind, "factor": 2.0}))
    assert said.warnings == describe(find("llama-3-8b").config).warnings


@pytest.mark.parametrize(
    ("model", "place", "says"),
    [
        ("qwen3.5-27b", ("text_config", "rope_parameters", "partial_rotary_factor"), "rope_parameters.partial_rotary_factor is null, expected a positive number"),
        ("phi-2", ("partial_rotary_factor",), "partial_rotary_factor is null, expected a number"),
        ("stablelm-3b-4e1t", ("partial_rotary_factor",), "partial_rotary_factor is null, expected a number"),
        ("qwen3.8-flash-next-125b-a6b", ("text_config", "indexer_budget"), "indexer_budget is null, expected a number where other keys of the indexer are stated"),
        ("qwen3.8-flash-next-125b-a6b", ("text_config", "indexer_kv_heads"), "indexer_kv_heads is null"),
    ],
)  # fmt: skip
def test_a_null_that_the_reference_refuses_is_refused_by_its_key(
    model: str, place: tuple[str, ...], says: str
) -> None:
    with pytest.raises(Refusal) as refused:
        describe(changed(model, *place, value=None))
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("model", "place", "rotated"),
    [
        ("glm-4.7", ("partial_rotary_factor",), 128),
        ("minimax-m3-428b", ("text_config", "partial_rotary_factor"), 128),
    ],
)
def test_a_null_at_the_top_turns_whole_heads(
    model: str, place: tuple[str, ...], rotated: int
) -> None:
    said = describe(changed(model, *place, value=None))
    assert {b.value("rotated") for b in distinct(said.root)} - {None} == {rotated}
