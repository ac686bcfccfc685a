"""What is told of trends: a year, the answers, the evidence and the lags are what the models say."""

from __future__ import annotations

import json
import re
from statistics import median

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.concept import concepts
from llm_gallery.catalog.savings import saved
from llm_gallery.catalog.trend_lags import lag_json, lags
from llm_gallery.catalog.trend_next import evidence, next_json, rates
from llm_gallery.catalog.trend_next_text import next_markdown, next_text, told
from llm_gallery.catalog.trend_statements import shift, statements
from llm_gallery.catalog.trend_year import RECIPE, Report, report, report_json, told_years
from llm_gallery.catalog.trend_year_text import report_markdown, report_text, sections
from llm_gallery.lineage import Trends, trends
from llm_gallery.lineage.trends_next import reviews
from tests.described import members


@pytest.fixture(scope="module")
def found() -> Trends:
    return trends(members())


def names(model: str) -> str:
    return next(one.name for one in members() if one.id == model)


@pytest.fixture(scope="module")
def years(found: Trends) -> list[Report]:
    return [report(found, names, one.year) for one in found.years]


def test_every_part_of_the_recipe_counts_each_design_once(
    found: Trends, years: list[Report]
) -> None:
    for told_of in years:
        new = [one for one in found.designs if one.released.year == told_of.year]
        assert told_of.designs == len(new)
        for part, chosen in zip(
            [part for part in RECIPE if any(not part.of or part.of in one.concepts for one in new)],
            told_of.recipe,
            strict=True,
        ):
            ids = [one.first.id for choice in chosen.choices for one in choice.designs]
            asked = [one.first.id for one in new if not part.of or part.of in one.concepts]
            assert sorted(ids) == sorted(asked)
            counts = [len(choice.designs) for choice in chosen.choices]
            assert counts == sorted(counts, reverse=True)


def test_the_recipe_asks_for_concepts() -> None:
    asked = {name for part in RECIPE for name in (*part.among, *([part.of] if part.of else []))}
    assert asked <= set(concepts())


def test_shares_of_a_year_are_those_of_its_designs(found: Trends, years: list[Report]) -> None:
    for told_of in years:
        for one in (*told_of.rose, *told_of.fell, *told_of.lost):
            for share, year in ((one.now, told_of.year), (one.then, told_of.year - 1)):
                came = [d for d in found.designs if d.released.year == year]
                assert share.of == len(came)
                assert share.having == sum(one.concept in d.concepts for d in came)
        assert all(one.now.part > one.then.part for one in told_of.rose)
        assert all(one.now.part < one.then.part for one in (*told_of.fell, *told_of.lost))


def test_what_came_is_new_to_the_catalog(found: Trends, years: list[Report]) -> None:
    first = {one.concept: one.released.year for one in found.concepts}
    for told_of in years:
        assert all(first[one.concept] == told_of.year for one in told_of.came)


def test_medians_of_a_year_are_over_its_designs(found: Trends, years: list[Report]) -> None:
    sizes = {one.model: one for one in found.sizes}
    for told_of in years:
        (total,) = (one for one in told_of.figures if one.name == "total")
        new = [sizes[d.first.id].total for d in found.designs if d.released.year == told_of.year]
        assert (total.now, total.most) == (median(new), max(new))


def test_a_year_is_one_page_of_whole_sentences(years: list[Report]) -> None:
    last = years[-1]
    for title, lines in sections(last, names):
        assert lines, title
        assert all(re.search(r"[.!]$", line) for line in lines), title
    assert len(report_text(last, names).splitlines()) < 150
    assert report_markdown(last, names).count("\n## ") == 7
    assert json.loads(json.dumps(report_json(last))) == report_json(last)


def test_sentences_of_every_year_are_grammar(found: Trends, years: list[Report]) -> None:
    """One has, two have; nothing of the one design; no number without its noun."""
    said = [report_text(one, names) for one in years]
    for text in (" ".join(page.split()) for page in said):
        assert not re.search(r"\b1 (models|designs|organizations|makers|of the 1 )\b", text), text
        assert not re.search(
            r"(?<!\d)1 of the \d+ designs that came in \d+ (have|put|attend)\b", text
        )
        assert not re.search(r"\b(?!1 )\d+ (model|design|organization|maker)\b(?! of)", text)


def test_a_year_without_models_is_refused(found: Trends) -> None:
    with pytest.raises(Refusal, match="no model of the catalog is of 1999, expected one of 2"):
        report(found, names, 1999)


