"""The neighbours of a model as they are told: texts that were read, data that says the same, and refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_gallery import Refusal, nearest
from llm_gallery.analysis.concepts import concepts
from llm_gallery.catalog.load import entries, find
from llm_gallery.catalog.nearest import SHOWN, markdown, text, to_json
from llm_gallery.catalog.pasted_config import relatives
from tests.catalog.test_pasted_config import CONFIGS, pasted
from tests.conftest import Golden
from tests.sample import models

GOLDEN = Path(__file__).parents[1] / "golden" / "nearest"
CHANGED = {"num_hidden_layers": 150, "num_attention_heads": 96, "hidden_act": "gelu"}


@pytest.mark.parametrize("model", ["kimi-k3", "qwen3-32b", "gpt2-xl"])
def test_a_text_reads_as_it_did(model: str, golden: Golden) -> None:
    golden(GOLDEN / f"{model}.txt", text(nearest(model)))


def test_a_config_of_ones_own(golden: Golden) -> None:
    golden(GOLDEN / "changed-qwen3.md", markdown(nearest(CONFIGS["qwen3-32b"] | CHANGED)))


def test_data_says_what_the_text_says() -> None:
    found = nearest("kimi-k3")
    data = to_json(found)
    said = text(found)
    assert (data["id"], data["model_type"], len(data["nearest"])) == (
        "kimi-k3",
        "kimi_k3",
        SHOWN,
    )
    for one in data["nearest"]:
        assert f"{one['distance']:5.2f}  {one['name']}" in said
        assert one["sentences"][0] in said
        assert one["distance"] == pytest.approx(sum(c["weight"] for c in one["changes"]), abs=1e-3)
    for group in data["among"]:
        for rank in group["ranks"]:
            assert rank["words"] in said
            assert rank["less"] + rank["same"] + rank["more"] == rank["of"]
    assert "attention-residuals" in data["firsts"]["concepts"]
    assert all(line in said for line in data["firsts"]["words"])


@pytest.mark.parametrize("model", models())
def test_a_neighbour_that_came_later_is_called_later(model: str) -> None:
    """The sentence leads from the older to the newer, whichever is asked about; sparse is what has routed experts."""
    own, found = find(model), nearest(model)
    released = {entry.id: entry.released for entry in entries()}
    said = text(found)
    for one in to_json(found)["nearest"]:
        later = released[one["id"]] > released[model]
        assert one["later"] is later
        older, newer = (own.name, one["name"]) if later else (one["name"], own.name)
        assert all(
            s.startswith((newer, older)) is s.startswith(newer) for s in one["sentences"][:1]
        )
        line = next(
            row for row in said.splitlines() if f"{one['distance']:5.2f}  {one['name']}" in row
        )
        assert line.endswith(", which came later") is later
    kinds = {group["kind"] for group in to_json(found)["among"]}
    assert kinds == {
        "sparse" if "mixture-of-experts" in concepts(own.architecture.root) else "dense"
    }


def test_a_copy_stands_at_no_distance_and_has_nothing_new() -> None:
    found = nearest(CONFIGS["deepseek-v3"])
    assert found.neighbours[0].distance == 0
    assert not found.firsts
    assert "Nothing: its concepts" in text(found)


def test_one_is_said_as_one() -> None:
    words = to_json(nearest("inkling"))["firsts"]["words"]
    assert (
        "Convolution in attention of sliding-window GQA: keys and values, not in the one design that has one"
        in words
    )


def test_it_takes_whatever_is_described() -> None:
    architecture = find("llama-3-8b").architecture
    assert nearest(architecture).neighbours[0].model.id == "llama-3-8b"
    unheard = CONFIGS["llama-3-8b"] | {"model_type": "unheard"}
    with pytest.raises(Refusal, match="which no family describes yet"):
        nearest(unheard)
    assert nearest(unheard, guess=True).neighbours[0].model.id == "llama-3-8b"


def test_a_pasted_config_is_told_the_same() -> None:
    found = relatives(pasted("qwen3-32b", **CHANGED))
    data = to_json(nearest(CONFIGS["qwen3-32b"] | CHANGED))
    assert found["firsts"] == data["firsts"]["words"]
    assert [r for one in found["among"] for r in one["ranks"]] == [
        rank["words"] for one in data["among"] for rank in one["ranks"]
    ]
    assert found["relatives"][0]["id"] == data["nearest"][0]["id"]
