"""The tree as an outline: every design under its nearest ancestor, copies beside the first of their design."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from llm_gallery.lineage.distance import Step
from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.tree import Lineage


@dataclass(frozen=True, slots=True)
class Line:
    """A design: where it stands, its copies, and the step from its nearest ancestor."""

    member: Member
    depth: int
    copies: tuple[Member, ...]
    step: Step | None


def outline(tree: Lineage) -> Iterator[Line]:
    """Depth first, of one ancestor's children the oldest first."""
    copies: dict[str, list[Member]] = {}
    below: dict[str | None, list[str]] = {}
    for model, original in tree.originals.items():
        step = tree.parent(model)
        if original != model:
            copies.setdefault(original, []).append(tree.members[model])
        else:
            parent = None if step is None else tree.originals[step.parent.id]
            below.setdefault(parent, []).append(model)
    waiting = [(model, 0) for model in reversed(below.get(None, []))]
    while waiting:
        model, depth = waiting.pop()
        also = tuple(copies.get(model, ()))
        yield Line(tree.members[model], depth, also, tree.parent(model))
        waiting += [(child, depth + 1) for child in reversed(below.get(model, []))]
