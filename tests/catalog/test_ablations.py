"""Ablations: whole, about concepts that exist, from sources that are addresses; known from a month on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.ablation import ABLATIONS, ablations
from llm_gallery.catalog.paper_month import month
from llm_gallery.concepts import CONCEPTS, concepts

WHOLE = """
[[ablation]]
number = "16.42 of perplexity"
finding = "It does better than what was there before."
setting = "1.3B parameters, 100B tokens"
place = "Table 3"
title = "A paper"
link = "{link}"
year = 2024
"""


def written(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "some-concept"
    folder.mkdir()
    (folder / ABLATIONS).write_text(text)
    return tmp_path


def test_all_are_of_concepts_and_oldest_first() -> None:
    found = ablations()
    assert set(found) <= set(concepts())
    assert set(found) == {file.parent.name for file in CONCEPTS.glob(f"*/{ABLATIONS}")}
    for of_concept in found.values():
        assert [one.known for one in of_concept] == sorted(one.known for one in of_concept)


def test_every_number_has_a_number() -> None:
    words = ("half", "every", "behind")
    for concept, found in ablations().items():
        for one in found:
            told = any(sign.isdigit() for sign in one.number) or one.number.startswith(words)
            assert told, (concept, one.number)


def test_no_measurement_is_told_twice() -> None:
    told = [(name, one.number) for name, found in ablations().items() for one in found]
    assert len(told) == len(set(told))


def test_a_paper_is_known_from_its_month_on(tmp_path: Path) -> None:
    text = WHOLE.format(link="https://arxiv.org/abs/2412.06464")
    (one,) = ablations(written(tmp_path, text))["some-concept"]
    assert one.known == date(2024, 12, 1)
    assert month("https://arxiv.org/pdf/2412.06464v2") == date(2024, 12, 1)
    assert month("https://example.org/2412.06464") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('link = "https://', 'link = "http://', "https address"),
        ("before.", "before", "full stop"),
        ("year = 2024", 'year = "2024"', "year"),
        ('place = "Table 3"\n', "", "place"),
        ("[[ablation]]", "[[ablations]]", "expected \\[\\[ablation\\]\\] tables"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = WHOLE.format(link="https://arxiv.org/abs/2412.06464").replace(old, new)
    with pytest.raises(Refusal, match=f"some-concept/{ABLATIONS}.*{said}"):
        ablations(written(tmp_path, text))


def test_where_no_month_is_told_it_is_the_last_of_the_year(tmp_path: Path) -> None:
    text = WHOLE.format(link="https://example.org/paper")
    (one,) = ablations(written(tmp_path, text))["some-concept"]
    assert one.known == date(2024, 12, 1)
