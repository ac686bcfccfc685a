"""The answer to dropped files: the command's words in tables, the config beside, and what is meant by several files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.check import check
from llm_gallery.catalog.dropped import dropped
from llm_gallery.catalog.load import find
from tests import checkpoint_headers, gguf_files

MODEL = "qwen3-0.6b"
KEYS = {
    "general.architecture": "llama",
    "llama.block_count": 1,
    "llama.embedding_length": 64,
    "llama.feed_forward_length": 128,
    "llama.attention.head_count": 4,
    "llama.attention.layer_norm_rms_epsilon": 1e-5,
    "llama.context_length": 512,
    "llama.vocab_size": 100,
}
TENSORS = {
    "token_embd.weight": gguf_files.half(100, 64),
    "output_norm.weight": (0, (64,), 256),
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, into which files are mounted."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def words(value: Any) -> Iterator[str]:
    """Every text in plain data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from words(inner)


def names(place: Path) -> list[str]:
    return [f"{place.name}/{file.name}" for file in place.iterdir()]


@pytest.mark.parametrize("fault", ["", "lost", "grown", "cut", "visual"])
def test_tables_say_what_the_text_says(here: Path, fault: str) -> None:
    """Each word of the tables stands in the command's text, and each word of that in the tables."""
    held = checkpoint_headers.described(MODEL)
    if fault == "lost":
        del held["model.layers.3.mlp.up_proj.weight"], held["model.norm.weight"]
    if fault == "grown":
        held["model.layers.3.mlp.up_proj.weight"] = ("F32", (4096, 1024))
        held["lm_head.weight"] = ("BF16", (151936, 1024))
    if fault == "visual":
        held["visual.merger.weight"] = ("BF16", (64, 64))
    place = checkpoint_headers.folder(here / "files", held, MODEL)
    if fault == "cut":
        with (place / "model.safetensors").open("r+b") as opened:
            opened.truncate(10**9)
    report = check("files")
    answer = dropped(names(place))
    assert json.loads(answer["config"]) == find(MODEL).config
    assert answer["report"]["state"] == report.verdict
    shown = set(re.findall(r"[\w.{}%-]+", " ".join(words(answer["report"]))))
    text = re.sub(r"\((\d+)\)", r"\1", report.text())
    written = set(re.findall(r"[\w.{}%-]+", text))
    headings = {"Files", "By", "part", "type", "tensors", "bytes", "parameters"}
    assert written - shown <= headings
    assert shown - written <= {"Part", "Type"}


def test_a_gguf_is_called_as_its_file(here: Path) -> None:
    gguf_files.write(here / "my-llama.gguf", KEYS, TENSORS)
    answer = dropped(["my-llama.gguf"])
    assert answer["report"]["place"] == "my-llama.gguf"
    config = json.loads(answer["config"])
    assert config["_name_or_path"] == "my-llama"
    assert config["hidden_size"] == 64


def test_of_several_ggufs_the_model_s_is_taken(here: Path) -> None:
    """A projector and a config beside it change nothing; several models are refused."""
    place = here / "files"
    place.mkdir()
    (place / "config.json").write_text("{}")
    for name in ("mmproj-F16.gguf", "tiny.gguf"):
        gguf_files.write(place / name, KEYS, TENSORS)
    answer = dropped(names(place))
    assert answer["report"]["summary"][0].startswith("llama, 1 file of GGUF")
    assert json.loads(answer["config"])["_name_or_path"] == "tiny"
    gguf_files.write(place / "tiny-Q8_0.gguf", KEYS, TENSORS)
    (place / "config.json").unlink()
    assert dropped(names(place)) == {
        "refused": "files holds tiny-Q8_0.gguf, tiny.gguf, expected one model; give one of the files"
    }


def test_the_files_of_a_split_are_one(here: Path) -> None:
    place = here / "files"
    place.mkdir()
    for number, name in enumerate(TENSORS):
        keys = {"split.no": number, "split.count": 2, "split.tensors.count": 2}
        held = {name: TENSORS[name]}
        more = KEYS if number == 0 else {}
        gguf_files.write(place / f"m-0000{number + 1}-of-00002.gguf", more | keys, held)
    report = dropped(names(place))["report"]
    assert report["summary"][0].startswith("llama, 2 files of GGUF")


def test_a_config_without_weights_is_given_with_the_refusal(here: Path) -> None:
    place = here / "files"
    place.mkdir()
    (place / "config.json").write_text(json.dumps(find(MODEL).config))
    (place / "README.md").write_text("A model.")
    with pytest.raises(Refusal) as refused:
        check("files")
    answer = dropped(names(place))
    assert answer["refused"] == str(refused.value)
    assert json.loads(answer["config"]) == find(MODEL).config
    (place / "config.json").write_text("{")
    assert set(dropped(names(place))) == {"refused"}
