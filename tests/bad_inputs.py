"""Bad input by name: what `refusals.toml` can't hold as text, made on the spot."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def written_input(folder: Path, name: str) -> Path:
    """A file or place of that name below the folder."""
    file = folder / "config.json"
    if name in PLACES:
        return PLACES[name](folder)
    file.write_bytes(FILES[name]())
    return file


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "pipe.json")
    return folder / "pipe.json"


def _large(folder: Path) -> Path:
    with (folder / "config.json").open("wb") as opened:
        opened.truncate(50 * 10**6)
    return folder / "config.json"


PLACES: dict[str, Callable[[Path], Path]] = {
    "missing": lambda folder: folder / "absent" / "config.json",
    "folder": lambda folder: folder,
    "pipe": _pipe,
    "50 MB": _large,
}

FILES: dict[str, Callable[[], bytes]] = {
    "binary": lambda: bytes(range(256)) * 64,
    "utf-16": lambda: '{"model_type": "llama"}'.encode("utf-16"),
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(40),
    "gzip": lambda: b"\x1f\x8b\x08" + bytes(40),
    "tar": lambda: b"model_config.yaml".ljust(257, b"\0") + b"ustar\0" + bytes(300),
    "onnx": lambda: b"\x08\x08\x12\x07pytorch" + bytes(40),
    "sentencepiece": lambda: b"\n\x0e\n\x05<unk>\x15\0\0\0\0\x18\x02",
    "a tokenizer of 200,000 tokens": lambda: (
        b'{\n  "version": "1.0",\n  "truncation": null, "model": {"vocab": {'
        + b",".join(b'"t%d": %d' % (i, i) for i in range(200_000))
        + b"}}}"
    ),
    "an index of 200,000 tensors": lambda: (
        b'{"metadata": {"total_size": 1}, "weight_map": {'
        + b",".join(b'"layers.%d": "model-00001-of-00002.safetensors"' % i for i in range(200_000))
        + b"}}"
    ),
    "8 MB of empty lists": lambda: b"[" + b"[]," * 2_700_000 + b"[]]",
    "a million keys": lambda: _keys(1_000_000),
    "100,000 keys": lambda: _keys(100_000),
    "10,000 deep": lambda: b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "100 deep": lambda: b'{"model_type": "llama", "a": ' + b"[" * 100 + b"]" * 100 + b"}",
    "5,000 digits": lambda: b'{"model_type": "llama", "hidden_size": ' + b"9" * 5_000 + b"}",
    "a model_type of 10,000 letters": lambda: json.dumps({"model_type": "llama" * 2_000}).encode(),
    "an activation of 500 letters": lambda: json.dumps(
        {"model_type": "llama", "hidden_act": "silu" * 125}
    ).encode(),
}


def _keys(count: int) -> bytes:
    pairs: dict[str, Any] = {"model_type": "llama"}
    pairs.update((f"k{i}", i) for i in range(count))
    return json.dumps(pairs, separators=(",", ":")).encode()
