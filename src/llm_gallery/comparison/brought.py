"""What a part takes with it: what a designer decided inside a mechanism that came or went, each a change that weighs nothing beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from llm_gallery.comparison.block_facts import Plain, joined, several
from llm_gallery.comparison.change import Change, change, numbers
from llm_gallery.comparison.mechanism_words import said_inside
from llm_gallery.comparison.places import having_place
from llm_gallery.comparison.profile import Part, Role
from llm_gallery.mechanisms.facts import term

SAID = ("window", "chunk", "position", "sharing")
"""Causes that a mechanism's name, its layers or another phrase say."""
Meaning = tuple[str, str, str]
"""A fact, and in which words it is one: two mechanisms may call different things by one name."""
Stated = dict[Meaning, dict[Plain, None]]


def brought(
    role: Role,
    gone: Sequence[Part],
    come: Sequence[Part],
    kept: tuple[Sequence[Part], Sequence[Part]],
    words: str,
) -> Iterator[Change]:
    """Of parts whose mechanism only one model has; `kept` are the others, before and after.

    What the others have as well isn't new, and what went is missed where something of its sort is left.
    `words` is what is said of the mechanisms already.
    """
    lost, had, won, has = map(_stated, (gone, kept[0], come, kept[1]))
    for meaning, values in won.items():
        name, before = meaning[0], lost.get(meaning, {})
        new = tuple(value for value in values if value not in {**before, **had.get(meaning, {})})
        of = [part for part in come if name in part.facts and _meaning(name, part) == meaning]
        if before and not had.get(meaning) and not has.get(meaning):
            if set(before) != set(values):
                made = change(of[0].kind, name, joined([*before]), joined([*values]), role=role)
                yield replace(made, key=f"{role}.{name}", weight=0.0, brought=True)
        elif new and not all(said_inside(part, name, words) for part in of):
            yield _came(role, name, joined(new), of)
    for meaning, values in lost.items():
        name, after = meaning[0], {**won.get(meaning, {}), **has.get(meaning, {})}
        of = [part for part in gone if name in part.facts and _meaning(name, part) == meaning]
        missed = any(_alike(part, other) for part in of for other in (*come, *kept[1]))
        cause = any(one[0] in term(name, of[0].kind).follows for one in lost.keys() - {*won, *has})
        made = change(of[0].kind, name, joined([*values]), None, role=role)
        if missed and not after and not cause and made.words.startswith("no "):
            yield replace(made, weight=0.0, brought=True)


def _came(role: Role, name: str, value: Plain | tuple[Plain, ...], of: Sequence[Part]) -> Change:
    """What is new with a mechanism, and in which layers where those aren't all of its own."""
    made = change(of[0].kind, name, None, value, role=role, part=having_place(of, name))
    return replace(made, weight=0.0, brought=True)


def _stated(parts: Iterable[Part]) -> Stated:
    """Every such fact of some parts with its values."""
    found: Stated = {}
    for part in parts:
        for name, value in part.facts.items():
            if _decided(name, part):
                values = found.setdefault(_meaning(name, part), {})
                values.update(dict.fromkeys(v for v in several(value) if v is not None))
    return found


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
