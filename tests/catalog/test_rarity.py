"""What each model of the catalog shows is read from a table: it is what their trees show."""

from __future__ import annotations

from datetime import date

from llm_gallery.analysis.concepts import concepts
from llm_gallery.catalog.rarity import ENOUGH, designs, earlier, rare
from llm_gallery.explanation import Design
from llm_gallery.lineage.series import series
from tests.described_catalog import members


def test_the_table_is_what_the_trees_show() -> None:
    """If it differs: python -m tools.generate_concepts."""
    shown = {
        one.id: Design(
            one.id,
            one.name,
            one.house,
            series(one),
            one.released,
            frozenset(concepts(one.architecture.root)),
        )
        for one in members()
    }
    assert designs() == shown


def test_those_of_the_same_day_came_no_earlier() -> None:
    assert len(earlier(None)) == len(designs())
    assert earlier(min(design.released for design in designs().values())) == []
    day = date(2024, 12, 26)
    assert len(earlier(day)) == sum(design.released < day for design in designs().values())


def test_what_a_tenth_had_is_rare_and_what_more_had_is_not() -> None:
    others = [frozenset("a" if place < 1 else "b") for place in range(ENOUGH)]
    assert rare(["a", "b", "c"], others) == ("c", "a")
    assert rare(["a"], others[1:]) == ()
