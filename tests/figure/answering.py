"""Which blocks of a tree a figure must answer for, and what of it answers with nothing."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import replace

from llm_gallery.architecture.block import Block, children, walk
from llm_gallery.figure.kit.painting import extent
from llm_gallery.figure.kit.shapes import About, Bounds, Line, Picture, Shape, Text
from llm_gallery.mechanisms.scalars import of_tree
from tests.figure.gates import words
from tests.figure.gates.flattened import flat

OUTER = (
    "embedding",
    "patcher",
    "position_embedding",
    "segment_embedding",
    "position_bias",
    "head",
    "exit_gate",
    "per_layer_embedding",
)


def asked(root: Block) -> Iterator[tuple[str, Block]]:
    """Every mixer, every norm that isn't in one, and what stands around the stack, with its path; an object once."""
    seen: set[int] = set()
    todo = [(root.name, root)]
    while todo:
        path, block = todo.pop()
        if block.other_modality or id(block) in seen:
            continue
        seen.add(id(block))
        whole = block.on_tokens or block.on_channels or block.is_norm or block.stands_apart
        if whole or block.kind in OUTER:
            yield path, block
        elif not block.connects:  # its parts are those of the inset of the streams
            todo += reversed([*children(path, block)])


def unanswered(root: Block, page: Picture) -> tuple[str, ...]:
    """The paths that no element has, nor that of a block equal but for its name; the first of some modules answers for all."""
    held: set[str] = set()
    for about in _abouts(page):
        held |= {about.path, *dict(about.data).get("also", "").split(" ")}
    blocks = [block for path, block in walk(root) if path in held]
    apart = {block.kind for block in blocks if block.stands_apart}
    return tuple(
        f"nothing answers for {path}"
        for path, block in asked(root)
        if path not in held
        and not _by_parts(path, block, held)
        and block.kind not in apart
        and not any(block is other or replace(block, name=other.name) == other for other in blocks)
    )


def _by_parts(path: str, block: Block, held: Container[str]) -> bool:
    """One without a name stores nothing itself: its parts may answer."""
    return not block.name and all(below in held for below, _ in children(path, block))


def untitled(root: Block, page: Picture) -> tuple[str, ...]:
    """What answers with no words, and scalars that neither answer nor stand on what does."""
    silent = [f"{a.path} says nothing" for a in _abouts(page) if a.path and not a.title.strip()]
    shapes = flat(page)
    grounds = [extent(s) for s in shapes if not isinstance(s, Text | Line) and _answers(s)]
    written = {scalar.written for scalar in of_tree(root)}
    texts = [s for s in shapes if isinstance(s, Text) and s.inside and words(s) in written]
    bare = [t for t in texts if not _answers(t) and not any(_on(t.bounds, g) for g in grounds)]
    return (*silent, *(f'"{words(text)}" has no title' for text in bare))


def _abouts(page: Picture) -> Iterator[About]:
    yield from (shape.about for shape in flat(page) if shape.about is not None)


def _answers(shape: Shape) -> bool:
    return shape.about is not None


def _on(text: Bounds, ground: Bounds) -> bool:
    middle = (text.left + text.right) / 2, (text.top + text.bottom) / 2
    return ground.left <= middle[0] <= ground.right and ground.top <= middle[1] <= ground.bottom
