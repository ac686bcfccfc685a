"""Every entry, and what a person may call a model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.contract import facts
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog import load
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.model_facts import model_facts
from llm_gallery.recognition import describe
from llm_gallery.sources import hub
from tests.sample import models, sampled

ENTRIES = load.entries()


def written(model: str) -> Entry:
    """The entry as its file has it."""
    return next(entry for entry in ENTRIES if entry.id == model)


def test_newest_first() -> None:
    dates = [entry.released for entry in ENTRIES]
    assert dates == sorted(dates, reverse=True)


def test_names_and_repositories_are_used_once() -> None:
    for said in ("name", "repository", "summary"):
        assert len({getattr(entry, said) for entry in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize("model", sampled())
def test_entry_is_found_by_id_and_repository(model: str) -> None:
    by_id = load.find(model)
    assert by_id.entry is not None
    assert by_id.name == by_id.entry.name
    assert load.find(by_id.entry.repository.upper()) == by_id


@pytest.mark.parametrize("model", models())
def test_entry_reads_well(model: str) -> None:
    entry = written(model)
    assert entry.summary.endswith(".")
    assert not set(entry.concepts) & set(concepts(load.find(model).architecture.root))
    if entry.provenance.quality != "official":
        assert entry.provenance.note


@pytest.mark.parametrize("model", models())
def test_a_published_context_differs_from_the_configs_and_takes_its_place(model: str) -> None:
    entry = written(model)
    stated = describe(entry.config).root.facts.get("context")
    root = load.find(model).architecture.root
    assert root == load.architecture(entry).root
    if entry.context is None:
        assert root.facts.get("context") == stated
        assert "configured_context" not in root.facts
    else:
        assert root.facts["context"] == Fact(entry.context.tokens, "published", entry.context.link)
        assert root.facts.get("configured_context") == stated
        if stated is not None and stated.evidence != "assumed":
            assert stated.value != entry.context.tokens


def test_facts_state_the_published_context_and_the_configs() -> None:
    said = model_facts(load.find("deepseek-v3"))
    assert (said["context"], said["context_configured"]) == (131_072, 163_840)
    config = next(entry.config for entry in ENTRIES if entry.id == "deepseek-v3")
    alone = facts(describe(config))
    assert (alone["context"], alone["context_configured"]) == (163_840, 163_840)


@pytest.mark.parametrize("context", ["131072", "{ tokens = 131072 }", '{ tokens = "128K" }'])
def test_a_published_context_without_tokens_or_address_is_refused(
    context: str, tmp_path: Path
) -> None:
    text = (load.MODELS / "deepseek-v3.toml").read_text()
    line = next(line for line in text.splitlines() if line.startswith("context = "))
    (tmp_path / "mine.toml").write_text(text.replace(line, f"context = {context}"))
    with pytest.raises(Refusal, match=r"mine\.toml: context"):
        load.find("mine", tmp_path)


def test_facts_carry_id_and_name() -> None:
    model = load.find("gpt2-xl")
    said = model_facts(model)
    assert (said.pop("id"), said.pop("name")) == ("gpt2-xl", "GPT-2 XL")
    assert said.pop("weights")["bytes"] == 2 * said["parameters"]["total"]
    assert said == facts(model.architecture)


@pytest.mark.parametrize("place", ["some/Model 0.6B/config.json", "some/Model 0.6B.json"])
def test_a_config_is_named_by_its_place(place: str, tmp_path: Path) -> None:
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(ENTRIES[-1].config))
    model = load.find(str(file))
    assert (model.id, model.name, model.entry) == ("model-0.6b", "Model 0.6B", None)
    if file.name == "config.json":
        assert load.find(str(file.parent)) == model


def test_a_catalog_id_goes_before_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "phi-4").mkdir()
    assert load.find("phi-4").entry is not None
    with pytest.raises(Refusal, match=r"phi-4 has no config\.json"):
        load.find("./phi-4")


def test_an_unknown_repository_is_asked_of_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def read(repository: str) -> dict[str, Any]:
        asked.append(repository)
        return ENTRIES[-1].config

    monkeypatch.setattr(hub, "read", read)
    model = load.find("somebody/Some-Model")
    assert (asked, model.id, model.name) == (["somebody/Some-Model"], "some-model", "Some-Model")


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("deepseek-v4", "no path and no Hub id; the nearest ids are deepseek-v3"),
        ("zzz", "see `llm-gallery list`"),
        ("", "see `llm-gallery list`"),
        ("x" * 10_000, "file name too long"),
        ("../nowhere", "doesn't exist"),
        ("nowhere.json", "doesn't exist"),
        ("a/b/c", "doesn't exist"),
        ("a\0b", "no path and no Hub id|can't be read"),
    ],
)
def test_unknown_models_are_refused(model: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        load.find(model)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "is not TOML"),
        ("a = " + "[" * 2000, "is not TOML"),
        ('name = "A"\nname = "B"', "is not TOML"),
        ('name = "A"', "a.toml: organization is missing, fill it in; .* config is missing"),
        ('name = "A"\n[config]\nmodel_type = "lama"', 'a.toml: model_type is "lama"'),
        ("[config]\nnulls = 1", "expected a list of keys"),
    ],
)
def test_broken_entries_are_refused(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(text, "utf-8")
    with pytest.raises(Refusal, match=words):
        load.find("a", tmp_path)


def test_an_entry_of_wrong_bytes_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(Refusal, match="is not UTF-8 text"):
        load.entries(tmp_path)


def test_a_catalog_that_isnt_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="is no folder"):
        load.entries(tmp_path / "absent")


def test_a_model_of_the_package_is_described_once() -> None:
    """Lessons find the very tree that the pages of the model are made from, with all that was counted of it."""
    held = {model.id: model for model in load.models()}
    assert load.find("gpt2-xl") is held["gpt2-xl"]
    assert load.model("gpt2-xl") is held["gpt2-xl"]


def test_a_model_that_is_described_is_found_without_a_look_at_the_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Lessons ask for theirs some hundred times a build."""
    held = load.find("gpt2-xl")
    monkeypatch.setattr(load, "files", lambda directory: [])
    assert load.find("gpt2-xl") is held
