"""Followers by concept, with what the catalog says of concepts: their names, their parts of a model, their alternatives."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import get_args

from llm_gallery.concepts import Area, concepts
from llm_gallery.lineage import Lineage, Matrix
from llm_gallery.lineage import followers as found

FILE = Path(__file__).parent / "recipes.toml"


@cache
def recipes() -> tuple[str, ...]:
    """The models whose recipe at least three designs follow, oldest first."""
    return tuple(tomllib.loads(FILE.read_text("utf-8"))["roots"])


def followers(tree: Lineage, root: str) -> Matrix:
    """Who follows a model of the tree, by concept. Raises Refusal where there is no such model."""
    return found(tree, root, areas(), alternatives())


@cache
def names() -> Mapping[str, str]:
    """What a concept is called in a row: its abbreviation where it has one."""
    return {concept.id: concept.short or concept.name for concept in concepts().values()}


@cache
def areas() -> Mapping[str, str]:
    """The part of a model that each concept is about, in the order of a model."""
    order = get_args(Area)
    known = sorted(concepts().values(), key=lambda concept: (order.index(concept.area), concept.id))
    return {concept.id: concept.area for concept in known}


@cache
def alternatives() -> Mapping[str, tuple[str, ...]]:
    """For each concept those that a page names beside it, whichever of the two names the other."""
    known = concepts()
    return {
        concept: tuple(
            other
            for other in known
            if other != concept
            and (other in known[concept].beside or concept in known[other].beside)
        )
        for concept in known
    }
