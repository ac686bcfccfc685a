"""Checkpoints of safetensors whose weights are holes in the files: headers as a release has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import prod
from pathlib import Path
from typing import Any

from llm_gallery.architecture.block import tensors
from llm_gallery.catalog.load import find

Tensors = dict[str, tuple[str, tuple[int, ...]]]
BYTES = {
    "BF16": 2,
    "F16": 2,
    "F32": 4,
    "F8_E4M3": 1,
    "F8_E8M0": 1,
    "U8": 1,
    "I8": 1,
    "I32": 4,
    "I64": 8,
    "U32": 4,
}


def described(model: str) -> Tensors:
    """The tensors of a model of the catalog as its release stores them, in 16 bits."""
    stored = tensors(find(model).architecture.root)
    return {one.name: ("BF16", one.shape) for one in stored if not one.tied_to}


def entries(held: Tensors) -> dict[str, Any]:
    """A header's object."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, (dtype, shape) in held.items():
        start, end = end, end + prod(shape) * BYTES[dtype]
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}
    return header


def write(file: Path, header: Mapping[str, Any] | bytes, data: int | None = None) -> Path:
    """A file of a header, with as many bytes of data as its offsets say."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    if data is None:
        assert not isinstance(header, bytes)
        spans = (one["data_offsets"][1] for name, one in header.items() if name[0] != "_")
        data = max(spans, default=0)
    with file.open("wb") as opened:
        opened.write(len(text).to_bytes(8, "little") + text)
        opened.truncate(8 + len(text) + data)
    return file


def folder(place: Path, held: Tensors, model: str = "", shards: int = 1) -> Path:
    """A folder as a release has it: config, one file, or shards and their index."""
    place.mkdir(parents=True, exist_ok=True)
    if model:
        (place / "config.json").write_text(json.dumps(find(model).config))
    if shards == 1:
        write(place / "model.safetensors", entries(held))
        return place
    placed = {}
    for number in range(shards):
        file = f"model-{number + 1:05}-of-{shards:05}.safetensors"
        names = [*held][number::shards]
        write(place / file, entries({name: held[name] for name in names}))
        placed.update(dict.fromkeys(names, file))
    index = json.dumps({"metadata": {}, "weight_map": placed})
    (place / "model.safetensors.index.json").write_text(index)
    return place
