"""Every share of layers in a text, and whether it is one of the tree: counted anew, not as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from llm_gallery.architecture.block import layers, mixing
from llm_gallery.comparison import Profile
from llm_gallery.comparison.block_facts import facts

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
SHARE = re.compile(
    rf"\b(?:in|instead of|and|before:) (?P<count>\d+|{'|'.join(NUMBERS[1:])})(?: layers?)? of (?P<of>\d+|{'|'.join(NUMBERS[2:])})(?P<layers> layers)?\b(?! mixers)"
)
"""In so many layers of so many; "before: 10 of 62" after what says that layers are meant."""


def number(words: str) -> int:
    """A count in a word or in digits."""
    return NUMBERS.index(words) if words in NUMBERS else int(words)


def stated_shares(text: str) -> Iterator[tuple[int, int, bool]]:
    """Each share with its count, of how many, and whether it is a pattern and no count of all layers."""
    for match in SHARE.finditer(text):
        yield number(match["count"]), number(match["of"]), match["of"] in NUMBERS


def is_of(share: tuple[int, int, bool], model: Profile) -> bool:
    """Whether some of a model's mixers stand in so many of its layers."""
    count, of, pattern = share
    depth = len(layers(model.architecture.root))
    if not pattern:
        return of == depth and any(len(found) == count for found in _choices(model))
    return depth % of == 0 and any(_steady(found, count, of, depth) for found in _choices(model))


def _steady(found: frozenset[int], count: int, of: int, depth: int) -> bool:
    """Whether each stretch of so many layers has so many of them, from whichever layer it begins."""
    starts = range(depth - of + 1)
    return all(sum(i in found for i in range(at, at + of)) == count for at in starts)


_KNOWN: dict[str, frozenset[frozenset[int]]] = {}


def _choices(model: Profile) -> frozenset[frozenset[int]]:
    """The layers of every mechanism, by reach and positions and together, of all of a role, and of each fact."""
    if model.id not in _KNOWN:
        _KNOWN[model.id] = frozenset(_layer_sets(model))
    return _KNOWN[model.id]


def _layer_sets(model: Profile) -> Iterator[frozenset[int]]:
    sorts: dict[tuple[str, str, bool], set[int]] = {}
    having: dict[tuple[str, str, str, bool], set[int]] = {}
    for index, layer in enumerate(layers(model.architecture.root)):
        for block in mixing(layer):
            reach = next((one for one in ("window", "chunk") if one in block.facts), "")
            sort = (block.kind, reach, block.value("position") != "none")
            sorts.setdefault(sort, set()).add(index)
            for name, value in facts(block).items():
                having.setdefault((name, *sort), set()).add(index)
                having.setdefault((f"{name} {value}", *sort), set()).add(index)
    kinds = {kind for kind, _, _ in sorts}
    for kind in kinds:
        yield from _unions([found for sort, found in sorts.items() if sort[0] == kind])
    for name in {key[0] for key in having}:
        yield from _unions([found for key, found in having.items() if key[0] == name])
    yield from _unions([set().union(*(f for s, f in sorts.items() if s[0] == k)) for k in kinds])


def _unions(found: list[set[int]]) -> Iterator[frozenset[int]]:
    for count in range(1, len(found) + 1):
        for some in combinations(found, count):
            yield frozenset(set().union(*some))
