"""A tower in fewer words: what is dropped first where a format has too many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from llm_gallery.figure.kit.shapes import Picture, Text, flat
from llm_gallery.figure.tower.rows import Tower, TowerBlock


def within(most: int, drawn: Callable[[Tower], Picture], tower: Tower) -> Picture:
    """The first form that has at most so many words, or the shortest."""
    for form in _forms(tower):
        picture = drawn(form)
        if word_count(picture) <= most:
            break
    return picture


def word_count(picture: Picture) -> int:
    """Words as split at spaces, signs included."""
    texts = (shape for shape in flat(picture) if isinstance(shape, Text))
    return sum(len("".join(span.text for span in text.spans).split()) for text in texts)


def _forms(tower: Tower) -> Iterator[Tower]:
    """The whole; without vocabulary and width; without an MLP's width; with second lines of one name; with two call-outs; without second lines."""
    yield tower
    tower = replace(tower, vocabulary="", width="")
    yield tower
    tower = _with(tower, _widthless)
    yield tower
    tower = _with(tower, partial(_named, tower))
    yield tower
    tower = replace(tower, calls=tower.calls[:2])
    yield tower
    yield _with(tower, lambda block: replace(block, size="") if block.field else block)
    yield _with(tower, lambda block: replace(block, field="", size=""))


def _with(tower: Tower, shorter: Callable[[TowerBlock], TowerBlock]) -> Tower:
    storeys = tuple(
        replace(
            storey,
            branches=tuple(
                replace(branch, blocks=tuple(map(shorter, branch.blocks)))
                for branch in storey.branches
            ),
        )
        for storey in tower.storeys
    )
    return replace(tower, storeys=storeys)


def _widthless(block: TowerBlock) -> TowerBlock:
    plain = block.block.on_channels and not block.block.is_mixture
    return replace(block, size="") if plain else block


def _named(tower: Tower, block: TowerBlock) -> TowerBlock:
    """The block under its one name; where others have that too, with what of its size tells it from them."""
    if not block.field:
        return block
    every = (b for s in tower.storeys for branch in s.branches for b in branch.blocks)
    alike = [b.size for b in every if (b.title, b.field) == (block.title, block.field)]
    if len({*alike}) == 1:
        return replace(block, size="")
    first = block.size.split(", ")[0]
    tells = all(size == block.size or size.split(", ")[0] != first for size in alike)
    return replace(block, field="", size=first) if tells else replace(block, size="")
