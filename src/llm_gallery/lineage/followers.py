"""Followers of a recipe by concept: a row a follower in order of time, a column a concept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from llm_gallery.architecture.block import Block, distinct, layers
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.lineage.distance import Step
from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.recipe import apart
from llm_gallery.lineage.tree import Lineage, descendants
from llm_gallery.mechanisms import concepts_of

State = Literal["kept", "partly", "replaced", "dropped"]
"""Partly: in fewer than half of its layers, where the recipe has it in at least half."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What became of a concept of the recipe in one follower."""

    concept: str
    state: State
    by: tuple[str, ...] = ()  # concepts that stand in its place
    layers: int = 0  # that have it; 0 where it isn't a matter of layers
    of: int = 0  # layers in all


@dataclass(frozen=True, slots=True)
class Follower:
    """A design that follows the recipe: its copies, the step that leads to it, its cells and what it has besides."""

    member: Member
    copies: tuple[Member, ...]
    step: Step
    cells: tuple[Cell, ...]
    new: tuple[str, ...]

    @property
    def concepts_kept(self) -> int:
        """Concepts of the recipe that it still has, at least in some layers."""
        return sum(cell.state in ("kept", "partly") for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Matrix:
    """A recipe, its concepts, and its followers by date; and those with which it ends."""

    root: Member
    copies: tuple[Member, ...]
    concepts: tuple[str, ...]
    apart: frozenset[str]  # those that set the recipe apart when it came
    followers: tuple[Follower, ...]
    left: tuple[Step, ...]


def followers(
    tree: Lineage, root: str, areas: Mapping[str, str], alternatives: Mapping[str, Sequence[str]]
) -> Matrix:
    """The followers of a model's recipe, by concept.

    `areas` says of each concept what part of a model it is about, in the order of the columns; `alternatives`
    names for a concept those that can stand in its place. Raises Refusal where there is no such model.
    """
    branch = descendants(tree, root)
    root_member = tree.members[root]
    order = list(dict.fromkeys(areas.values()))
    concepts = tuple(
        sorted(root_member.concepts, key=lambda concept: (order.index(areas[concept]), concept))
    )
    rows = []
    for model, member in branch.members.items():
        step = tree.parent(model)
        if model == root or tree.originals[model] != model or step is None:
            continue
        cells = tuple(_cells(root_member, member, concepts, alternatives))
        taken = {*root_member.concepts, *(concept for cell in cells for concept in cell.by)}
        new = tuple(concept for concept in member.concepts if concept not in taken)
        rows.append(Follower(member, _copies(branch, tree, model), step, cells, new))
    rare = frozenset(apart(root_member, tree.members.values()))
    return Matrix(
        root_member, _copies(branch, tree, root), concepts, rare, tuple(rows), branch.left
    )


def _copies(branch: Lineage, tree: Lineage, model: str) -> tuple[Member, ...]:
    """The other members of a branch that are of one design with a model."""
    return tuple(
        member
        for name, member in branch.members.items()
        if name != model and tree.originals[name] == tree.originals[model]
    )


def _cells(
    root: Member, member: Member, concepts: Sequence[str], alternatives: Mapping[str, Sequence[str]]
) -> Iterator[Cell]:
    was, now = shares(root.architecture.root), shares(member.architecture.root)
    before, depth = (len(layers(member.architecture.root)) for member in (root, member))
    for concept in concepts:
        if concept in member.concepts:
            partly = 2 * was[concept] >= before and 0 < 2 * now[concept] < depth
            yield Cell(concept, "partly" if partly else "kept", (), now[concept], depth)
            continue
        others = set(alternatives.get(concept, ())) - set(root.concepts)
        by = tuple(concept for concept in member.concepts if concept in others)
        yield Cell(concept, "replaced" if by else "dropped", by)


@once_a_tree
def shares(root: Block) -> Counter[str]:
    """In how many layers each concept is."""
    known: dict[int, frozenset[str]] = {}
    layers_with: Counter[str] = Counter()
    for layer in layers(root):
        if id(layer) not in known:
            blocks = distinct(layer)
            known[id(layer)] = frozenset(
                concept for block in blocks for concept in concepts_of(block)
            )
        layers_with.update(known[id(layer)])
    return layers_with
