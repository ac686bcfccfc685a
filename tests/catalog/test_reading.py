"""What a record of something to read must say, and what it may not."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import MODELS, entries
from llm_gallery.catalog.reading import Reading, readings, shared

ARTICLE: dict[str, Any] = {
    "kind": "article",
    "title": "A Title",
    "author": "Some Body",
    "year": 2025,
    "link": "https://example.org/article",
    "why": "Draws what the report only says.",
}
COMMIT = "0123456789abcdef0123456789abcdef01234567"
CODE: dict[str, Any] = {
    **ARTICLE,
    "kind": "code",
    "link": "https://github.com/some/body/blob/v1.2.0/model.py",
    "version": "v1.2.0",
}


def test_a_record_is_what_it_says() -> None:
    (made,) = readings([ARTICLE], "x.toml")
    assert made == Reading(**ARTICLE)
    assert made.address == ARTICLE["link"]


def test_code_is_linked_at_its_line() -> None:
    (made,) = readings([{**CODE, "line": 12}], "x.toml")
    assert made.address == "https://github.com/some/body/blob/v1.2.0/model.py#L12"


def test_a_commit_is_a_version() -> None:
    link = f"https://github.com/some/body/blob/{COMMIT}/model.py"
    (made,) = readings([{**CODE, "link": link, "version": COMMIT}], "x.toml")
    assert made.version == COMMIT


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("all of it", 'reading is "all of it", expected [[reading]] tables'),
        (
            ["all of it"],
            'reading.0 is "all of it", expected a table of kind, title, author, year, link and why',
        ),
        (
            [{}],
            "reading.0.kind is missing, fill it in; reading.0.title is missing, fill it in; "
            "reading.0.author is missing, fill it in; reading.0.year is missing, fill it in; "
            "reading.0.link is missing, fill it in; reading.0.why is missing, fill it in",
        ),
        (
            [{"id": "no-such"}],
            'reading.0.id is "no-such", expected an id of reading.toml',
        ),
        (
            [{"id": "no-such", "title": "A"}],
            "reading.0.title is no key of a record that is shared, expected id, why, the nearest is id; "
            'reading.0.id is "no-such", expected an id of reading.toml',
        ),
        (
            [ARTICLE, ARTICLE],
            'reading.1.link is "https://example.org/article", which another record has',
        ),
    ],
)
def test_wrong_lists(given: Any, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        readings(given, "x.toml")
    assert str(refused.value) == f"x.toml: {words}; correct the reading"


SENTENCE = "one line of 20 to 200 printable characters without space around it"
TITLE = "one line of 1 to 200 printable characters without space around it"


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("kind", "book", '"book", expected one of report, paper, article, code, talk, discussion'),
        ("kind", ["code"], "a list of 1 value, expected one of report, paper, article, code, talk"),
        ("title", "", f'"", expected {TITLE}'),
        ("title", "two\nlines", f'"two\\nlines", expected {TITLE}'),
        ("title", 7, f"7, expected {TITLE}"),
        ("author", " Some Body", '" Some Body", expected one line of 1 to 120 printable'),
        ("year", "2025", '"2025", expected a year'),
        ("year", True, "true, expected a year"),
        ("year", 25, "25, expected a year"),
        ("link", "http://example.org", '"http://example.org", expected an https address'),
        ("link", "javascript:alert(1)", '"javascript:alert(1)", expected an https address'),
        ("link", "https://[example.org", '"https://[example.org", expected an https address'),
        ("link", None, "null, expected an https address"),
        ("why", "Good.", f'"Good.", expected {SENTENCE}'),
        ("why", "Draws what the report only says", "expected a sentence with its full stop"),
        ("version", "v1", '"v1", expected none where kind is not code'),
        ("line", 3, "3, expected none where kind is not code"),
    ],
)
def test_wrong_values(key: str, value: Any, words: str) -> None:
    with pytest.raises(Refusal) as refused:
        readings([{**ARTICLE, key: value}], "x.toml")
    said = str(refused.value)
    assert said.startswith(f"x.toml: reading.0.{key} is ")
    assert words in said
    assert said.isprintable()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": None}, "version is null, expected a tag, or all 40 characters of a commit"),
        ({"version": "main"}, 'version is "main", expected a tag, or all 40 characters of a comm'),
        ({"version": COMMIT[:10]}, 'version is "0123456789", expected a tag, or all 40 characters'),
        ({"version": "v1.2.1"}, f'link is "{CODE["link"]}", expected an address at version v1.2.1'),
        ({"link": f"{CODE['link']}#L3"}, "expected it without its line, which is the key line"),
        ({"line": 0}, "line is 0, expected a line's number, from 1"),
        ({"colour": "red"}, "colour is no key of a reading, expected kind, title, author, year"),
    ],
)
def test_wrong_code(change: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        readings([{**CODE, **change}], "x.toml")
    assert words in str(refused.value)


def test_code_says_its_version() -> None:
    bare = {key: value for key, value in CODE.items() if key != "version"}
    with pytest.raises(Refusal, match="reading.0.version is missing, fill it in: the tag or com"):
        readings([bare], "x.toml")


def test_shared_records_are_checked_too(tmp_path: Path) -> None:
    file = tmp_path / "reading.toml"
    file.write_text('[one]\nkind = "article"\n', "utf-8")
    with pytest.raises(Refusal, match=r"reading.toml: one.title is missing, fill it in; one.auth"):
        shared(file)
    file = tmp_path / "again.toml"
    file.write_text('[one]\nid = "two"\n', "utf-8")
    with pytest.raises(Refusal, match=r"again.toml: one.id is no key of a shared record; corr"):
        shared(file)


def test_who_and_when() -> None:
    """Of code, which version and where in it."""
    article, code = readings([ARTICLE, {**CODE, "line": 1200}], "x.toml")
    assert (article.by, code.by) == ("Some Body, 2025", "Some Body, at v1.2.0, line 1,200")
    link = f"https://github.com/some/body/blob/{COMMIT}/model.py"
    (code,) = readings([{**CODE, "link": link, "version": COMMIT}], "x.toml")
    assert code.by == "Some Body, at 0123456"


def test_every_model_of_the_last_two_years_has_its_report_or_announcement_and_code() -> None:
    """Two without code: of none have we seen any at a version."""
    recent = [entry for entry in entries() if entry.released >= date(2024, 11, 26)]
    assert len(recent) >= 116
    kinds = {entry.id: {one.kind for one in entry.reading} for entry in recent}
    assert [model for model, has in kinds.items() if not has & {"report", "article"}] == []
    without = {model for model, has in kinds.items() if "code" not in has}
    assert without == {"minicpm-sala-9b", "motif-3-beta"}


def test_every_older_model_has_a_text_and_code() -> None:
    for entry in entries():
        kinds = {one.kind for one in entry.reading}
        assert kinds & {"report", "paper", "article"}, entry.id
        assert len(entry.reading) <= 5, entry.id


def test_code_comes_last() -> None:
    """What is to be read, then what is to be run."""
    for entry in entries():
        code = [one.kind == "code" for one in entry.reading]
        assert code == sorted(code), entry.id


def test_what_several_share_is_written_once() -> None:
    used: Counter[str] = Counter()
    for file in MODELS.glob("*.toml"):
        used.update(re.findall(r'^id = "(.+)"$', file.read_text("utf-8"), re.MULTILINE))
    assert set(used) == set(shared())
    assert [name for name, count in used.items() if count < 2] == []
    told = {one.address: one.title for one in shared().values()}
    assert len(told) == len(shared())
    for entry in entries():
        for one in entry.reading:
            assert told.setdefault(one.address, one.title) == one.title, entry.id


def test_a_paper_has_the_year_of_its_number() -> None:
    found = 0
    for entry in entries():
        for one in entry.reading:
            number = re.fullmatch(r"https://arxiv\.org/abs/(\d\d)\d\d\.\d{5}", one.link)
            if number:
                found += 1
                assert one.year == 2000 + int(number[1]), (entry.id, one.title)
                assert one.kind in ("report", "paper"), (entry.id, one.title)
    assert found > 100


def test_transformers_is_linked_at_one_version() -> None:
    home = "https://github.com/huggingface/transformers/"
    reading = [one for entry in entries() for one in entry.reading]
    assert len({one.version for one in reading if one.link.startswith(home)}) == 1
