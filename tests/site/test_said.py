"""What is said of pairs: the library's sentences once the names are put in, and once for all pairs of two architectures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations

from llm_gallery.catalog.load import find
from llm_gallery.comparison import Difference, themed
from llm_gallery.lineage import Member
from llm_gallery.lineage.ancestors import chronological
from llm_gallery.site.said import NEW, OLD, Said, Sayings, first_alike

IDS = (
    "gpt2-xl", "llama-2-7b", "mixtral-8x7b", "deepseek-v2", "deepseek-v3", "deepseek-r1", "mamba-2.8b",
    "gemma-3-27b", "gpt-oss-20b", "qwen3-next-80b-a3b", "kimi-k2", "glm-4.5", "glm-4.6", "glm-4.7",
)  # fmt: skip
"""Kin and strangers, and some that differ in nothing."""


@cache
def members() -> Sequence[Member]:
    return chronological([member(model) for model in IDS])


def member(model: str) -> Member:
    found = find(model)
    assert found.entry is not None
    return Member(
        id=model,
        name=found.name,
        organization=found.entry.organization,
        released=found.entry.released,
        architecture=found.architecture,
    )


def named(said: Said, old: Member, new: Member) -> Said:
    """As `static/compare.js` puts the names in."""
    sentences, *themes = said
    return [
        [text.replace(NEW, new.name, 1).replace(OLD, old.name, 1) for text in sentences],
        *themes,
    ]


def expected(old: Member, new: Member) -> Said:
    found = Difference(old.profile, new.profile)
    return [[*found.sentences], *map(list, themed(found.changes).items())]


def test_they_are_the_librarys() -> None:
    sayings = Sayings(first_alike(members()))
    for at, new in enumerate(members()):
        places, said = sayings.of(new, members()[:at])
        for old in members()[:at]:
            assert named(said[places[old.id]], old, new) == expected(old, new), (old.id, new.id)


def test_of_copies_nothing_is_said_anew() -> None:
    """However many there are: else work and files would go with the square of all models."""
    old, *_, new = members()
    copies = [replace(old, id=f"copy-{at}", name=f"{old.name} {at}") for at in range(50)]
    first = first_alike([old, new, *copies])
    assert {first[one.id] for one in copies} == {old.id}
    places, said = Sayings(first).of(new, [old, *copies])
    assert len(said) == 2, "one for the name as it is, one for names of a word more"
    for copy in copies:
        assert named(said[places[copy.id]], copy, new) == expected(copy, new)


def test_those_without_a_change_between_them_are_alike() -> None:
    first = first_alike(members())
    for one, other in combinations(members(), 2):
        changed = bool(Difference(one.profile, other.profile).changes)
        assert changed == (first[one.id] != first[other.id]), (one.id, other.id)
    assert first["deepseek-r1"] == first["deepseek-v3"] != first["kimi-k2"]