def test_years_with_enough_models_are_told(found: Trends) -> None:
    told_of = told_years(found)
    assert told_of[0] == found.years[-1].year
    assert all(one.models >= 6 for one in found.years[:-1] if one.year in told_of)


def test_dense_recipes_are_counted_by_design(found: Trends) -> None:
    (said,) = (one for one in statements(found, names) if one.title == "Dense recipes")
    dense = {one.model for one in found.sizes if not one.experts}
    groups = [[m for m in d.models if m.id in dense] for d in found.designs]
    held = [group for group in groups if group]
    most = max(held, key=len)
    assert said.models == tuple(one.id for one in most)
    assert {"llama-2-70b", "llama-3-8b", "phi-4"} <= set(said.models)
    copies = len(dense) - len(held)
    assert said.text.startswith(f"{copies} of the {len(dense)} dense models up to ")
    assert f"{len(most)} models of {len({one.house for one in most})} makers" in said.text


def test_answers_name_the_models_that_they_count(found: Trends) -> None:
    sizes = {one.model: one for one in found.sizes}
    by_title = {one.title: one for one in statements(found, names)}
    year = found.years[-1]
    for title, kind in (("Hybrids", "hybrid"), ("Local and global attention", "local_and_global")):
        said = by_title[title]
        assert len(said.models) == year.of_designs[kind]
        assert said.text.startswith(
            f"{year.of_designs[kind] or 'None'} of the {year.designs} design"
        )
    over = by_title["The trillion-parameter line"]
    assert set(over.models) == {m for m, one in sizes.items() if one.total >= 10**12}
    assert all(
        sizes[m].layers_without_positions for m in by_title["Layers without positions"].models
    )


def test_answers_of_a_past_year_know_nothing_later(found: Trends) -> None:
    for one in statements(found, names, 2024):
        assert "2025" not in one.text
        assert all(
            next(m for m in members() if m.id == model).released.year <= 2024
            for model in one.models
        )


def test_evidence_is_counted_on_the_designs(found: Trends) -> None:
    for one in evidence(found.designs):
        totals = [parameters(d.first.architecture.root).total for d in one.candidate.designs]
        assert (one.smallest, one.largest) == (min(totals), max(totals))
        for held in one.saved:
            root = held.design.first.architecture.root
            assert saved(one.concept.id, root) == (held.undone, held.actual)
        assert one.compared <= len(one.candidate.designs)
        assert {said.word for said in told(one)} == {
            "Who",
            "Sizes",
            "Replaces",
            "Saves",
            "Measured",
        }


def test_papers_are_those_of_the_time(found: Trends) -> None:
    for one in evidence(found.designs, "2024-Q3"):
        assert all((held.known.year, held.known.month) <= (2024, 9) for held in one.ablations)


def test_what_is_next_is_told_in_three_forms(found: Trends) -> None:
    named, past = evidence(found.designs), reviews(found.designs)
    plain = next_json("2026-Q3", named, past, ())
    assert json.loads(json.dumps(plain)) == plain
    text = next_text("2026-Q3", named, past, ("All.",))
    marked = next_markdown("2026-Q3", named, past, ("All.",))
    for one in named:
        assert one.concept.name in text
        assert f". {one.concept.name}\n" in marked
    assert max(map(len, text.splitlines())) <= 130
    assert shift(found).text.startswith("Doubled" if named else "Nothing")


def test_rates_are_shares_of_what_was_named() -> None:
    first, second = rates({"went on": 3, "held": 1}, {"went on": 1, "fell back": 3})
    assert "Of 4 that it named, 3 went on" in first
    assert "(75%), and 4 at least held" in first
    assert "Of 4 that it could have named and didn’t, 1 went on (25%), and 1 held" in second
    assert rates({}, {"held": 3}) == ()


def test_lags_are_counted_in_months(found: Trends) -> None:
    held = {one.concept.id: one for one in lags(found)}
    latent = held["multi-head-latent-attention"]
    assert (latent.first.model, latent.to_first) == ("deepseek-v2", 0), (
        "paper and model of May 2024"
    )
    plain = lag_json(latent)
    assert plain["paper"] == {"year": 2024, "month": "2024-05"}
    for one in held.values():
        assert len({taken.organization for taken in one.taken}) == len(one.taken)
        assert (one.fifth is None) == (len(one.taken) < 5)
