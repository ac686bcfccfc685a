"""The same architecture under names that mean nothing: what a checkpoint calls its tensors is only printed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from string import ascii_lowercase
from typing import Any

from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.contract import facts
from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, Block, Tensor, children, join
from llm_gallery.catalog.load import Model
from llm_gallery.figure.draw import Detail

DETAILS: tuple[Detail, ...] = ("card", "full")
WORD, MADE = re.compile(r"[A-Za-z]+"), re.compile(r"zz[a-z]{4}")


@dataclass(slots=True)
class Names:
    """A new word for each word of a name, another one in each different block; numbers and dots stay.

    Equal blocks keep equal names, and what is one object stays one.
    """

    made: dict[tuple[Any, ...], str] = field(default_factory=dict)
    meant: dict[str, str] = field(default_factory=dict)
    numbers: dict[tuple[Any, ...], int] = field(default_factory=dict)
    known: dict[int, tuple[Block, int]] = field(default_factory=dict)

    def block(self, old: Block) -> Block:
        """The block and all in it under new names; what is tied keeps the name of its source."""
        return self._numbered(old)[0]

    def _numbered(self, old: Block) -> tuple[Block, int]:
        if id(old) not in self.known:
            inside = [self._numbered(part) for part in old.inside]
            within = tuple(number for _, number in inside)
            stored = tuple(t._replace(tied_to=None, stored_as=None) for t in old.tensors)
            alone = replace(old, inside=(), settings={}, tensors=stored)
            number = self.numbers.setdefault((*map(repr, (alone, within)),), len(self.numbers))
            new = replace(
                old,
                name=self._word(number, old.name),
                tensors=tuple(t._replace(name=self._word(number, t.name)) for t in old.tensors),
                inside=tuple(part for part, _ in inside),
            )
            self.known[id(old)] = new, number
        return self.known[id(old)]

    def _word(self, number: int, name: str) -> str:
        """Names that differ in a number only, as those of shards, keep differing in it only."""
        like, places = re.sub(r"\d+", "*", name), iter(range(len(name)))

        def made(found: re.Match[str]) -> str:
            key = (number, like, next(places))
            if key not in self.made:
                self.made[key] = f"zz{letters(len(self.made))}"
                self.meant[self.made[key]] = found.group()
            return self.made[key]

        return WORD.sub(made, name)

    def back(self, text: str) -> str:
        """A text with the names that the checkpoint has."""
        return MADE.sub(lambda found: self.meant.get(found.group(), found.group()), text)


def names_are_only_printed(old: Model) -> None:
    """Its figures, facts and counterfactuals are those of the same model under other names."""
    names = Names()
    new = replace(old, architecture=renamed(old.architecture, names))
    for detail in DETAILS:
        assert names.back(new.figure(detail=detail).svg) == old.figure(detail=detail).svg
    was, root = old.architecture.root, new.architecture.root
    assert facts(new.architecture) == facts(old.architecture)
    for concept in concepts(was):
        counted = [without(tree, concept) for tree in (was, root)]
        one, other = ((tree and cache(tree), tree and parameters(tree)) for tree in counted)
        assert one == other


def letters(number: int) -> str:
    """Four letters for a number below 26^4."""
    return "".join(ascii_lowercase[number // 26**place % 26] for place in range(4))


def renamed(old: Architecture, names: Names) -> Architecture:
    """The architecture under other names, its links and ties with it."""
    root = names.block(old.root)
    paths = dict(_paths(old.root, root, old.root.name, root.name))
    links = tuple(k._replace(source=paths[k.source], target=paths[k.target]) for k in old.links)
    return replace(old, root=_tied(root, paths), links=links)


def _paths(old: Block, new: Block, before: str, after: str) -> list[tuple[str, str]]:
    """The old and the new path of every block and tensor."""
    found = [(before, after)]
    for one, other in zip(old.tensors, new.tensors, strict=True):
        found.append((join(before, one.name), join(after, other.name)))
        found.append((one.full_name(before), other.full_name(after)))  # as it is stored
    pairs = zip(children(before, old), children(after, new), strict=True)
    for (was, part), (path, same) in pairs:
        found += _paths(part, same, was, path)
    return found


def _tied(block: Block, paths: dict[str, str]) -> Block:
    """What shares the storage of another follows it: heads an embedding, layers that share weights the first of them."""

    def follows(tensor: Tensor) -> Tensor:
        return tensor if tensor.tied_to is None else tensor._replace(tied_to=paths[tensor.tied_to])

    known: dict[int, Block] = {}

    def tied(old: Block) -> Block:
        if id(old) not in known:
            new = replace(
                old,
                tensors=tuple(map(follows, old.tensors)),
                inside=tuple(map(tied, old.inside)),
            )
            same = all(one is other for one, other in zip(old.inside, new.inside, strict=True))
            known[id(old)] = old if same and old.tensors == new.tensors else new
        return known[id(old)]

    return tied(block)
