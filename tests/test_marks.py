"""What a run doesn't take isn't made, and all else is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import marks, sample
from tests.marks import left_out

MAKEFILE = (Path(__file__).parents[1] / "Makefile").read_text("utf-8")


@pytest.mark.parametrize(
    ("expression", "unmade"),
    [
        ("", set()),
        ("not whole", {"whole"}),
        ("truth and not every", {"every"}),  # one that is whole may be truth, too
        ("browser or whole", set()),  # and one of every may be whole
        ("(browser or whole) and not truth", {"truth"}),
        ("golden and not browser", {"browser"}),
    ],
)
def test_marks_that_no_taken_test_has(expression: str, unmade: set[str]) -> None:
    assert left_out(expression) == unmade


def test_every_mark_is_of_a_run() -> None:
    """What one of the Makefile's runs leaves unmade, another takes."""
    runs = re.findall(r'-m "(.*?)"', MAKEFILE.replace("$(NEWCOMERS)", _value("NEWCOMERS")))
    assert len(runs) > 5
    assert set.intersection(*map(left_out, runs)) == set()


def test_cases_of_another_run_are_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "_unwanted", {"whole"})
    assert [case.values for case in sample.first("abc", "b", "c")] == [("b",), ("c",)]
    (left,) = sample.first("abc", "")
    assert [mark.name for mark in left.marks] == ["whole"]
    monkeypatch.setattr(marks, "_unwanted", set())
    assert len(sample.first("abc", "b", "c")) == 3


def _value(name: str) -> str:
    """What the Makefile's variable holds, unless a target says otherwise."""
    (value,) = re.findall(rf"^{name} := (.*)$", MAKEFILE, re.MULTILINE)
    return str(value)
