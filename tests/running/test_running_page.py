"""docs/running.md is read and written as the same rows, so that one new model doesn't measure all."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_gallery.lessons.dials import Row
from tools.generate_dials import joined
from tools.running_page import Fact, Measured, fact_rows, facts, reasons, with_measured

PAGE = (Path(__file__).parents[2] / "docs/running.md").read_text("utf-8")
HELD = {"mlp: limit": Fact(3, 2e-3, 1e-15, "b"), "norm left out": Fact(4, 5e-2, 1e-15, "c")}


def test_the_page_is_read_whole() -> None:
    assert PAGE.endswith("".join(fact_rows(facts(PAGE))))
    assert reasons(PAGE)["arcee"] == "yes"
    assert reasons(PAGE)["internlm3"].startswith("rope_scaling")


def test_a_new_model_is_counted_and_leads_where_it_shows_least() -> None:
    new = Measured(3.2e-15, {"mlp: limit": 2.4e-3, "norm left out": 4.1e-2, "sinks": 0.1})
    assert with_measured(HELD, {"a": new}) == {
        "mlp: limit": Fact(4, 2e-3, 3e-15, "a"),  # as little as in b, and named before it
        "norm left out": Fact(5, 4e-2, 3e-15, "a"),
        "sinks": Fact(1, 0.1, 3e-15, "a"),
    }
    assert with_measured(HELD, {"d": new})["mlp: limit"] == Fact(4, 2e-3, 1e-15, "b")


def test_all_models_at_once_are_as_one_by_one() -> None:
    found = {
        name: Measured(1e-15, {"mlp: limit": without})
        for name, without in (("a", 0.2), ("b", 0.1), ("c", 0.3))
    }
    one_by_one = with_measured({}, {})
    for name in ("c", "a", "b"):
        one_by_one = with_measured(one_by_one, {name: found[name]})
    assert one_by_one == with_measured({}, found) == {"mlp: limit": Fact(3, 0.1, 1e-15, "b")}


def test_a_known_model_is_not_counted_again() -> None:
    assert with_measured(HELD, {"b": Measured(1e-15, {"mlp: limit": 1e-3})}, {"b"}) == HELD
    for without in ({"mlp: limit": 1e-3}, {"sinks": 0.1}):
        with pytest.raises(ValueError, match="c has"):
            with_measured(HELD, {"c": Measured(1e-15, without)}, {"c"})


def test_a_dial_is_counted_anew_of_the_models_that_are_named() -> None:
    before: dict[str, Row] = {"a": (1, {}, None), "c": (3, {}, None), "d": (4, {}, None)}
    found: dict[str, list[tuple[str, Row]]] = {
        "b": [("mtp", (2, {}, None))],
        "c": [("mtp", (5, {}, None))],
        "d": [],
    }
    assert [*joined(before, found, "mtp").items()] == [
        ("a", (1, {}, None)),
        ("b", (2, {}, None)),
        ("c", (5, {}, None)),
    ]
