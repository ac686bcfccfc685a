"""The public names: which they are, what they take, and that they cost nothing until one is used."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import llm_gallery
from llm_gallery import (
    Refusal,
    catalog,
    compare,
    describe,
    facts,
    figure,
    lineage,
    miniature,
    sheet,
    tensors,
)
from llm_gallery.catalog.load import find

NAMES = (
    ["Refusal", "catalog", "code", "compare", "describe", "difference", "explain", "facts", "figure", "lineage", "miniature", "nearest",
     "run", "sheet", "tensors"]
)  # fmt: skip


def test_the_public_names_are_these() -> None:
    assert dir(llm_gallery) == llm_gallery.__all__ == NAMES
    for name in NAMES:
        assert callable(getattr(llm_gallery, name))
        assert getattr(llm_gallery, name).__doc__


def ran(code: str) -> str:
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return found.stdout.strip()


def test_the_import_loads_nothing_else() -> None:
    loaded = (
        "[name for name in sys.modules if name.startswith(('llm_gallery.', 'pydantic', 'numpy'))]"
    )
    assert ran(f"import sys, llm_gallery; print({loaded})") == "[]"


@pytest.mark.parametrize("room", ["figure", "lineage", "catalog", "code"])
def test_a_name_is_no_room(room: str) -> None:
    """Four names are those of folders, which may be imported before the name is used."""
    code = f"from llm_gallery.{room} import __name__"
    said = ran(f"{code}; import llm_gallery; print(type(llm_gallery.{room}).__name__)")
    assert said == "function"


def test_a_model_is_given_in_many_ways(tmp_path: Path) -> None:
    config: dict[str, Any] = next(dict(one.config) for one in catalog() if one.id == "gpt2-xl")
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    architecture = describe("gpt2-xl")
    for given in (config, path, str(path), architecture):
        assert facts(given)["parameters"] == facts("gpt2-xl")["parameters"]
        assert [*tensors(given)] == [*tensors("gpt2-xl")]
        assert figure(given, detail="overview").svg.startswith("<svg")
    (change,) = compare(config, "gpt2-xl").differences
    assert change.changes == ()


def test_a_miniature_is_made_of_whatever_describe_takes(tmp_path: Path) -> None:
    """An id, its repository, a file, a folder, a config, a model; of an architecture alone the config isn't known."""
    config: dict[str, Any] = next(dict(one.config) for one in catalog() if one.id == "gpt2-xl")
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    wanted = miniature(config)
    assert wanted["n_embd"] < config["n_embd"]
    for given in (
        "gpt2-xl",
        "openai-community/gpt2-xl",
        path,
        str(path),
        tmp_path,
        find("gpt2-xl"),
    ):
        assert miniature(given) == wanted
    with pytest.raises(Refusal, match="an architecture of gpt2 is given, expected its config"):
        miniature(describe("gpt2-xl"))


def test_a_miniature_of_a_guess_is_one() -> None:
    """Of the same unknown type, so that nobody takes it for more."""
    known = {key: value for key, value in find("llama-3-8b").config.items() if key != "model_type"}
    unheard = {"model_type": "unheard_of", **known}
    for config in (unheard, {"model_type": "around", "text_config": unheard}):
        with pytest.raises(Refusal):
            miniature(config)
        small = miniature(config, guess=True)
        made = describe(small, guess=True)
        assert made.guess == "llama"
        assert made.model_type == describe(config, guess=True).model_type
        assert made.root.number("width") < 200


def test_the_whole_catalog() -> None:
    ids = [one.id for one in catalog()]
    assert set(lineage().members) == set(ids)
    assert all(name in sheet("poster").svg for name in ("GPT-2 XL", "Kimi K2"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("nothing-like-it", '"nothing-like-it" is no model of the catalog, no path and no Hub id'),
        ({}, "the config: the config has no model_type, expected the name of a family in it"),
        ({"model_type": "nope"}, 'the config: model_type is "nope", which no family describes yet'),
    ],
)
def test_what_is_no_model_is_refused_in_one_line(given: Any, said: str) -> None:
    for asked in (describe, facts, tensors, figure, compare):
        with pytest.raises(Refusal) as refused:
            asked(given)
        assert str(refused.value).startswith(said)


def test_sheets_that_are_none_are_refused() -> None:
    with pytest.raises(Refusal, match='"chart" is no sheet, expected poster, scale'):
        sheet("chart")  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="the tree takes no models, found 1"):
        sheet("tree", "gpt2-xl")
