"""What is stored and not described: a stray, or of a part that the config states and nothing here describes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from llm_gallery.checking.matrix import Matrix

ROOTS = frozenset(("model", "language_model", "transformer"))
"""What stands before the layers of a language model in the names of one program or another."""


def divided(
    rest: Mapping[str, Matrix], wanted: Iterable[str], stack: str, *, partial: bool
) -> tuple[list[Matrix], dict[str, list[Matrix]]]:
    """Divide stored matrices that nothing describes into strays, and those of other parts by the parts' prefixes.

    `stack` is the path of the layers. Only a config with parts that nothing describes (`partial`) has other parts: they
    leave the described ones above the layers, and aren't named as layers are, whatever root stands before these.
    """
    if not partial:
        return [*rest.values()], {}
    known = {prefix for name in wanted for prefix in _prefixes(name)}
    strays: list[Matrix] = []
    apart: dict[str, list[Matrix]] = {}
    above = {"", *_prefixes(stack)}
    roots = ROOTS | {*stack.split(".")[:-1]}
    of_layers = _below_roots(stack, roots) + "."
    for name, matrix in rest.items():
        parent = max((p for p in _prefixes(name) if p in known), key=len, default="")
        branch = name[len(parent) + 1 if parent else 0 :].split(".")[0]
        if parent in above and not _below_roots(name, roots).startswith(of_layers):
            apart.setdefault(f"{parent}.{branch}".lstrip("."), []).append(matrix)
        else:
            strays.append(matrix)
    return strays, apart


def _below_roots(name: str, roots: frozenset[str]) -> str:
    """The name without the roots that it begins with."""
    while (parts := name.partition("."))[0] in roots and parts[2]:
        name = parts[2]
    return name


def _prefixes(name: str) -> Iterator[str]:
    """The paths of what a tensor is below."""
    at = name.find(".")
    while at >= 0:
        yield name[:at]
        at = name.find(".", at + 1)
