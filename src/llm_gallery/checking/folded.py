"""Names of tensors folded over their numbers: `model.layers.{0-47}.mlp.experts.{0-511}.up_proj.weight`."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NUMBER = re.compile(r"(?<=\.)\d+(?=\.|$)|^\d+(?=\.)")


def folded(names: Iterable[str]) -> dict[str, list[str]]:
    """The names under folded ones that stand for exactly them, in order of first appearance.

    Names that differ in numbers alone are folded where the numbers of each place go with all of the others; else
    they are folded over the last number, then over the one before.
    """
    by_pattern: dict[str, list[tuple[tuple[int, ...], str]]] = {}
    for name in names:
        numbers = tuple(int(number) for number in _NUMBER.findall(name))
        by_pattern.setdefault(_NUMBER.sub("#", name), []).append((numbers, name))
    found: dict[str, list[str]] = {}
    for pattern, members in by_pattern.items():
        for ranges, held in _boxes(members):
            found[_filled(pattern, ranges)] = held
    return found


def _boxes(
    members: list[tuple[tuple[int, ...], str]],
) -> Iterable[tuple[tuple[str, ...], list[str]]]:
    """Members as few sets in which every number of a place stands with every one of the others."""
    groups: dict[tuple[object, ...], list[tuple[tuple[int, ...], str]]] = {}
    for numbers, name in members:
        groups.setdefault(tuple(numbers), []).append((numbers, name))
    places = len(members[0][0])
    for place in reversed(range(places)):
        merged: dict[
            tuple[object, ...], list[tuple[object, list[tuple[tuple[int, ...], str]]]]
        ] = {}
        for key, held in groups.items():
            rest = (*key[:place], None, *key[place + 1 :])
            merged.setdefault(rest, []).append((key[place], held))
        groups = {}
        for rest, alternatives in merged.items():
            numbers_of = sorted({int(str(value)) for value, _ in alternatives})
            key = (*rest[:place], _ranges(numbers_of), *rest[place + 1 :])
            groups[key] = [member for _, held in alternatives for member in held]
    for key, held in groups.items():
        yield tuple(map(str, key)), [name for _, name in held]


def _ranges(numbers: list[int]) -> str:
    """Numbers as ranges: "0-2,5"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)


def _filled(pattern: str, ranges: tuple[str, ...]) -> str:
    parts = pattern.split("#")
    words = (text if text.isdigit() else "{" + text + "}" for text in ranges)
    return parts[0] + "".join(word + part for word, part in zip(words, parts[1:], strict=True))
