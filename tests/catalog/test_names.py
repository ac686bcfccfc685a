"""Models by what people call them: id, name and repository, in any case; paths first; several of a name refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from llm_gallery import Refusal, describe
from llm_gallery.catalog import entry_file, load, names
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.names import identifier
from llm_gallery.sources import hub
from tests.sample import drawings

ENTRIES = {entry.id: entry for entry in load.entries()}


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "read", READ)


READ = cache(entry_file.read)


def called(entry: Entry) -> Iterator[str]:
    """What people may call a model."""
    for said in (entry.id, entry.name, entry.repository, entry.repository.partition("/")[2]):
        yield from (said, said.upper(), said.lower())
    yield entry.name.replace(" ", "_")


@pytest.mark.parametrize("model", drawings())
def test_a_model_has_all_its_names(model: str) -> None:
    for name in called(ENTRIES[model]):
        assert identifier(name) == model, name


@pytest.mark.parametrize("name", ["DeepSeek-V3", "DeepSeek V3", "deepseek-ai/deepseek-v3"])
def test_no_network_is_asked_for_what_the_catalog_has(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "read", lambda _: pytest.fail("asks the Hub"))
    assert describe(name) == describe("deepseek-v3")


def test_several_of_a_name_are_refused_with_their_ids(tmp_path: Path) -> None:
    for model in ("gpt2-xl", "llama-3-8b"):
        text = (load.MODELS / f"{model}.toml").read_text("utf-8")
        name = f'name = "{ENTRIES[model].name}"'
        (tmp_path / f"{model}.toml").write_text(text.replace(name, 'name = "One Name"', 1), "utf-8")
    with pytest.raises(Refusal, match='"one-name" may mean gpt2-xl or llama-3-8b; give one'):
        identifier("one-name", tmp_path)
    with pytest.raises(Refusal, match="may mean"):
        load.find("one name", tmp_path)
    assert identifier("GPT2 XL", tmp_path) == "gpt2-xl"


@pytest.mark.parametrize("word", ["", "-", "???", "no such model"])
def test_what_is_no_name(word: str) -> None:
    assert identifier(word) is None


def test_a_draft_has_no_name_yet(tmp_path: Path) -> None:
    (tmp_path / "draft.toml").write_text(
        'repository = "some/Draft"\n[config]\nmodel_type = "llama"\n'
    )
    assert identifier("some/Draft", tmp_path) is None
    assert (
        identifier("Draft", tmp_path) == "draft"
    )  # by its id, and then refused with what it lacks


def test_a_path_that_exists_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "deepseek-v3"
    own.mkdir()
    assert describe("deepseek-v3").model_type == "deepseek_v3"  # of figures, say
    (own / "config.json").write_text(json.dumps(dict(ENTRIES["gpt2-xl"].config)))
    assert describe("deepseek-v3").model_type == "gpt2"
    assert load.find("deepseek-v3").architecture.model_type == "deepseek_v3"  # named by its id
    shutil.rmtree(own)
    with pytest.raises(Refusal, match="deepseek-v3 doesn't exist"):
        describe(Path("deepseek-v3"))
