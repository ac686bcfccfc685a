"""A checkpoint folder as the Hub has them: one file, or shards and their index; the format as its specification says it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

DTYPES = {
    "int64": "I64",
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "uint16": "BF16",
    "uint8": "F8_E4M3",
}
"""Of numpy, which has neither bfloat16 nor float8: their bits are integers."""


def written(folder: Path, arrays: Mapping[str, Any], shards: int = 1) -> None:
    """Writes arrays under their names; several shards take turns."""
    if shards == 1:
        _file(folder / "model.safetensors", arrays, [*arrays])
        return
    index = {}
    for number in range(shards):
        file = f"model-{number + 1:05}-of-{shards:05}.safetensors"
        names = [*arrays][number::shards]
        _file(folder / file, arrays, names)
        index.update(dict.fromkeys(names, file))
    text = json.dumps({"metadata": {}, "weight_map": index})
    (folder / "model.safetensors.index.json").write_text(text)


def _file(path: Path, arrays: Mapping[str, Any], names: Sequence[str]) -> None:
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name in names:
        held = arrays[name]
        span = [end, end := end + held.nbytes]
        shape = list(held.shape)
        header[name] = {"dtype": DTYPES[held.dtype.name], "shape": shape, "data_offsets": span}
    text = json.dumps(header).encode()
    raw = [len(text).to_bytes(8, "little"), text, *(arrays[name].tobytes() for name in names)]
    path.write_bytes(b"".join(raw))


def halved(array: Any) -> Any:
    """float32 as the bits of bfloat16: its first half."""
    return (np.asarray(array, np.float32).view(np.uint32) >> 16).astype(np.uint16)
