"""What may come next: the rule on made-up designs, no hindsight, and the past as it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.lineage.designs import Design, designs
from llm_gallery.trends.candidates import (
    ENOUGH,
    Candidate,
    candidates,
    review,
    reviews,
    score,
)
from tests.described_catalog import members


@dataclass(frozen=True)
class Made:
    """What the rule asks of a design."""

    organization: str
    quarter: str
    concepts: frozenset[str]

    @property
    def holders(self) -> tuple[tuple[str, str, frozenset[str]], ...]:
        """It is the only model of its design."""
        return ((self.organization, self.quarter, self.concepts),)


def made(*rows: tuple[str, str, str]) -> list[Design]:
    """Organization, quarter, concepts; with enough designs of nobody's concept in every quarter."""
    plain = [
        Made(f"plain {i}", f"{year}-Q{quarter}", frozenset({"rope"}))
        for year in (2024, 2025, 2026)
        for quarter in (1, 2, 3, 4)
        for i in range(ENOUGH)
    ]
    own = [Made(who, when, frozenset(what.split())) for who, when, what in rows]
    return cast("list[Design]", sorted([*plain, *own], key=lambda one: one.quarter))


def named(found: tuple[Candidate, ...]) -> list[str]:
    return [one.concept for one in found]


def test_two_newcomers_are_named() -> None:
    found = candidates(made(("A", "2025-Q1", "x"), ("B", "2025-Q2", "x")), "2025-Q2")
    assert named(found) == ["x"]
    assert (found[0].newcomers, found[0].known) == (("A", "B"), ())
    assert (found[0].share.having, found[0].share.of) == (2, 2 * ENOUGH + 2)


def test_one_organization_is_no_shift() -> None:
    assert candidates(made(("A", "2025-Q1", "x"), ("A", "2025-Q2", "x")), "2025-Q2") == ()


def test_makers_must_double() -> None:
    before = [(who, "2024-Q2", "x") for who in "ABC"]
    now = [("D", "2025-Q1", "x"), ("E", "2025-Q2", "x")]
    assert candidates(made(*before, *now), "2025-Q2") == ()
    found = candidates(made(*before[:2], *now, ("F", "2025-Q2", "x")), "2025-Q2")
    assert named(found) == ["x"]
    assert found[0].known == ("A", "B")


def test_what_half_have_is_not_next() -> None:
    many = [(f"N{i}", "2025-Q2", "x") for i in range(2 * ENOUGH)]
    assert candidates(made(*many), "2025-Q2") == ()
    assert named(candidates(made(*many[1:]), "2025-Q2")) == ["x"]


def test_most_newcomers_come_first() -> None:
    rows = [(who, "2025-Q2", "y x") for who in "AB"] + [
        ("C", "2025-Q2", "z x"),
        ("D", "2025-Q2", "z"),
    ]
    assert named(candidates(made(*rows), "2025-Q2")) == ["x", "y", "z"]


def test_nothing_is_known_of_what_came_later() -> None:
    """At every quarter the whole catalog names what the catalog of that day names."""
    whole = designs(members())
    for at in sorted({one.quarter for one in whole}):
        then = designs(
            [m for m in members() if f"{m.released.year}-Q{(m.released.month + 2) // 3}" <= at]
        )
        assert named(candidates(whole, at)) == named(candidates(then)), at


def test_what_became_of_it() -> None:
    rows = [
        ("A", "2025-Q2", "x"),
        ("B", "2025-Q2", "x y"),
        ("C", "2025-Q2", "y z"),
        ("D", "2025-Q2", "z"),
    ]
    later = [(f"L{i}", "2025-Q3", "x") for i in range(9)] + [
        (f"M{i}", "2025-Q4", "y") for i in range(2)
    ]
    found = review(made(*rows, *later), "2025-Q2")
    assert {one.candidate.concept: one.outcome for one in found.judged} == {
        "x": "went on",
        "y": "fell back",
        "z": "fell back",
    }
    assert found.quarters == 4


def test_what_is_older_than_two_years_is_not_next() -> None:
    rows = [("A", "2026-Q1", "x y"), ("B", "2026-Q2", "x y")]
    old = [("Z", "2024-Q1", "x"), ("Z", "2024-Q2", "y")]
    assert named(candidates(made(*old, *rows), "2026-Q2")) == ["y"]


def test_a_year_that_is_not_over_does_not_score() -> None:
    past = reviews(designs(members()))
    last = max(one.quarter for one in designs(members()))
    over = [one for one in past if f"{int(one.quarter[:4]) + 1}{one.quarter[4:]}" < last]
    total, _ = score(past)
    assert sum(total.values()) == sum(len(one.judged) for one in over)
    assert past[-1].quarters < 4, "the newest quarters aren't a year ago"


def test_the_rule_was_better_than_chance() -> None:
    """What it named held its share more often than what it could have named and didn't."""
    total, others = score(reviews(designs(members())))
    kept, of = total["went on"] + total["held"], sum(total.values())
    kept_else, of_else = others["went on"] + others["held"], sum(others.values())
    assert kept * of_else > kept_else * of


def test_a_quarter_without_designs_is_refused() -> None:
    with pytest.raises(Refusal, match='"1999-Q1", expected a quarter such as "2'):
        candidates(designs(members()), "1999-Q1")


def test_few_designs_name_nothing() -> None:
    few = [member for member in members() if member.released < date(2023, 9, 1)]
    assert candidates(designs(few)) == ()
