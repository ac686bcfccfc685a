"""The public names: which they are, what they take, and that they cost nothing until one is used."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

import llm_gallery
from llm_gallery import (
    Refusal,
    catalog,
    code,
    compare,
    describe,
    difference,
    explain,
    facts,
    figure,
    fit,
    lineage,
    miniature,
    nearest,
    run,
    sheet,
    tensors,
)
from llm_gallery.catalog.descent import Lineage
from llm_gallery.catalog.load import find
from llm_gallery.catalog.model_facts import Facts
from llm_gallery.cli import main
from llm_gallery.figure import Figure

NAMES = (
    ["Refusal", "catalog", "check", "code", "compare", "describe", "difference", "explain", "facts", "figure", "fit", "lineage", "miniature", "nearest",
     "quants", "run", "sheet", "tensors"]
)  # fmt: skip


def test_the_public_names_are_these() -> None:
    assert dir(llm_gallery) == llm_gallery.__all__ == NAMES
    for name in NAMES:
        assert callable(getattr(llm_gallery, name))
        assert getattr(llm_gallery, name).__doc__


def test_a_name_is_typed_as_what_its_home_makes() -> None:
    """What a checker reads and what is imported are one table."""
    tree = ast.parse(Path(llm_gallery.__file__).read_text("utf-8"))
    typed = {
        name.name: node.module
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }
    assert typed == {name: f"llm_gallery.{home}" for name, home in llm_gallery._HOMES.items()}


def ran(code: str) -> str:
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return found.stdout.strip()


@pytest.mark.parametrize("room", ["figure", "lineage", "catalog", "code", "quants"])
def test_a_name_is_no_room(room: str) -> None:
    """Five names are those of folders, which may be imported before the name is used."""
    code = f"from llm_gallery.{room} import __name__"
    said = ran(f"{code}; import llm_gallery; print(type(llm_gallery.{room}).__name__)")
    assert said == "function"


SMALL: dict[str, Any] = {
    "model_type": "llama", "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 2,
    "num_attention_heads": 2, "num_key_value_heads": 1, "vocab_size": 64, "max_position_embeddings": 128,
}  # fmt: skip
"""A model that runs at once."""


def ran_on(given: Any, **named: Any) -> Any:
    """The scores of three tokens, with random weights."""
    draw = np.random.default_rng(0).standard_normal
    weights = {one.name: draw(one.shape) for one in tensors(given, **named)}
    return run(given, weights, [1, 2, 3], **named)


TAKING: dict[str, Callable[..., Any]] = {
    "code": code,
    "compare": lambda given, **named: compare(given, "gpt2-xl", **named),
    "describe": describe,
    "difference": lambda given, **named: difference(given, "gpt2-xl", **named),
    "explain": explain,
    "facts": facts,
    "figure": figure,
    "miniature": miniature,
    "nearest": nearest,
    "run": ran_on,
    "sheet": lambda given, **named: sheet("scale", given, **named),
    "tensors": lambda given, **named: [*tensors(given, **named)],
}
"""Every public function that takes a model."""


def test_every_function_that_takes_a_model_is_asked() -> None:
    """But `quants` and `fit`, which take a model that an engine runs: their own tests have them."""
    assert {*TAKING} == {*NAMES} - {"Refusal", "catalog", "check", "fit", "lineage", "quants"}


def said(made: Any) -> Any:
    """What can be compared of a result."""
    if isinstance(made, Figure):
        return made.svg
    if hasattr(made, "to_json"):
        return made.to_json()
    return made[0].tolist() if isinstance(made, tuple) else made


@pytest.mark.parametrize("name", TAKING)
def test_a_model_is_given_in_many_ways(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is given, it is the same model; only its name is that of the place."""
    folder = tmp_path / "llama"  # what a config alone is called
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(SMALL))
    monkeypatch.chdir(tmp_path)
    ways: list[Any] = [SMALL, folder, folder / "config.json", str(folder), "llama/config.json"]
    if name != "miniature":  # which needs the config
        ways.append(describe(SMALL))
    first, *others = (said(TAKING[name](way)) for way in ways)
    assert all(other == first for other in others)
    if name != "run":  # whose weights would be large
        assert said(TAKING[name]("GPT-2 XL")) == said(TAKING[name]("openai-community/gpt2-xl"))


