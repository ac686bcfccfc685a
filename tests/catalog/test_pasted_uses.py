"""Where a pasted config is taken: its card, the terms by which it runs, an entry to fill in."""

from __future__ import annotations

import json
import tomllib

import pytest

from llm_gallery.catalog.folding import unfolded
from llm_gallery.catalog.load import entries
from llm_gallery.catalog.pasted_uses import card, entry, run
from llm_gallery.catalog.run_terms import run_terms
from llm_gallery.engines.subject import Subject
from llm_gallery.recognition import describe
from tests.catalog.test_pasted_config import CONFIGS, pasted
from tests.sample import drawings


@pytest.mark.parametrize("model", drawings())
def test_the_terms_are_those_of_a_model_of_the_catalog(model: str) -> None:
    """But for the name in commands: what the build writes and what a reader's own config gives are one."""
    found = run(json.dumps(CONFIGS[model]))
    assert found == run_terms(Subject(found["name"], describe(CONFIGS[model]), CONFIGS[model]))


def test_a_card_is_drawn_in_its_theme() -> None:
    light, dark = (card(pasted("gpt2-xl"), theme=theme)["figure"] for theme in ("light", "dark"))
    assert ' width="320"' in light[:600]
    assert light != dark


def test_an_entry_holds_the_config_and_leaves_open_what_a_person_says() -> None:
    model = next(entry for entry in entries() if entry.id == "gemma-3-27b")
    found = entry(json.dumps(dict(model.config)), repository="google/gemma-3-27b-it")
    assert found["id"] == "gemma-3-27b-it"
    held = tomllib.loads(found["text"])
    assert unfolded(held["config"]) == dict(model.config)
    assert held["repository"] == "google/gemma-3-27b-it"
    assert "# summary" in found["text"]
    assert "name" not in held


@pytest.mark.parametrize("repository", ["", "../../etc", 'a/b"\nx = 1', "C:\\models\\x"])
def test_what_is_no_repository_is_left_out(repository: str) -> None:
    found = entry(pasted("gpt2-xl"), repository=repository)
    assert found["id"] == "your-model"
    assert "repository" not in tomllib.loads(found["text"])


def test_what_is_refused() -> None:
    unheard = pasted("llama-3-8b", model_type="unheard")
    for answer in (card(unheard), run(unheard), entry(unheard)):
        assert "which no family describes yet" in answer["refused"]
    assert card(unheard, guess="yes")["figure"].startswith("<svg")
    assert run(unheard, guess="yes")["name"] == "Your model (a guess)"
