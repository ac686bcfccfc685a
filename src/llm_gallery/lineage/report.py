"""The family tree as text, and as plain data with stable keys (docs/lineage.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from llm_gallery.comparison import change_json
from llm_gallery.lineage.distance import Step
from llm_gallery.lineage.tree import Lineage, Stated

Json = dict[str, Any]

MOST_WORDS = 4
"""Changes that a line of the text tree names."""


def to_json(tree: Lineage) -> Json:
    """Nodes oldest first, measured edges, stated edges, and where the two disagree."""
    measured = [
        _measured(step, rank)
        for steps in tree.measured.values()
        for rank, step in enumerate(steps, 1)
    ]
    return {
        "nodes": [_node(tree, model) for model in tree.members],
        "edges": [*measured, *map(_stated, tree.stated)],
        "disagreements": [_disagreement(tree, stated) for stated in tree.disagreements],
    }


def text(tree: Lineage) -> str:
    """One line a design, indented under its ancestor: date, name, copies, and what changed."""
    return "\n".join(_lines(tree)) + "\n"


def path_text(steps: Sequence[Step]) -> str:
    """One line a step: date, name, and what changed."""
    if not steps:
        return "The same model.\n"
    first = steps[0].parent
    lines = [f"{first.released.isoformat()}  {first.name}"]
    lines += [
        f"{step.child.released.isoformat()}  {step.child.name}: {said(step)}" for step in steps
    ]
    return "\n".join(lines) + "\n"


def path_json(steps: Sequence[Step]) -> Json:
    """The steps of a path, oldest first."""
    return {"steps": [_edge(step, "measured") for step in steps]}


def said(step: Step) -> str:
    """The weightiest changes of a step in words."""
    changes = step.difference.causes or step.difference.scale or step.difference.settings
    words = [change.words for change in changes]
    more = len(words) - MOST_WORDS
    ending = f" and {more} more" if more > 0 else ""
    return ", ".join(words[:MOST_WORDS]) + ending if words else "the same architecture"


def _lines(tree: Lineage) -> Iterator[str]:
    copies: dict[str, list[str]] = {}
    below: dict[str | None, list[str]] = {}
    for model in tree.members:
        original = tree.originals[model]
        if original != model:
            copies.setdefault(original, []).append(model)
            continue
        step = tree.parent(model)
        below.setdefault(None if step is None else tree.originals[step.parent.id], []).append(model)
    waiting = [(model, 0) for model in reversed(below.get(None, []))]
    while waiting:
        model, depth = waiting.pop()
        member, step = tree.members[model], tree.parent(model)
        also = copies.get(model, [])
        names = f" (+ {', '.join(tree.members[copy].name for copy in also)})" if also else ""
        changed = "" if step is None else f": {said(step)}"
        yield f"{member.released.isoformat()}  {'  ' * depth}{member.name}{names}{changed}"
        waiting += [(child, depth + 1) for child in reversed(below.get(model, []))]


def _node(tree: Lineage, model: str) -> Json:
    member, step = tree.members[model], tree.parent(model)
    original = tree.originals[model]
    return {
        "id": model,
        "name": member.name,
        "organization": member.organization,
        "released": member.released.isoformat(),
        "generation": tree.generations[model],
        "copy": "" if step is None else step.copy,
        "copy_of": None if original == model else original,
    }


def _edge(step: Step, evidence: str) -> Json:
    return {
        "child": step.child.id,
        "parent": step.parent.id,
        "evidence": evidence,
        "distance": step.distance,
        "changes": [change_json(change) for change in step.difference.changes],
    }


def _measured(step: Step, rank: int) -> Json:
    return {
        **_edge(step, "measured"),
        "rank": rank,
        "nearness": step.nearness,
        "copy": step.copy,
        "same_organization": step.same_house,
        "same_code": step.same_code,
    }


def _stated(stated: Stated) -> Json:
    claim = stated.claim
    return {
        **_edge(stated.step, "stated"),
        "by": claim.by,
        "source": claim.source,
        "words": claim.words,
        "measured": stated.agrees,
    }


def _disagreement(tree: Lineage, stated: Stated) -> Json:
    nearest = tree.parent(stated.step.child.id)
    return {
        "child": stated.step.child.id,
        "stated": stated.step.parent.id,
        "by": stated.claim.by,
        "source": stated.claim.source,
        "distance": stated.step.distance,
        "measured": None if nearest is None else nearest.parent.id,
        "measured_distance": None if nearest is None else nearest.distance,
    }
