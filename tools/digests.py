"""What a description and the reference are compared by: names and shapes as one hash, and bytes of cache."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from llm_gallery.analysis.memory import cache
from llm_gallery.architecture.block import Block, layers, tensors, walk
from llm_gallery.families import saved
from tools.generated import ROOT

SHORT, LONG, LONGER = 16, 4096, 16384
"""Tokens after which caches are compared: windows filling, most full, all full."""

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


def lengths(model: str, root: Block) -> tuple[int, ...]:
    """After how many tokens a model's cache is compared: two points fix a line, windows need more."""
    said = [*DIFFERENCES["not_measured"], *DIFFERENCES["measured_early"]]
    at = next((line["lengths"] for line in said if model in line["models"]), None)
    if at is not None:
        return tuple(at)
    windows = [row.window for row in cache(root).rows if row.window is not None]
    return (SHORT, LONG, LONGER) if any(w > LONG for w in windows) else (SHORT, LONG)


def cached_bytes(root: Block, length: int) -> int:
    """Our cache in bf16 after `length` tokens, counted as the reference does.

    The token that is being decoded is part of a window, so its cache keeps one token less (caveat 11).
    """
    rows = cache(root).rows
    kept = [row if row.window is None else row._replace(window=row.window - 1) for row in rows]
    found = [block for layer in layers(root) for _, block in walk(layer)]
    beside = sum(uncounted(block, length) for block in found)
    if any("pooled" in block.facts and "kept" not in block.facts for block in found):
        beside += 3 * 8 * length  # Qwen4: the first indexer's three positions of each token
    return sum(row.bytes_at(length) for row in kept) + beside


def uncounted(block: Block, length: int) -> int:
    """Bytes that the reference keeps for a block beside what we count: its [[beside]] says why we don't."""
    if block.kind == "indexer" and "kept" in block.facts and block.child("compressor") is None:
        return 2 * length  # GLM-5.3: whether the token is one, or padding
    # DeepSeek V4: layers that see a window alone keep keys and values apart.
    if block.kind == "compressed_attention" and block.child("compressor") is None:
        return 2 * block.number("head_dim") * min(length, block.number("window") - 1)
    if block.kind == "compressor":
        # DeepSeek V4: the open group, and the last one where groups overlap.
        dim, ratio = block.number("head_dim"), block.number("ratio")
        rows = block.inside[0].number("outputs")
        still_open = (length % ratio) * rows * (2 + 2)
        rounded = 2 * (length // ratio * dim - dim // ratio * length)
        before = ratio * dim * (2 + 4) if rows > dim and length >= ratio else 0
        return still_open + rounded + before
    return 0


def folded(name: str) -> str:
    """A name with its numbers as stars: one word for the same tensor of every layer."""
    return re.sub(r"\.\d+(?=\.)", ".*", name)


def renamed(model_type: str, tied: Mapping[str, str]) -> Mapping[str, str]:
    """The reference's tied tensors under the checkpoint's names."""
    released = saved(model_type).released
    tied = {released(a): released(b) for a, b in tied.items()}
    for difference in (d for d in DIFFERENCES["passed_on"] if d["model_type"] == model_type):
        tied = {a: b for a, b in tied.items() if not re.search(difference["name"], a)}
    return tied


def spelled(model_type: str, shapes: Shapes) -> Shapes:
    """The reference's tensors under the checkpoint's names, without what is computed anew."""
    shapes = {saved(model_type).released(n): s for n, s in shapes.items()}
    for difference in (d for d in DIFFERENCES["transposed"] if d["model_type"] == model_type):
        shapes = {
            n: (*s[:-2], s[-1], s[-2]) if re.search(difference["name"], n) else s
            for n, s in shapes.items()
        }
    for difference in (d for d in DIFFERENCES["recomputed"] if d["model_type"] == model_type):
        shapes = {n: s for n, s in shapes.items() if not re.search(difference["name"], n)}
    for names, rows in recut(model_type, shapes):
        shapes = {
            **shapes,
            **{n: (row, *shapes[n][1:]) for n, row in zip(names, rows, strict=True)},
        }
    return shapes


def recut(model_type: str, shapes: Shapes) -> Iterator[tuple[list[str], list[int]]]:
    """Tensors that saving cuts out of one at the wrong rows: their names, and how many rows each has."""
    for difference in (d for d in DIFFERENCES["recut"] if d["model_type"] == model_type):
        first, whose = difference["names"][0], difference["rows_of"]
        for name in (name for name in shapes if first in name):
            parts = [name.replace(first, part) for part in difference["names"]]
            rows = [shapes[name.replace(first, other)][0] for other in whose]
            rest = sum(shapes[part][0] for part in parts) - sum(rows)
            yield parts, rows if len(rows) == len(parts) else [*rows, rest]
