"""Changes inside a mechanism that came or went; they weigh nothing beside the mechanism itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from llm_gallery.comparison.block_facts import Plain, joined, several
from llm_gallery.comparison.change import Change, change, numbers
from llm_gallery.comparison.mechanism_words import said_inside
from llm_gallery.comparison.places import having_place
from llm_gallery.comparison.profile import Part, Role
from llm_gallery.mechanisms import names
from llm_gallery.mechanisms.facts import term

SAID = ("window", "chunk", "position", "sharing")
"""Causes that a mechanism's name, its layers or another phrase say."""
Meaning = tuple[str, str, str]
"""A fact, and in which words it is one: two mechanisms may call different things by one name."""
Stated = dict[Meaning, dict[Plain, None]]


def dependent_changes(
    role: Role,
    gone: Sequence[Part],
    come: Sequence[Part],
    others: tuple[Sequence[Part], Sequence[Part]],
    words: str,
) -> Iterator[Change]:
    """The changes that a mechanism of only one model brings; `others` are the other parts, before and after.

    What the others have as well isn't new, and what went is missed where something of its sort is left.
    `words` is what is said of the mechanisms already.
    """
    lost, had, won, has = map(_stated, (gone, others[0], come, others[1]))
    for meaning, values in won.items():
        name, before = meaning[0], lost.get(meaning, {})
        kept_values = had.get(meaning, {})
        new = tuple([value for value in values if value not in before and value not in kept_values])
        of = [part for part in come if meaning in part.once(_decisions)]
        if before and not had.get(meaning) and not has.get(meaning):
            if set(before) != set(values):
                both = joined([*before]), joined([*values])
                brought = change(of[0].kind, name, *both, role=role, brought=True)
                yield replace(brought, key=f"{role}.{name}")
        elif new and not all(said_inside(part, name, words) for part in of):
            yield _arrival(role, name, joined(new), of)
    for meaning, values in lost.items():
        if won.get(meaning) or has.get(meaning):
            continue
        name, of = meaning[0], [part for part in gone if meaning in part.once(_decisions)]
        missed = any(_alike(part, other) for part in of for other in (*come, *others[1]))
        cause = any(
            fact[0] in term(name, of[0].kind).follows for fact in lost.keys() - {*won, *has}
        )
        brought = change(of[0].kind, name, joined([*values]), None, role=role, brought=True)
        told = all(name in names(part.block).tells for part in of)  # "instead of sparse attention"
        if missed and not cause and not told and brought.words.startswith("no "):
            yield brought


def _arrival(role: Role, name: str, value: Plain | tuple[Plain, ...], of: Sequence[Part]) -> Change:
    """What is new with a mechanism, and in which layers where those aren't all of its own."""
    place = having_place(of, name)
    return change(of[0].kind, name, None, value, role=role, part=place, brought=True)


def _stated(parts: Iterable[Part]) -> Stated:
    """Every such fact of some parts with its values."""
    by_fact: Stated = {}
    for part in parts:
        for meaning, decided in part.once(_decisions).items():
            by_fact.setdefault(meaning, {}).update(decided)
    return by_fact


def _decisions(part: Part) -> Stated:
    """The decisions of one part, cached since every pair with its model asks for them."""
    return {
        _meaning(name, part): {v: None for v in several(value) if v is not None}
        for name, value in part.facts.items()
        if _decided(name, part)
    }


def _decided(name: str, part: Part) -> bool:
    """Whether a fact is more than a size of its mechanism: a cause, or a size whose coming is one."""
    known = term(name, part.kind, number=numbers(part.facts[name]))
    if name in SAID or "." in name or known.level == "setting" or not known.weight:
        return False
    return known.level == "cause" or bool(known.came and "{new}" not in known.came)


def _meaning(name: str, part: Part) -> Meaning:
    known = term(name, part.kind, number=numbers(part.facts.get(name)))
    return name, known.noun, known.came


def _alike(gone: Part, other: Part) -> bool:
    """Whether what one part has could be in the other."""
    ones: Mapping[str, tuple[bool, bool]] = {
        sort: (getattr(gone.block, sort), getattr(other.block, sort))
        for sort in ("attends", "recurs", "is_mlp", "is_mixture")
    }
    return any(all(pair) for pair in ones.values())
