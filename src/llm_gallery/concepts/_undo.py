"""How a model is made that lacks a concept: by what its file says is taken out, or by the code beside that file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import cast

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.mistake import Mistake
from llm_gallery.concepts._concept import Without
from llm_gallery.concepts._file import CONCEPTS, concepts
from llm_gallery.concepts._taken_out import taken_out
from llm_gallery.mechanisms import concepts_of

Change = Callable[[Block], Block]
Undo = Callable[[Block], Block | None]
"""A model's tree without a concept; None where such a model can't be told."""


@cache
def undo_of(concept: str) -> Undo | None:
    """What undoes a concept; None where its folder doesn't say. Raises Mistake where its code has no `without`."""
    described = concepts().get(concept)
    stated = None if described is None else described.without
    if stated is not None and stated.like:
        return undo_of(stated.like)
    if (coded := _coded(concept)) is not None:
        return coded
    if stated is None:
        return None
    return everywhere(_taking_out(concept, stated))


def _coded(concept: str) -> Undo | None:
    name = concept.replace("-", "_")
    if not (CONCEPTS / concept / f"{name}.py").exists():
        return None
    module = import_module(f"{__package__}.{concept}.{name}")
    if not callable(without := getattr(module, "without", None)):
        where = f"{concept}/{name}.py "
        raise Mistake("has no without, expected a function of a model's tree; write it", where)
    return cast(Undo, without)


def _taking_out(concept: str, stated: Without) -> Change:
    def change(block: Block) -> Block:
        if stated.parts:
            return lacking(block, *stated.parts)
        return taken_out(block, stated) if concept in concepts_of(block) else block

    return change


def lacking(block: Block, *kinds: str) -> Block:
    """The block without parts of some kinds; itself where it has none."""
    inside = tuple(part for part in block.inside if part.kind not in kinds)
    return block if len(inside) == len(block.inside) else replace(block, inside=inside)


def everywhere(change: Change) -> Change:
    """Changes every block, innermost first; one object stays one object, and what is stored apart as it is."""

    def undo(root: Block) -> Block:
        known: dict[int, Block] = {}

        def of(block: Block) -> Block:
            if block.stands_apart:
                return block
            if id(block) not in known:
                inside = tuple(map(of, block.inside))
                same = all(new is old for new, old in zip(inside, block.inside, strict=True))
                known[id(block)] = change(block if same else replace(block, inside=inside))
            return known[id(block)]

        return of(root)

    return undo


def where_shown(concept: str, change: Change) -> Change:
    """Changes the blocks that show a concept."""
    return everywhere(lambda block: change(block) if concept in concepts_of(block) else block)
