"""The keys of a GGUF: from what llama.cpp's converter writes of a config comes the tree of the config."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_gallery import describe
from llm_gallery.architecture.block import Block, walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from tests.gguf_files import half, write

KEYS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "gguf_keys.json").read_text("utf-8")
)["keys"]
OF_THE_ENTRY = {"context", "configured_context"}


def tree(root: Block) -> Iterator[Any]:
    """What is compared: paths, tensors and values of facts, without where they are stated."""
    for path, block in walk(root):
        values = {k: f.value for k, f in block.facts.items() if k not in OF_THE_ENTRY}
        yield path, block.kind, block.tensors, values


def written(folder: Path, model: str) -> Path:
    """A file of these keys, with the tensors that tell what no key does."""
    root = find(model).architecture.root
    rows = half(root.number("vocabulary"), root.number("width"))
    tensors = {"token_embd.weight": rows}
    if root.value("tied") is not True:
        tensors["output.weight"] = rows
    stored = {f"{path}.{tensor.name}" for path, block in walk(root) for tensor in block.tensors}
    if any(name.endswith("q_proj.bias") for name in stored):
        tensors["blk.0.attn_q.bias"] = half(4)
    return write(folder / "model.gguf", KEYS[model], tensors)


@pytest.mark.parametrize("model", KEYS)
def test_keys_give_the_tree_of_the_config(model: str, tmp_path: Path) -> None:
    found = describe(written(tmp_path, model))
    assert [*tree(found.root)] == [*tree(find(model).architecture.root)]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"general.architecture": "unheard"}, r'is a GGUF of architecture "unheard", expected one of \d+ that are mapped, such as [\w.-]+, [\w.-]+, [\w.-]+; give the config.json'),
        ({"general.architecture": "clip", "general.type": "mmproj"}, r"is the projector \(mmproj\) of a model, expected a language model"),
        ({"general.architecture": "llama", "general.type": "adapter"}, 'is "adapter", expected a language model'),
    ],
)  # fmt: skip
def test_what_no_tree_is_made_of_is_refused(
    keys: dict[str, Any], said: str, tmp_path: Path
) -> None:
    with pytest.raises(Refusal, match=said):
        describe(write(tmp_path / "x.gguf", keys, {}))
