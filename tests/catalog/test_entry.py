"""What an entry must say, and what it may not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.entry import COMPUTED, entry

SAID: dict[str, Any] = {
    "name": "A Model",
    "organization": "Somebody",
    "repository": "somebody/a-model",
    "released": date(2026, 1, 31),
    "licence": {"name": "MIT License", "link": "https://example.org/licence"},
    "summary": "Like the others, only more so.",
    "provenance": {"quality": "official", "source": "https://example.org/config.json"},
    "config": {"model_type": "llama"},
}


def source(link: str) -> dict[str, Any]:
    return {"provenance": {"quality": "official", "source": link}}


def test_the_least_that_an_entry_says() -> None:
    made = entry("a-model", SAID, "a-model.toml")
    assert (made.id, made.released, made.licence.name) == (
        "a-model",
        date(2026, 1, 31),
        "MIT License",
    )


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        entry("a-model", {"name": "A Model", "config": {}}, "a-model.toml")
    assert str(refused.value) == (
        "a-model.toml: organization is missing, fill it in; repository is missing, fill it in; "
        "released is missing, fill it in; licence is missing, fill it in; summary is missing, "
        "fill it in; provenance is missing, fill it in; correct the entry"
    )


def test_faults_of_the_reading_are_named_with_the_others() -> None:
    with pytest.raises(Refusal) as refused:
        entry("a-model", {**SAID, "name": "", "reading": [{"kind": "book"}]}, "a-model.toml")
    assert "a-model.toml: name is" in str(refused.value)
    assert "reading.0.title is missing, fill it in" in str(refused.value)
    assert 'reading.0.kind is "book", expected one of report, paper' in str(refused.value)


def test_doubts_are_sentences_one_by_one() -> None:
    said = ["The day is stated by one source.", "The licence's text was not seen."]
    assert entry("a", {**SAID, "doubts": said}, "a.toml").doubts == tuple(said)
    with pytest.raises(Refusal) as refused:
        entry("a", {**SAID, "doubts": "The day."}, "a.toml")
    assert "doubts" in str(refused.value)


def test_the_report_is_the_first_of_its_kind() -> None:
    record = {"title": "T", "author": "A", "year": 2026, "why": "Says how it was made."}
    announced = {**record, "kind": "article", "link": "https://example.org/post"}
    reported = {**record, "kind": "report", "link": "https://example.org/report"}
    assert entry("a", {**SAID, "reading": [announced]}, "a.toml").report is None
    made = entry("a", {**SAID, "reading": [announced, reported]}, "a.toml")
    assert made.report == "https://example.org/report"


@pytest.mark.parametrize("key", COMPUTED)
def test_what_is_computed_is_refused(key: str) -> None:
    with pytest.raises(Refusal, match=f"{key} is computed from the config, expected no such key"):
        entry("a-model", {**SAID, key: 1}, "a-model.toml")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": "red"}, "colour is no key of an entry"),
        ({"summary": "x" * 141}, "summary is .*, expected one line of 10 to 140 .*, found 141"),
        (
            {"summary": "two\nlines of text"},
            "summary is .*, expected one line of 10 to 140 printable",
        ),
        ({"name": ""}, "name is"),
        ({"hero": "Mixture of experts"}, "hero is"),
        ({"hero": ["moe"]}, "hero is"),
        ({"name": "\x1b[31mA"}, "name is .*, expected one line of 1 to 80 printable"),
        ({"report": "https://example.org"}, "report is no key of an entry"),
        (source("http://example.org"), "provenance.source is .*, expected an https address"),
        (source("javascript:alert(1)"), "expected an https address"),
        (source("https://"), "expected an https address"),
        (source("https://user@example.org"), "expected an https address"),
        (source('https://example.org/"onclick="x'), "expected an https address"),
        (source("https://[example.org"), "provenance.source is"),
        ({"released": "2026-01-31"}, "released is"),
        ({"released": date(2016, 1, 1)}, "released is"),
        ({"context": "128K"}, 'context is "128K", expected a table of tokens and link'),
        ({"context": 131072}, "context is 131072, expected a table of tokens and link"),
        ({"context": {"tokens": 131072}}, "context.link is missing, fill it in"),
        ({"context": {"tokens": "128K", "link": "https://x.org"}}, 'context.tokens is "128K"'),
        ({"context": {"tokens": True, "link": "https://x.org"}}, "context.tokens is"),
        ({"context": {"tokens": 131072, "link": "card"}}, 'context.link is "card", expected an'),
        ({"repository": "../etc"}, "repository is"),
        ({"licence": "MIT"}, "licence is"),
        ({"licence": {"name": "MIT License"}}, "licence.link is missing, fill it in"),
        ({"provenance": {**SAID["provenance"], "quality": "good"}}, "provenance.quality is"),
        ({"concepts": ["Not A Word"]}, "concepts.0 is"),
        ({"concepts": [7]}, "concepts.0 is 7, expected lower-case words"),
        ({"released": datetime(2026, 1, 31)}, "released is .*, expected a day from 2017-06-12 on"),
        ({"config": "llama"}, 'config is "llama", expected a table of the config'),
        ({"reading": "all"}, 'reading is "all", expected \\[\\[reading\\]\\] tables'),
        ({"reading": [{"id": "none"}]}, 'reading.0.id is "none", expected an id of reading.toml'),
    ],
)
def test_faults(change: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        entry("a-model", {**SAID, **change}, "a-model.toml")
    assert str(refused.value).isprintable()


@pytest.mark.parametrize("identifier", ["A-Model", "a model", "../a", "", "-a", "a--b"])
def test_ids_are_words_joined_by_dashes(identifier: str) -> None:
    with pytest.raises(Refusal, match="id is"):
        entry(identifier, SAID, "a.toml")
