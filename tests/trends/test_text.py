"""What is told of trends: a year, the answers, the evidence and the lags are what the models say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from statistics import median

import pytest

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import is_trillion
from llm_gallery.architecture.block import Block, layers, walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.savings import saved
from llm_gallery.concepts import concepts
from llm_gallery.lineage import Member
from llm_gallery.lineage.sizes import quarter, sizes
from llm_gallery.trends.candidates import ENOUGH, candidates, reviews
from llm_gallery.trends.evidence import evidence, next_json, rates
from llm_gallery.trends.evidence_text import (
    became,
    evidence_statements,
    next_markdown,
    next_text,
)
from llm_gallery.trends.lags import lag_json, lag_rows, lags
from llm_gallery.trends.recipe import RECIPE
from llm_gallery.trends.statements import moment, shift, statements
from llm_gallery.trends.trends import Trends, trends
from llm_gallery.trends.year_report import Report, report, report_json, told_years
from llm_gallery.trends.year_text import opening, report_markdown, report_text, sections
from tests.described_catalog import members


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
            [part for part in RECIPE if any(part.unasked or part.asked(one) for one in new)],
            told_of.recipe,
            strict=True,
        ):
            ids = [one.first.id for choice in chosen.choices for one in choice.designs]
            asked = [one.first.id for one in new if part.unasked or part.asked(one)]
            assert sorted(ids) == sorted(asked)
            counts = [len(choice.designs) for choice in chosen.choices]
            assert counts == sorted(counts, reverse=True)


def test_the_recipe_asks_for_concepts() -> None:
    assert {name for part in RECIPE for name in part.among} <= set(concepts())


def test_shares_of_a_year_are_those_of_its_designs(found: Trends, years: list[Report]) -> None:
    for told_of in years:
        for one in (*told_of.rose, *told_of.fell, *told_of.lost):
            for share, year in ((one.now, told_of.year), (one.then, told_of.year - 1)):
                came = [d for d in found.designs if d.released.year == year]
                assert share.of == len(came)
                assert share.having == sum(one.concept in d.concepts for d in came)
        assert all(one.now.part > one.then.part for one in told_of.rose)
        assert all(one.now.part < one.then.part for one in (*told_of.fell, *told_of.lost))


def test_what_went_is_in_no_model_of_the_year(years: list[Report]) -> None:
    """A copy keeps a concept: LFM2.5 has the short convolutions of LFM2, Command A the parallel block."""
    for told_of in years:
        kept = {concept for m in of_year(told_of.year) for concept in m.concepts}
        assert kept.isdisjoint(one.concept for one in told_of.lost)
        assert not {one.concept for one in told_of.fell} & {one.concept for one in told_of.lost}


def test_the_longest_context_is_one_that_some_layer_sees(years: list[Report]) -> None:
    for told_of in years:
        for one in (one for one in told_of.figures if one.name == "context"):
            by_id = {m.id: m for m in of_year(told_of.year)}
            assert all(sizes(by_id[model]).global_layers for model in one.most.models)


def test_no_idea_comes_before_its_paper_by_months(found: Trends) -> None:
    rows = list(lag_rows(lags(found)))
    assert not [row for row in rows if any(cell.startswith("-") for cell in row)]
    assert "before it" in next(row for row in rows if row[0] == "sparse-attention")


def test_what_came_is_new_to_the_catalog(found: Trends, years: list[Report]) -> None:
    first = {one.concept: one.released.year for one in found.concepts}
    for told_of in years:
        assert all(first[one.concept] == told_of.year for one in told_of.came)


def test_medians_of_a_year_are_over_its_designs(found: Trends, years: list[Report]) -> None:
    sizes = {one.model: one for one in found.sizes}
    for told_of in years:
        (total,) = (one for one in told_of.figures if one.name == "total")
        new = [sizes[d.first.id].total for d in found.designs if d.released.year == told_of.year]
        assert total.now == median(new)


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
    assert set(over.models) == {m for m, one in sizes.items() if is_trillion(one.total)}
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
        assert {said.word for said in evidence_statements(one)} == {
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
    plain = next_json("2026-Q3", date(2026, 9, 30), named, past, ())
    assert json.loads(json.dumps(plain)) == plain
    text = next_text("2026-Q3", named, past, ("All.",))
    marked = next_markdown("2026-Q3", named, past, ("All.",))
    for one in named:
        assert one.concept.name in text
        assert f". {one.concept.name}\n" in marked
    assert max(map(len, text.splitlines())) <= 130
    assert shift(found).text.startswith("Doubled" if named else "Nothing")


def of_year(year: int) -> list[Member]:
    return [one for one in members() if one.released.year == year]


def is_sparse(one: Member) -> bool:
    return any(block.is_mixture for _, block in walk(one.architecture.root))


def grown(one: Member) -> float:
    """Bytes of a further token where every window is full long since; compressed entries come now and then."""
    start, span = 2**26, 2**13
    kept = cache(one.architecture.root)
    return (kept.at(start + span) - kept.at(start)) / span


def context(one: Member) -> int | None:
    value = one.architecture.root.value("context")
    return value if isinstance(value, int) else None


def mixtures(one: Member) -> list[Block]:
    return [block for _, block in walk(one.architecture.root) if block.kind == "moe"]


RECORDS: dict[str, Callable[[Member], float | None]] = {
    "total": lambda one: parameters(one.architecture.root).total,
    "active_share": lambda one: (
        parameters(one.architecture.root).active / parameters(one.architecture.root).total
        if is_sparse(one)
        else None
    ),
    "experts": lambda one: max((block.number("experts") for block in mixtures(one)), default=None),
    "context": lambda one: context(one) if sizes(one).global_layers else None,
    "cache_bytes_per_token_long": lambda one: grown(one) or None,
}


def test_every_record_of_a_year_is_that_of_all_its_models(years: list[Report]) -> None:
    """Counted again by another way, over the whole catalog: no copy of a design is left out."""
    for told_of in years:
        for one in told_of.figures:
            numbers = {m.id: RECORDS[one.name](m) for m in of_year(told_of.year)}
            held = {model: number for model, number in numbers.items() if number is not None}
            assert one.models == len(held), (told_of.year, one.name)
            assert one.most.number == pytest.approx(max(held.values())), (told_of.year, one.name)
            most = {model for model, number in held.items() if number == max(held.values())}
            assert set(one.most.models) == most, (told_of.year, one.name)


def test_the_largest_dense_model_of_a_year_is_the_largest(found: Trends) -> None:
    for year in (one.year for one in found.years):
        dense = {
            m.id: parameters(m.architecture.root).total for m in of_year(year) if not is_sparse(m)
        }
        (said,) = (s for s in statements(found, names, year) if s.title == "Dense against sparse")
        assert set(said.models) == set(dense)
        for model in (m for m, total in dense.items() if total == max(dense.values())):
            assert names(model) in said.text.split(" The ")[1]
    for year, largest in (
        (2024, "llama-3.1-405b"),
        (2025, "command-a-111b"),
        (2026, "mistral-medium-3.5-128b"),
    ):
        (said,) = (s for s in statements(found, names, year) if s.title == "Dense against sparse")
        assert f" is {names(largest)} with " in said.text


def test_all_of_a_trillion_parameters_are_named(found: Trends) -> None:
    over = [m for m in members() if is_trillion(parameters(m.architecture.root).total)]
    (said,) = (s for s in statements(found, names) if s.title.startswith("The trillion"))
    assert said.text.startswith(f"{len(over)} models of {len({m.house for m in over})} makers")
    assert all(m.name in said.text for m in over)
    assert "Ling 1T (999.71B)" in said.text
    assert "Ling 1T counts, rounded to 1.00T." in said.text
    assert set(said.models) == {m.id for m in over}
    first = min(m.released for m in over)
    assert f"The first here came on {first.day} {first:%B %Y}." in said.text


def test_first_is_first_here(found: Trends, years: list[Report]) -> None:
    """Nothing in this catalog had it before, and all that had it that day are named."""
    for one in found.concepts:
        having = [m for m in members() if one.concept in m.concepts]
        day = min(m.released for m in having)
        assert (one.released, next(m for m in having if m.id == one.first).released) == (day, day)
        for told_of in years:
            for came in (c for c in told_of.came if c.concept == one.concept):
                assert set(came.first) == {m.id for m in having if m.released == day}
    texts = [report_text(one, names) for one in years]
    texts.append(next_text("now", evidence(found.designs), reviews(found.designs), ()))
    texts += [s.text for year in found.years for s in statements(found, names, year.year)]
    for text in (" ".join(one.split()) for one in texts):
        assert not re.search(r"\bfirst in\b", text)
        said = re.findall(r"[Tt]he first time(?! (?:here|in this catalog))", text)
        assert not said, said


def test_makers_told_as_new_to_a_concept_had_it_in_no_model(found: Trends) -> None:
    """Whatever mixer carries it, and whether it was their own design or a copy of another's."""
    quarters = sorted({one.quarter for one in found.designs})
    for at in quarters:
        start = quarters[max(0, quarters.index(at) - 1)]
        for one in candidates(found.designs, at):
            had = {
                m.house
                for m in members()
                if quarter(m.released) < start and one.concept in m.concepts
            }
            assert had == set(one.known), (at, one.concept)
            assert not had & set(one.newcomers), (at, one.concept)
    assert all(
        "Mistral AI" not in one.newcomers
        for one in candidates(found.designs)
        if one.concept == "attention-temperature"
    )


