"""An architecture as JSON: nothing is lost, equal layers are written once, and broken files are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from llm_gallery.architecture.block import Architecture, Block, Link
from llm_gallery.architecture.fact import known
from llm_gallery.architecture.parts import (
    experts,
    facts,
    gated_mlp,
    head,
    layer,
    learned_positions,
    residual,
    rms_norm,
    stack,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.architecture.schema import VERSION, from_json, to_json

EXPERT = experts(gated_mlp("experts", width=8, inner=2, activation="silu"), stored=3, used=2)
LAYER = layer(residual(rms_norm("norm", 8), EXPERT))
ROOT = Block(
    "language_model",
    facts=facts(width=known(8, "stated", "hidden_size"), tied=True, base=0.5, note="é"),
    inside=(
        learned_positions("wpe", 4, 8),
        stack("layers", [LAYER] * 5),
        head("lm_head", 10, 8, tied_to="table"),
    ),
)
WHOLE = Architecture(
    "made_up", ROOT, (Link("a", "b", "c"),), ("unread",), ("assumed",), ("warned",)
)


def test_json_gives_the_architecture_back() -> None:
    assert from_json(json.loads(json.dumps(to_json(WHOLE)))) == WHOLE


def test_equal_layers_are_written_once() -> None:
    kinds = [row["kind"] for row in to_json(WHOLE)["blocks"]]
    assert kinds.count("layer") == 1
    assert to_json(WHOLE)["version"] == VERSION


def without(key: str) -> dict[str, Any]:
    data = to_json(WHOLE)
    del data[key]
    return data


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"version": VERSION + 1},
        {"version": VERSION},
        without("root"),
        {**to_json(WHOLE), "root": 99},
        {
            **to_json(WHOLE),
            "blocks": [{"kind": "mlp", "name": "", "facts": {"b": [1, "guessed", ""]}}],
        },
        {**to_json(WHOLE), "root": 0, "blocks": [{"kind": "memory_of_nobody", "name": ""}]},
        {**to_json(WHOLE), "blocks": "nonsense"},
    ],
    ids=["empty", "newer", "bare", "rootless", "dangling", "evidence", "kind", "nonsense"],
)
def test_broken_files_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="version|broken"):
        from_json(data)
