"""What a miniature is run on, said without numpy: the shapes of its arrays, its tables of whole numbers, its tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from llm_gallery.architecture.block import Architecture, Block, Tensor, tensors, walk
from llm_gallery.architecture.parts import with_settings
from llm_gallery.mechanisms.apart import drafting
from llm_gallery.recognition import describe
from llm_gallery.running.miniature import miniature

EPSILON = 1e-5
"""Of norms, where nothing says another."""
TOKENS = 14
"""Longer than the windows and chunks of a miniature."""
WHOLE = ("table", "multipliers", "sizes", "offsets")
"""Roles of tensors that hold whole numbers."""


class Whole(NamedTuple):
    """A tensor of whole numbers; `each` is how many rows a part of its table has, where it has parts."""

    shape: tuple[int, ...]
    role: str
    each: int


class Text(NamedTuple):
    """How many tokens, of how many different ones, the one that ends a text, if one does, and the one that is no part of any."""

    tokens: int
    vocabulary: int
    end: int | None
    padding: int | None = None


def small(config: Mapping[str, Any]) -> Architecture:
    """The miniature of a config, described. Raises Refusal as `describe` does."""
    made = describe(miniature(config))
    if "eps" in made.root.settings:
        return made
    # no key of the catalog's, and no default of the reference's
    return replace(made, root=with_settings(made.root, eps=EPSILON))


def stored(root: Block) -> list[Tensor]:
    """The tensors of a tree, without those that a checkpoint stores beside the language model."""
    return [tensor for tensor in tensors(_running(root)) if tensor.tied_to is None]


def of_module(root: Block) -> list[Tensor]:
    """The tensors of the module that drafts the token after the next, where its code is known."""
    found = drafting(root)
    if found is None:
        return []
    path, module = found
    return [*tensors(module, path)]


def integers(root: Block) -> dict[str, Whole]:
    """The tensors of whole numbers by name: a table from tokens to experts, how n-grams choose rows."""
    return {name: one for path, block in walk(_running(root)) for name, one in _whole(block, path)}


def text(root: Block) -> Text:
    """Two full groups of tokens where a model has groups, half as many again as it reads where it chooses blocks. Of equal tokens attention gives the same, whatever it attends to."""
    blocks = [block for _, block in walk(root)]
    groups = [block.number("ratio") for block in blocks if "ratio" in block.facts]
    most = 2 * max(groups) if groups else min(TOKENS, int(root.value("context") or TOKENS))
    read = [
        b.number("sparse_blocks") * b.number("sparse_block")
        for b in blocks
        if "sparse_from" in b.facts
    ]
    most = max([most, *(3 * tokens // 2 for tokens in read)])
    places = [b.number("positions") for b in blocks if "positions" in b.facts]
    ends = [end for block in blocks if (end := block.settings.get("end")) is not None]
    padding = next((b.settings["padding"] for b in blocks if "padding" in b.settings), None)
    words = [b.number("vocabulary") for b in blocks if any(t.role == "added" for t in b.tensors)]
    vocabulary = max([root.number("vocabulary"), *words])  # those that no head scores are read, too
    return Text(min([most, *places]), vocabulary, next(iter(ends), None), padding)


def _whole(block: Block, path: str) -> Iterator[tuple[str, Whole]]:
    for tensor in block.tensors:
        if tensor.role in WHOLE:
            each = block.number("rows") // tensor.shape[0] if "rows" in block.facts else 0
            yield tensor.full_name(path), Whole(tensor.shape, tensor.role, each)


def _running(block: Block) -> Block:
    """A tree without what a checkpoint stores beside the language model."""
    inside = tuple(_running(part) for part in block.inside if not part.stands_apart)
    return replace(block, inside=inside)
