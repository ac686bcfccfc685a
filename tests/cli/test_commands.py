"""The commands: what programs rely on, word for word, and what people are told."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest

from llm_gallery.analysis.memory import CACHE_DTYPES
from llm_gallery.architecture.block import tensors
from llm_gallery.catalog.load import entries, find
from llm_gallery.catalog.model_facts import model_facts
from llm_gallery.cli import main
from llm_gallery.cli.options import Dtype
from tests.sample import models

Captured = pytest.CaptureFixture[str]
ENTRIES = entries()


def test_list_as_json(capsys: Captured) -> None:
    assert main(["list", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [model["id"] for model in found] == [entry.id for entry in ENTRIES]
    assert found[-1] == {
        "id": "gpt-1",
        "name": "GPT",
        "organization": "OpenAI",
        "repository": "openai-community/openai-gpt",
        "released": "2018-06-11",
    }


def test_list_as_text_is_plain_and_unwrapped_where_piped(capsys: Captured) -> None:
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(ENTRIES)
    assert all(line == line.rstrip() and line.isprintable() for line in lines)
    assert lines[-1].split()[0] == "gpt-1"


@pytest.mark.parametrize("model", models())
def test_facts_as_json(model: str, capsys: Captured) -> None:
    assert main(["facts", model, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == model_facts(find(model))


def test_facts_of_a_path_are_those_of_the_entry(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "config.json").write_text(json.dumps(find("deepseek-v3").entry.config))  # type: ignore[union-attr]
    said = []
    for model in (str(tmp_path), str(tmp_path / "config.json"), "deepseek-v3"):
        assert main(["facts", model, "--format", "json"]) == 0
        said.append(json.loads(capsys.readouterr().out))
        del said[-1]["id"], said[-1]["name"]
        for section in said[-1]["sheet"]:  # an entry's context is the published one
            section["facts"] = [fact for fact in section["facts"] if "context" not in fact["name"]]
    assert said[0] == said[1] == said[2] | {"context": said[2]["context_configured"]}


def test_facts_in_another_dtype(capsys: Captured) -> None:
    main(["facts", "deepseek-v3", "--format", "json", "--cache-dtype", "fp8"])
    assert json.loads(capsys.readouterr().out)["cache"]["bytes_per_token"] == 70_272 // 2


def test_every_dtype_of_the_cache_is_a_choice() -> None:
    assert get_args(Dtype) == CACHE_DTYPES


@pytest.mark.parametrize("model", models())
def test_facts_as_text(model: str, capsys: Captured) -> None:
    assert main(["facts", model]) == 0
    text = capsys.readouterr().out
    total = model_facts(find(model))["parameters"]["total"]
    assert f"{total:,}" in text
    assert "\x1b" not in text
    assert "● stated in the config" in text


def test_facts_say_what_is_in_doubt(capsys: Captured) -> None:
    said = []
    for model in ("mistral-large-4", "mistral-7b-v0.1"):
        main(["facts", model])
        said.append(capsys.readouterr().out.count("In doubt: "))
    assert said == [2, 0]


def test_tensors_as_tsv(capsys: Captured) -> None:
    assert main(["tensors", "qwen3-0.6b", "--format", "tsv"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == "name\tshape\tparameters\ttied_to\tcounted_in"
    stored = list(tensors(find("qwen3-0.6b").architecture.root))
    rows = [line.split("\t") for line in lines]
    assert [row[0] for row in rows] == [tensor.name for tensor in stored]
    assert rows[0] == ["model.embed_tokens.weight", "151936,1024", "155582464", "", "total"]
    assert rows[-1] == [
        "lm_head.weight",
        "151936,1024",
        "155582464",
        "model.embed_tokens.weight",
        "",
    ]


def test_tensors_as_text(capsys: Captured) -> None:
    assert main(["tensors", "qwen3-0.6b"]) == 0
    *_, last, total = capsys.readouterr().out.splitlines()
    assert last.split() == (
        ["lm_head.weight", "151,936", "×", "1,024", "155,582,464", "=", "model.embed_tokens.weight"]
    )
    assert total.split() == ["total", "596,049,920"]


def test_tensors_say_what_isnt_in_the_total(capsys: Captured) -> None:
    assert main(["tensors", "glm-4.5-air"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.endswith("  multi-token prediction") for line in lines) > 100
    assert [line.split()[:-1] for line in lines[-2:]] == [["total"], ["multi-token", "prediction"]]


@pytest.mark.parametrize(
    ("ending", "begins"), [("svg", b"<"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
def test_draw(ending: str, begins: bytes, tmp_path: Path) -> None:
    file = tmp_path / f"figure.{ending}"
    assert main(["draw", "llama-3-8b", "-o", str(file), "--theme", "dark"]) == 0
    assert file.read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nope"], 'Unknown command "nope".'),
        (["facts"], "MODEL requires an argument."),
        (["facts", "gpt2-xl", "--format", "yaml"], 'Choose from: "text", "json".'),
        (["facts", "gpt2-xl", "--cache-dtype", "fp7"], "Choose from:"),
        (["facts", "gpt2-xl", "surplus"], "Unused Tokens"),
        (["draw", "gpt2-xl"], "--output requires an argument."),
        (["draw", "gpt2-xl", "-o", "figure.gif"], "figure.gif ends in .gif, expected .svg, .png"),
        (["draw", "gpt2-xl", "-o", "figure"], "figure has no ending, expected .svg, .png"),
        (["draw", "gpt2-xl", "-o", "/nowhere/at/all.svg"], "can't be written"),
        (["serve", "/nowhere/at/all"], "holds no built site"),
        (["serve", "--port", "65536"], "--port is 65536, expected 0 to 65535."),
        (["serve", "--port", "x"], "--port"),
    ],
)
def test_wrong_usage(arguments: list[str], words: str, capsys: Captured) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert words in said.err


def test_refused_input(capsys: Captured) -> None:
    assert main(["facts", "xlstm-9b"]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        'llm-gallery: "xlstm-9b" is no model of the catalog, no path and no Hub id; '
        "the nearest ids are xlstm-7b, xglm-7.5b, olmo-7b\n"
    )


@pytest.mark.parametrize("option", ["--url", "--address", "--repository"])
def test_build_refuses_what_is_no_address(tmp_path: Path, capsys: Captured, option: str) -> None:
    """`--address` is what `--url` was called."""
    assert main(["build", str(tmp_path / "site"), option, "gallery"]) == 3
    named = "--url" if option == "--address" else option
    assert capsys.readouterr().err == (
        f'llm-gallery: {named} is "gallery", expected an address such as https://example.org/gallery/\n'
    )
    assert not (tmp_path / "site").exists()


def test_a_missing_package_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Captured
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    assert main(["draw", "gpt2-xl", "-o", str(tmp_path / "figure.png")]) == 2
    figure = tmp_path / "figure.png"
    assert capsys.readouterr().err == (
        f"llm-gallery: {figure} needs typst, which isn't installed: "
        'pip install "llm-architecture-gallery[export]"\n'
    )


@pytest.mark.parametrize(
    ("address", "says"),
    [
        (
            "https://huggingface.co/openai/gpt-oss-20b/blob/main/config.json",
            "give openai/gpt-oss-20b\n",
        ),
        ("https://example.org/config.json", "download what stands there, and give its path\n"),
    ],
)
def test_an_address_is_refused_with_what_to_give(address: str, says: str, capsys: Captured) -> None:
    assert main(["facts", address]) == 3
    told = capsys.readouterr().err
    assert "is an address, expected a path or a Hub id; " in told
    assert told.endswith(says)


def test_add_drafts_once(tmp_path: Path, capsys: Captured) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps(ENTRIES[-1].config))
    folder = tmp_path / "my-models"  # made with its first entry
    arguments = ["add", str(config), "--id", "a-model", "--directory", str(folder)]
    assert main(arguments) == 0
    file = folder / "a-model.toml"
    assert capsys.readouterr().out.startswith(f"{file}\n")
    before = file.read_text()
    assert "# released = " in before
    assert main(arguments) == 2
    assert "exists already" in capsys.readouterr().err
    assert file.read_text() == before


@pytest.mark.parametrize("identifier", ["../escape", "A B", "", "x/y"])
def test_add_refuses_ids_that_are_no_words(
    identifier: str, tmp_path: Path, capsys: Captured
) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps(ENTRIES[-1].config))
    assert main(["add", str(config), "--id", identifier, "--directory", str(tmp_path)]) == 2
    assert "expected lower-case words joined by dashes" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [config]


def test_help_and_version(capsys: Captured) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    for command in ("list", "facts", "tensors", "draw", "add", "build", "serve"):
        assert f" {command} " in text
    assert (
        "Exit codes: 0 done, 1 a checkpoint that isn't whole or a model that doesn't fit, 2 wrong usage, 3 the input was read and refused, 70 a fault of ours"
        in " ".join(text.split())
    )
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip()


def piped(arguments: list[str], **more: Any) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    command = [
        sys.executable,
        "-c",
        "import sys; from llm_gallery.cli import main; sys.exit(main())",
    ]
    return subprocess.run([*command, *arguments], stderr=subprocess.PIPE, **more)


def test_a_reader_that_has_had_enough() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        ran = piped(["tensors", "kimi-k2", "--format", "tsv"], stdout=pipe)
    assert (ran.returncode, ran.stderr) == (0, b"")


def test_a_full_disk() -> None:
    with Path("/dev/full").open("wb") as full:
        ran = piped(["list"], stdout=full)
    assert ran.returncode == 2
    assert ran.stderr == b"llm-gallery: The output can't be written (No space left on device).\n"


def test_closed_streams() -> None:
    command = f'"{sys.executable}" -m llm_gallery.cli facts gpt2-xl --format json >&- 2>&-'
    assert subprocess.run(command, shell=True).returncode == 0


def test_a_terminal_without_unicode() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ran = piped(["facts", "gemma-3-27b"], stdout=subprocess.PIPE, env=environment)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.isascii()


def test_streams_that_are_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["list"]) == 0
    assert "gpt2-xl" in out.getvalue()
