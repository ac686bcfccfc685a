"""Charts of trends and the way between two models as drawn: each model once, nothing over anything."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from llm_gallery.catalog.family_tree import drawn_path, path_stops
from llm_gallery.concepts import concepts as known
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Bounds, Box, Mark
from llm_gallery.figure.sheets import descent_path
from llm_gallery.figure.sheets import trend_charts as charts
from llm_gallery.lineage import Lineage, path
from llm_gallery.lineage.sizes import quarter
from llm_gallery.trends.charts import CHARTS, bars, drawn, panels
from llm_gallery.trends.trends import Trends, trends
from tests.described_catalog import members
from tests.figure.gates import faults

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


@pytest.mark.whole
def test_nothing_in_the_charts_covers_a_word(found: Trends) -> None:
    sheet = charts.charts(panels(found, members()), bars(found), title="Trends", sentence="All.")
    assert faults(sheet.picture) == ()


@pytest.mark.parametrize(
    "days",
    [
        [date(2019, 2, 14)],
        [date(2022, 12, 31), date(2023, 1, 1)],
        [date(1997, 11, 15), date(2017, 6, 12), date(2026, 12, 31)],
        [date(2026, 1, 1), date(2026, 1, 1)],
    ],
)
@pytest.mark.parametrize("doubling", [True, False])
def test_dots_of_any_day_stand_in_the_chart(days: list[date], doubling: bool) -> None:
    dots = [charts.Dot(f"m{i}", f"M{i}", day, 8 + i, "eight", "mlp") for i, day in enumerate(days)]
    medians = [(days[0], 8.0), (days[-1], 8.0)]
    panel = charts.Panel("Width", "of all", dots, medians, str, doubling)
    sheet, frame = Sheet(), Bounds(54, 12, 412, 182)
    charts.scatter(sheet, panel, frame, link="../models/{}/index.html")
    circles = [shape for shape in sheet.shapes if isinstance(shape, Box)]
    places = [(one.x + one.width / 2, one.y + one.height / 2) for one in circles]
    assert [one.about.link for one in circles if one.about] == [
        f"../models/m{i}/index.html" for i in range(len(days))
    ]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    for x, y in places:
        assert frame.left <= x <= frame.right
        assert frame.top <= y <= frame.bottom
    curves = [shape for shape in sheet.shapes if isinstance(shape, Mark)]
    assert len(curves) == (days[0] < days[-1])  # of one day, its dots are all there is
    assert all(curve.x == pytest.approx(places[0][0], abs=0.06) for curve in curves)
    assert faults(sheet.picture(420, 210)) == ()


@pytest.mark.parametrize("quarters", [1, 2, 11, 12])
def test_fewer_quarters_stand_at_the_right(quarters: int) -> None:
    ends = [(2024 + i // 4, i % 4 + 1) for i in range(12)][-quarters:]
    found = [(f"{year}-Q{quarter}", 3, 9 - quarter) for year, quarter in ends]
    sheet, frame = Sheet(), Bounds(34, 12, 334, 112)
    charts.adoption(sheet, charts.Bars("RoPE", found, "position"), frame)
    columns = [shape for shape in sheet.shapes if isinstance(shape, Box)]
    assert columns[-1].x + columns[-1].width == frame.right - 1.5
    assert [one.fill for one in columns] == [
        f"position.{'solid' if models >= charts.FEW else 'edge'}" for *_, models in found
    ]
    assert faults(sheet.picture(340, 136)) == ()


def test_bars_count_the_designs_of_their_quarter(found: Trends) -> None:
    concepts = {one.name: key for key, one in known().items()}
    for one in bars(found):
        for (name, count, of), also in zip(one.quarters, one.also, strict=True):
            came = [design for design in found.designs if design.quarter == name]
            own = [design for design in came if concepts[one.title] in design.concepts]
            assert (count, of) == (len(own), len(came))
            models = [m for m in members() if quarter(m.released) == name]
            having = [m for m in models if concepts[one.title] in m.concepts]
            assert also == f"{len(having)} of {len(models)} models"


def test_the_way_says_every_step_and_covers_nothing(tree: Lineage) -> None:
    steps = path(tree, "gpt2-xl", "kimi-k3")
    stops = path_stops(steps, tree.members["gpt2-xl"])
    sheet = descent_path.descent_path(stops, title="From GPT-2 XL to Kimi K3")
    assert faults(sheet.picture) == ()
    text = drawn_path(steps, tree.members["gpt2-xl"]).alone()
    for step in steps:
        assert f'data-model="{step.child.id}"' in text


def test_a_way_without_steps_shows_its_model(tree: Lineage) -> None:
    assert 'data-model="kimi-k2"' in drawn_path((), tree.members["kimi-k2"]).alone()
