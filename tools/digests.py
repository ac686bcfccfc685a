"""What a description and the reference are compared by: names and shapes as one hash, and bytes of cache."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from llm_gallery.analysis.memory import cache
from llm_gallery.architecture.block import Block, tensors
from tools.generated import ROOT

LENGTHS = (16, 4096, 16384)
"""Tokens after which caches are compared: windows filling, some full, all full."""

Shapes = Mapping[str, tuple[int, ...]]

DIFFERENCES: Mapping[str, Any] = tomllib.loads(
    (ROOT / "tests/truth/differences.toml").read_text("utf-8")
)
"""Where descriptions and the reference differ, and why."""


def digest(shapes: Shapes) -> str:
    """sha256 over one line a tensor, "name rows,columns", in the order of the names."""
    lines = sorted(f"{name} {','.join(map(str, shape))}\n" for name, shape in shapes.items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def described(root: Block) -> Shapes:
    """The tensors that the reference builds too: all but the multi-token-prediction modules, tied ones once."""
    return {
        tensor.name: tensor.shape
        for block in root.inside
        if block.kind != "multi_token_prediction"
        for tensor in tensors(block)
        if tensor.tied_to is None
    }


def tied(root: Block) -> Mapping[str, str]:
    """The tensors that share another's storage, and that other's name."""
    return {tensor.name: tensor.tied_to for tensor in tensors(root) if tensor.tied_to}


def cached_bytes(root: Block, length: int) -> int:
    """Our cache in bf16 after `length` tokens, counted as the reference does: the token that is being
    decoded is part of a window, so its cache keeps one token less (caveat 11)."""
    rows = cache(root).rows
    kept = [row if row.window is None else replace(row, window=row.window - 1) for row in rows]
    return sum(row.bytes_at(length) for row in kept)


def folded(name: str) -> str:
    """A name with its numbers as stars: one word for the same tensor of every layer."""
    return re.sub(r"\.\d+(?=\.)", ".*", name)


def spelled(model_type: str, shapes: Shapes) -> Shapes:
    """The reference's tensors under the checkpoint's names, without what is computed anew."""
    for difference in (d for d in DIFFERENCES["spelled"] if d["model_type"] == model_type):
        shapes = {re.sub(difference["name"], difference["ours"], n): s for n, s in shapes.items()}
    for difference in (d for d in DIFFERENCES["transposed"] if d["model_type"] == model_type):
        shapes = {
            n: (*s[:-2], s[-1], s[-2]) if re.search(difference["name"], n) else s
            for n, s in shapes.items()
        }
    for difference in (d for d in DIFFERENCES["recomputed"] if d["model_type"] == model_type):
        shapes = {n: s for n, s in shapes.items() if not re.search(difference["name"], n)}
    return shapes
