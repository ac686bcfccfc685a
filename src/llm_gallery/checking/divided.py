"""What is stored and not described: inside a described part, or in a part of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from llm_gallery.checking.matrix import Matrix


def divided(
    rest: Mapping[str, Matrix], wanted: Iterable[str], stack: str
) -> tuple[list[Matrix], dict[str, list[Matrix]]]:
    """The matrices inside described parts, and those of other parts by the prefixes of these.

    A part stands on its own where the way to it leaves the described ones above the stack of layers.
    """
    if not rest:
        return [], {}
    known = {prefix for name in wanted for prefix in _prefixes(name)}
    inside: list[Matrix] = []
    apart: dict[str, list[Matrix]] = {}
    above = {"", *_prefixes(stack)}
    for name, matrix in rest.items():
        parent = max((p for p in _prefixes(name) if p in known), key=len, default="")
        branch = name[len(parent) + 1 if parent else 0 :].split(".")[0]
        if parent in above:
            apart.setdefault(f"{parent}.{branch}".lstrip("."), []).append(matrix)
        else:
            inside.append(matrix)
    return inside, apart


def _prefixes(name: str) -> Iterator[str]:
    """The paths of what a tensor is below."""
    at = name.find(".")
    while at >= 0:
        yield name[:at]
        at = name.find(".", at + 1)
