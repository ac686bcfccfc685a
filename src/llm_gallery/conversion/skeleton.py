"""A GGUF of a model with a hole for its weights: what llama-quantize and llama-fit-params ask of a file before it is there.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, version 3
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Any

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.conversion.converted import Conversion
from llm_gallery.sources.gguf_types import TYPES

MARK = "llm_gallery.skeleton"
"""The key that says that a file has no weights."""
ALIGNMENT = 32
NUMBERS = {kind.name: number for number, kind in TYPES.items()}
UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
"""GGUF's numbers of the types of values."""
FLOATS = (
    "freq_base",
    "freq_base_swa",
    "epsilon",
    "factor",
    "attn_factor",
    "mscale",
    "scale",
    "softcapping",
    "temperature_scale",
    "clamp_kqv",
    "alibi_bias",
    "beta_fast",
    "beta_slow",
    "ext_factor",
    "log_multiplier",
    "alpha",
)
"""Ends of keys that the engines read as 32 bits of a float, also where a config has a whole number."""


def write(file: Path, conversion: Conversion, name: str, half: str) -> None:
    """Writes a model's keys, a made-up vocabulary and its list of tensors; the weights are a hole of the file.

    `half` is the type of 16 bits that matrices have. Raises Refusal where the model has no embedding.
    """
    types = {tensor.name: "F32" if tensor.single else half for tensor in conversion.tensors}
    listed, offset = [], 0
    for tensor in conversion.tensors:
        kind = types[tensor.name]
        shape = tensor.shape
        listed.append(
            _text(tensor.name) + struct.pack(f"<I{len(shape)}Q", len(shape), *reversed(shape))
        )
        listed.append(struct.pack("<IQ", NUMBERS[kind], offset))
        size = prod(shape) * TYPES[NUMBERS[kind]].bytes
        offset += -(-size // ALIGNMENT) * ALIGNMENT
    pairs = [_text(key) + _value(key, held) for key, held in _keys(conversion, name, half).items()]
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(conversion.tensors), len(pairs))
    data = head + b"".join((*pairs, *listed))
    with file.open("wb") as opened:
        opened.write(data)
        opened.truncate(-(-len(data) // ALIGNMENT) * ALIGNMENT + offset)


def _keys(conversion: Conversion, name: str, half: str) -> Mapping[str, Any]:
    """All keys: the model's, what the file is, and a vocabulary of as many tokens as the embedding has rows."""
    rows = next((t.shape[0] for t in conversion.tensors if t.name == "token_embd.weight"), 0)
    if not rows:
        raise Refusal(
            f"{name} has no token_embd.weight, expected one: a vocabulary is made of its rows"
        )
    return {
        **conversion.keys,
        "general.type": "model",
        "general.name": name,
        "general.quantization_version": 2,
        "general.file_type": {"F16": 1, "BF16": 32}[half],
        MARK: True,
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": [*_tokens(rows)],
        "tokenizer.ggml.scores": [0.0] * rows,
        "tokenizer.ggml.token_type": [1] * rows,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": min(2, rows - 1),
    }


def _tokens(count: int) -> Iterator[str]:
    """Made-up tokens; among them a line break and the ends of texts, which the engines look up."""
    named = ("<unk>", "<s>", "</s>", "<0x0A>", "<|endoftext|>")[:count]
    yield from named
    yield from (f"token {number}" for number in range(len(named), count))


def _text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def _value(key: str, held: Any) -> bytes:
    """A value after the number of its type; a whole number is a float where the engines read one."""
    kind = _kind(key, held)
    if kind != ARRAY:
        return struct.pack("<I", kind) + _plain(kind, held)
    inner = _kind(key, held[0]) if held else INT32
    inner = INT32 if inner == UINT32 else inner
    items = b"".join(_plain(inner, item) for item in held)
    return struct.pack("<IIQ", ARRAY, inner, len(held)) + items


def _kind(key: str, held: Any) -> int:
    match held:
        case bool():
            return BOOL
        case str():
            return STRING
        case list() | tuple():
            return ARRAY
        case float():
            return FLOAT32
        case _:
            return FLOAT32 if key.endswith(FLOATS) else UINT32


def _plain(kind: int, held: Any) -> bytes:
    if kind == STRING:
        return _text(held)
    return struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], held)
