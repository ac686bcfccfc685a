"""What a model did that lacks a concept, as far as that follows from the concepts that it had."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from llm_gallery.concepts._concept import Before, Concept, Group
from llm_gallery.concepts._file import concepts

_HEADLESS: tuple[Group, ...] = ("attention", "compression")
_READ = (
    Before(where=("window", "choice", "compression")),
    Before(unless=("attention",), says="had no attention"),
    Before(where=("state",), says="used full attention where it attended"),
    Before(says="used full attention in every layer"),
)
GROUPS: Mapping[Group, tuple[Before, ...]] = {
    "attention": (Before(unless=_HEADLESS, says="had no attention"),),
    "window": _READ,
    "choice": _READ,
    "state": (Before(unless=("state",), says="attended in every layer"),),
    "stream": (Before(unless=("stream",), says="had a single residual stream"),),
}
"""Of a concept whose folder doesn't say it; where none holds, what is said of the only one of its group that was had."""


def said_before(concept: str, had: Set[str], *, gated: bool = False) -> str:
    """What a model with other concepts did in its place: "attended in every layer"; "" where that isn't known."""
    known = concepts()
    if concept not in known:
        return ""
    described = known[concept]
    rules = described.new.before
    if rules is None:
        rules = GROUPS.get(described.group, ()) if described.group else ()
    known_of = {*had, *(group for concept in _described(had) if (group := concept.group))}
    for rule in rules:
        meant = not rule.where or not known_of.isdisjoint(rule.where)
        if meant and known_of.isdisjoint(rule.unless) and (gated or not rule.gated):
            return rule.says
    return "" if described.new.before is not None else _of_group(described.group, had)


def _of_group(group: Group | None, had: Set[str]) -> str:
    """What the only one of a group did; "" of several."""
    of_group = [
        concept for concept in _described(had) if group is not None and concept.group == group
    ]
    return of_group[0].had.says if len(of_group) == 1 and of_group[0].had else ""


def _described(had: Iterable[str]) -> list[Concept]:
    known = concepts()
    return [known[name] for name in had if name in known]
