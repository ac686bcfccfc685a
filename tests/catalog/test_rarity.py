"""What each model of the catalog shows is read from a table: it is what their trees show."""

from __future__ import annotations

from datetime import date

from llm_gallery.analysis.concepts import concepts
from llm_gallery.catalog.rarity import ENOUGH, earlier, rare, shown_concepts
from tests.described_catalog import members


def test_the_table_is_what_the_trees_show() -> None:
    """If it differs: python -m tools.generate_concepts."""
    shown = {
        one.id: (one.released, frozenset(concepts(one.architecture.root))) for one in members()
    }
    assert shown_concepts() == shown


def test_those_of_the_same_day_came_no_earlier() -> None:
    assert len(earlier(None)) == len(shown_concepts())
    assert earlier(min(day for day, _ in shown_concepts().values())) == []
    day = date(2024, 12, 26)
    assert len(earlier(day)) == sum(released < day for released, _ in shown_concepts().values())


def test_what_a_tenth_had_is_rare_and_what_more_had_is_not() -> None:
    others = [frozenset("a" if place < 1 else "b") for place in range(ENOUGH)]
    assert rare(["a", "b", "c"], others) == ("c", "a")
    assert rare(["a"], others[1:]) == ()
