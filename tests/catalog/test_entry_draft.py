"""Drafts: what a config says is there, what only a person can say is open and named."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog import load
from llm_gallery.catalog.entry_draft import draft
from llm_gallery.catalog.folding import unfolded
from tests.sample import sampled

ENTRIES = load.entries()


@pytest.mark.parametrize("model", sampled())
def test_the_draft_holds_the_config(model: str) -> None:
    config = next(entry.config for entry in ENTRIES if entry.id == model)
    made = draft(load.Source("Some Model", config, "somebody/Some-Model"))
    assert unfolded(tomllib.loads(made.text)["config"]) == config
    assert made.id == "some-model"


def test_an_open_draft_is_refused_by_what_is_missing(tmp_path: Path) -> None:
    made = draft(load.Source("Some Model", ENTRIES[0].config))
    (tmp_path / f"{made.id}.toml").write_text(made.text, "utf-8")
    with pytest.raises(Refusal) as refused:
        load.find(made.id, tmp_path)
    for key in ("name", "organization", "repository", "released", "licence.name", "summary"):
        assert f"{key} is missing, fill it in" in str(refused.value)


def test_a_draft_with_its_marks_removed_is_an_entry(tmp_path: Path) -> None:
    made = draft(load.Source("Some Model", ENTRIES[0].config, "somebody/Some-Model"))
    filled = re.sub(r"^# (.*?)  # open.*$", r"\1", made.text, flags=re.MULTILINE)
    filled = filled.replace('""', '"Something to be said"').replace('"https://"', '"https://a.b"')
    (tmp_path / f"{made.id}.toml").write_text(filled, "utf-8")
    (entry,) = load.entries(tmp_path)
    assert entry.name == "Some Model"
    assert entry.provenance.quality == "official"


def test_quantization_is_kept_without_each_module() -> None:
    long = {
        "quant_method": "fp8",
        "ignore": [f"layers.{n}.gate" for n in range(13)],
        "groups": {"a": 1},
    }
    config = {**ENTRIES[-1].config, "quantization_config": long}
    text = draft(load.Source("x", config)).text
    assert tomllib.loads(text)["config"]["quantization_config"] == {"quant_method": "fp8"}


def test_a_config_of_an_unknown_family_gets_no_draft() -> None:
    with pytest.raises(Refusal, match="x: model_type is"):
        draft(load.Source("x", {"model_type": "lama"}))