@pytest.mark.parametrize("name", TAKING)
def test_a_config_of_unknown_type_is_guessed(name: str) -> None:
    unknown = {**SMALL, "model_type": "never_heard_of"}
    with pytest.raises(Refusal, match="which no family describes yet"):
        TAKING[name](unknown)
    if name in ("code", "run"):  # a guess may be told, and is nothing to compute with
        with pytest.raises(Refusal, match="its type is unknown, and llama only stands in for it"):
            TAKING[name](unknown, guess=True)
    else:
        assert said(TAKING[name](unknown, guess=True))


@pytest.mark.parametrize("name", TAKING)
@pytest.mark.parametrize(
    "given", [None, 5, b"gpt2-xl", ["gpt2-xl"]], ids=lambda given: type(given).__name__
)
def test_what_is_no_model_is_said_to_be_none(name: str, given: Any) -> None:
    with pytest.raises(
        Refusal, match=f"a model is given as {type(given).__name__}, expected its name"
    ):
        TAKING[name](given)


WRONG: list[tuple[Callable[..., Any], dict[str, Any], str]] = [
    (figure, {"detail": "big"}, 'detail is "big", expected one of card, paper, slide, phone, column, standard, full'),
    (figure, {"text": "curves"}, 'text is "curves", expected one of outlines, live'),
    (figure, {"theme": "neon"}, 'theme is "neon", expected one of light, dark, print'),
    (figure, {"detail": ["full"]}, "detail is a list of 1 value, expected one of card"),
    (TAKING["difference"], {"detail": "full"}, 'detail is "full", expected one of phone, column, standard'),
    (TAKING["difference"], {"theme": ""}, 'theme is "", expected one of light'),
    (TAKING["sheet"], {"theme": "neon"}, 'theme is "neon", expected one of light'),
    (facts, {"dtype": "fp7"}, 'dtype is "fp7", expected one of fp32, bf16, fp16, fp8, int8, int4'),
    (lambda given, **named: figure(given).png(**named), {"scale": 0}, "scale is 0, expected more than 0 and at most 50"),
    (lambda given, **named: figure(given).save("x.png", **named), {"scale": -1}, "scale is -1, expected more than 0"),
    (lambda given, **named: figure(given).png(**named), {"scale": float("nan")}, "scale is nan, expected more than 0"),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "named", "words"), WRONG)
def test_arguments_are_checked_at_the_call(
    asked: Callable[..., Any], named: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refusal) as refused:
        asked("gpt2-xl", **named)
    assert str(refused.value).startswith(words)


@cache
def tree() -> Lineage:
    """Worked out once."""
    return lineage()


def results() -> dict[str, Any]:
    """What each public function gives; text and a config are what they are, and shown whole."""
    scores, past = ran_on(SMALL)
    return {
        "catalog": catalog(),
        "compare": compare("deepseek-v3", "kimi-k2"),
        "describe": describe("deepseek-v3"),
        "difference": difference("gpt2-xl", "llama-3-8b"),
        "explain": explain("deepseek-v3"),
        "facts": facts("deepseek-v3"),
        "figure": figure("gpt2-xl"),
        "figure's steps": figure("gpt2-xl").steps(),
        "fit": fit("gpt2-xl", on="rtx-4090"),
        "lineage": tree(),
        "lineage's parent": tree().parent("Kimi K2"),
        "nearest": nearest("deepseek-v3"),
        "run's scores": scores,
        "run's past": past,
        "sheet": sheet("scale", "gpt2-xl"),
        "tensors": tensors("deepseek-v3"),
    }


