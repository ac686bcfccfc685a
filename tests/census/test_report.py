"""The report says of a census what counting its rows by hand says."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.census.report import Report, drawn, markdown, report, text, to_json
from llm_gallery.census.report.charts import _months, adoption, numbers
from llm_gallery.cli import main
from llm_gallery.recognition import known
from tests.census.conftest import Told, run, table, told
from tests.census.test_census import CONFIGS, hub_rows

Made = tuple[Report, Told]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("report")
    run(place / "out", hub_rows(place / "rows.parquet", 400, group=200))
    return place / "out"


@pytest.fixture(scope="module")
def made(out: Path) -> Made:
    return report(out), told(out)


def month(row: dict[str, Any]) -> date:
    day: date = row["created"].date().replace(day=1)
    return day


def test_what_is_covered(made: Made) -> None:
    found, rows = made
    own, counted = found.coverage, Counter(row["outcome"] for row in rows)
    assert own["read"] == len(rows) == sum(counted.values())
    assert {name: own[name] for name in counted} == counted
    assert own["copies"] == sum(row["copy_of"] is not None for row in rows)
    assert (own["first"], own["newest"]) == (
        min(row["created"] for row in rows).date(),
        max(row["created"] for row in rows).date(),
    )


def test_adoption_by_models_and_downloads(made: Made) -> None:
    found, rows = made
    described = [row for row in rows if row["outcome"] == "described"]
    models, weighted = Counter(map(month, described)), Counter[date]()
    having: Counter[tuple[str, date]] = Counter()
    loaded: Counter[tuple[str, date]] = Counter()
    for row in described:
        weighted[month(row)] += row["downloads"]
        for concept in row["concepts"]:
            having[concept, month(row)] += 1
            loaded[concept, month(row)] += row["downloads"]
    months = [one.month for one in found.months]
    assert [(one.models, one.downloads) for one in found.months] == [
        (models[at], weighted[at]) for at in sorted(models)
    ]
    assert {one.concept for one in found.adoption} == {concept for concept, _ in having}
    for one in found.adoption:
        assert one.models == tuple(having[one.concept, at] for at in months)
        assert one.downloads == tuple(loaded[one.concept, at] for at in months)


def test_designs_new_and_copied(out: Path, made: Made) -> None:
    rows = [row for row in made[1] if row["outcome"] == "described"]
    counted = Counter(row["design"] for row in rows)
    first = {
        design: min(row["created"] for row in rows if row["design"] == design) for design in counted
    }
    found = made[0]
    assert {row["design"]: row["repositories"] for row in found.copied} == counted
    assert [row["repositories"] for row in found.copied] == sorted(counted.values(), reverse=True)
    by_month = Counter(day.date().replace(day=1) for day in first.values())
    assert {row["month"]: row["designs"] for row in found.new_by_month} == by_month
    busiest = max(by_month, key=lambda at: by_month[at])
    new = report(out, busiest).new
    assert {row["design"] for row in new} == {
        design for design, day in first.items() if day.date().replace(day=1) == busiest
    }


def test_what_nobody_describes_or_reads(made: Made) -> None:
    found, rows = made
    refused = Counter(row["model_type"] for row in rows if row["outcome"] == "refused")
    told = {row["model_type"]: row["repositories"] for row in found.undescribed}
    assert told == {kind: n for kind, n in refused.items() if not known({"model_type": kind})}
    rest = {row["model_type"]: row["repositories"] for row in found.contradicting}
    assert told | rest == refused
    assert rest
    unread = Counter(key for row in rows for key in row["unread"] or ())
    assert {row["key"]: row["repositories"] for row in found.unread} == unread


def made_rows(place: Path, rows: Sequence[tuple[str, datetime | None, int | None]]) -> Report:
    """A census of models of the catalog, created and downloaded as said."""
    columns: Mapping[str, Sequence[Any]] = {
        "repository": [f"a/{index}" for index in range(len(rows))],
        "config": [json.dumps(CONFIGS[model]) for model, _, _ in rows],
        "created": [created for _, created, _ in rows],
        "downloads": [downloads for _, _, downloads in rows],
    }
    run(place / "out", table(place / "rows.parquet", columns))
    return report(place / "out")


def test_families_that_fade_and_sums_beyond_64_bits(tmp_path: Path) -> None:
    """Ten in one half-year and one in the newest is a tenth; of the other family there are two."""
    most = 2**63 - 1
    old = [("gpt2-xl", datetime(2024, 1, 1 + day), most) for day in range(10)]
    two = [("llama-3-8b", datetime(2024, 1, 1 + day), None) for day in range(10)]
    new = [("gpt2-xl", datetime(2025, 2, 1), None)]
    newer = [("llama-3-8b", datetime(2025, 3, 1), 1)] * 2
    found = made_rows(tmp_path, [*old, *two, *new, *newer])
    (fading,) = found.fading
    assert (fading["family"], fading["best"], fading["now"]) == ("gpt2", 10, 1)
    assert fading["last"] == date(2025, 2, 1)
    assert found.months[0].downloads == 10 * most
    assert json.loads(json.dumps(to_json(found)))["months"][0]["downloads"] == 10 * most


def test_without_dates_nothing_is_said_by_month(tmp_path: Path) -> None:
    found = made_rows(tmp_path, [("gpt2-xl", None, None)])
    assert (found.months, found.adoption, found.month, found.new) == ((), (), None, [])
    assert "none of which states when it was created" in text(found)
    assert "Designs new in a month: no row has a date" in markdown(found)
    assert [*adoption(found), *numbers(found)] == []
    assert drawn(found).alone().startswith("<svg")


def test_text_and_markdown_say_the_same(made: Made) -> None:
    found = made[0]
    plain, marked = text(found), markdown(found)
    for row in (*found.undescribed[:25], *found.copied[:25]):
        name = row.get("model_type") or row.get("repository") or "none is stated"
        cells = [name, f"{row['repositories']:,}"]
        assert any(all(cell in line for cell in cells) for line in plain.splitlines())
        assert any(all(cell in line for cell in cells) for line in marked.splitlines())
    for line in marked.splitlines():
        assert not line.startswith("|") or line.count("|") > 2


def test_months_have_no_gap() -> None:
    assert [*_months(date(2023, 11, 1), date(2024, 2, 1))] == [
        *(date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1))
    ]


@pytest.mark.parametrize("form", ["text", "markdown", "json", "svg"])
def test_the_command(
    out: Path, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["census", "report", str(out), "--format", form]) == 0
    printed = capsys.readouterr().out
    assert main(["census", "report", str(out), "--format", form, "-o", str(tmp_path / "a")]) == 0
    assert (tmp_path / "a").read_text("utf-8") == printed
    assert "2022" in printed


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        (("nowhere",), 3, "nowhere holds no finished census, expected the output of"),
        ((".", "--month", "2026"), 2, "--month is 2026, expected a month such as 2026-10."),
    ],
)
def test_what_cant_be_reported(
    arguments: tuple[str, ...], code: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["census", "report", *arguments]) == code
    assert capsys.readouterr().err.startswith(f"llm-gallery: {line}")


def test_an_unfinished_census_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="holds no finished census"):
        report(tmp_path)
