"""Charts of trends and the way between two models as drawn: each model once, nothing over anything."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from llm_gallery.catalog.concept import concepts as known
from llm_gallery.catalog.family_tree import drawn_path, path_stops
from llm_gallery.catalog.trend_charts import CHARTS, bars, drawn, panels
from llm_gallery.figure.kit.gates import faults
from llm_gallery.figure.sheets import descent_path
from llm_gallery.figure.sheets import trend_charts as charts
from llm_gallery.lineage import Lineage, Trends, path, trends
from llm_gallery.lineage.sizes import quarter
from tests.described import members

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def found() -> Trends:
    return trends(members())


def test_every_number_has_a_dot_for_each_model_that_has_it(found: Trends) -> None:
    root = ElementTree.fromstring(drawn(found, members()).alone())
    dots = [one.get("data-model") for one in root.iter() if one.get("data-model")]
    expected = sum(1 for chart in CHARTS for one in found.sizes if chart.number(one))
    assert len(dots) == expected
    assert set(dots) == {one.model for one in found.sizes}
    said = {"".join(one.itertext()) for one in root.iter(f"{SVG}circle")}
    assert "Kimi K2, 2025-07-11: 8 of 384" in said


def test_nothing_in_the_charts_covers_a_word(found: Trends) -> None:
    assert faults(charts.page(panels(found, members()), bars(found), "Trends", "All.")) == ()


def test_bars_count_the_models_of_their_quarter(found: Trends) -> None:
    concepts = {one.name: key for key, one in known().items()}
    having = {one.concept: one.models for one in found.concepts}
    days = {member.id: quarter(member.released) for member in members()}
    for one in bars(found):
        for name, count, models in one.quarters:
            own = [model for model in having[concepts[one.title]] if days[model] == name]
            assert (count, models) == (len(own), sum(day == name for day in days.values()))


def test_the_way_says_every_step_and_covers_nothing(tree: Lineage) -> None:
    steps = path(tree, "gpt2-xl", "kimi-k3")
    stops = path_stops(steps, tree.members["gpt2-xl"])
    assert faults(descent_path.page(stops, "From GPT-2 XL to Kimi K3")) == ()
    text = drawn_path(steps, tree.members["gpt2-xl"]).alone()
    for step in steps:
        assert f'data-model="{step.child.id}"' in text


def test_a_way_without_steps_shows_its_model(tree: Lineage) -> None:
    assert 'data-model="kimi-k2"' in drawn_path((), tree.members["kimi-k2"]).alone()
