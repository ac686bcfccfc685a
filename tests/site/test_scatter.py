"""The charts of the page of trends: whatever days a catalog has, its dots stand in the chart."""

from __future__ import annotations

import re
from datetime import date

import pytest

from llm_gallery.figure.sheets.trend_charts import Dot, Panel
from llm_gallery.site.scatter import BOTTOM, LEFT, RIGHT, TOP, scatter


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
    dots = [Dot(f"m{i}", f"M{i}", day, 8 + i, "eight", "mlp") for i, day in enumerate(days)]
    panel = Panel("Width", "of all", dots, [(days[0], 8.0)], str, doubling)
    drawn = scatter(panel, "Width of all")
    places = re.findall(r'<circle class="mlp" cx="([-\d.]+)" cy="([-\d.]+)"/>', drawn)
    assert len(places) == len(days)
    assert [float(x) for x, _ in places] == sorted(float(x) for x, _ in places)
    for x, y in places:
        assert LEFT <= float(x) <= RIGHT
        assert TOP <= float(y) <= BOTTOM
    assert 'class="median" d="M' + " ".join(places[0]) + '"' in drawn
