"""A mechanism as a model uses it: its blocks, their layers, and the room that its drawing has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block, join, walk
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.figure.kit.shapes import About, Inset, Picture
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.mechanisms.colour import Tone
from llm_gallery.plan.naming import Naming, heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """The blocks that one drawing stands for, each with its number of layers, and the room it has.

    `paths` are where the checkpoint stores the first of each; `where` says in words which layers hold them.
    """

    paths: tuple[str, ...]
    variants: tuple[tuple[Block, int], ...]
    width: float
    where: str
    full: bool
    alone: bool = False  # whether no other inset shows what its experts are
    split: bool = False  # whether its indexer has an inset of its own
    pictured: bool = False  # whether its experts or what it reads stand in a picture beside it
    listed: bool = False  # whether its numbers stand beside its block in the layer's frame
    naming: Naming = "both"
    divisor: float = 6.0  # of the root of a wire's width, to px of its thickness: alike in a figure

    @property
    def block(self) -> Block:
        """The first of the blocks, at `path`."""
        return self.variants[0][0]

    @property
    def path(self) -> str:
        """Where the checkpoint stores the first of the blocks."""
        return self.paths[0]

    @property
    def _placed(self) -> Iterator[tuple[str, Block]]:
        """Each of the blocks with its path."""
        blocks = (block for block, _ in self.variants)
        return zip(self.paths, blocks, strict=True)

    @property
    def layers(self) -> int:
        """Layers that hold one of the blocks."""
        return sum(count for _, count in self.variants)

    def count(self, holds: Callable[[Block], object]) -> int:
        """Layers whose block has a property."""
        return sum(count for block, count in self.variants if holds(block))

    def scope(self, holds: Callable[[Block], object]) -> str:
        """Which part of the layers has a property, in words; nothing where all have it."""
        having = self.count(holds)
        return "" if having == self.layers else f"{having} of {self.layers}"

    def about(self, part: Block | str | None, name: str = "") -> About | None:
        """What a part of the block, or the one of a role, answers for itself."""
        part = self.block.part(part) if isinstance(part, str) else part
        return None if part is None else tooltip(self._path(part), part, name)

    def at(self, path: str) -> Block | None:
        """The part that has that path."""
        parts = (part for own, block in self._placed for at, part in walk(block, own) if at == path)
        return next(parts, None)

    def parameters(self, path: str) -> tuple[str, ...]:
        """What the part at a path stores in each of the variants, in more words and in fewer; none where it stores nothing."""
        walks = [
            [(at, _sort(part)) for at, part in walk(block, own)] for own, block in self._placed
        ]
        places = ((found, i) for found in walks for i, (at, _) in enumerate(found) if at == path)
        held, place = next(places, ([], 0))
        if not held:
            return ()
        sort = held[place][1]
        # The same part of the other variants, by what it does: names may differ.
        before = sum(other == sort for _, other in held[:place])
        alike = (
            [part for _, part in walk(block, own) if _sort(part) == sort]
            for own, block in self._placed
        )
        parts = (each[before] for each in alike if len(each) > before)
        counts = [count for part in parts if (count := stored(part))]
        if len(set(counts)) < 2:
            return tuple(map(short, counts[:1]))
        return either(counts, short), f"≤ {short(max(counts))}"

    def inside(self, part: Block, layers: int, width: float) -> Use:
        """A part of the block as a mechanism of its own, in so many layers."""
        paths, variants = (self._path(part),), ((part, layers),)
        return replace(self, paths=paths, variants=variants, width=width, alone=False)

    def _path(self, part: Block) -> str:
        """Where a part of a block stands, at any depth; one that a drawing made up, as if directly in the first."""
        for path, block in self._placed:
            if (place := _within(block).get(id(part))) is not None:
                return join(path or block.name, place)
        return join(self.path, part.name)

    def facts(self, name: str, *keys: str, of: Block | None = None) -> About:
        """What a block itself answers for a slot that stores nothing: the facts behind it."""
        block = self.block if of is None else of
        path = next((path for path, held in self._placed if held is block), self.path)
        stated = {key: block.facts[key] for key in keys if key in block.facts}
        return tooltip(path, replace(block, facts=stated, tensors=()), name)

    def inset(
        self, title: str, mechanism: Tone, body: Picture, *notes: str, named: bool = True
    ) -> Inset:
        """The drawing under its title, with notes and where its layers are at the upper right.

        Not `named` is what is a part of a mechanism, whose name is that of the whole.
        """
        note = ", ".join(part for part in (*notes, self.where) if part)
        blocks = [block for block, _ in self.variants] if named else []
        title, beside = heading(title, blocks, self.naming)
        return Inset(title=title, note=note, mechanism=mechanism, body=body, beside=beside)


@once_a_tree
def _within(block: Block) -> dict[int, str]:
    """Where the parts of a block stand in it, by their ids."""
    found: dict[int, str] = {}
    for path, part in walk(block, "."):
        found.setdefault(id(part), path.removeprefix(".").removeprefix("."))
    return found


def _sort(part: Block) -> tuple[str, tuple[str, ...], int]:
    """What tells a part from the others of its mechanism, whatever it is called."""
    return part.kind, part.roles, part.copies


def size(part: Block | None, fact: str) -> int:
    """A number of a part; 0 where there is no part."""
    return 0 if part is None else part.number(fact)


MOST_EITHER = 3
"""Different numbers that are listed one after another."""


def either(counts: Iterable[int], form: Callable[[int], str] = "{:,}".format) -> str:
    """A number, or those of variants that differ in it: of many, the least and the most."""
    distinct = list(dict.fromkeys(counts))
    if len(distinct) > MOST_EITHER:
        return f"{form(min(distinct))}–{form(max(distinct))}"
    return " / ".join(dict.fromkeys(map(form, distinct)))