LONGEST = 500
"""Characters of a line that shows something; of a collection, of each thing in it."""


def shown(value: Any) -> Iterator[Any]:
    """What is seen of a value: itself, or what a plain collection holds."""
    if type(value) in (tuple, list):
        for inner in value:
            yield from shown(inner)
    elif isinstance(value, Mapping) and type(value) is not Facts:
        for inner in value.values():
            yield from shown(inner)
    else:
        yield value


def attributes(made: Any) -> Iterator[tuple[str, Any]]:
    """What is reached by one name that isn't private, is no text and is called for nothing."""
    for name in dir(type(made)):
        if not name.startswith(("_", "gi_")) and not callable(getattr(type(made), name)):
            yield name, getattr(made, name)
    yield from (
        (name, value) for name, value in getattr(made, "__dict__", {}).items() if name[0] != "_"
    )


def test_all_that_is_public_shows_itself_in_a_line() -> None:
    made = results()
    assert {name.partition("'")[0] for name in made} == {*NAMES} - {
        "Refusal",
        "check",
        "code",
        "miniature",
        "quants",
    }
    for name, result in made.items():
        if isinstance(result, np.ndarray):
            continue
        assert len(repr(result)) <= LONGEST, name
        if isinstance(result, Iterator):
            continue
        for attribute, value in attributes(result):
            for one in shown(value):
                if not isinstance(one, str | np.ndarray):  # which numpy shortens
                    assert len(repr(one)) <= LONGEST, f"{name}.{attribute}: {repr(one)[:80]}"


def test_a_line_is_as_long_for_a_large_model_as_for_a_small_one() -> None:
    for asked in (describe, facts, figure, explain):
        lines = [len(repr(asked(given))) for given in ("qwen3-0.6b", "deepseek-v3")]
        assert abs(lines[0] - lines[1]) < 20, lines


COMMANDS: list[tuple[str, Callable[[], Any], list[str], list[str]]] = [
    ("catalog", catalog, ["list"], ["text"]),
    ("facts", lambda: facts("gpt2-xl"), ["facts", "gpt2-xl"], ["text"]),
    ("explain", lambda: explain("gpt2-xl"), ["explain", "gpt2-xl"], ["text", "markdown"]),
    ("compare", lambda: compare("gpt2-xl", "llama-3-8b"), ["diff", "gpt2-xl", "llama-3-8b"], ["text", "markdown"]),
    ("nearest", lambda: nearest("gpt2-xl"), ["nearest", "gpt2-xl"], ["text", "markdown"]),
    ("lineage", tree, ["lineage"], ["text", "markdown"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "asked", "command", "forms"),
    COMMANDS,
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_results_write_themselves_as_their_commands_do(
    name: str,
    asked: Callable[[], Any],
    command: list[str],
    forms: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("llm_gallery.cli.catalog_commands.members", tuple)
    monkeypatch.setattr("llm_gallery.cli.catalog_commands.lineage", lambda _: tree())
    result = asked()
    for form in forms:
        assert main([*command, "--format", form] if form != "text" else command) == 0
        assert getattr(result, form)() == capsys.readouterr().out
    assert main([*command, "--format", "json"]) == 0
    assert json.loads(json.dumps(result.to_json())) == json.loads(capsys.readouterr().out)


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
    assert set(tree().members) == set(ids)
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


class Live:
    """A config as transformers has one."""

    model_type = "qwen3"

    def to_dict(self) -> dict[str, Any]:
        """Its keys."""
        return dict(find("qwen3-0.6b").config)


def test_a_live_model_and_its_config_are_models() -> None:
    class LiveModel:
        config = Live()

    for live in (Live(), LiveModel()):
        assert describe(live).root == describe("qwen3-0.6b").root
        assert facts(live)["parameters"]["total"] == 596_049_920
    with pytest.raises(Refusal, match="a model is given as object"):
        describe(cast(Any, object()))
