"""What is said of a pasted config: the library's own numbers, what a change did, and who stands nearest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_gallery.analysis.contract import facts
from llm_gallery.analysis.units import grouped
from llm_gallery.catalog.load import MODELS, entries, find
from llm_gallery.catalog.pasted_config import LARGEST, answer, drawing, prepared, relatives
from llm_gallery.figure import Heading, draw
from llm_gallery.recognition import describe
from tests.sample import drawings

CONFIGS = {entry.id: dict(entry.config) for entry in entries()}


def pasted(model: str, **changed: object) -> str:
    return json.dumps(CONFIGS[model] | changed)


@pytest.mark.parametrize("model", drawings())
def test_every_model_of_the_catalog_is_described_as_the_library_does(model: str) -> None:
    found = answer(json.dumps(CONFIGS[model]))
    held = describe(CONFIGS[model])  # a stranger's config: no published context
    assert found["facts"] == json.loads(json.dumps(facts(held)))
    assert found["figure"].startswith("<svg")
    assert found["headline"][0] == {
        "label": "Total parameters",
        "value": grouped(found["facts"]["parameters"]["total"]),
    }
    json.dumps(found, allow_nan=False)


def test_the_figure_to_take_away_is_the_librarys() -> None:
    model = find("gpt2-xl")
    own = json.dumps(CONFIGS["gpt2-xl"] | {"_name_or_path": model.name})
    assert drawing(own, theme="dark")["figure"] == draw(
        model.architecture, Heading(name=model.name)
    ).alone("dark")
    assert drawing("[")["refused"].startswith("the config is not JSON")


def test_the_figure_is_the_one_for_its_room() -> None:
    for detail, wide in (("phone", 400), ("column", 800), ("standard", 1200), ("poster", 1200)):
        assert f' width="{wide}"' in answer(pasted("gpt2-xl"), detail=detail)["figure"][:600]


def test_settings_are_values_of_the_config_that_somebody_reads() -> None:
    config = CONFIGS["gemma-3-27b"]
    for setting in answer(json.dumps(config))["settings"]:
        held: object = config
        for key in setting["path"]:
            assert isinstance(held, dict)
            held = held[key]
        assert held == setting["value"]
        assert isinstance(held, bool | int | float)


def test_a_change_is_said_against_the_original() -> None:
    original = pasted("deepseek-v3")
    found = answer(pasted("deepseek-v3", num_hidden_layers=48), original=original)["changed"]
    assert found["sentences"][0] == "Your model is the original with fewer layers (61 → 48)."
    assert found["headline"] == answer(original)["headline"]
    assert "changed" not in answer(original)


def test_a_model_of_the_catalog_is_its_own_nearest_relative() -> None:
    first, second, third = relatives(pasted("deepseek-v3"))["relatives"]
    assert (first["id"], first["changes"]) == ("deepseek-v3", [])
    assert first["sentence"] == "Your model has DeepSeek V3's architecture, number for number."
    assert "DeepSeek R1" in first["copies"]
    assert len(second["changes"]) > 0
    assert len(third["changes"]) > 0


def test_a_changed_model_stays_the_nearest_to_its_original() -> None:
    nearest = relatives(pasted("qwen3-32b", num_hidden_layers=40))["relatives"][0]
    assert nearest["id"] == "qwen3-32b"
    assert nearest["changes"] == ["fewer layers (64 → 40)"]
    assert "32.76B → " in nearest["sentence"]


def test_steps_count_down_to_the_last_model() -> None:
    assert list(prepared()) == list(reversed(range(len(list(MODELS.glob("*.toml"))))))


def test_unread_keys_and_hostile_names_are_told_as_text() -> None:
    found = answer(pasted("llama-3-8b", lookahead=64, _name_or_path="a/<script>alert(1)</script>"))
    assert "lookahead" in found["facts"]["unread"]
    assert "<script" not in found["figure"]


def test_a_guess_is_told_as_one_and_its_values_can_be_changed() -> None:
    text = pasted("llama-3-8b", model_type="unheard")
    assert "--guess" in answer(text)["refused"]
    found = answer(text, guess="yes")
    assert found["facts"]["guess"] == "llama"
    assert found["facts"]["warnings"][0].startswith('a guess: no family describes "unheard"')
    assert ["num_hidden_layers"] in [setting["path"] for setting in found["settings"]]
    assert "Your model (a guess)" in found["figure"]
    changed = pasted("llama-3-8b", model_type="unheard", num_hidden_layers=30)
    said = answer(changed, original=text, guess="yes")["changed"]["sentences"][0]
    assert said == "Your model (a guess) is the original with fewer layers (32 → 30)."
    assert relatives(text, guess="yes")["relatives"][0]["id"] == "llama-3-8b"


def test_values_of_a_guess_inside_a_multimodal_config() -> None:
    inner = {"model_type": "unheard", "text_config": CONFIGS["llama-3-8b"] | {"model_type": "new"}}
    settings = answer(json.dumps(inner), guess="yes")["settings"]
    assert ["text_config", "num_hidden_layers"] in [setting["path"] for setting in settings]


def test_a_guess_is_none_where_a_family_knows_the_type() -> None:
    assert answer(pasted("gpt2-xl"), guess="yes") == answer(pasted("gpt2-xl"))


def test_what_is_refused() -> None:
    assert answer("[")["refused"].startswith("the config is not JSON from line 1")
    assert "which no family describes yet" in answer('{"model_type": "unheard"}')["refused"]
    assert relatives("")["refused"].startswith("the config is empty")
    assert "expected at most 1,048,576" in answer(" " * (LARGEST + 1))["refused"]
    assert "num_hidden_layers" in answer(pasted("llama-3-8b", num_hidden_layers=-1))["refused"]
    assert answer(pasted("llama-3-8b"), original="{}")["refused"].startswith("the config")


def test_another_catalog(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes((MODELS / "gpt2-xl.toml").read_bytes())
    found = relatives(pasted("llama-3-8b"), tmp_path)["relatives"]
    assert [other["id"] for other in found] == ["mine"]


def test_it_is_told_in_words() -> None:
    said, special = answer(pasted("deepseek-v3", num_hidden_layers=48))["prose"]
    assert said.startswith(
        "Your model is a mixture-of-experts Transformer. It has 521.43B parameters"
    )
    assert special.startswith("Latent attention caches one vector of 512 + 64 numbers per token")


@pytest.mark.parametrize("model", drawings())
def test_words_are_few_and_of_any_model(model: str) -> None:
    prose = answer(json.dumps(CONFIGS[model]))["prose"]
    assert len(prose) == 2
    assert all(prose)
    assert sum(len(text.split()) for text in prose) <= 120


def test_whom_it_resembles_is_told_with_a_link() -> None:
    pieces = relatives(pasted("qwen3-32b", num_hidden_layers=40))["kin"]
    assert [piece for piece in pieces if piece["model"]] == [
        {"text": "Qwen3 32B", "model": "qwen3-32b"}
    ]
    assert "".join(piece["text"] for piece in pieces).startswith(
        "Of the models here, Qwen3 32B of April 2025 is the nearest."
    )


def test_a_relative_whose_ancestor_is_in_no_catalog(tmp_path: Path) -> None:
    (tmp_path / "qwen3-next-80b-a3b.toml").write_bytes(
        (MODELS / "qwen3-next-80b-a3b.toml").read_bytes()
    )
    assert relatives(pasted("llama-3-8b"), tmp_path)["kin"][1]["model"] == "qwen3-next-80b-a3b"


def test_an_unknown_type_is_told_with_what_comes_near() -> None:
    unknown = answer(pasted("llama-3-8b", model_type="lama"))["unknown"]
    assert unknown == {
        "type": "lama",
        "by_name": ["llama", "mllama", "llama4"],
        "by_keys": ["llama", "apertus", "arcee"],
    }
    assert answer('{"model_type": "lama"}')["unknown"]["by_keys"] == []
    assert "unknown" not in answer(pasted("llama-3-8b", num_hidden_layers=-1))
    assert "unknown" not in answer("[")
