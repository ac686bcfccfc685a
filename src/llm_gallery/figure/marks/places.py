"""The parts of a finished figure: which shapes answer for which path, what each is called, and what a word means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Block, walk
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.figure.group_names import part_name
from llm_gallery.figure.kit.shapes import About, Box, Picture, Text, flat

LONGEST_LIST = 440
"""Characters of the paths that a refusal lists."""


@dataclass(frozen=True)
class Place:
    """A shape that answers for a part: all its names, in one form of writing."""

    shape: Box | Text
    about: About
    names: frozenset[str]


def places(picture: Picture, root: Block) -> tuple[Place, ...]:
    """Every box and text of a picture that answers for a path, where it stands in the whole."""
    held = [(shape, shape.about) for shape in flat(picture) if isinstance(shape, Box | Text)]
    found = [(shape, about) for shape, about in held if about is not None and about.path]
    named = _names({about.path for _, about in found}, root)
    return tuple(
        Place(shape, about, named[about.path] | {_plain(about.title.partition("\n")[0])})
        for shape, about in found
    )


def _names(paths: set[str], root: Block) -> dict[str, frozenset[str]]:
    """What the parts at some paths are called: by the checkpoint, by the figure and by the field."""
    blocks = {path: block for path, block in walk(root) if path in paths}
    return {path: frozenset(map(_plain, _of_block(blocks.get(path)))) for path in paths}


def _of_block(block: Block | None) -> tuple[str, ...]:
    if block is None:
        return ()
    named = mechanisms.label(block), str(mechanisms.title(block)), mechanisms.sort(block)
    return (block.kind, part_name(block), *named)


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def meant(word: str, shown: Sequence[Place], root: Block) -> tuple[Place, ...]:
    """The shapes that a word means: of its path, else of paths that end or begin so, and of parts that are called so.

    "attention" means "self_attn" of a model whose block is called latent attention. A path of the checkpoint that is
    drawn once for many layers means its drawing. Raises Refusal with the paths of the figure, the nearest first.
    """
    if not shown:
        raise Refusal(
            f"{quoted(word)} can't be marked, no part of this figure has a path; choose another detail"
        )
    sure = tuple(
        place for place in shown if word == place.about.path or word in _others(place.about)
    )
    if sure:
        return sure
    name = _plain(word)
    found = tuple(place for place in shown if name and _called(place, name))
    if found := found or tuple(_within(word, shown)) or tuple(_drawn_elsewhere(word, shown, root)):
        return found
    raise Refusal(
        f"{quoted(word)} is no part of this figure, expected a name of a part, or a path: "
        f"{_listed(word, shown)}"
    )


def _others(about: About) -> tuple[str, ...]:
    """Further paths that a shape answers for."""
    return tuple(path for key, paths in about.data if key == "also" for path in paths.split())


def _called(place: Place, name: str) -> bool:
    """Whether its path ends so, or a name of it has these words side by side."""
    ends = f" {_plain(place.about.path)}".endswith(f" {name}")
    return ends or any(f" {name} " in f" {own} " for own in place.names)


def _within(word: str, shown: Iterable[Place]) -> Iterator[Place]:
    """Those under a path that has no shape of its own: a layer."""
    return (place for place in shown if f".{place.about.path}".find(f".{word}.") >= 0)


def _drawn_elsewhere(word: str, shown: Iterable[Place], root: Block) -> Iterator[Place]:
    """Those of a block that is drawn once for all layers that have it."""
    block = next((b for path, b in walk(root) if path == word or path.endswith(f".{word}")), None)
    if block is None:
        return
    drawn: Mapping[str, Block] = {path: b for path, b in walk(root) if b == block}
    yield from (place for place in shown if place.about.path in drawn)


def _listed(word: str, shown: Iterable[Place]) -> str:
    """The figure's paths, the nearest first, as many as a line holds."""
    from difflib import SequenceMatcher  # only where a name is wrong

    def far(path: str) -> tuple[float, str]:
        ends = path, path.rpartition(".")[2]
        return -max(SequenceMatcher(None, word[:80], one).ratio() for one in ends), path

    paths = sorted({place.about.path for place in shown}, key=far)
    said = paths[0]
    for at, path in enumerate(paths[1:], 1):
        if len(said) + len(path) + 2 > LONGEST_LIST:
            return f"{said} and {len(paths) - at:,} more"
        said = f"{said}, {path}"
    return said