def test_most_and_least_saved_are_those_of_all_that_save(found: Trends) -> None:
    for one in evidence(found.designs):
        shares = [held.actual / held.undone for held in one.saved]
        assert shares == sorted(shares)
        saving = {
            d.first.id
            for d in one.candidate.designs
            if saved(one.concept.id, d.first.architecture.root)
        }
        assert {held.design.first.id for held in one.saved} == saving


def test_the_newest_quarter_says_up_to_which_day(found: Trends) -> None:
    newest = max(m.released for m in members())
    said = f"by models up to {newest.day} {newest:%B %Y}"
    assert moment(found.designs) == moment(found.designs, quarter(newest)) == said
    assert said in shift(found).text
    assert moment(found.designs, "2025-Q1") == "at the end of 2025-Q1"
    assert f" up to {newest.day} {newest:%B %Y}, " in opening(report(found, names, newest.year))
    assert "up to" not in opening(report(found, names, newest.year - 1))
    for one in reviews(found.designs):
        over = any(
            quarter(m.released) > f"{int(one.quarter[:4]) + 1}{one.quarter[4:]}" for m in members()
        )
        assert one.over == over
        told = all(held.since.of >= ENOUGH for held in one.judged)
        for held in one.judged:
            assert became(held, one).endswith("so far") == (told and not over)
            assert (held.outcome == "too few to tell") == (not told and not over)


def test_the_cache_of_a_year_states_its_condition(years: list[Report]) -> None:
    for told_of in years:
        lines = " ".join(report_text(told_of, names).split())
        assert "has the most, 880 KiB" not in lines
        for line in re.findall(r"Cache per token[^.]*\. ", lines):
            assert "once every window is full" in line.split("copies too")[-1]


def test_what_a_recipe_says_of_a_design_holds_for_it(found: Trends) -> None:
    """Designs without attention see nothing, a first layer without experts has none, latents are rotated apart."""
    for told_of in (report(found, names, one.year) for one in found.years):
        for part in told_of.recipe:
            for choice in part.choices:
                for one in choice.designs:
                    root = one.first.architecture.root
                    attends = any(block.attends for _, block in walk(root))
                    if part.part == "Layers":
                        assert attends == (choice.words != "States alone"), one.first.id
                    if part.part == "MLP" and choice.words == "None":
                        assert not any(block.mixes_channels for _, block in walk(root))
                    if choice.words == "With experts as well":
                        assert any(b.is_mixture for _, b in walk(layers(root)[0])), one.first.id
                    if part.part == "Rotated" and choice.words == "The whole head":
                        assert "multi-head-latent-attention" not in one.concepts


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
